import Foundation
import KineticTransport
import Testing

/// Two solutions and their plan, stopped and resumed from one file.
@Suite struct CoupledSnapshotTests {
  private let folder: URL
  private let field: any ForceField
  private let box: ProductDomain

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "coupled-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    box = try ProductDomain([.circle(length: 1)])
    field = try SheetField(epsilon: 0.3)
  }

  /// Unequal masses with a sum that is not 1.
  private func start(_ seed: UInt64) throws -> Snapshot {
    let measure = try #require(SampleFamily.named("two-stream")).sample(
      count: 80, seed: seed, parameters: ["beam-speed": 1])
    return Snapshot(
      positions: [measure.position(0)], velocities: [measure.velocity(0)],
      weights: (0..<80).map { 0.7 + 0.01 * Double(($0 * 37) % 80) }, box: box, time: 0)
  }

  private func flow(_ snapshot: Snapshot) throws -> CharacteristicFlow {
    try CharacteristicFlow(
      measure: snapshot.measure(), lifts: snapshot.positions.map { Array($0) }, field: field,
      step: 0.02)
  }

  /// The state of a flow, with the weights as they were given.
  private func state(_ flow: CharacteristicFlow, _ start: Snapshot) -> Snapshot {
    Snapshot(
      positions: [flow.particles.position(0)],
      velocities: [flow.particles.velocity(0)], weights: start.weights, box: box,
      time: flow.time)
  }

  @Test func resumingChangesNoBit() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (a, b) = (try start(1), try start(2))
    var whole = try CoupledFlow.optimal(first: flow(a), second: flow(b), exponent: 2)
    try whole.advance(to: 0.5)
    let path = folder.appendingPathComponent("state.npz").path
    let stopped = try CoupledSnapshot(
      first: state(whole.first, a), second: state(whole.second, b), plan: whole.plan,
      turns: whole.turns)
    try stopped.write(to: path)
    try whole.advance(to: 1.5)
    let kept = try CoupledSnapshot.read(path)
    #expect(kept == stopped)
    var resumed = try CoupledFlow(
      first: flow(kept.first), second: flow(kept.second), plan: kept.plan, turns: kept.turns)
    try resumed.advance(to: 1.5)
    #expect(resumed.first.particles == whole.first.particles)
    #expect(resumed.second.particles == whole.second.particles)
    #expect(resumed.liftedPositionDifferences(0) == whole.liftedPositionDifferences(0))
    // Beams of speed 1 have gone round the circle, so that the turns matter.
    #expect(kept.turns.contains { $0 != 0 })
    #expect(whole.first.particles.positions.contains { $0 > 2 })
  }

  @Test func whatIsNoCoupledStateIsTold() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("state.npz").path
    let a = try start(1)
    try SnapshotFile.write(a, to: path)
    let other = #expect(throws: SnapshotError.self) { try CoupledSnapshot.read(path) }
    #expect("\(other, default: "")".contains("a member named \"x.npy\""))
    let coupled = try CoupledFlow.optimal(first: flow(a), second: flow(start(2)), exponent: 2)
    let few = Snapshot(
      positions: [[0.5]], velocities: [[0]], box: box, time: 0)
    try CoupledSnapshot(first: few, second: a, plan: coupled.plan, turns: coupled.turns)
      .write(to: path)
    let outside = #expect(throws: SnapshotError.self) { try CoupledSnapshot.read(path) }
    #expect("\(outside, default: "")".contains("a whole number from 0 to 0"))
    #expect(throws: SnapshotError.self) {
      try CoupledSnapshot(first: a, second: a, plan: coupled.plan, turns: coupled.turns)
        .write(to: folder.appendingPathComponent("state.csv").path)
    }
  }
  /// What is no state of two flows is refused where it is made: these once ended the process.
  @Test func partsThatDoNotFitAreRefused() throws {
    let (a, b) = (try start(1), try start(2))
    let plan = try CoupledFlow.optimal(first: flow(a), second: flow(b), exponent: 2).plan
    let turns = [Double](repeating: 0, count: plan.count)
    var (late, elsewhere, short) = (b, b, b)
    late.time = 7
    elsewhere.box = nil
    short.velocities = [[0]]
    for (second, turns, words) in [
      (late, turns, "are of the times 0.0 and 7.0"), (elsewhere, turns, "different boxes"),
      (short, turns, "The second snapshot must have 1 position axes"),
      (b, [0], "There are 1 turns"), (b, turns.map { _ in .nan }, "finite ones"),
    ] {
      let error = #expect(throws: CoupledSnapshotError.self) {
        try CoupledSnapshot(first: a, second: second, plan: plan, turns: turns)
      }
      #expect("\(error, default: "")".contains(words))
    }
  }
}

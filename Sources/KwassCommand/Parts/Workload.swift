import KineticTransport
import Synchronization

/// Work that falls into units, whose findings together with what they share are all that is printed.
struct Workload<Frame: Sendable, Finding: Sendable>: Sendable {
  /// A unit of the work.
  struct Unit: Sendable {
    /// What it is called in sentences.
    let name: String
    /// Units of the same number are done together.
    let share: Int
    /// The units whose findings it needs, all of earlier stages.
    var needs: [Int] = []
  }

  /// Units that do not need each other.
  struct Stage: Sendable {
    /// What is being done.
    let title: String
    let units: Range<Int>
    /// Whether several units are done at the same time.
    let isParallel: Bool
  }

  /// What is printed beside the findings.
  let frame: Frame
  let units: [Unit]
  /// The stages in their order, which have all units.
  let stages: [Stage]
  /// Does a unit, with the findings of what it needs.
  let solve: @Sendable (Int, [Int: Finding]) throws(CommandFailure) -> Finding

  /// Units of one kind, one stage, each for itself.
  init(
    frame: Frame, title: String, units names: [String], isParallel: Bool,
    _ solve: @escaping @Sendable (Int) throws(CommandFailure) -> Finding
  ) {
    self.init(
      frame: frame,
      units: names.enumerated().map { Unit(name: $0.element, share: $0.offset) },
      stages: [Stage(title: title, units: names.indices, isParallel: isParallel)]
    ) { (unit, _) throws(CommandFailure) in try solve(unit) }
  }

  init(
    frame: Frame, units: [Unit], stages: [Stage],
    _ solve: @escaping @Sendable (Int, [Int: Finding]) throws(CommandFailure) -> Finding
  ) {
    (self.frame, self.units, self.stages, self.solve) = (frame, units, stages, solve)
  }

  /// The units of some shares, and all that they need.
  func units(where isWanted: (Int) -> Bool) -> Set<Int> {
    var wanted = Set(units.indices.filter { isWanted(units[$0].share) })
    // Needs are of earlier stages, so that those of all units are known after one walk to the front.
    for unit in stages.reversed().flatMap({ Array($0.units) }) where wanted.contains(unit) {
      wanted.formUnion(units[unit].needs)
    }
    return wanted
  }

  /// The findings of all units.
  ///
  /// - Throws: the failure of the first unit that fails.
  func findings(_ progress: ProgressLine) throws(CommandFailure) -> [Finding] {
    let found = try findings(of: Set(units.indices), progress)
    return units.indices.compactMap { found[$0] }
  }

  /// The findings of some units.
  ///
  /// - Parameters:
  ///   - wanted: the units, with all that they need.
  ///   - known: findings that there are already.
  ///   - record: takes each finding as soon as there is one, on any thread.
  /// - Throws: the failure of the first unit that fails; the others of its stage are done all the same where
  ///   several are done at the same time.
  func findings(
    of wanted: Set<Int>, known: [Int: Finding] = [:], _ progress: ProgressLine,
    record: @Sendable (Int, Finding) throws(CommandFailure) -> Void = { _, _ in }
  ) throws(CommandFailure) -> [Int: Finding] {
    var findings = known
    for stage in stages {
      let units = stage.units.filter { wanted.contains($0) && findings[$0] == nil }
      guard !units.isEmpty else { continue }
      progress.begin(stage.title)
      let before = findings
      @Sendable func one(_ unit: Int) throws(CommandFailure) -> Finding {
        let finding = try solve(unit, before)
        try record(unit, finding)
        return finding
      }
      if stage.isParallel {
        for (unit, result) in zip(units, Self.results(of: units, one)) {
          findings[unit] = try result.get()
        }
      } else {
        for unit in units { findings[unit] = try one(unit) }
      }
    }
    return findings
  }

  /// What those units of a stage give that are claimed, one after the other or several at a time.
  ///
  /// - Parameters:
  ///   - known: the findings of all earlier stages.
  ///   - claim: the next unit to do, on any thread; `nil` where there is none.
  ///   - giveUp: is called, on any thread, when one has failed.
  func results(
    in stage: Stage, known: [Int: Finding], _ claim: @escaping @Sendable () -> Int?,
    whenOneFails giveUp: @escaping @Sendable () -> Void
  ) -> [Int: Result<Finding, CommandFailure>] {
    let results = Mutex([Int: Result<Finding, CommandFailure>]())
    let claimants = stage.isParallel ? min(ThreadLimit.current, stage.units.count) : 1
    Parallel.forEach(of: claimants) { _ in
      while let unit = claim() {
        let result = Result { () throws(CommandFailure) in try solve(unit, known) }
        results.withLock { $0[unit] = result }
        if case .failure = result { giveUp() }
      }
    }
    return results.withLock(\.self)
  }

  /// What units give that are done several at a time.
  private static func results(
    of units: [Int], _ one: @Sendable (Int) throws(CommandFailure) -> Finding
  ) -> [Result<Finding, CommandFailure>] {
    let results = Mutex([Result<Finding, CommandFailure>?](repeating: nil, count: units.count))
    Parallel.forEach(of: units.count) { index in
      let result = Result { () throws(CommandFailure) in try one(units[index]) }
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
  }
}

import KineticTransport
import Synchronization

/// Work that several processes share out among them, stage by stage and unit by unit: who ends early takes more. What was
/// found is put in the order of the units, and the first process gives it out, so that it does not matter who did what.
struct GroupRun<Work: DividedWork> {
  let work: Work
  let group: any ProcessGroup

  private var ranks: RankExchange { RankExchange(group: group) }

  /// Does the work.
  ///
  /// - Parameter console: takes what the first process says, and why another one has failed.
  /// - Returns: the status, the same in all processes.
  /// - Throws: what the first process is to say; the others return the status.
  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let ranks = ranks
    let own = ranks.console(console)
    let progress = ProgressLine("reading", on: own)
    defer { progress.finish() }
    do throws(CommandFailure) {
      let (workload, plan, frame) = try ranks.together { () throws(CommandFailure) in
        if ranks.isFirst { try work.checkOutputs() }
        let plan = PartPlan(command: "", arguments: [], files: try InputDigest.of(work.inputs()))
        let workload = try work.workload(progress)
        return (workload, plan, try ranks.text(workload.frame))
      }
      try ranks.checkSame(plan, frame)
      let findings = try findings(workload, progress)
      let status = try ranks.together { () throws(CommandFailure) in
        ranks.isFirst
          ? try work.give(workload.frame, findings, after: progress, on: own) : ExitCode.success
      }
      return ExitCode(rawValue: try ranks.exchanged(status.rawValue)[0]) ?? status
    } catch {
      guard ranks.isFirst else { return error.status }
      work.recordFailure(error)
      throw error
    }
  }

  // MARK: What all have found

  /// The findings of all units, in their order.
  ///
  /// - Throws: in all processes the failure of the first unit that fails.
  private func findings(
    _ workload: Workload<Work.Frame, Work.Finding>, _ progress: ProgressLine
  ) throws(CommandFailure) -> [Work.Finding] {
    var known: [Int: Work.Finding] = [:]
    for (round, stage) in workload.stages.enumerated() {
      progress.begin(stage.title)
      let claims = try Claims(of: stage.units, round: round, group)
      let own = workload.results(in: stage, known: known) {
        claims.next()
      } whenOneFails: {
        claims.giveUp()
      }
      if let error = claims.failure { throw CommandFailure(.internal, error.description) }
      known.merge(try gathered(own)) { $1 }
    }
    return workload.units.indices.compactMap { known[$0] }
  }

  /// What all processes have found of their units.
  private func gathered(
    _ own: [Int: Result<Work.Finding, CommandFailure>]
  ) throws(CommandFailure) -> [Int: Work.Finding] {
    let entries = own.sorted { $0.key < $1.key }.map { unit, result in
      switch result {
      case .success(let finding): Entry(unit: unit, finding: finding)
      case .failure(let failure):
        Entry(unit: unit, status: failure.status.rawValue, sentence: failure.sentence)
      }
    }
    let all = try ranks.exchanged(entries)
    let failed = all.enumerated().flatMap { rank, entries in
      entries.filter { $0.finding == nil }.map { (rank: rank, entry: $0) }
    }
    if let (rank, entry) = failed.min(by: { $0.entry.unit < $1.entry.unit }) {
      throw ranks.named(
        CommandFailure(
          entry.status.flatMap { ExitCode(rawValue: $0) } ?? .internal, entry.sentence ?? ""), rank)
    }
    return Dictionary(
      all.joined().compactMap { entry in entry.finding.map { (entry.unit, $0) } }
    ) { $1 }
  }

  /// What a process has found of a unit, or why it could not.
  private struct Entry: Codable {
    let unit: Int
    var finding: Work.Finding?
    var status: Int32?
    var sentence: String?
  }
}

/// Deals out the units of a stage among the processes of a group: the next one to whoever has come to the end of the one
/// before, or where the group cannot do this every so manieth to each. Any thread may ask.
private final class Claims: Sendable {
  private struct State {
    /// What this process may still take, where the group cannot deal out.
    var rest: [Int]?
    /// What was claimed and not taken yet.
    var claimed: Int?
    var isOver = false
    var failure: ProcessGroupError?
  }

  private let units: Range<Int>
  private let round: Int
  private let group: any ProcessGroup
  private let state: Mutex<State>

  init(of units: Range<Int>, round: Int, _ group: any ProcessGroup) throws(CommandFailure) {
    (self.units, self.round, self.group) = (units, round, group)
    var first: Int?
    do throws(ProcessGroupError) {
      first = try group.claim(round)
    } catch {
      throw CommandFailure(.internal, error.description)
    }
    let own: [Int]? =
      first == nil ? units.filter { $0 % group.size == group.rank }.reversed() : nil
    state = Mutex(State(rest: own, claimed: first))
  }

  /// Why nothing more could be claimed.
  var failure: ProcessGroupError? { state.withLock { $0.failure } }

  /// The next unit that this process is to do; `nil` where there is none.
  func next() -> Int? {
    let (unit, asks) = state.withLock { state -> (Int?, Bool) in
      if state.isOver { return (nil, false) }
      if let number = state.claimed {
        state.claimed = nil
        return (number < units.count ? units.lowerBound + number : nil, false)
      }
      return state.rest == nil ? (nil, true) : (state.rest?.popLast(), false)
    }
    guard asks else { return unit }
    do throws(ProcessGroupError) {
      guard let number = try group.claim(round), number < units.count else { return nil }
      return units.lowerBound + number
    } catch {
      state.withLock { ($0.failure, $0.isOver) = (error, true) }
      return nil
    }
  }

  /// Leaves the units that nobody has claimed undone, in all processes where the group deals out: those before one that
  /// has failed were claimed before.
  func giveUp() {
    while next() != nil {}
    state.withLock { $0.isOver = true }
  }
}

import KineticTransport

/// Work that several processes share out among them: each does every so manieth share of its units, and the
/// first gives out what all have found.
///
/// Which process does what depends on nothing but their number: units take much the same time, and a list that all
/// know needs no one who deals it out.
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
      let findings = try gathered(found(workload, progress, console), of: workload.units.count)
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

  /// The findings of this process. Where one fails, all end.
  private func found(
    _ workload: Workload<Work.Frame, Work.Finding>, _ progress: ProgressLine,
    _ console: any Console
  ) throws(CommandFailure) -> [Int: Work.Finding] {
    do throws(CommandFailure) {
      return try workload.findings(
        of: workload.units { $0 % group.size == group.rank }, progress)
    } catch {
      progress.finish()
      console.report("kwass: \(ranks.named(error, group.rank).sentence)\n")
      group.abort(error.status.rawValue)
      throw error
    }
  }

  /// The findings of all processes, in the order of their units.
  private func gathered(
    _ own: [Int: Work.Finding], of count: Int
  ) throws(CommandFailure) -> [Work.Finding] {
    var findings = [Work.Finding?](repeating: nil, count: count)
    let entries = own.sorted { $0.key < $1.key }.map { Entry(unit: $0.key, finding: $0.value) }
    for some in try ranks.exchanged(entries) {
      for entry in some where findings.indices.contains(entry.unit) {
        findings[entry.unit] = entry.finding
      }
    }
    return findings.compactMap(\.self)
  }

  private struct Entry: Codable {
    let unit: Int
    let finding: Work.Finding
  }
}

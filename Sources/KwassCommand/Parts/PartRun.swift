import KineticTransport

/// Does a part of the work of a command.
struct PartRun: Action {
  let command: String
  /// What was given to it, but for what changes no finding.
  let arguments: [String]
  let options: PartOptions
  let work: any DividedWork

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    let paths = try work.inputs()
    guard !paths.contains(options.path) else {
      throw CommandFailure(
        .usage, "The output \(options.path) would replace the input of that name.")
    }
    let plan = PartPlan(
      command: command, arguments: arguments, files: try InputDigest.of(paths))
    if DataFile.exists(options.path) {
      try check(PartFile(path: options.path).header, plan)
      progress.finish()
      console.remark("kwass: \(options.path) has all of part \(options.part) already.\n")
      return .success
    }
    try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(options.path) }
    return try run(work, plan, progress, console)
  }

  /// Refuses to replace a part of other work.
  private func check(_ header: PartHeader, _ plan: PartPlan) throws(CommandFailure) {
    let reason =
      PartPlan.difference(header.plan, plan)
      ?? (header.part == options.part
        ? nil : "they are part \(header.part) and part \(options.part)")
    guard let reason else { return }
    throw CommandFailure(
      .cannotCreate,
      "\(options.path) is there already and does not belong to this part: \(reason). Remove it, or give "
        + "another file to -o.")
  }

  private func run<Work: DividedWork>(
    _ work: Work, _ plan: PartPlan, _ progress: ProgressLine, _ console: any Console
  ) throws(CommandFailure) -> ExitCode {
    let workload = try work.workload(progress)
    let header = PartHeader(
      plan: plan, part: options.part,
      units: workload.units.map { .init(name: FileName.shown($0.name), share: $0.share) })
    let wanted = workload.units { options.part.owns(share: $0) }
    let journal = try PartJournal(beside: options.path, header: header)
    let (frame, known) = try decoded(work, workload, journal)
    let findings: [Int: Work.Finding]
    do throws(CommandFailure) {
      findings = try workload.findings(of: wanted, known: known, progress) {
        unit, finding throws(CommandFailure) in try journal.record(unit, finding)
      }
    } catch {
      progress.finish()
      console.remark(
        "kwass: What part \(options.part) has found is in \(PartJournal.path(beside: options.path)); the same "
          + "command goes on from there.\n")
      throw error
    }
    let file = PartFile(header: header, frame: frame, findings: try encoded(findings))
    try file.write(to: options.path)
    journal.remove()
    progress.finish()
    console.remark(
      "kwass: Part \(options.part) is complete: \(count(wanted.count, "unit", "units")) in \(options.path)"
        + "\(known.isEmpty ? "" : ", \(known.count) of them from before").\n")
    return .success
  }

  /// The frame as files have it, and what the journal holds.
  private func decoded<Work: DividedWork>(
    _ work: Work, _ workload: Workload<Work.Frame, Work.Finding>, _ journal: PartJournal
  ) throws(CommandFailure) -> (JSON, [Int: Work.Finding]) {
    do throws(JSONError) {
      var known: [Int: Work.Finding] = [:]
      for (unit, json) in journal.known { known[unit] = try JSONDecoding.value(of: json) }
      return (try PartCoding.json(workload.frame), known)
    } catch {
      throw CommandFailure(
        .badData, "\(PartJournal.path(beside: options.path)): \(error). Remove it to begin anew.")
    }
  }

  private func encoded<Finding: Encodable>(
    _ findings: [Int: Finding]
  ) throws(CommandFailure) -> [Int: JSON] {
    do throws(JSONError) {
      var encoded: [Int: JSON] = [:]
      for (unit, finding) in findings { encoded[unit] = try PartCoding.json(finding) }
      return encoded
    } catch {
      throw CommandFailure(.internal, "\(options.path): \(error).")
    }
  }
}

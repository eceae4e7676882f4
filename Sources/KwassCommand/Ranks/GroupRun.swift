import KineticTransport

/// Work that several processes share out among them: each does every so manieth share of its units, and the
/// first gives out what all have found.
///
/// Which process does what depends on nothing but their number: units take much the same time, and a list that all
/// know needs no one who deals it out.
struct GroupRun<Work: DividedWork> {
  let work: Work
  let group: any ProcessGroup

  private var isFirst: Bool { group.rank == 0 }

  /// Does the work.
  ///
  /// - Parameter console: takes what the first process says, and why another one has failed.
  /// - Returns: the status, the same in all processes.
  /// - Throws: what the first process is to say; the others return the status.
  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let own: any Console = isFirst ? console : SilentConsole()
    let progress = ProgressLine("reading", on: own)
    defer { progress.finish() }
    do throws(CommandFailure) {
      let (workload, sight) = try together { () throws(CommandFailure) in
        if isFirst { try work.checkOutputs() }
        let plan = PartPlan(command: "", arguments: [], files: try InputDigest.of(work.inputs()))
        let workload = try work.workload(progress)
        return (workload, Sight(plan: plan, frame: try text(workload.frame)))
      }
      try checkSame(sight)
      let findings = try gathered(found(workload, progress, console), of: workload.units.count)
      let status = try together { () throws(CommandFailure) in
        isFirst
          ? try work.give(workload.frame, findings, after: progress, on: own) : ExitCode.success
      }
      return ExitCode(rawValue: try exchanged(status.rawValue)[0]) ?? status
    } catch {
      guard isFirst else { return error.status }
      work.recordFailure(error)
      throw error
    }
  }

  // MARK: What all have to see

  /// What a process has seen of the inputs.
  private struct Sight: Codable {
    let plan: PartPlan
    /// What is printed beside the findings.
    let frame: String
  }

  private func checkSame(_ sight: Sight) throws(CommandFailure) {
    let all = try exchanged(sight)
    for (rank, other) in all.enumerated().dropFirst() {
      let reason =
        PartPlan.difference(all[0].plan, other.plan)
        ?? (all[0].frame == other.frame ? nil : "they have read different things in the same files")
      if let reason {
        throw CommandFailure(.badData, "Rank 0 and rank \(rank) do not see the same: \(reason).")
      }
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
      console.report("kwass: \(named(error, group.rank).sentence)\n")
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
    for some in try exchanged(entries) {
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

  // MARK: Exchange

  /// Does something in each process, which fails in all where it fails in one.
  private func together<Value>(
    _ body: () throws(CommandFailure) -> Value
  ) throws(CommandFailure) -> Value {
    let result = Result { () throws(CommandFailure) in try body() }
    var own: Failure?
    if case .failure(let failure) = result {
      own = Failure(status: failure.status.rawValue, sentence: failure.sentence)
    }
    let failures = try exchanged(own)
    for case (let rank, let failure?) in failures.enumerated() {
      let found = CommandFailure(
        ExitCode(rawValue: failure.status) ?? .internal, failure.sentence)
      throw failures.contains { $0?.sentence != failure.sentence } ? named(found, rank) : found
    }
    return try result.get()
  }

  /// Why a process cannot go on.
  private struct Failure: Codable {
    let status: Int32
    let sentence: String
  }

  private func named(_ failure: CommandFailure, _ rank: Int) -> CommandFailure {
    CommandFailure(failure.status, "Rank \(rank) of \(group.size): \(failure.sentence)")
  }

  private func text(_ value: some Encodable) throws(CommandFailure) -> String {
    do throws(JSONError) {
      return try PartCoding.json(value).line
    } catch {
      throw CommandFailure(.internal, "A result cannot be exchanged: \(error).")
    }
  }

  /// A value of each process, with all bits.
  private func exchanged<Value: Codable>(_ value: Value) throws(CommandFailure) -> [Value] {
    let own = Array(try text(value).utf8)
    do throws(ProcessGroupError) {
      var all: [Value] = []
      for bytes in try group.gather(own) {
        do throws(JSONError) {
          all.append(try JSONDecoding.value(of: JSON(bytes)))
        } catch {
          throw ProcessGroupError("What another rank has sent cannot be read: \(error).")
        }
      }
      guard all.count == group.size else {
        throw ProcessGroupError("Of \(group.size) ranks \(all.count) have sent something.")
      }
      return all
    } catch {
      throw CommandFailure(.internal, error.description)
    }
  }
}

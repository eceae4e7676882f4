import KineticTransport

/// What the processes of a group tell each other: values and numbers with all bits, and why one cannot go on. One process
/// alone hears itself.
struct RankExchange: Sendable {
  let group: any ProcessGroup

  var isFirst: Bool { group.rank == 0 }
  var isAlone: Bool { group.size == 1 }

  /// The console of this process: only the first says anything.
  func console(_ console: any Console) -> any Console { isFirst ? console : SilentConsole() }

  /// Does something in each process, which fails in all where it fails in one.
  func together<Value>(
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

  /// Does something that the first process ends: what the others throw, it says.
  ///
  /// - Returns: the status of the first process, in all of them.
  /// - Throws: in the first process alone.
  func ending(
    _ body: () throws(CommandFailure) -> ExitCode
  ) throws(CommandFailure) -> ExitCode {
    do throws(CommandFailure) {
      return try body()
    } catch {
      guard isFirst else { return error.status }
      throw error
    }
  }

  /// Does something in the first process alone, whose status the others wait for.
  func alone(
    _ body: () throws(CommandFailure) -> ExitCode
  ) throws(CommandFailure) -> ExitCode {
    guard isFirst else {
      return ExitCode(rawValue: try exchanged(ExitCode.success.rawValue)[0]) ?? .internal
    }
    let result = Result { () throws(CommandFailure) in try body() }
    let status =
      switch result {
      case .success(let status): status
      case .failure(let failure): failure.status
      }
    _ = try exchanged(status.rawValue)
    return try result.get()
  }

  /// Why a process cannot go on.
  private struct Failure: Codable {
    let status: Int32
    let sentence: String
  }

  /// The failure of a rank, which names it.
  func named(_ failure: CommandFailure, _ rank: Int) -> CommandFailure {
    CommandFailure(failure.status, "Rank \(rank) of \(group.size): \(failure.sentence)")
  }

  // MARK: Inputs

  /// Refuses processes that see different inputs.
  ///
  /// - Parameters:
  ///   - plan: the files that were read.
  ///   - frame: what was read in them.
  func checkSame(
    _ plan: PartPlan, _ frame: String,
    otherwise difference: String = "they have read different things in the same files"
  ) throws(CommandFailure) {
    guard !isAlone else { return }
    let all = try exchanged(Sight(plan: plan, frame: frame))
    for (rank, other) in all.enumerated().dropFirst() {
      if let reason = PartPlan.difference(all[0].plan, other.plan)
        ?? (all[0].frame == other.frame ? nil : difference)
      {
        throw CommandFailure(.badData, "Rank 0 and rank \(rank) do not see the same: \(reason).")
      }
    }
  }

  /// What a process has seen of the inputs.
  private struct Sight: Codable {
    let plan: PartPlan
    let frame: String
  }

  // MARK: Values

  /// A value as text that keeps all bits.
  func text(_ value: some Encodable) throws(CommandFailure) -> String {
    do throws(JSONError) {
      return try PartCoding.json(value).line
    } catch {
      throw CommandFailure(.internal, "A result cannot be exchanged: \(error).")
    }
  }

  /// A value of each process, with all bits.
  func exchanged<Value: Codable>(_ value: Value) throws(CommandFailure) -> [Value] {
    if isAlone { return [value] }
    let own = Array(try text(value).utf8)
    return try gathered(own).map { bytes throws(CommandFailure) in
      do throws(JSONError) {
        return try JSONDecoding.value(of: JSON(bytes))
      } catch {
        throw CommandFailure(.internal, "What another rank has sent cannot be read: \(error).")
      }
    }
  }

  /// Numbers of each process, of which there may be more than can be sent at once.
  func exchanged(manyNumbers numbers: [Double]) throws(CommandFailure) -> [[Double]] {
    if isAlone { return [numbers] }
    let most = max(1, (1 << 26) / group.size)
    var all = [[Double]](repeating: [], count: group.size)
    for start in stride(
      from: 0, to: try exchanged(numbers.count).max() ?? 0, by: most)
    {
      let part = min(start, numbers.count)..<min(start + most, numbers.count)
      for (rank, found) in try exchanged(numbers: Array(numbers[part])).enumerated() {
        all[rank] += found
      }
    }
    return all
  }

  /// Numbers of each process.
  func exchanged(numbers: [Double]) throws(CommandFailure) -> [[Double]] {
    if isAlone { return [numbers] }
    return try gathered(numbers.withUnsafeBytes { Array($0) }).map { bytes throws(CommandFailure) in
      let size = MemoryLayout<Double>.size
      guard bytes.count.isMultiple(of: size) else {
        throw CommandFailure(.internal, "What another rank has sent is cut off.")
      }
      return [Double](unsafeUninitializedCapacity: bytes.count / size) { numbers, count in
        UnsafeMutableRawBufferPointer(numbers).copyBytes(from: bytes)
        count = bytes.count / size
      }
    }
  }

  private func gathered(_ bytes: [UInt8]) throws(CommandFailure) -> [[UInt8]] {
    do throws(ProcessGroupError) {
      let all = try group.gather(bytes)
      guard all.count == group.size else {
        throw ProcessGroupError("Of \(group.size) ranks \(all.count) have sent something.")
      }
      return all
    } catch {
      throw CommandFailure(.internal, error.description)
    }
  }
}

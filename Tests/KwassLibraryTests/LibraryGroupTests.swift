import CKwass
import Libc
import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

/// Calls of the C library that several processes share, with threads in the place of processes.
@Suite struct LibraryGroupTests {
  /// What the context of a group points to.
  private final class Caller {
    let member: ThreadGroup.Member
    /// After so many calls the function fails.
    let lastCall: Int
    var calls = 0

    init(_ member: ThreadGroup.Member, lastCall: Int = .max) {
      (self.member, self.lastCall) = (member, lastCall)
    }
  }

  /// The function of a caller, as `kwass_share` asks for it.
  private static let share: kwass_share = { context, bytes, offsets in
    guard let context, let bytes, let offsets else { return 4 }
    let caller = Unmanaged<Caller>.fromOpaque(context).takeUnretainedValue()
    caller.calls += 1
    let rank = caller.member.rank
    guard caller.calls <= caller.lastCall else {
      caller.member.abort(0)
      return 5
    }
    func part(_ rank: Int) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(
        start: bytes + Int(offsets[rank]), count: Int(offsets[rank + 1] - offsets[rank]))
    }
    guard let all = try? caller.member.gather(Array(part(rank))) else { return 6 }
    for (rank, found) in all.enumerated() {
      guard found.count == part(rank).count else { return 7 }
      part(rank).copyBytes(from: found)
    }
    return 0
  }

  private static func group(_ change: (inout kwass_group) -> Void = { _ in }) -> kwass_group {
    var group = kwass_group()
    kwass_group_init(&group, UInt64(MemoryLayout<kwass_group>.size))
    change(&group)
    return group
  }

  /// Runs a call in so many threads, each with the options of its group.
  private static func run<Value: Sendable>(
    _ count: Int, lastCall: Int = .max,
    _ change: @escaping @Sendable (Int, inout kwass_options) -> Void,
    _ body: @escaping @Sendable (Int, UnsafePointer<kwass_options>) throws -> Value
  ) throws -> [Value] {
    try ThreadGroup(size: count).run { member in
      let caller = Caller(member, lastCall: member.rank == 0 ? lastCall : .max)
      let group = group {
        $0.rank = Int32(member.rank)
        $0.count = Int32(count)
        $0.context = Unmanaged.passUnretained(caller).toOpaque()
        $0.share = share
      }
      return try withExtendedLifetime(caller) {
        try withUnsafePointer(to: group) { group in
          let options = LibraryCalls.options {
            $0.method = Int32(KWASS_SINKHORN)
            $0.group = group
            change(member.rank, &$0)
          }
          return try withUnsafePointer(to: options) { try body(member.rank, $0) }
        }
      }
    }.map { try $0.get() }
  }

  private static func measures(_ count: Int = 2) throws -> [PhaseSpaceMeasure] {
    var generator = SeededGenerator(seed: 3)
    return try (0..<count).map { number in
      let points = try generator.measure(count: 90 + number, dimension: 2, masses: .random)
      return try PhaseSpaceMeasure(
        positions: [points.coordinates.prefix(90 + number).map { $0 }],
        velocities: [points.coordinates.suffix(90 + number).map { $0 }], masses: points.masses)
    }
  }

  /// A call's status, its sentence and the numbers of its result.
  private struct Answer: Equatable, Sendable {
    var status: Int32
    var message = ""
    var numbers: [UInt64] = []
  }

  private static func distance(
    _ measures: [PhaseSpaceMeasure], _ options: UnsafePointer<kwass_options>,
    breaking: Bool = false
  ) throws -> Answer {
    let (mu, nu) = (try LibraryCalls.measure(measures[0]), try LibraryCalls.measure(measures[1]))
    if breaking { kwass_measure_free(nu) }
    defer {
      kwass_measure_free(mu)
      if !breaking { kwass_measure_free(nu) }
    }
    var result: OpaquePointer?
    let status = kwass_distance(mu, nu, nil, options, &result)
    guard status == Int32(KWASS_OK) else {
      return Answer(status: status, message: LibraryCalls.lastMessage)
    }
    defer { kwass_result_free(result) }
    let summary = try LibraryCalls.summary(result)
    var numbers = [summary.lower, summary.upper, summary.dual_cost, summary.position_part]
    var (source, target): (UnsafePointer<Double>?, UnsafePointer<Double>?)
    try LibraryCalls.expectOK(kwass_result_potentials(result, &source, &target))
    let start = try #require(source)
    numbers += (0..<measures[0].count).map { start[$0] }
    return Answer(status: status, numbers: numbers.map(\.bitPattern))
  }

  @Test(arguments: [2, 3]) func processesGiveTheBitsOfOne(count: Int) throws {
    let measures = try Self.measures()
    for method in [KWASS_SINKHORN, KWASS_UNBALANCED] {
      let change: @Sendable (Int, inout kwass_options) -> Void = { _, options in
        options.method = Int32(method)
        options.strength = 1
        options.regularization = 0.02
        options.regularization_kind = Int32(KWASS_REGULARIZATION_RELATIVE)
      }
      var options = LibraryCalls.options { change(0, &$0) }
      let alone = try Self.distance(measures, &options)
      #expect(alone.status == Int32(KWASS_OK), "\(alone.message)")
      for answer in try Self.run(
        count, change,
        { _, options in
          try Self.distance(measures, options)
        })
      {
        #expect(answer == alone)
      }
    }
  }

  private static func matrix(
    _ measures: [PhaseSpaceMeasure], _ options: UnsafePointer<kwass_options>?
  ) throws -> Answer {
    let pointers: [OpaquePointer?] = try measures.map { try LibraryCalls.measure($0) }
    defer { for pointer in pointers { kwass_measure_free(pointer) } }
    let places = measures.count * measures.count
    var (distance, lower, upper) = (
      [Double](repeating: 9, count: places), [Double](repeating: 9, count: places),
      [Double](repeating: 9, count: places)
    )
    let status = kwass_matrix(
      pointers, Int64(measures.count), nil, options, &distance, &lower, &upper)
    return Answer(
      status: status, message: status == 0 ? "" : LibraryCalls.lastMessage,
      numbers: (distance + lower + upper).map(\.bitPattern))
  }

  /// A matrix of which each process measures some pairs, exactly or not; and one whose accuracy cannot be reached.
  @Test(arguments: [2, 3, 9]) func processesShareThePairsOfAMatrix(count: Int) throws {
    let measures = try Self.measures(4)
    for method in [KWASS_AUTOMATIC, KWASS_SINKHORN] {
      let change: @Sendable (Int, inout kwass_options) -> Void = { _, options in
        options.method = Int32(method)
        if method == KWASS_SINKHORN { options.tolerance = 1e-13 }
        options.maximum_iterations = 2000
      }
      var options = LibraryCalls.options { change(0, &$0) }
      let alone = try Self.matrix(measures, &options)
      #expect(alone.status == Int32(method == KWASS_SINKHORN ? KWASS_NOT_REACHED : KWASS_OK))
      for answer in try Self.run(
        count, change,
        { _, options in
          try Self.matrix(measures, options)
        })
      {
        #expect(answer == alone)
      }
    }
  }

  // MARK: Failures

  /// What goes wrong in one process gives an error in all, which names it, and nobody waits.
  @Test func failuresOfOneAreThoseOfAll() throws {
    let measures = try Self.measures(3)
    let nothing: @Sendable (Int, inout kwass_options) -> Void = { _, _ in }
    for calls in [0, 1, 5, 30] {
      let answers = try Self.run(2, lastCall: calls, nothing) { _, options in
        try Self.distance(measures, options)
      }
      #expect(answers.map(\.status) == [Int32(KWASS_ERROR_GROUP), Int32(KWASS_ERROR_GROUP)])
      #expect(answers[0].message.contains("share of the kwass_group answered 5 instead of 0"))
      #expect(answers[1].message.contains("share of the kwass_group answered 6 instead of 0"))
    }
    let freed = try Self.run(2, nothing) { rank, options in
      try Self.distance(measures, options, breaking: rank == 1)
    }
    #expect(freed.map(\.status) == [Int32(KWASS_ERROR_OBJECT), Int32(KWASS_ERROR_OBJECT)])
    #expect(freed[0].message == "The process 1 of a group of 2: \(freed[1].message)")
    let tolerances = try Self.run(
      2, { rank, options in options.tolerance = 0.1 + 0.1 * Double(rank) }
    ) {
      try Self.distance(measures, $1)
    }
    let points = try Self.run(2, nothing) { rank, options in
      try Self.distance(rank == 1 ? [measures[1], measures[0]] : measures, options)
    }
    let matrices = try Self.run(2, nothing) { rank, options in
      try Self.matrix(
        rank == 1 ? [measures[0], measures[2]] : [measures[0], measures[1]], options)
    }
    for answer in tolerances + points + matrices {
      #expect(answer.status == Int32(KWASS_ERROR_GROUP))
      #expect(
        answer.message.contains("have different options")
          || answer.message.contains("do not work on the same"), "\(answer.message)")
    }
  }

  @Test func groupsThatCannotBe() throws {
    let measures = try Self.measures()
    func refusal(_ group: kwass_group, _ method: Int = KWASS_SINKHORN) throws -> Answer {
      try withUnsafePointer(to: group) { group in
        var options = LibraryCalls.options {
          $0.method = Int32(method)
          $0.tolerance = 0.5
          $0.group = group
        }
        return try Self.distance(measures, &options)
      }
    }
    for (change, sentence) in [
      ({ $0.count = 0 }, "The field count of the kwass_group is 0; it must be from 1 to"),
      (
        { ($0.count, $0.rank) = (2, 2) },
        "The field rank of the kwass_group is 2; it must be from 0 to 1."
      ),
      ({ $0.rank = -1 }, "The field rank of the kwass_group is -1; it must be from 0 to 0."),
      ({ $0.count = 2 }, "The field share of the kwass_group is NULL; 2 processes need"),
      ({ $0.size = 8 }, "The size of the kwass_group is 8; it must be"),
    ] as [((inout kwass_group) -> Void, String)] {
      let answer = try refusal(Self.group(change))
      #expect(answer.status == Int32(KWASS_ERROR_ARGUMENT))
      #expect(answer.message.hasPrefix(sentence), "\(answer.message)")
    }
    // A function that says that all is well and does nothing.
    let idle = Self.group {
      ($0.count, $0.share) = (2, { _, _, _ in 0 })
    }
    let answer = try refusal(idle)
    #expect(answer.status == Int32(KWASS_ERROR_GROUP), "\(answer.message)")
    // Every process alone finds an exact distance.
    #expect(try refusal(Self.group(), KWASS_AUTOMATIC).status == Int32(KWASS_OK))
    for exact in try Self.run(
      2, { $1.method = Int32(KWASS_AUTOMATIC) },
      { _, options in
        try Self.distance(measures, options)
      })
    {
      #expect(exact.status == Int32(KWASS_ERROR_ARGUMENT))
      #expect(exact.message.contains("an exact distance is found by one process"))
    }
  }

  /// Options of version 0.1.0, which end before the group, are read as they are.
  @Test func optionsOfTheFirstVersion() throws {
    let measures = try Self.measures()
    let size = try #require(MemoryLayout<kwass_options>.offset(of: \.group))
    let whole = MemoryLayout<kwass_options>.size
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: whole, alignment: 8)
    defer { bytes.deallocate() }
    memset(bytes, 0xA5, whole)
    let options = bytes.assumingMemoryBound(to: kwass_options.self)
    try LibraryCalls.expectOK(kwass_options_init(options, UInt64(size)))
    // What lies behind the struct of an old program is its own.
    #expect((size..<whole).allSatisfy { bytes.load(fromByteOffset: $0, as: UInt8.self) == 0xA5 })
    options.pointee.method = Int32(KWASS_SINKHORN)
    var own = LibraryCalls.options { $0.method = Int32(KWASS_SINKHORN) }
    #expect(try Self.distance(measures, options) == Self.distance(measures, &own))
  }
}

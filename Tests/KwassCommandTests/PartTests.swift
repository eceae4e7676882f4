import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// Work in parts: `--part` and `kwass merge`.
@Suite struct PartTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func run(_ arguments: [String]) -> Outcome {
    let console = TestConsole()
    let status = Kwass.run(arguments: arguments, console: console)
    return Outcome(status: status, output: console.output, report: console.report)
  }

  /// Small samples at successive times.
  private func snapshots(_ count: Int = 5) throws -> [String] {
    try (0..<count).map { number in
      let rows = (0..<12).map { particle in
        let x = Double((7 * particle + 3 * number * particle) % 12) / 12
        return "\(x),\(Double(particle % 5) - 0.37 * Double(number))\n"
      }
      return try directory.write(
        "# time=\(number) box=1\nx1,v1\n\(rows.joined())", to: "run_\(number).csv")
    }
  }

  /// Runs all parts of a command, and gives their files.
  private func parts(_ count: Int, _ arguments: [String], name: String = "part") -> [String] {
    (1...count).map { number in
      let path = directory["\(name)-\(number)-\(count).json"]
      let outcome = run(arguments + ["--part", "\(number)/\(count)", "-o", path])
      #expect(outcome.status == .success && outcome.output.isEmpty, "\(outcome.report)")
      #expect(outcome.report.contains("Part \(number)/\(count) is complete"))
      return path
    }
  }

  /// Each division of a command gives what one piece gives: output, verdicts and files.
  private func expectSame(
    _ arguments: [String], outputs: [[String]], file: String? = nil, status: ExitCode = .success,
    counts: [Int] = [1, 2, 3, 40]
  ) throws {
    let target = file.map { directory[$0] }
    let outputs = outputs.map { $0 + (target.map { ["--csv", $0] } ?? []) }
    let wholes = try outputs.map { options in
      let whole = run(arguments + options)
      #expect(whole.status == status && !whole.output.isEmpty, "\(whole.report)")
      return (outcome: whole, file: try target.map(bytes(ofFile:)))
    }
    for count in counts {
      let paths = parts(count, arguments)
      for (options, whole) in zip(outputs, wholes) {
        if let target { removeFile(target) }
        let merged = run(["merge"] + paths.reversed() + options)
        #expect(merged.status == whole.outcome.status)
        #expect(merged.report == whole.outcome.report)
        #expect(merged.output == whole.outcome.output, "\(count) \(options)")
        #expect(try target.map(bytes(ofFile:)) == whole.file)
      }
      for path in paths { removeFile(path) }
    }
  }

  @Test func matricesAreTheSame() throws {
    let files = try snapshots()
    try expectSame(["matrix"] + files, outputs: [[], ["--json"], ["--pairs"]])
    try expectSame(
      ["matrix", directory["run_%T.csv"], "--p", "1", "--normalize", "std"], outputs: [["--json"]])
  }

  /// The gate is judged over all parts.
  @Test func seriesAreTheSame() throws {
    _ = try snapshots()
    let arguments = ["series", directory["run_%T.csv"], "--against", "previous"]
    try expectSame(arguments, outputs: [[], ["--json"]])
    try expectSame(arguments + ["--max", "0.1"], outputs: [[], ["--json"]], status: .exceeded)
  }

  /// Noise floors and tests are units of their own, and a gate that needs a floor has it in each part.
  @Test func comparisonsAreTheSame() throws {
    let files = try snapshots()
    try expectSame(
      ["compare"] + files + ["--tolerance", "2noise", "--permutations", "3"],
      outputs: [[], ["--json"]])
    try expectSame(
      ["compare", directory.path, directory.path, "--tolerance", "0"], outputs: [[], ["--json"]])
    try expectSame(
      ["compare"] + files + ["--tolerance", "1e-3", "--gate-only"], outputs: [[], ["--json"]],
      status: .exceeded)
    // What stands beside the verdicts as XML is the time alone.
    let paths = parts(2, ["compare"] + files + ["--tolerance", "9"])
    #expect(run(["merge"] + paths + ["--junit", directory["a.xml"]]).status == .success)
    #expect(try directory.text("a.xml").contains("tests=\"4\" failures=\"0\""))
  }

  @Test func scansAreTheSame() throws {
    let path = try directory.write(
      "count 32\nepsilon 0.2 0.4\ntheta 1e-2 1e-3\nuntil 0.2\nsamples 2\nmesh 16\n", to: "a.scan")
    try expectSame(["scan", path], outputs: [[], ["--json"]], file: "rows.csv")
  }

  @Test(arguments: [
    ["bgk", "--epsilon", ".05,.02", "--until", ".01", "--positions", "16", "--cloud", "16,4"],
    [
      "maxwellian", "--phi", "power:2", "--epsilon", ".4,.2", "--delta", ".1", "--until", ".05",
      "--points", "32",
    ],
    ["decay", "--phi", "power:2", "--theta", ".1,.05,.01"],
  ])
  func limitsAreTheSame(arguments: [String]) throws {
    try expectSame(
      ["limit"] + arguments, outputs: [[], ["--json"]], file: "rows.csv", counts: [2, 3])
  }

  @Test func limitsOfAgentsAreTheSame() throws {
    let rows = (0..<16).map { "\(Double($0) / 16),\(Double($0 % 3) / 100)\n" }.joined()
    let path = try directory.write("# box=1 time=0\nx1,v1\n\(rows)", to: "agents.csv")
    try expectSame(
      [
        "limit", "monokinetic", path, "--phi", "power:2", "--epsilon", ".2,.1", "--until", ".02",
        "--delta", ".1,.05",
      ], outputs: [[], ["--json"]], file: "rows.csv")
  }

  // MARK: What is refused

  @Test(arguments: ["0/4", "5/4", "a/b", "1/2/3", "", "/", "1/", "-1/4", "1/0", "+1/2", "1.0/2"])
  func wrongPartsAreRefused(text: String) throws {
    let files = try snapshots(2)
    let outcome = run(["matrix"] + files + ["--part=\(text)", "-o", directory["p.json"]])
    #expect(outcome.status == .usage)
    #expect(outcome.report.contains("The value of --part is \"\(text)\"; it must be k/K"))
    #expect(!directory.names.contains("p.json"))
  }

  @Test func optionsThatDoNotGoWithPartsAreRefused() throws {
    let files = try snapshots(2)
    func report(_ arguments: String...) -> String {
      let outcome = run(arguments[..<1] + files + arguments[1...])
      #expect(outcome.status == .usage)
      return outcome.report
    }
    let path = directory["p.json"]
    #expect(report("matrix", "--part", "1/2").contains("needs the option -o for the file"))
    #expect(report("matrix", "-o", path).contains("it goes only with --part"))
    let drawn = report("matrix", "--part", "1/2", "-o", path, "--figure", "a.svg")
    #expect(drawn.contains("--figure says how all results are given out; it goes with kwass merge"))
    let limited = report(
      "compare", "--tolerance", "1", "--part", "1/2", "-o", path, "--time-limit", "9")
    #expect(limited.contains("--part cannot go with it"))
    #expect(report("matrix", "--part", "1/2", "-o", files[0]).contains("would replace the input"))
    _ = parts(1, ["matrix"] + files)
    let other = run(["merge", directory["part-1-1.json"], "--csv", "a.csv"])
    #expect(other.status == .usage && other.report.contains("kwass matrix has no option --csv"))
  }

  @Test func partsThatOverlapOrDoNotFitAreRefused() throws {
    let files = try snapshots(4)
    let matrix = ["matrix"] + files
    let paths = parts(3, matrix)
    func report(_ arguments: [String], _ status: ExitCode = .badData) -> String {
      let outcome = run(["merge"] + arguments)
      #expect(outcome.status == status && outcome.output.isEmpty)
      #expect(outcome.report.split(separator: "\n").count == 1, "\(outcome.report)")
      return outcome.report
    }
    let copy = try directory.write(bytes(ofFile: paths[1]), to: "copy.json")
    #expect(
      report(paths + [copy], .usage).contains("are both part 2/3; each part must be given once"))
    let missing = report([paths[0], paths[2]], .missingInput)
    #expect(missing.contains("Part 2/3 (\(files[0]) and \(files[2]); \(files[1]) and \(files[3]))"))
    let halves = parts(2, matrix, name: "half")
    #expect(report([paths[0], halves[1]]).contains("they are part 1/3 and part 2/2"))
    let first = parts(3, matrix + ["--p", "1"], name: "first")
    #expect(
      report([paths[0], first[1]]).contains("do not belong together: they are of `kwass matrix"))
    let fewer = parts(3, ["matrix"] + files.dropLast(), name: "fewer")
    #expect(report([paths[0], fewer[1]]).contains("do not belong together"))
    try directory.write("# time=3 box=1\nx1,v1\n0.5,1\n", to: "run_3.csv")
    let changed = parts(3, matrix, name: "changed")
    let size = try bytes(ofFile: files[3]).count
    #expect(
      report([paths[0], changed[1], changed[2]]).contains("\(files[3]) has changed between them ("))
    #expect(report([paths[0], changed[1]]).contains("and \(size) bytes)"))
    // A part that is there is neither computed again nor replaced by another one.
    let again = run(matrix + ["--part", "1/3", "-o", changed[0]])
    #expect(again.status == .success && again.report.contains("has all of part 1/3 already"))
    let other = run(matrix + ["--part", "2/3", "-o", changed[0]])
    #expect(
      other.status == .cannotCreate && other.report.contains("they are part 1/3 and part 2/3"))
    let old = run(matrix + ["--part", "1/3", "-o", paths[0]])
    #expect(old.status == .cannotCreate && old.report.contains("has changed between them"))
  }

  /// No byte of a part can change unseen, and none of what is left of one ends the process.
  @Test func damagedPartsAreRefused() throws {
    let path = parts(1, ["matrix"] + (try snapshots(3)))[0]
    let whole = try bytes(ofFile: path)
    #expect(run(["merge", path]).status == .success)
    func expectRefused(_ bytes: [UInt8], _ what: String) throws {
      let outcome = run(["merge", try directory.write(bytes, to: "damaged.json")])
      #expect(outcome.status == .badData, "\(what): \(outcome.report)")
      #expect(outcome.report.contains("damaged.json is no part of a command's work, or is damaged"))
    }
    for place in stride(from: 0, to: whole.count, by: 11) {
      var damaged = whole
      damaged[place] ^= 1
      try expectRefused(damaged, "byte \(place)")
      try expectRefused(Array(whole[..<place]), "the first \(place) bytes")
    }
    try expectRefused(whole + [10], "a longer file")
    try expectRefused([], "an empty file")
    #expect(run(["merge", directory["none.json"]]).status == .missingInput)
  }

  // MARK: What a stop leaves

  /// A unit that fails costs the part nothing that was found before, and is done with the next run.
  @Test func aPartGoesOnWhereItStopped() throws {
    let files = try snapshots(4)
    let arguments = ["series", directory["run_%T.csv"], "--part", "1/1", "-o", directory["p.json"]]
    let whole = run(Array(arguments.prefix(2)))
    #expect(run(arguments).status == .success)
    let complete = try bytes(ofFile: directory["p.json"])
    let header = try PartFile(path: directory["p.json"]).header
    let findings = try PartFile(path: directory["p.json"]).findings
    for kept in 0...4 {
      removeFile(directory["p.json"])
      do {
        let journal = try PartJournal(beside: directory["p.json"], header: header)
        for unit in 0..<kept {
          try journal.record(
            unit, JSONDecoding.value(SnapshotPairs.Outcome.self, of: findings[unit]!))
        }
        // While one process is at work, there is no other.
        let second = run(arguments)
        #expect(
          second.status == .cannotCreate && second.report.contains("Another process is at work"))
        let early = run(["merge", directory["p.json"]])
        #expect(early.status == .missingInput)
        #expect(
          early.report.contains("part 1/1 is not finished; \(4 - kept) of its 4 units remain"))
      }
      // A last line that was not written to its end counts for nothing.
      let journal = directory["p.json.unfinished"]
      if kept > 0 {
        try directory.write(bytes(ofFile: journal).dropLast(9), to: "p.json.unfinished")
      }
      let outcome = run(arguments)
      #expect(outcome.status == .success, "\(outcome.report)")
      let before = max(0, kept - 1)
      #expect(outcome.report.contains(", \(before) of them from before") == (before > 0))
      #expect(try bytes(ofFile: directory["p.json"]) == complete)
      #expect(run(["merge", directory["p.json"]]).output == whole.output)
      #expect(!directory.names.contains("p.json.unfinished"))
    }
    // Findings of files that have changed since are of no use.
    removeFile(directory["p.json"])
    _ = try PartJournal(beside: directory["p.json"], header: header)
    try directory.write("# time=3 box=1\nx1,v1\n0.5,1\n", to: "run_3.csv")
    let changed = run(arguments)
    #expect(
      changed.status == .badData && changed.report.contains("\(files[3]) has changed between"))
    try directory.write("mine", to: "p.json.unfinished")
    #expect(run(arguments).report.contains("p.json.unfinished holds no findings of a part"))
    #expect(try directory.text("p.json.unfinished") == "mine")
  }

  /// What was found before a stop is not computed again: a finding that no solver would give comes out as it is.
  @Test func whatWasFoundIsKept() throws {
    let files = try snapshots(3)
    let path = directory["p.json"]
    let arguments = ["matrix"] + files + ["--part", "1/1", "-o", path]
    #expect(run(arguments).status == .success)
    let part = try PartFile(path: path)
    removeFile(path)
    do {
      let journal = try PartJournal(beside: path, header: part.header)
      let other = try #require(part.findings[0])
      try journal.record(2, JSONDecoding.value(SnapshotPairs.Outcome.self, of: other))
    }
    #expect(run(arguments).report.contains("3 units in \(path), 1 of them from before."))
    let found = try PartFile(path: path).findings
    #expect(found[2] == part.findings[0] && found[2] != part.findings[2])
    #expect(found[0] == part.findings[0] && found[1] == part.findings[1])
  }

  /// Nothing that is known is done again, and what a unit needs is there before it.
  @Test func knownUnitsAreNotDoneAgain() throws {
    let progress = ProgressLine("", on: TestConsole())
    let units = (0..<6).map { unit in
      Workload<Int, Int>.Unit(name: "\(unit)", share: unit % 3, needs: unit < 3 ? [] : [0])
    }
    let workload = Workload<Int, Int>(
      frame: 0, units: units,
      stages: [
        .init(title: "", units: 0..<3, isParallel: true),
        .init(title: "", units: 3..<6, isParallel: false),
      ]
    ) { (unit, before) throws(CommandFailure) in
      guard unit != 4 else { throw CommandFailure(.badData, "done again") }
      return unit < 3 ? unit + 7 : unit + (before[0] ?? 0)
    }
    #expect(workload.units { $0 == 1 } == [0, 1, 4])
    let found = try workload.findings(of: [0, 1, 4], known: [4: 99], progress)
    #expect(found == [0: 7, 1: 8, 4: 99])
    #expect(throws: CommandFailure.self) { try workload.findings(progress) }
  }

  /// Each unit belongs to one part, and parts have as many as each other, but for one.
  @Test func partsAreEven() {
    for count in 1...9 {
      let sizes = (1...count).map { number in
        (0..<20).filter { Part(number: number, count: count)?.owns(share: $0) == true }.count
      }
      #expect(sizes.reduce(0, +) == 20 && (sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
  }

  /// `kwass merge` has the options of all commands that have parts, and no others.
  @Test func mergeHasTheOptionsOfTheCommands() {
    let commands = Kwass.commands.compactMap { $0 as? any DividedCommand.Type }
    #expect(commands.count == 5)
    #expect(
      Set(commands.flatMap { $0.outputOptions }) == Set(MergeOptions.specification.map(\.name)))
    for command in commands {
      for name in command.outputOptions {
        #expect(command.listedOptions.contains { $0.name == name })
      }
    }
  }
}

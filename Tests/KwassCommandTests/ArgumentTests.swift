import KineticTransport
import Testing

@testable import KwassCommand

@Suite struct ArgumentTests {
  private func distance(_ arguments: String...) throws(UsageError) -> DistanceOptions {
    try DistanceCommand.options(in: ["a.csv", "b.csv"] + arguments)
  }

  @Test func defaults() throws {
    let options = try distance()
    #expect(options.sourcePath == "a.csv" && options.targetPath == "b.csv")
    let (metric, gate) = (options.measurement.metric, options.measurement.gate)
    #expect(metric.exponent == 2 && metric.form == nil && metric.box == nil)
    #expect(options.measurement.solving.method == .auto && gate.limit == nil)
    #expect(!options.verifies && !options.isJSON && !options.measurement.needsPlan)
    #expect(try metric.metric().summary == KineticMetric.standard().summary)
  }

  @Test func everyOptionArrives() throws {
    let options = try distance(
      "--p", "3", "--cost", "split", "--lambda", "25", "--free-flow", "-.5", "--phi", "power:0.5",
      "--epsilon", "1e-1", "--space", "phase", "--box", "1,free", "--method", "sinkhorn",
      "--regularization", "0.01", "--plan", "p.npz", "--potentials", "f.csv", "--verify", "--max",
      "2", "--json")
    let metric = options.measurement.metric
    #expect(metric.exponent == 3 && metric.form == .split && metric.lambda == 25)
    #expect(metric.freeFlow == -0.5 && metric.phi == .power(0.5) && metric.epsilon == 0.1)
    #expect(metric.space == .phase && metric.box?.axes == [.circle(length: 1), .line])
    let solving = options.measurement.solving
    #expect(solving.method == .sinkhorn && solving.regularization == .fixed(0.01))
    #expect(options.planPath == "p.npz" && options.potentialsPath == "f.csv")
    #expect(options.verifies && options.isJSON)
    #expect(options.measurement.gate.limit == 2 && options.measurement.needsPlan)
    #expect(try distance("--twist=2,-.9,1").measurement.metric.twist == .init(a: 2, b: -0.9, c: 1))
    #expect(try distance("--phi=log").measurement.metric.phi == .log)
    #expect(try distance("--phi=log-extended").measurement.metric.phi == .logExtended)
  }

  @Test func valuesMayBeAttachedOrFollow() throws {
    #expect(try distance("--p=1.5") == distance("--p", "1.5"))
    #expect(try distance("--free-flow=-3") == distance("--free-flow", "-3"))
    let options = try DistanceCommand.options(in: ["--json", "--", "--p", "-2"])
    #expect(options.sourcePath == "--p" && options.targetPath == "-2" && options.isJSON)
    #expect(try distance("--plan=-odd=name.csv").planPath == "-odd=name.csv")
  }

  @Test(arguments: [
    (["--lamda", "3"], "kwass distance has no option --lamda (perhaps --lambda was meant)."),
    (["--reg=1"], "kwass distance has no option --reg (perhaps --regularization was meant)."),
    (["--colour"], "kwass distance has no option --colour (perhaps --color was meant)."),
    (["-p", "1"], "kwass distance has no option -p (perhaps --p was meant)."),
    (["--p"], "The option --p needs a value: --p P."),
    (["--p", "--json"], "The option --p needs a value: --p P."),
    (["--json=yes"], "The option --json takes no value, but \"yes\" was given."),
    (["--p", "1", "--p=1"], "The option --p was given twice, expected once."),
    (["--p", "0.5"], "The value of --p is \"0.5\"; it must be a number of at least 1."),
    (["--p", "nan"], "The value of --p is \"nan\"; it must be a number of at least 1."),
    (["--p", "inf"], "The value of --p is \"inf\"; it must be a number of at least 1."),
    (["--lambda=0"], "The value of --lambda is \"0\"; it must be a positive number."),
    (["--free-flow=soon"], "The value of --free-flow is \"soon\"; it must be a number."),
    (
      ["--cost=splitt"],
      "The value of --cost is \"splitt\"; it must be split or joint (perhaps split was meant)."
    ),
    (
      ["--method=cplex"],
      "The value of --method is \"cplex\"; it must be auto, line, circle, network, glpk or sinkhorn."
    ),
    (
      ["--twist=1,2"],
      "The value of --twist is \"1,2\"; it must be three numbers a,b,c with a, c > 0 and b^2 < ac."
    ),
    (
      ["--twist=1,1,1"],
      "The value of --twist is \"1,1,1\"; it must be three numbers a,b,c with a, c > 0 and b^2 < ac."
    ),
    (
      ["--phi=power"],
      "The value of --phi is \"power\"; it must be log, log-extended or power:Q with a number Q of at least 0."
    ),
    (
      ["--phi=power:-1"],
      "The value of --phi is \"power:-1\"; it must be log, log-extended or power:Q with a number Q of at least 0."
    ),
    (
      ["--box=0"],
      "The value of --box is \"0\"; it must be a positive length or free for each position axis, with commas between."
    ),
    (
      ["--box=1,,2"],
      "The value of --box is \"1,,2\"; it must be a positive length or free for each position axis, with commas between."
    ),
    (["--plan=p.txt"], "The value of --plan is \"p.txt\"; it must be a .csv or .npz file."),
    (["--max=-1"], "The value of --max is \"-1\"; it must be a number of at least 0."),
    (
      ["--twist=1,0,1", "--cost=split"], "--twist is a joint form; --cost split cannot go with it."
    ),
    (
      ["--twist=1,0,1", "--lambda=2"],
      "--twist weighs positions by its a; --lambda cannot go with it."
    ),
    (["--epsilon=1"], "--epsilon is the parameter of --phi, which is missing."),
    (
      ["--phi=log", "--cost=joint", "--p=1"],
      "--phi needs a split cost, or p = 2; here the cost is joint and p is not 2."
    ),
    (["--method=sinkhorn"], "--method sinkhorn needs the option --regularization."),
    (["--regularization=1"], "--regularization goes only with --method sinkhorn."),
    (["--accuracy=0"], "The value of --accuracy is \"0\"; it must be a number between 0 and 1."),
    (
      ["--accuracy=.1", "--method=glpk"],
      "--accuracy goes only with --method auto or network, or with --regularization auto."
    ),
    (
      ["--accuracy=.1", "--phi=log"],
      "--phi needs exact solutions; --accuracy cannot go with it."
    ),
    (["--plan=c.csv", "--potentials=c.csv"], "--plan and --potentials name the same file."),
    (
      ["--space=velocity", "--lambda=2"],
      "--lambda compares positions with velocities; --space velocity cannot go with it."
    ),
    (
      ["--space=position", "--free-flow=2"],
      "--free-flow compares positions with velocities; --space position cannot go with it."
    ),
    (["--plan=b.csv"], "The output b.csv would replace the snapshot of that name."),
    (
      ["--space=velocity", "--box=1"],
      "--space velocity compares no positions; --box would have no effect."
    ),
    (["c.csv"], "kwass distance needs two snapshot files, but 3 were given."),
  ])
  func saysWhatIsWrong(arguments: [String], sentence: String) {
    let error = #expect(throws: UsageError.self) {
      try DistanceCommand.options(in: ["a.csv", "b.csv"] + arguments)
    }
    #expect(error?.description == sentence)
  }

  @Test func metricsCombine() throws {
    let twisted = try distance("--twist=4,2,3", "--free-flow=.25", "--phi=log", "--p=2").measurement
      .metric.metric()
    #expect(twisted.form == .joint && twisted.positionWeight == 4 && twisted.velocityWeight == 2)
    #expect(twisted.shear == 0.5 - 0.25 && twisted.nonlinearity?.bound == 1)
    let weighed = try distance("--lambda=25", "--cost=joint", "--free-flow=2").measurement.metric
      .metric()
    #expect(weighed.form == .joint && weighed.positionWeight == 25 && weighed.shear == -2)
    let steep = try distance("--phi=power:2", "--epsilon=.5").measurement.metric.metric()
    #expect(try steep.nonlinearity?(2) == 1)
  }

  @Test func solversAreThoseNamed() throws {
    let names = ["auto", "line", "circle", "network", "glpk"].map {
      try? distance("--method", $0).measurement.solver.name
    }
    #expect(
      names == ["automatic", "line", "circle", "network simplex", "linear program (simplex)"])
    let loose = try distance("--accuracy=.125").measurement.solver
    #expect((loose as? AutomaticSolver)?.goal == BracketGoal(relativeWidth: 0.125))
    let looseNetwork = try distance("--accuracy=.125", "--method=network").measurement.solver
    #expect((looseNetwork as? NetworkSimplex)?.goal.relativeWidth == 0.125)
    let sinkhorn = try distance("--method=sinkhorn", "--regularization=.125").measurement.solver
    #expect((sinkhorn as? SinkhornSolver)?.regularization == .absolute(0.125))
    let automatic = try distance(
      "--method=sinkhorn", "--regularization=auto", "--accuracy=.125"
    ).measurement.solver
    #expect((automatic as? AdaptiveSinkhornSolver)?.relativeWidth == 1 - 0.875 * 0.875)
  }

  @Test func commands() throws {
    func text(_ arguments: String...) throws -> String? {
      if case .text(let text) = try Kwass.request(arguments) { text } else { nil }
    }
    #expect(try text("--version") == "kwass \(Kwass.version)\n")
    #expect(try text("--help") == Kwass.help)
    #expect(try text("-h") == Kwass.help)
    for command in Kwass.commands {
      #expect(try text(command.name, "--help") == command.help)
      #expect(try text(command.name, "x", "--nonsense", "-h") == command.help)
    }
    guard case .command(let command, _, _) = try Kwass.request(["info", "a", "b"]) else {
      Issue.record("no command")
      return
    }
    #expect((command as? InfoCommand)?.options.paths == ["a", "b"])
    func complaint(_ arguments: String...) -> String? {
      #expect(throws: UsageError.self) { _ = try Kwass.request(arguments) }?.description
    }
    let all = Kwass.commands.map { $0.name }
    #expect(Set(all).count == all.count)
    let names = all.dropLast().joined(separator: ", ") + " or manual"
    #expect(complaint() == "A command is missing: \(names).")
    #expect(
      complaint("distanse")
        == "There is no command distanse (perhaps distance was meant); the commands are "
        + "\(names).")
    #expect(complaint("--verson") == "kwass has no option --verson (perhaps --version was meant).")
    #expect(
      complaint("info") == "kwass info needs at least one file as argument, but none were given.")
  }

  /// Groups are shared: what one command understands, every other with the group understands too.
  @Test func groupsAreShared() throws {
    let metric = ["--p=3", "--lambda=2", "--box=1", "--method=sinkhorn", "--regularization=.5"]
    let measured = try [
      DistanceCommand.options(in: ["a", "b"] + metric).measurement,
      SeriesCommand.options(in: ["a", "b"] + metric).measurement,
      MatrixCommand.options(in: ["a", "b"] + metric).measurement,
      CompareCommand.options(in: ["a", "b", "--tolerance=1"] + metric).measurement,
    ]
    for options in measured {
      #expect(options.metric == measured[0].metric && options.solving == measured[0].solving)
      #expect(options.metric.exponent == 3 && options.metric.lambda == 2)
    }
    // The tolerance of a comparison is a gate, and that of a distance where the solver stops.
    #expect(measured[3].gate.limit == 1 && measured[3].stopping.accuracy == nil)
  }

  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("abc", "abc", 0), ("lambda", "lamda", 1), ("ab", "ba", 1),
    ("kitten", "sitting", 3), ("ca", "abc", 3),
  ])
  func editDistances(first: String, second: String, distance: Int) {
    #expect(Spelling.editDistance(first, second) == distance)
    #expect(Spelling.editDistance(second, first) == distance)
  }
}

import KwassCommand
import Libc
import TestSupport
import Testing

@Suite struct SinkhornCommandTests {
  private let directory: TemporaryDirectory
  private let a: String
  private let b: String

  init() throws {
    directory = try TemporaryDirectory()
    (a, b) = (directory["a.csv"], directory["b.csv"])
    #expect(
      kwass("sample", "two-stream", "--count=150", "--seed=1", "-o", a).status == .success)
    #expect(
      kwass("sample", "two-stream", "--count=130", "--seed=2", "--beam-speed=2.2", "-o", b).status
        == .success)
  }

  private func json(_ arguments: String...) throws -> ParsedJSON {
    let console = TestConsole()
    let status = Kwass.run(arguments: ["distance"] + arguments + ["--json"], console: console)
    #expect(status == .success && console.report.isEmpty, "\(console.report)")
    return try ParsedJSON(console.output)
  }

  @Test(arguments: ["0.01", "0.002"], ["1", "2"])
  func automaticRegularizationProvesWhatItSays(tolerance: String, p: String) throws {
    let exact = try json(a, b, "--p", p, "--method=network")["distance"].number
    let found = try json(
      a, b, "--p", p, "--method=sinkhorn", "--regularization=auto", "--accuracy", tolerance)
    let (lower, upper) = (found["lower"].number, found["upper"].number)
    #expect(lower <= exact && exact <= upper)
    #expect(1 - lower / upper <= (Double(tolerance) ?? 0) * (1 + 1e-12))
    // The regularisation is not smaller than need be: at eight times as much the bracket is too wide.
    let wide = try json(
      a, b, "--p", p, "--method=sinkhorn", "--regularization",
      "\(8 * found["regularization"].number)")
    #expect(1 - wide["lower"].number / wide["upper"].number > (Double(tolerance) ?? 0))
    #expect(wide["lower"].number <= exact && exact <= wide["upper"].number)
  }

  @Test(arguments: [
    ["--method=sinkhorn", "--regularization=1e-5"],
    ["--method=sinkhorn", "--regularization=auto", "--accuracy=1e-5"],
    ["--method=sinkhorn", "--regularization=1e-5", "--partial=0.5"], ["--method=network"],
  ])
  func timeLimitsSayHowFarItCame(options: [String]) throws {
    let console = TestConsole()
    let status = Kwass.run(
      arguments: ["distance", a, b, "--time-limit=1e-6"] + options, console: console)
    #expect(status == .timeLimit)
    #expect(console.output.contains("\nproved by"))
    #expect(
      console.report.contains("The time limit of 1e-06 s was reached; the solver had come to: "))
    let ample = TestConsole()
    #expect(
      Kwass.run(
        arguments: ["distance", a, b, "--time-limit=600", "--method=network"], console: ample)
        == .success)
  }

  @Test func plansGoWithAutomaticRegularization() throws {
    let plan = directory["plan.csv"]
    let found = try json(
      a, b, "--method=sinkhorn", "--regularization=auto", "--plan", plan, "--verify")
    let exact = try json(a, b)["distance"].number
    #expect(found["lower"].number <= exact && exact <= found["upper"].number)
    #expect(!(try bytes(ofFile: plan)).isEmpty)
  }

  @Test func divergenceIsBesideTheDistance() throws {
    let same = try json(
      a, a, "--method=sinkhorn", "--regularization=.01", "--divergence")
    #expect(same["divergence"].number == 0)
    let other = try json(
      a, b, "--method=sinkhorn", "--regularization=.001", "--divergence")
    let exact = try json(a, b)["cost"].number
    // Debiased: closer to the exact cost than the entropic one by far.
    #expect(abs(other["divergence"].number - exact) < 0.01 * exact)
    #expect(abs(other["entropicCost"].number - exact) > 0.015 * exact)
    #expect(other["costLower"].number <= exact && exact <= other["costUpper"].number)
  }

  @Test func massesNeedNotAgree() throws {
    let near = try directory.write("x1,v1,weight\n0,0,2\n9,0,1\n", to: "near.csv")
    let far = try directory.write("x1,v1,weight\n0.5,0,2\n", to: "far.csv")
    let partial = try json(
      near, far, "--method=sinkhorn", "--regularization=.001", "--partial=1.5")
    #expect(abs(partial["movedMass"].number - 1.5) <= 1e-5)
    #expect(partial["costLower"].number <= 1.5 * 0.25 && 1.5 * 0.25 <= partial["costUpper"].number)
    #expect(partial["costUpper"].number - partial["costLower"].number <= 1e-2)
    let unbalanced = try json(
      near, far, "--method=sinkhorn", "--regularization=1e-4", "--unbalanced=.5")
    // The far particle stays: τ for its mass. A mass m of the others moves, with
    // ¼ m + 2 τ KL(m | 2) least at m = 2 e^{−¼/(2τ)}.
    let m = 2 * exp(-0.25)
    let least = 0.5 + 2 * 0.5 * (2 - m)
    #expect(unbalanced["costLower"].number <= least + 1e-12)
    #expect(least <= unbalanced["costUpper"].number + 1e-12)
    #expect(abs(unbalanced["movedMass"].number - m) <= 1e-2)
    #expect(unbalanced["distance"] == .null)
  }

  @Test(arguments: [
    (["--divergence"], "--divergence goes only with --method sinkhorn."),
    (["--unbalanced=1"], "--unbalanced goes only with --method sinkhorn."),
    (["--partial=1"], "--partial goes only with --method sinkhorn."),
    (
      ["--method=sinkhorn", "--regularization=much"],
      "The value of --regularization is \"much\"; it must be a positive number or auto."
    ),
    (
      ["--method=sinkhorn", "--regularization=0"],
      "The value of --regularization is \"0\"; it must be a positive number or auto."
    ),
    (
      ["--method=sinkhorn", "--regularization=1", "--unbalanced=-1"],
      "The value of --unbalanced is \"-1\"; it must be a positive number."
    ),
    (
      ["--method=sinkhorn", "--regularization=1", "--partial=nan"],
      "The value of --partial is \"nan\"; it must be a positive number."
    ),
    (
      ["--method=sinkhorn", "--regularization=1", "--partial=1", "--unbalanced=1"],
      "--unbalanced and --partial are two ways to leave mass behind; choose one."
    ),
    (
      ["--method=sinkhorn", "--regularization=auto", "--partial=1"],
      "--partial needs a number for --regularization; auto is for the balanced problem."
    ),
    (
      ["--method=sinkhorn", "--regularization=1", "--unbalanced=1", "--plan=p.csv"],
      "--unbalanced leaves mass behind, which --plan knows nothing of."
    ),
    (
      ["--method=sinkhorn", "--regularization=1", "--partial=1", "--max=1"],
      "--partial leaves mass behind, which --max knows nothing of."
    ),
    (
      ["--method=sinkhorn", "--regularization=1", "--divergence", "--phi=log"],
      "--divergence is of a fixed cost, which --phi changes; choose one."
    ),
    (
      ["--method=sinkhorn", "--regularization=1", "--divergence", "--verify"],
      "--divergence is measured without a plan; --verify cannot go with it."
    ),
    (
      ["--method=sinkhorn", "--regularization=1", "--accuracy=.1"],
      "--accuracy goes only with --method auto or network, or with --regularization auto."
    ),
  ])
  func saysWhatIsWrong(arguments: [String], sentence: String) {
    let outcome = TestConsole()
    let status = Kwass.run(arguments: ["distance", a, b] + arguments, console: outcome)
    #expect(status == .usage && outcome.output.isEmpty)
    #expect(outcome.report == "kwass: \(sentence) See `kwass distance --help`.\n")
  }

  @Test func massesThatAreNotThereCannotBeMoved() {
    let outcome = kwass(
      "distance", a, b, "--method=sinkhorn", "--regularization=1", "--partial=1.5")
    #expect(outcome.status == .usage && outcome.output.isEmpty)
    #expect(
      outcome.report
        == "kwass: The option moved mass is 1.5; it must be positive and at most 1.0, the smaller "
        + "of the two masses.\n")
  }
}

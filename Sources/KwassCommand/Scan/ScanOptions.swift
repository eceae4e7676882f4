import KineticTransport

/// The arguments of `kwass scan`.
public struct ScanOptions: Sendable, Equatable {
  /// The scan file.
  var path: String
  /// Whether to print JSON.
  var isJSON: Bool
  /// Where to write the rows.
  var table: String?
  /// Where to draw C_eff against θ.
  var figure: String?
  /// How many threads compute.
  var threads: ThreadOptions

  static let specification =
    [
      OptionSpecification("--json", "Print everything as JSON."),
      OptionSpecification("--csv", "FILE", "Also write the rows to a file."),
      OptionSpecification(
        "--figure", "FILE", "Also draw the supremum of C_eff against theta: .svg or .png."),
    ] + ThreadOptions.specification + [.help]

  static let explanation = """
    Studies Theorem 3.1 for each of several Debye lengths epsilon and initial distances theta: the
    second solution starts from the state of the first, displaced by a sine wave whose root mean
    square is theta. FILE has on each line a key and its values; # begins a comment:

      start    beams kappa=0.6124   # cold beams with kappa = 2 pi mode speed epsilon (the default);
                                    # or: sample NAME parameter=value ..., or: file SNAPSHOT
      count    1024                 # particles of beams and samples
      seed     1                    # of samples, which have a quiet start
      epsilon  0.1 0.2
      theta    1e-2 1e-3 1e-4
      mode     1                    # waves of the displacement in the box
      until    1                    # how long each pair is followed
      samples  10                   # true distances on the way
      steps    20                   # for each epsilon of time
      mesh     64                   # cells of the particle mesh; 0 for exact sheets, which do not
                                    # respond to displacements far below their spacing
      mesh-filter gaussian          # or: sharp, shape, as --mesh-filter of evolve
      current  0.2                  # adds 0.2 sin(2 pi mode x) to the velocities of the start
      limit    8                    # waves of the quasi-neutral limit; 0 leaves it out

    Only epsilon and theta must be there. Printed are the true W_2 at the start and at the end, the
    time at which it reaches 1/10, the supremum of C_eff, the time up to which (3.4) holds with it as
    C_d, and the times at which the bounds reach 1. In dimension one the first solution is also set
    beside its quasi-neutral limit, the Kinetic Isothermal Euler system: printed are the suprema of
    W_1(f, limit) and of W_1(filtered f, limit), where filtering takes the plasma oscillation of
    frequency 1/epsilon away (Corollary 3.3). Beams and other states with growing waves have no such
    limit but for a short time.
    """

  static let example = "kwass scan beams.scan --figure constants.svg"

  /// Understands the arguments behind the command's name.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    let reader = try ArgumentReader(
      arguments, command: "kwass scan", options: Self.specification)
    guard reader.operands.count == 1 else {
      throw .operands(
        command: reader.command, found: reader.operands.count, requirement: "one scan file")
    }
    path = reader.operands[0]
    threads = try ThreadOptions(reader)
    isJSON = reader.has("--json")
    table = reader.text("--csv")
    figure = try reader.figure("--figure")
  }
}

extension HelpTopic {
  /// The help text.
  var text: String {
    let options = Self.table(
      self.options.map { option in
        ("\(option.name)\(option.value.map { " \($0)" } ?? "")", option.summary)
      })
    return """
      \(synopsis)

      \(body)

      Options:
      \(options)

      Example:
        \(example)

      """
  }

  /// The options, in the order of the help.
  var options: [OptionSpecification] {
    switch self {
    case .overview:
      [.help, OptionSpecification("--version", "Show the version.")]
    case .distance: DistanceOptions.specification
    case .sample: SampleOptions.specification
    case .info: InfoOptions.specification
    case .evolve: EvolveOptions.specification
    case .stability: StabilityOptions.specification
    case .scan: ScanOptions.specification
    case .coefficients: CoefficientsOptions.specification
    case .convert: ConvertOptions.specification
    case .series: SeriesOptions.specification
    case .matrix: MatrixOptions.specification
    case .compare: CompareOptions.specification
    }
  }

  private var synopsis: String {
    switch self {
    case .overview: "kwass COMMAND [arguments]"
    case .distance: "kwass distance A B [options]"
    case .sample: "kwass sample NAME --count N --seed S [parameters] -o FILE"
    case .info: "kwass info FILE..."
    case .evolve: "kwass evolve SNAPSHOT --system NAME --until T -o DIR|FILE [options]"
    case .stability: "kwass stability A B --system NAME --until T [options]"
    case .scan: "kwass scan FILE [options]"
    case .coefficients: "kwass coefficients --case A|B|C --gamma G,G,... [options]"
    case .convert: "kwass convert IN OUT [options]"
    case .series: "kwass series SERIES... [--against initial|previous|SERIES] [options]"
    case .matrix: "kwass matrix FILE... [options]"
    case .compare: "kwass compare REFERENCE FILE... --tolerance D [options]"
    }
  }

  private var body: String {
    switch self {
    case .overview:
      """
      Measures how far apart two states of a kinetic system are: Wasserstein distances of
      positions and velocities, each with a proved bracket.

      Commands:
        distance  Measure the distance between two snapshots.
        sample    Write a sample of a known distribution.
        info      Say what is in a snapshot and how it is understood.
        evolve    Follow the characteristics of a Vlasov equation from a snapshot.
        stability Set the bounds of a stability theorem beside the true distance of two solutions.
        scan      Do so for several Debye lengths and initial distances.
        coefficients
                  Compute the diffusion and drift coefficients of a swarm.
        convert   Write a snapshot in another format.
        series    Measure distances over time.
        matrix    Measure the distance of every two of many snapshots.
        compare   Judge snapshots by their distance from a reference: a gate for CI.

      `kwass COMMAND --help` describes each of them. Exit status: 0 success, 1 a distance above
      --max or --tolerance or a violated inequality, 2 a distance whose bracket does not tell which
      side of that it is on, 3 an accuracy that was not reached, 4 the time limit (with 2, 3 and 4
      what is proved is printed), 64 wrong usage, 65 bad data or a problem that cannot be solved, 66
      a file that is missing or cannot be opened, 70 a failed verification, 71 too little memory, 73
      an output that cannot be created, 74 an error of the system while reading or writing.
      """
    case .distance: DistanceOptions.explanation
    case .sample: SampleOptions.explanation
    case .info: InfoOptions.explanation
    case .evolve: EvolveOptions.explanation
    case .stability: StabilityOptions.explanation
    case .scan: ScanOptions.explanation
    case .coefficients: CoefficientsOptions.explanation
    case .convert: ConvertOptions.explanation
    case .series: SeriesOptions.explanation
    case .matrix: MatrixOptions.explanation
    case .compare: CompareOptions.explanation
    }
  }

  private var example: String {
    switch self {
    case .overview: "kwass distance a.csv b.csv"
    case .distance: "kwass distance a.npz b.npz --p 2 --lambda 25 --box 1,free --json"
    case .sample: SampleOptions.example
    case .info: "kwass info a.npz b.csv"
    case .evolve: EvolveOptions.example
    case .stability: StabilityOptions.example
    case .scan: ScanOptions.example
    case .coefficients: CoefficientsOptions.example
    case .convert: "kwass convert run.h5#100 a.npz --species electrons --scale x=um,v=c"
    case .series: "kwass series run_%T.h5 --against previous --species electrons"
    case .matrix: "kwass matrix a.npz b.npz c.npz --p 1 --heat-map table.svg"
    case .compare: "kwass compare reference.npz run.npz --tolerance 0.1"
    }
  }

  /// Names and explanations in two columns.
  static func table(_ rows: [(name: String, summary: String)]) -> String {
    let width = min(28, rows.map(\.name.count).max() ?? 0)
    return rows.map { name, summary in
      let lines = wrapped(summary, width: 96 - width)
      let indentation = String(repeating: " ", count: width + 4)
      let first =
        name.count > width
        ? "  \(name)\n\(indentation)"
        : "  \(name)\(String(repeating: " ", count: width - name.count + 2))"
      return first + lines.joined(separator: "\n\(indentation)")
    }.joined(separator: "\n")
  }

  private static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = [""]
    for word in text.split(separator: " ") {
      let last = lines.count - 1
      if lines[last].isEmpty {
        lines[last] = String(word)
      } else if lines[last].count + 1 + word.count <= width {
        lines[last] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

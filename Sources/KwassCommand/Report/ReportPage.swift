import BuildInformation
import KineticTransport

/// The report as one HTML page, with nothing outside itself.
struct ReportPage {
  let subject: ReportSubject
  let descriptions: [SnapshotDescription]
  let findings: [ReportFinding]
  /// The noise floor of the first snapshot in the first metric; `nil` where there is none.
  let floor: NoiseFloor?
  let figures: [ReportFigure]
  /// What a comparison has found, if the page is about one.
  var verdicts: [ReportVerdict] = []

  /// Writes the page, which appears complete or not at all.
  func write(to path: String) throws(CommandFailure) {
    let text = text
    try attempt { () throws(SnapshotError) in
      try DataFile.write(Array(text.utf8), to: path)
    }
  }

  /// The page.
  var text: String {
    let title = Markup.escaped(
      "Distance of \(ShortNames.of(subject.paths).joined(separator: " and "))")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="generator" content="kwass \(Kwass.version)">
      <title>\(title)</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <h1>\(title)</h1>
      \(comparison)
      \(distances)
      \(noise)
      <h2>Figures</h2>
      \(figures.map(Self.figure).joined())
      <h2>What was read</h2>
      \(descriptions.map(Self.section).joined())
      <h2>How to repeat it</h2>
      \(commands)
      <h2>Versions</h2>
      <pre>kwass \(Kwass.version)
      \(Markup.escaped(BuildInformation.text(of: BuildInformation.command)))</pre>
      </body>
      </html>

      """
  }

  private static let style = """

    body { font: 16px/1.5 sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
      color: #1a1a1a; background: #ffffff; }
    h1, h2, h3 { line-height: 1.2; overflow-wrap: anywhere; }
    table { border-collapse: collapse; margin: 1rem 0; font-size: 0.9rem; }
    th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.7rem;
      border-bottom: 1px solid #d0d0d0; overflow-wrap: break-word; }
    td.number { font-variant-numeric: tabular-nums; }
    figure { margin: 1.5rem 0; }
    figure img { max-width: 100%; height: auto; }
    figcaption { font-size: 0.9rem; color: #444444; }
    pre { background: #f4f4f4; padding: 0.8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
    .wide { overflow-x: auto; }

    """

  // MARK: A comparison

  private var comparison: String {
    guard !verdicts.isEmpty else { return "" }
    let rows = verdicts.map { one in
      Self.row([
        one.file, one.reference, "[\(one.bounds.lower), \(one.bounds.upper)]", plain(one.limit),
        one.verdict, one.noise ?? "–", significant(one.pValue),
      ])
    }
    return """
      <h2>Verdicts</h2>
      <div class="wide">
      \(Self.table(["snapshot", "reference", "proved bracket of W", "tolerance", "verdict", "noise", "p-value"], rows))
      </div>
      <p>The rest of this page is about \(Markup.escaped(subject.paths[1])), which may be the furthest from its \
      reference.</p>
      """
  }

  // MARK: Distances

  private var distances: String {
    let rows = findings.map { finding -> String in
      let bounds = finding.distanceBounds
      let value = finding.distance.map { significant($0.distance, digits: 10) } ?? "not found"
      let method = finding.distance.map(\.solution.method) ?? finding.shortfall ?? ""
      return Self.row([
        finding.inputs.described(finding.metric), value, "[\(bounds.lower), \(bounds.upper)]",
        rough(bounds.relativeWidth),
        finding.parts.map {
          "\(significant($0.position, digits: 6)) of positions, "
            + "\(significant($0.velocity, digits: 6)) of velocities"
        } ?? "–",
        method, plainSeconds(finding.seconds),
      ])
    }
    return """
      <h2>Distances</h2>
      <p>W is the Wasserstein distance: W<sup>p</sup> is the least cost of moving the masses of the first \
      snapshot, normalised to 1, to those of the second one. The true W lies in its bracket, which is \
      proved over all pairs of particles.</p>
      <div class="wide">
      \(Self.table(["metric", "W", "proved bracket", "relative width", "parts of W^p", "method", "time"], rows))
      </div>
      \(Self.list(notes))
      """
  }

  /// What there is to know about the comparisons, each sentence once.
  private var notes: [String] {
    var counts: [(sentence: String, count: Int)] = []
    for sentence in findings.flatMap({ $0.notes.map(\.sentence) }) {
      if let place = counts.firstIndex(where: { $0.sentence == sentence }) {
        counts[place].count += 1
      } else {
        counts.append((sentence, 1))
      }
    }
    return counts.map { sentence, count in
      count == findings.count
        ? sentence : "\(sentence) (In \(count) of \(findings.count) metrics.)"
    }
  }

  private var noise: String {
    guard let floor, let finding = findings.first else { return "" }
    let verdict =
      switch GateVerdict(of: finding.distanceBounds, threshold: floor.largest) {
      case .above: "lies above all of them"
      case .within: "does not lie above all of them, and may be noise alone"
      case .undecided: "is about as large as the largest of them"
      }
    return """
      <h2>Noise floor</h2>
      <p>Random halves of \(Markup.escaped(ShortNames.of(subject.paths)[0])) are \
      \(significant(floor.mean, digits: 6)) apart on average and at most \
      \(significant(floor.largest, digits: 6)), in \
      \(count(subject.splits, "split", "splits")) with the seed \(subject.seed) and in the first metric. \
      The distance of the two snapshots \(verdict).</p>
      """
  }

  // MARK: Figures

  private static func figure(_ figure: ReportFigure) -> String {
    let caption = Markup.escaped(figure.caption)
    return """
      <figure>
      <img alt="\(caption)" src="data:image/svg+xml;base64,\(Base64.text(figure.image))">
      <figcaption>\(caption)</figcaption>
      </figure>

      """
  }

  // MARK: What was read

  private static func section(_ description: SnapshotDescription) -> String {
    let coordinates = description.coordinates.map { one in
      row([
        one.name, one.title.label, "\(one.values.least)", "\(one.values.greatest)",
        "\(one.values.mean)", "\(one.values.deviation)",
      ])
    }
    return """
      <h3>\(Markup.escaped(description.name))</h3>
      <div class="wide">
      \(table(nil, description.facts.rows.map { row([$0.name, $0.text]) }))
      \(table(["axis", "name and unit", "least", "greatest", "mean", "standard deviation"], coordinates))
      </div>

      """
  }

  // MARK: How to repeat it

  private var commands: String {
    // A name that begins with a minus sign would be taken for an option.
    let marker = subject.paths.contains { $0.hasPrefix("-") } ? ["--"] : []
    let lines =
      [subject.arguments.commandLine]
      + findings.map { finding in
        ["kwass", DistanceCommand.name] + finding.arguments + subject.arguments.shared + marker
          + subject.paths
      }
    return
      "<pre>\(lines.map { Markup.escaped(CommandLineText.text($0)) }.joined(separator: "\n"))</pre>"
  }

  // MARK: Pieces

  private static func row(_ cells: [String]) -> String {
    "<tr>" + cells.map { "<td class=\"number\">\(Markup.escaped($0))</td>" }.joined() + "</tr>\n"
  }

  private static func table(_ headings: [String]?, _ rows: [String]) -> String {
    let head = headings.map { headings in
      "<tr>" + headings.map { "<th>\(Markup.escaped($0))</th>" }.joined() + "</tr>\n"
    }
    return "<table>\n\(head ?? "")\(rows.joined())</table>"
  }

  private static func list(_ items: [String]) -> String {
    guard !items.isEmpty else { return "" }
    return "<ul>\n" + items.map { "<li>\(Markup.escaped($0))</li>\n" }.joined() + "</ul>"
  }
}

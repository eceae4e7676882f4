import KineticTransport

/// The verdicts of a comparison as JUnit XML, the format in which CI systems take the results of tests.
///
/// Source: the schema of Apache Ant's JUnit task, as Jenkins and GitLab read it.
struct JUnitReport {
  /// One file and what became of it.
  struct Case {
    let name: String
    let result: Result
    /// What stands beside the verdict.
    let output: String
  }

  /// What became of a file.
  enum Result {
    case passed
    /// It did not pass, with the kind of verdict and a sentence.
    case failed(GateVerdict, String)
    /// It could not be judged, with a sentence.
    case broken(String)
  }

  /// The file against which all others are judged.
  let reference: String
  let cases: [Case]
  /// Named facts about all of them.
  let properties: [(name: String, value: String)]
  /// Wall-clock seconds.
  let seconds: Double

  /// The document.
  var text: String {
    let failures = cases.count { if case .failed = $0.result { true } else { false } }
    let errors = cases.count { if case .broken = $0.result { true } else { false } }
    let counts =
      "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"0\" "
      + "time=\"\((seconds * 1000).rounded() / 1000)\""
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites name=\"kwass\" \(counts)>",
      "  <testsuite name=\"\(Markup.escaped("kwass compare \(reference)"))\" \(counts)>",
      "    <properties>",
    ]
    lines += properties.map { name, value in
      "      <property name=\"\(Markup.escaped(name))\" value=\"\(Markup.escaped(value))\"/>"
    }
    lines.append("    </properties>")
    for one in cases { lines += Self.lines(of: one) }
    lines += ["  </testsuite>", "</testsuites>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(of one: Case) -> [String] {
    var lines = [
      "    <testcase classname=\"kwass.compare\" name=\"\(Markup.escaped(one.name))\">"
    ]
    switch one.result {
    case .passed: break
    case .failed(let verdict, let sentence):
      lines.append(
        "      <failure type=\"\(verdict.rawValue)\" message=\"\(Markup.escaped(sentence))\"/>")
    case .broken(let sentence):
      lines.append("      <error type=\"error\" message=\"\(Markup.escaped(sentence))\"/>")
    }
    if !one.output.isEmpty {
      lines.append("      <system-out>\(Markup.escaped(one.output))</system-out>")
    }
    lines.append("    </testcase>")
    return lines
  }
}

import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// What CI systems and other programs read.
@Suite struct MachineReadableTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  // MARK: JUnit

  @Test func verdictsAreTests() throws {
    let (a, b) = directory.twoSamples()
    let junit = directory["j.xml"]
    let outcome = kwass("compare", a, b, a, "--tolerance", "0.1", "--junit", junit)
    #expect(outcome.status == .exceeded)
    let report = try directory.text("j.xml")
    #expect(report.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "))
    #expect(report.contains("tests=\"2\" failures=\"1\" errors=\"0\""))
    #expect(
      report.contains("name=\"\(b)\">\n      <failure type=\"above\" message=\"The distance "))
    #expect(report.contains("exceeds --tolerance 0.1.\"/>") && report.contains("a's &lt;1&gt;.csv"))
    #expect(report.split(separator: "<testcase ").count == 3)
    #expect(report.split(separator: "</testcase>").count == 3)
    #expect(kwass("compare", a, a, "--tolerance", "0.1", "--junit", junit).status == .success)
    #expect(try directory.text("j.xml").contains("tests=\"1\" failures=\"0\" errors=\"0\""))
  }

  /// CI is told of a comparison that could not be made, too.
  @Test func aBrokenComparisonIsAnError() throws {
    let (a, _) = directory.twoSamples()
    let outcome = kwass(
      "compare", a, directory["none.csv"], "--tolerance", "1", "--junit", directory["j.xml"])
    #expect(outcome.status == .missingInput)
    let report = try directory.text("j.xml")
    #expect(report.contains("failures=\"0\" errors=\"1\"") && report.contains("none.csv"))
    #expect(kwass("compare", a, a, "--tolerance", "1", "--junit", a).status == .usage)
    #expect(
      kwass("compare", a, a, "--tolerance", "1", "--junit", directory["no/j.xml"]).status
        == .cannotCreate)
  }

  @Test func markupIsEscaped() {
    #expect(
      Markup.escaped("<a&\"b\">\n\u{1}\u{fffe}é")
        == "&lt;a&amp;&quot;b&quot;&gt;\n\u{fffd}\u{fffd}é")
  }

  // MARK: Info

  @Test func infoIsForProgramsToo() throws {
    let path = try directory.write(
      "# time=2 box=4,free\nx,y,vx,weight,id\n1,2,3,1,7\n3,2,5,3,9\n", to: "i.csv")
    let outcome = kwass("info", path, directory["none.csv"], "--json")
    #expect(outcome.status == .missingInput)
    let found = try ParsedJSON(outcome.output)
    #expect(found["schema"].string == "kwass-info-1" && found["version"].string == Kwass.version)
    #expect(found["failures"].elements.map { $0["file"].string } == [directory["none.csv"]])
    let snapshot = found["snapshots"].elements[0]
    #expect(snapshot["file"].string == path && snapshot["format"].string == "csv")
    #expect(snapshot["particles"].number == 2 && snapshot["time"].number == 2)
    #expect(snapshot["box"] == .array([.number(4), .string("free")]))
    #expect(snapshot["masses"]["total"].number == 4 && snapshot["masses"]["greatest"].number == 3)
    #expect(snapshot["ids"]["least"].string == "7" && snapshot["ids"]["distinct"].number == 2)
    let statistics = snapshot["statistics"].elements
    #expect(statistics.map { $0["coordinate"].string } == ["x1", "x2", "v1"])
    #expect(statistics.map { $0["name"].string } == ["x", "y", "vx"])
    #expect(statistics[0]["mean"].number == 2.5 && statistics[0]["least"].number == 1)
    #expect(abs(statistics[0]["standardDeviation"].number - 0.75.squareRoot()) < 1e-15)
    #expect(statistics[0]["unit"] == .null)
    let beam = try ParsedJSON(
      kwass("info", "\(fixture("edpic.h5"))#0", "--species", "ions", "--scale", "x=um", "--json")
        .output)
    let units = beam["snapshots"].elements[0]["statistics"].elements.map { $0["unit"].string }
    #expect(units == ["um", "um", "m/s", "m/s"])
  }
}

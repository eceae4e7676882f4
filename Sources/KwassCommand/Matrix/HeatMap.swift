/// A table of nonnegative numbers as a drawing of coloured squares, in SVG.
struct HeatMap {
  let names: [String]
  let values: [[Double]]
  let title: String

  private static let side = 40
  private static let margin = 160

  /// The drawing.
  var text: String {
    let (side, margin) = (Self.side, Self.margin)
    let largest = values.joined().max() ?? 0
    let width = margin + side * names.count + 20
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(width + 20)\" "
        + "font-family=\"sans-serif\" font-size=\"10\">",
      "<text x=\"10\" y=\"20\" font-size=\"13\">\(Self.escaped(title)), "
        + "0 (white) to \(largest) (blue)</text>",
    ]
    for (row, name) in names.enumerated() {
      let y = margin + side * row
      // The end of a path tells more than its beginning.
      let label = Self.escaped(name.count > 24 ? "…\(name.suffix(23))" : name)
      lines.append(
        "<text x=\"\(margin - 6)\" y=\"\(y + side / 2 + 4)\" text-anchor=\"end\">\(label)</text>")
      let x = margin + side * row + side / 2 + 4
      lines.append(
        "<text x=\"\(x)\" y=\"\(margin - 6)\" transform=\"rotate(-90 \(x) \(margin - 6))\">"
          + "\(label)</text>")
      for (column, value) in values[row].enumerated() {
        let share = largest > 0 ? value / largest : 0
        let (red, green) = (Int(255 - 222 * share), Int(255 - 153 * share))
        lines.append(
          "<rect x=\"\(margin + side * column)\" y=\"\(y)\" width=\"\(side)\" height=\"\(side)\" "
            + "fill=\"rgb(\(red),\(green),\(Int(255 - 83 * share)))\"><title>\(value)</title></rect>"
        )
      }
    }
    return lines.joined(separator: "\n") + "\n</svg>\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}

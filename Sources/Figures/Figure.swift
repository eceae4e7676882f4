/// What gnuplot can draw.
public protocol Figure: Sendable {
  /// The width and the height of the drawing, in pixels of 96 to the inch.
  var size: SIMD2<Double> { get }
  /// The commands of gnuplot that follow the choice of a format.
  var commands: String { get }
  /// The figure in characters; `nil` where gnuplot draws that too.
  var sketch: String? { get }
}

extension Figure {
  /// A page's width, in the proportions of most journals.
  public var size: SIMD2<Double> { [900, 600] }
  /// Left to gnuplot.
  public var sketch: String? { nil }
}

/// The format of a figure's file.
public enum FigureFormat: String, Sendable, CaseIterable {
  /// Scalable vector graphics.
  case svg
  /// Portable document format.
  case pdf
  /// Portable network graphics.
  case png

  /// The format that a path's extension names; `nil` for any other.
  public init?(path: String) {
    guard let dot = path.lastIndex(of: "."),
      let format = FigureFormat(rawValue: path[path.index(after: dot)...].lowercased())
    else { return nil }
    self = format
  }

  /// The formats in words: .svg, .pdf or .png.
  public static let list = ".svg, .pdf or .png"

  /// The terminal of gnuplot for a drawing of a size.
  func terminal(_ size: SIMD2<Double>) -> String {
    switch self {
    // Standalone, or images would go to files of their own.
    case .svg:
      "svg size \(Int(size.x)),\(Int(size.y)) standalone background rgb 'white' font 'sans-serif,13'"
    case .pdf: "pdfcairo size \(size.x / 120)in,\(size.y / 120)in font 'Sans,9'"
    // Twice the pixels, and letters and lines twice as large: enough for print.
    case .png:
      "pngcairo size \(2 * Int(size.x)),\(2 * Int(size.y)) font 'Sans,21' linewidth 2 pointscale 2"
    }
  }
}

/// Pieces of gnuplot's language.
enum Script {
  /// A string in the single quotes of gnuplot, in which nothing but the quote has a meaning; an
  /// apostrophe is set as the typographic one.
  static func quoted(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      switch scalar {
      case "'": result += "\u{2019}"
      case _ where scalar.properties.generalCategory == .control: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }

  /// A legend below the diagram, and the room for it: gnuplot by itself lets it overlap the name of the axis.
  ///
  /// - Parameter width: that of the figure.
  static func legend(_ names: [String], width: Double) -> [String] {
    // A letter takes about 8 pixels at most, a sample and its distances as much as 11 letters.
    let entry = 8 * Double(11 + (names.map(\.count).max() ?? 0))
    let columns = max(1, min(names.count, Int(0.85 * width / entry)))
    let rows = (names.count + columns - 1) / columns
    return [
      "set key outside below noenhanced samplen 5 maxcols \(columns)",
      "set bmargin \(5 + max(1, rows))",
    ]
  }

  /// The colours of M. Okabe and K. Ito, which people who confuse red with green tell apart.
  static let lineColors = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000",
  ]

  /// The words for the colour of the series of a number; behind the last colour comes the first one.
  static func lineColor(_ number: Int) -> String {
    "linecolor rgb '\(lineColors[number % lineColors.count])'"
  }
}

/// Colours for numbers.
enum ColorMap {
  /// Viridis, which is perceptually uniform: equal steps of a number look equal, also in grey and to the
  /// colour-blind (S. van der Walt and N. Smith, 2015, CC0).
  case sequential
  /// Blue over white to red, for signed numbers (C. Brewer's RdBu, safe for the colour-blind).
  case diverging
  /// White to grey, behind something else.
  case backdrop

  /// The command that chooses it.
  var palette: String {
    let colors =
      switch self {
      case .sequential:
        [
          "#440154", "#472c7a", "#3b518b", "#2c718e", "#21908d", "#27ad81", "#5cc863", "#aadc32",
          "#fde725",
        ]
      case .diverging:
        [
          "#053061", "#2166ac", "#4393c3", "#92c5de", "#d1e5f0", "#f7f7f7", "#fddbc7", "#f4a582",
          "#d6604d", "#b2182b", "#67001f",
        ]
      case .backdrop: ["#ffffff", "#9a9a9a"]
      }
    let entries = colors.enumerated().map { "\($0) '\($1)'" }
    return "set palette defined (\(entries.joined(separator: ", ")))"
  }
}

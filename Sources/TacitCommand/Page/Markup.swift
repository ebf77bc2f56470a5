/// A piece of HTML. What is interpolated into a literal is text and is escaped: a name from someone's
/// file cannot become markup.
struct Markup: ExpressibleByStringInterpolation {
  private(set) var html: String

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var html = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      html.reserveCapacity(literalCapacity)
    }
    mutating func appendLiteral(_ literal: String) { html += literal }
    mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
    mutating func appendInterpolation(_ number: Int) { html += "\(number)" }
    mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
    mutating func appendInterpolation(_ parts: [Markup]) {
      for part in parts { html += part.html }
    }
    /// Of a length or a share; two decimals are below what a screen shows.
    mutating func appendInterpolation(_ length: Double) { html += Text.decimal(length, 2) }
  }

  init(stringLiteral html: String) { self.html = html }
  init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }

  /// Text as HTML and XML show it, in content and in quoted attributes. Characters that draw nothing and
  /// change the order of those around them are shown as replaced.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default:
        result.unicodeScalars.append(isSafe(scalar) ? scalar : "\u{FFFD}")
      }
    }
    return result
  }

  private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F: false
    // Overrides of writing direction, and characters that XML does not allow.
    case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: false
    default: true
    }
  }
}

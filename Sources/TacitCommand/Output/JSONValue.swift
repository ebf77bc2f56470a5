import ConstraintSystem

/// A JSON document, written in the order it was built.
enum JSONValue {
  case text(String)
  case integer(Int64)
  case real(Double)
  case flag(Bool)
  case null
  case list([JSONValue])
  case object([(String, JSONValue)])

  static func integer(_ value: Int) -> JSONValue { .integer(Int64(value)) }
  static func integers(_ values: [Int]) -> JSONValue { .list(values.map { .integer($0) }) }
  static func texts(_ values: [String]) -> JSONValue { .list(values.map { .text($0) }) }
}

extension JSONValue: CustomStringConvertible {
  var description: String {
    switch self {
    case .text(let text): Self.quoted(text)
    case .integer(let value): "\(value)"
    // JSON has no words for these.
    case .real(let value): value.isFinite ? "\(value)" : "null"
    case .flag(let value): value ? "true" : "false"
    case .null: "null"
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\(Self.quoted($0)): \($1)" }.joined(separator: ", ") + "}"
    }
  }

  /// A reader gets the exact text, while the bytes write no line, colour or direction of their own where
  /// someone looks at them: what is not printable is spelled in hexadecimal digits.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.isPrintable: result.unicodeScalars.append(scalar)
      default:
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
          let digits = String(unit, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    return result + "\""
  }
}

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
    var bytes: [UInt8] = []
    write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .text(let text): Self.write(text, to: &bytes)
    case .integer(let value): bytes += "\(value)".utf8
    // JSON has no words for these.
    case .real(let value): bytes += (value.isFinite ? "\(value)" : "null").utf8
    case .flag(let value): bytes += (value ? "true" : "false").utf8
    case .null: bytes += "null".utf8
    case .list(let values):
      bytes.append(UInt8(ascii: "["))
      for (place, value) in values.enumerated() {
        if place > 0 { bytes += ", ".utf8 }
        value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (place, (name, value)) in members.enumerated() {
        if place > 0 { bytes += ", ".utf8 }
        Self.write(name, to: &bytes)
        bytes += ": ".utf8
        value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// A reader gets the exact text, while the bytes write no line, colour or direction of their own where
  /// someone looks at them: what is not printable is spelled in hexadecimal digits.
  private static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        bytes.append(backslash)
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      case "\n":
        bytes.append(backslash)
        bytes.append(UInt8(ascii: "n"))
      case _ where scalar.isPrintable:
        bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      default:
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
          bytes.append(backslash)
          bytes.append(UInt8(ascii: "u"))
          for place in 1...4 {
            let digit = UInt8(truncatingIfNeeded: unit >> UInt16(16 - 4 * place) & 15)
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
          }
        }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static let backslash = UInt8(ascii: "\\")
}

import Tacit
import TacitVerifier

extension InputReport {
  /// `read as reals, quantized with scale 0.0078`, and what the network does not see as it is.
  static func lines(_ reports: [InputReport], notes: [String]) -> [String] {
    reports.flatMap { report in
      ["input \(TextPiece.quoted(report.name.utf8)): \(report.text)"]
        + report.notes.map { "note: \($0)" }
    } + notes.map { "note: \($0)" }
  }

  /// Members of a verb's object.
  static func json(_ reports: [InputReport], notes: [String]) -> [(String, JSONValue)] {
    [
      ("inputs", .list(reports.map(\.json))),
      ("notes", .texts(reports.flatMap(\.notes) + notes)),
    ]
  }

  private var text: String {
    switch meaning {
    case .reals: "read as reals"
    case .quantized(_, let scale, _, _):
      "read as reals, quantized with scale \(Text.significant(scale))"
    case .integers(let type): "read as \(type.rawValue) integers"
    }
  }

  private var notes: [String] {
    let renamed =
      arrayName.map { ["the file's array \(TextPiece.quoted($0.utf8)) is taken for it"] } ?? []
    guard clamped > 0, case .quantized(_, _, _, let reach) = meaning else { return renamed }
    let ends = [
      raised > 0 ? Text.significant(reach.lowerBound) : nil,
      lowered > 0 ? Text.significant(reach.upperBound) : nil,
    ].compactMap(\.self)
    return renamed + [
      "\(Text.count(clamped)) of \(Text.count(values)) values "
        + "\(clamped == 1 ? "was" : "were") clamped to \(ends.joined(separator: " or "))"
    ]
  }

  var json: JSONValue {
    var members: [(String, JSONValue)] = [("name", .text(name)), ("reading", .text(text))]
    switch meaning {
    case .reals: members.append(("read_as", .text("reals")))
    case .quantized(let type, let scale, let zeroPoint, let reach):
      members += [
        ("read_as", .text("reals")), ("type", .text(type.rawValue)), ("scale", .real(scale)),
        ("zero_point", .integer(zeroPoint)), ("lowest", .real(reach.lowerBound)),
        ("highest", .real(reach.upperBound)),
      ]
    case .integers(let type):
      members += [("read_as", .text("integers")), ("type", .text(type.rawValue))]
    }
    return .object(members + [("values", .integer(values)), ("clamped", .integer(clamped))])
  }
}

extension Text {
  /// As `real`, without zeros at the end, and with all digits where those would be few.
  fileprivate static func significant(_ value: Double) -> String {
    guard value.magnitude >= 0.001 else { return "\(Float(value))" }
    var text = real(value)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.hasSuffix("0"), !text.hasSuffix(".0") { text.removeLast() }
    return text
  }
}

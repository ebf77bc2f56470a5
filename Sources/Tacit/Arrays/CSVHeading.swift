/// Tells names of columns from numbers, and from what people write for a number that they do not
/// have. In doubt a field is no name: a heading that is refused costs a line, a row that is taken
/// for one is gone.
enum CSVHeading {
  private static let missing: Set<String> = [
    "na", "n/a", "nan", "null", "nil", "none", "missing", "inf", "infinity", "true", "false",
  ]

  static func isName(_ field: ArraySlice<UInt8>) -> Bool {
    if isMissing(field) { return false }
    let start = String(decoding: field.prefix(64), as: UTF8.self).unicodeScalars
    guard let first = start.first(where: { !isMark($0) }) else { return false }
    switch first.properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: return false
    default: return true
    }
  }

  /// `NA`, `-inf`, `NULL`.
  static func isMissing(_ field: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: field.prefix(64), as: UTF8.self).unicodeScalars
    let letters = text.drop { isMark($0) }.reversed().drop { isMark($0) }.reversed()
    return missing.contains(String(String.UnicodeScalarView(letters)).lowercased())
  }

  /// What can stand before a number: signs, points, quotes, currencies, spaces, unseen characters.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation:
      false
    default: true
    }
  }
}

/// The escapes of JSON's strings.
enum JSONString {
  /// - Returns: nil where an escape is none of JSON's, or half of a pair that stands for one character.
  static func unescaped(_ text: ArraySlice<UInt8>) -> String? {
    var units: [UInt16] = []
    var result = ""
    var rest = text
    func flush() -> Bool {
      guard let text = String(validating: units, as: UTF16.self) else { return false }
      result += text
      units = []
      return true
    }
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        let plain = [byte] + rest.prefix { $0 != UInt8(ascii: "\\") }
        rest = rest.dropFirst(plain.count - 1)
        guard flush() else { return nil }
        result += String(decoding: plain, as: UTF8.self)
        continue
      }
      guard let kind = rest.popFirst() else { return nil }
      switch kind {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(UInt16(kind))
      case UInt8(ascii: "b"): units.append(0x08)
      case UInt8(ascii: "f"): units.append(0x0C)
      case UInt8(ascii: "n"): units.append(0x0A)
      case UInt8(ascii: "r"): units.append(0x0D)
      case UInt8(ascii: "t"): units.append(0x09)
      case UInt8(ascii: "u"):
        let digits = rest.prefix(4)
        guard digits.count == 4, digits.first != UInt8(ascii: "+"),
          let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        rest = rest.dropFirst(4)
        units.append(unit)
      default: return nil
      }
    }
    return flush() ? result : nil
  }
}

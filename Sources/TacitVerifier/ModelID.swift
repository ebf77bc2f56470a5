/// What names a model: SHA-256 over the string `tacit verifier key` and the canonical bytes of its
/// verifier key. Pin it, and no other network passes for it.
public struct ModelID: Hashable, Sendable {
  /// The digest, 32 bytes.
  public let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads 64 hexadecimal digits; nil for anything else.
  public init?(_ text: some StringProtocol) {
    guard let bytes = Hex.bytes(text), bytes.count == 32 else { return nil }
    self.bytes = bytes
  }
}

extension ModelID: CustomStringConvertible {
  /// 64 hexadecimal digits in lower case.
  public var description: String { Hex.text(bytes) }
}

/// Bytes as hexadecimal digits, two each.
package enum Hex {
  package static func text(_ bytes: some Sequence<UInt8>) -> String {
    var text = ""
    for byte in bytes {
      if byte < 16 { text += "0" }
      text += String(byte, radix: 16)
    }
    return text
  }

  /// nil unless every character is a digit and their number is even.
  package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    var digits: [UInt8] = []
    for character in text {
      guard character.isASCII, let digit = character.hexDigitValue else { return nil }
      digits.append(UInt8(truncatingIfNeeded: digit))
    }
    guard digits.count.isMultiple(of: 2) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}

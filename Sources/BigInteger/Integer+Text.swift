import CGMP

extension Integer: CustomStringConvertible, LosslessStringConvertible {
  /// Decimal digits, a minus sign before a negative number.
  public var description: String { text(radix: 10) }

  public init?(_ text: String) {
    self.init(text, radix: 10)
  }

  /// Digits of the radix in either case after an optional sign, and nothing else: no prefix, space,
  /// separator or empty text.
  ///
  /// - Complexity: GMP's subquadratic conversion; bound the length of text from outside first.
  public init?(_ text: some StringProtocol, radix: Int) {
    precondition((2...36).contains(radix), "a radix has digits 0-9 and a-z")
    var digits = Array(text.utf8)
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
    guard !digits.isEmpty, digits.allSatisfy({ Integer.digit($0) < radix }) else { return nil }
    digits.append(0)
    // SAFETY: closed by a NUL; every digit was checked, which `isRead` confirms.
    var isRead = false
    let magnitude = unsafe Integer { result in
      unsafe digits.withUnsafeBufferPointer { digits in
        guard let start = digits.baseAddress else { return }
        isRead = unsafe tacit_mpz_set_str(result, start, CInt(radix)) == 0
      }
    }
    guard isRead else { return nil }
    self = isNegative ? -magnitude : magnitude
  }

  /// Lower-case digits of the radix, a minus sign before a negative number.
  public func text(radix: Int) -> String {
    precondition((2...36).contains(radix), "a radix has digits 0-9 and a-z")
    // SAFETY: sizeinbase counts the digits, or one too many; a sign and a NUL come on top.
    return unsafe read { number in
      let capacity = Int(unsafe tacit_mpz_sizeinbase(number, CInt(radix))) + 2
      return unsafe String(unsafeUninitializedCapacity: capacity) { text in
        guard let start = text.baseAddress else { return 0 }
        return Int(unsafe tacit_mpz_get_str(start, CInt(radix), number))
      }
    }
  }

  /// The worth of an ASCII digit, or a number no radix reaches.
  private static func digit(_ character: UInt8) -> Int {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(character - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(character - UInt8(ascii: "A")) + 10
    default: Int.max
    }
  }
}

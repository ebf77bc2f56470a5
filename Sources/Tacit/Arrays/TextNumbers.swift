import ConstraintSystem

/// Numbers that are read from text one after another: integers as long as all of them are written so.
struct TextNumbers {
  private var integers: [Int64] = []
  private var reals: [Double] = []
  private var isReal = false

  mutating func append(_ numeral: Numeral) {
    switch numeral {
    case .integer(let value) where !isReal: integers.append(value)
    case .integer(let value): reals.append(Double(value))
    case .real(let value):
      if !isReal {
        isReal = true
        reals = integers.map { Double($0) }
        integers = []
      }
      reals.append(value)
    }
  }

  func array(_ shape: [Int]) throws(ArrayFileError) -> NumericArray {
    isReal
      ? try NumericArray(shape: shape, element: .float32, values: .real(reals))
      : try NumericArray(shape: shape, element: .int64, values: .integer(integers))
  }
}

/// A number as people and programs write it in decimal: `-12`, `+.5`, `3.`, `1e-7`. No word is one,
/// nor is a number of another base.
enum Numeral {
  case integer(Int64)
  case real(Double)

  /// - Parameters:
  ///   - isJSON: whether JSON's grammar holds, which wants digits around a point, no plus and no
  ///     leading zero.
  ///   - decimal: what stands before a fraction.
  /// - Returns: nil for what is no number, and for one that is not finite as a double.
  init?(_ text: ArraySlice<UInt8>, isJSON: Bool = false, decimal: UInt8 = UInt8(ascii: ".")) {
    var place = text.startIndex
    func digits() -> Int {
      let start = place
      while place < text.endIndex, (0x30...0x39).contains(text[place]) { place += 1 }
      return place - start
    }
    func take(_ byte: UInt8) -> Bool {
      guard place < text.endIndex, text[place] == byte else { return false }
      place += 1
      return true
    }
    if !take(UInt8(ascii: "-")), !isJSON { _ = take(UInt8(ascii: "+")) }
    let first = place
    let whole = digits()
    if isJSON, whole == 0 || (whole > 1 && text[first] == UInt8(ascii: "0")) { return nil }
    var isWhole = true
    if take(decimal) {
      isWhole = false
      let fraction = digits()
      if fraction == 0, isJSON || whole == 0 { return nil }
    } else if whole == 0 {
      return nil
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
      if digits() == 0 { return nil }
    }
    guard place == text.endIndex else { return nil }
    var written = String(decoding: text, as: UTF8.self)
    if isWhole, let integer = Int64(written) {
      self = .integer(integer)
      return
    }
    if decimal != UInt8(ascii: ".") { written = written.replacing(",", with: ".") }
    guard let real = Double(written), real.isFinite else { return nil }
    self = .real(real)
  }
}

/// A piece of a file, or a name from one, as it is shown: in quotes, short, and with nothing in it that
/// acts on a terminal.
package enum TextPiece {
  package static func quoted(_ bytes: some Collection<UInt8>) -> String {
    let text = String(decoding: bytes.prefix(60), as: UTF8.self).unicodeScalars
    let isCut = bytes.count > 60 || text.count > 40
    return (String(text.prefix(40)) + (isCut ? "…" : "")).quoted
  }
}

extension Numeral {
  /// Whether text is refused for its size alone.
  static func isTooLarge(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }) else { return false }
    return Double(String(decoding: text, as: UTF8.self))?.isInfinite ?? false
  }
}

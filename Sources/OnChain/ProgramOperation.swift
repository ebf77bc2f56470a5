import ConstraintSystem
import Field

/// One step of a program. The words are addresses in memory by `ProgramWords`; docs/onchain.md says what each computes.
enum ProgramOperation: Hashable {
  case sum(to: Int, coefficient: Int64, factors: [Int])
  case products([[Int]])
  case equalTwo(to: Int, Int, Int, bits: Int)
  /// A table to which products of two tables' entries are added.
  case spread(
    to: Int, from: Int, label: Int, extents: [Int], stride: Int, offset: Int, count: Int)
  /// Of one, two or three points by their last coordinates.
  case below(to: Int, [Int], bits: Int, extent: Int)
  case place(to: Int, PointPart, index: Int)
  case table(to: Int, PointPart)
  case window(to: Int, tables: [Int], extents: [Int], strides: [Int], constant: Int, most: Int)
  case shifted(to: Int, words: [Int], bits: Int, extent: Int, strides: [Int], constant: Int)
  case set(to: Int, Fr)
  case digits(to: Int, table: Int, extent: Int, run: Int, base: Int, word: Int)
  case powers(to: Int, PointPart, extent: Int, base: Int)
  case times(to: Int, Int, Int, extent: Int)
  case power(to: Int, of: Int, exponent: Int)

  var isConstant: Bool {
    if case .set = self { true } else { false }
  }

  func write(to writer: inout ByteWriter) {
    switch self {
    case .sum(let to, let coefficient, let factors):
      Self.begin(0, [to], &writer)
      Self.big(coefficient, &writer)
      writer.write(UInt8(factors.count))
      Self.words(factors, &writer)
    case .products(let products):
      Self.begin(1, [products.count], &writer)
      Self.words(products.flatMap(\.self), &writer)
    case .equalTwo(let to, let a, let b, let bits): Self.begin(2, [to, a, b, bits], &writer)
    case .spread(
      let to, let from, let label, let extents, let stride, let offset, let count):
      Self.begin(3, [to, from, label] + extents + [stride, offset, count], &writer)
    case .below(let to, let points, let bits, let extent):
      Self.begin(UInt8(3 + points.count), [to] + points + [bits], &writer)
      Self.big(UInt32(extent), &writer)
    case .place(let to, let part, let index):
      Self.begin(7, [to, part.first, ProgramWords.less(part.first), part.count], &writer)
      Self.big(UInt32(index), &writer)
    case .table(let to, let part): Self.begin(8, [to, part.first, part.count], &writer)
    case .window(let to, let tables, let extents, let strides, let constant, let most):
      Self.begin(9, [to] + tables + extents + strides + [constant, most], &writer)
    case .shifted(let to, let words, let bits, let extent, let strides, let constant):
      Self.begin(10, [to] + words + [bits, extent] + strides + [constant], &writer)
    case .set(let to, let value):
      Self.begin(11, [to], &writer)
      writer.write(raw: value.bigEndianBytes)
    case .digits(let to, let table, let extent, let run, let base, let word):
      Self.begin(12, [to, table, extent, run, base, word], &writer)
    case .powers(let to, let part, let extent, let base):
      Self.begin(13, [to, part.last, part.count], &writer)
      Self.big(UInt32(extent), &writer)
      Self.words([base], &writer)
    case .times(let to, let a, let b, let extent): Self.begin(14, [to, a, b, extent], &writer)
    case .power(let to, let base, let exponent):
      Self.begin(15, [to, base], &writer)
      Self.big(UInt32(exponent), &writer)
    }
  }

  private static func begin(_ code: UInt8, _ operands: [Int], _ writer: inout ByteWriter) {
    writer.write(code)
    words(operands, &writer)
  }

  /// Operands of two bytes, the highest first, in two's complement.
  static func words(_ values: [Int], _ writer: inout ByteWriter) {
    for value in values { big(UInt16(truncatingIfNeeded: value), &writer) }
  }

  static func big(_ value: some FixedWidthInteger, _ writer: inout ByteWriter) {
    for place in (0..<value.bitWidth / 8).reversed() {
      writer.write(UInt8(truncatingIfNeeded: value >> (8 * place)))
    }
  }
}

import BigInteger
import ConstraintSystem

/// A sum of products of exact integers: in one word while nothing overflows, else over GMP.
struct ExactSum {
  private var word: Int64 = 0
  private var rest: Integer?

  init() {}

  /// Whether the sum is `other`'s, or a word's, without GMP where both are words.
  func equals(_ other: ExactSum) -> Bool {
    rest == nil && other.rest == nil ? word == other.word : value == other.value
  }

  func equals(_ other: Int64) -> Bool {
    rest == nil ? word == other : value == Integer(other)
  }

  var value: Integer { rest.map { $0 + Integer(word) } ?? Integer(word) }

  /// An integer, in a word where it fits one.
  enum Quotient {
    case narrow(Int64)
    case wide(Integer)

    var word: Int64? {
      switch self {
      case .narrow(let word): word
      case .wide(let value): value.asInt64
      }
    }
    var value: Integer {
      switch self {
      case .narrow(let word): Integer(word)
      case .wide(let value): value
      }
    }
  }

  /// The sum divided by 2^bits, or nil where that is no integer.
  func shifted(right bits: Int) -> Quotient? {
    if rest == nil {
      return word & ((1 << Int64(bits)) - 1) == 0 ? .narrow(word >> Int64(bits)) : nil
    }
    let quotient = value >> bits
    return quotient << bits == value ? .wide(quotient) : nil
  }

  @inline(__always)
  mutating func add(_ a: Int64, _ b: Int64, _ c: Int64 = 1) {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    let (scaled, overflowScaled) = product.multipliedReportingOverflow(by: c)
    let (sum, overflowSum) = word.addingReportingOverflow(scaled)
    if overflow || overflowScaled || overflowSum {
      rest = (rest ?? .zero) + Integer(a) * Integer(b) * Integer(c)
    } else {
      word = sum
    }
  }
}

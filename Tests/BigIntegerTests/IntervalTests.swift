import BigInteger
import Testing

/// Against every interval of small machine integers, one value at a time.
struct IntervalTests {
  static let ranges = (-4...4).flatMap { lower in (lower...4).map { lower...$0 } }

  static func interval(_ range: ClosedRange<Int>) -> Interval {
    Interval(Integer(range.lowerBound), Integer(range.upperBound))
  }

  static func hull(_ values: [Int]) throws -> Interval {
    let (lower, upper) = (try #require(values.min()), try #require(values.max()))
    return Interval(Integer(lower), Integer(upper))
  }

  @Test(arguments: ranges)
  func `two operands: the hull of all results, no more`(a: ClosedRange<Int>) throws {
    let x = Self.interval(a)
    for b in Self.ranges {
      let y = Self.interval(b)
      #expect(try x + y == Self.hull(a.flatMap { i in b.map { i + $0 } }))
      #expect(try x - y == Self.hull(a.flatMap { i in b.map { i - $0 } }))
      #expect(try x * y == Self.hull(a.flatMap { i in b.map { i * $0 } }))
      #expect(try x.union(y) == Self.hull(Array(a) + Array(b)))
      #expect(try x.clamped(to: y) == Self.hull(a.map { min(max($0, b.lowerBound), b.upperBound) }))
      let common = a.filter(b.contains)
      #expect(try x.intersection(y) == (common.isEmpty ? nil : Self.hull(common)))
      #expect(x.contains(y) == b.allSatisfy(a.contains))
    }
  }

  @Test(arguments: ranges)
  func `one operand: the hull of all results, no more`(a: ClosedRange<Int>) throws {
    let x = Self.interval(a)
    #expect(try -x == Self.hull(a.map { -$0 }))
    #expect(x.count == Integer(a.count))
    #expect(x.largestMagnitude == Integer(a.map(abs).max() ?? 0))
    for n in -5...5 {
      #expect(try x * Integer(n) == Self.hull(a.map { $0 * n }))
      #expect(try x + Integer(n) == Self.hull(a.map { $0 + n }))
      #expect(x.contains(Integer(n)) == a.contains(n))
    }
    for n in 0...3 {
      #expect(try x << n == Self.hull(a.map { $0 << n }))
      #expect(try x >> n == Self.hull(a.map { $0 >> n }))
    }
  }

  @Test(arguments: [1, 2, 7, 8, 31, 32, 63, 64, 65, 200])
  func `a word's range needs exactly that word`(bits: Int) {
    let signed = Interval(signedBits: bits)
    let half = Integer.one << (bits - 1)
    #expect(signed.lower == -half && signed.upper == half - 1)
    #expect(signed.signedBitWidth == bits)
    #expect((signed + 1).signedBitWidth == bits + 1)
    #expect((signed + -1).signedBitWidth == bits + 1)
    #expect(signed.unsignedBitWidth == nil)

    let unsigned = Interval(unsignedBits: bits)
    #expect(unsigned.lower == 0 && unsigned.upper == half + half - 1)
    #expect(unsigned.unsignedBitWidth == bits)
    #expect((unsigned + 1).unsignedBitWidth == bits + 1)
    #expect(unsigned.signedBitWidth == bits + 1)
  }

  @Test func `one value is an interval`() {
    #expect(Interval(7) == Interval(7, 7))
    #expect(Interval(0).signedBitWidth == 1 && Interval(-1).signedBitWidth == 1)
    #expect(Interval(0).unsignedBitWidth == 0)
    #expect("\(Interval(-2, 5))" == "[-2, 5]")
  }

  @Test func `an interval that ends before it starts stops the process`() async {
    await #expect(processExitsWith: .failure) { _ = Interval(1, 0) }
  }
}

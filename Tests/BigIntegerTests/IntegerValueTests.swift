import BigInteger
import Testing

struct IntegerValueTests {
  static let wide = Integer.one << 200

  static let changes: [@Sendable (inout Integer) -> Void] = [
    { $0 += 1 }, { $0 -= 1 }, { $0 *= 3 }, { $0 /= 3 }, { $0 %= 7 }, { $0 <<= 1 }, { $0 >>= 1 },
  ]

  @Test(arguments: changes.indices)
  func `changing a copy leaves the original`(change: Int) {
    let original = Self.wide
    var copy = original
    Self.changes[change](&copy)
    #expect(copy != original)
    #expect(original == Integer.one << 200)

    // Once more, with storage of its own before the second copy is taken.
    let second = copy
    let text = "\(second)"
    Self.changes[change](&copy)
    #expect("\(second)" == text)
    #expect(original == Integer.one << 200)
  }

  @Test func `a number can be its own operand`() {
    var (a, b, c, d, e) = (Self.wide, Self.wide, Self.wide, Self.wide, Self.wide)
    a += a
    b -= b
    c *= c
    d /= d
    e %= e
    #expect(a == Integer.one << 201)
    #expect(b == 0)
    #expect(c == Integer.one << 400)
    #expect(d == 1)
    #expect(e == 0)
  }

  @Test func `elements of a copied array are separate`() {
    let original = (0..<8).map { Integer.one << (64 * $0) }
    var copy = original
    for index in copy.indices { copy[index] += 1 }
    for index in original.indices {
      #expect(original[index] == Integer.one << (64 * index))
      #expect(copy[index] == original[index] + 1)
    }
  }

  @Test func `the shared constants cannot be changed`() {
    var (zero, one) = (Integer.zero, Integer.one)
    zero += 5
    one *= 9
    #expect(Integer.zero == 0)
    #expect(Integer.one == 1)
  }

  @Test func `equal values have equal hashes, however they came about`() {
    var grown = Self.wide
    grown += 12345
    grown -= Self.wide
    #expect(grown == 12345)
    #expect(grown.hashValue == Integer(12345).hashValue)
    #expect(Set([grown, 12345, -12345, 0, Integer.zero]).count == 3)
    #expect(Set([Rational(2, 4), Rational(-1, -2), Rational(1, 2)]).count == 1)
  }

  @Test func `tasks that share a value each change their own`() async {
    let shared = Self.wide
    await withTaskGroup(of: Integer.self) { group in
      for task in 0..<16 {
        group.addTask {
          var mine = shared
          for _ in 0..<200 { mine += Integer(task) }
          return mine - shared - Integer(200 * task)
        }
      }
      for await difference in group { #expect(difference == 0) }
    }
    #expect(shared == Integer.one << 200)
  }
}

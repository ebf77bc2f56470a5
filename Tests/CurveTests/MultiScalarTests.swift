import Curve
import Field
import Testing

struct MultiScalarTests {
  static let points = somePoints(600)

  static func scalars(_ count: Int, seed: UInt64) -> [Fr] {
    var random = SplitMix(state: seed)
    let edges: [Fr] = [0, 1, -1, 2, -2, Fr(UInt64.max), 64, 65, 128, -128, 0, 256]
    return (0..<count).map { $0 % 3 == 1 ? edges[$0 / 3 % edges.count] : Fr.random(using: &random) }
  }

  @Test(arguments: [0, 1, 2, 6, 7, 8, 14, 40, 100])
  func `sums agree with double and add`(count: Int) {
    let points = Array(Self.points[..<count])
    let scalars = Self.scalars(count, seed: UInt64(count))
    #expect(multiScalarMultiply(points, scalars).affine == naiveMultiScalar(points, scalars))
  }

  /// A longer sum by another method: its points are multiples of one, so it is one multiple.
  @Test(arguments: [256, 600]) func `long sums are one multiple`(count: Int) {
    let scalars = Self.scalars(count, seed: 3)
    var (factor, power) = (Fr.zero, Fr.one)
    for scalar in scalars {
      factor += scalar * power
      power *= 3
    }
    let expected = naiveMultiple(factor, Self.points[0])
    #expect(multiScalarMultiply(Array(Self.points[..<count]), scalars).affine == expected)
  }

  @Test(arguments: [5, 50]) func `equal, opposite and identity points`(count: Int) {
    let p = Self.points[0]
    let scalars = Self.scalars(count, seed: 9)
    let equal = [AffinePoint](repeating: p, count: count)
    #expect(multiScalarMultiply(equal, scalars).affine == naiveMultiple(scalars.reduce(0, +), p))
    let opposite = equal.enumerated().map { $0.offset % 2 == 0 ? $0.element : -$0.element }
    let ones = [Fr](repeating: 77, count: count)
    #expect(
      multiScalarMultiply(opposite, ones).affine
        == (count % 2 == 0 ? .identity : naiveMultiple(77, p)))
    let identities = [AffinePoint](repeating: .identity, count: count)
    #expect(multiScalarMultiply(identities, scalars).isIdentity)
    var mixed = equal
    mixed[1] = .identity
    #expect(
      multiScalarMultiply(mixed, scalars).affine
        == naiveMultiple(scalars.reduce(0, +) - scalars[1], p))
  }

  @Test(arguments: [5, 50]) func `zero, smallest and largest scalars`(count: Int) {
    let points = Array(Self.points[..<count])
    let sum = points.reduce(AffinePoint.identity, naiveSum)
    for scalar in [Fr.zero, 1, -1, 128, -128] {
      let all = [Fr](repeating: scalar, count: count)
      #expect(multiScalarMultiply(points, all).affine == naiveMultiple(scalar, sum))
    }
  }
}

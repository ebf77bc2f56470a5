import Curve
import Field

/// The obvious group law: affine slopes, one inversion each, every case by itself.
func naiveSum(_ p: AffinePoint, _ q: AffinePoint) -> AffinePoint {
  if p.isIdentity { return q }
  if q.isIdentity { return p }
  let slope: Fp
  if p.x == q.x {
    if p.y != q.y { return .identity }
    slope = 3 * p.x * p.x * (p.y + p.y).inverse()
  } else {
    slope = (q.y - p.y) * (q.x - p.x).inverse()
  }
  let x = slope * slope - p.x - q.x
  return point(x, slope * (p.x - x) - p.y)
}

/// Double and add, most significant bit first.
func naiveMultiple(_ scalar: Fr, _ p: AffinePoint) -> AffinePoint {
  var sum = AffinePoint.identity
  for byte in scalar.bigEndianBytes {
    for bit in (0..<8).reversed() {
      sum = naiveSum(sum, sum)
      if (byte >> bit) & 1 == 1 { sum = naiveSum(sum, p) }
    }
  }
  return sum
}

/// The sum of naive multiples.
func naiveMultiScalar(_ points: [AffinePoint], _ scalars: [Fr]) -> AffinePoint {
  zip(points, scalars).reduce(.identity) { naiveSum($0, naiveMultiple($1.1, $1.0)) }
}

/// A point known to be on the curve; the identity where that is false, which then fails the test.
func point(_ x: Fp, _ y: Fp) -> AffinePoint { AffinePoint(x: x, y: y) ?? .identity }

/// Different points with no pattern: 1, 3, 9, … times a hashed one.
func somePoints(_ count: Int) -> [AffinePoint] {
  var current = G1(AffinePoint.hash([7], domain: [1]))
  var points = [G1]()
  for _ in 0..<count {
    points.append(current)
    current += current.doubled()
  }
  return G1.affine(points)
}

/// Reproducible random scalars.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

func bytes(hex: String) -> [UInt8] {
  let digits = Array(hex.utf8)
  return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
    UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
  }
}

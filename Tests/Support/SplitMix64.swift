/// Steele, Lea and Flood's generator: the same numbers on every machine and in the scripts beside the
/// vectors.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// One draw, reduced modulo the size of the range: simple to repeat elsewhere, near enough to uniform.
  package mutating func integer(in range: ClosedRange<Int64>) -> Int64 {
    range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  package mutating func integers(_ count: Int, in range: ClosedRange<Int64>) -> [Int64] {
    (0..<count).map { _ in integer(in: range) }
  }
}

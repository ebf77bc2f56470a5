package import Field

/// Random field elements, the same in every run.
package struct Samples {
  private var random: SplitMix64

  package init(seed: UInt64) { random = SplitMix64(seed: seed) }

  package mutating func scalar() -> Fr { Fr.random(using: &random) }

  package mutating func scalars(_ count: Int) -> [Fr] {
    var result: [Fr] = []
    for _ in 0..<count { result.append(scalar()) }
    return result
  }

  /// The greatest Montgomery form there is, r − 1.
  package static let greatest = Fr(
    montgomery: 0x43e1_f593_f000_0000, 0x2833_e848_79b9_7091, 0xb850_45b6_8181_585d,
    0x3064_4e72_e131_a029)

  /// Scalars with extreme ones among them, and whole places of zeros.
  package mutating func extremes(_ count: Int) -> [Fr] {
    var values = scalars(count)
    for place in stride(from: 0, to: count, by: 7) { values[place] = Self.greatest }
    for place in stride(from: 3, to: count, by: 11) { values[place] = .zero }
    for place in stride(from: 5, to: count, by: 13) { values[place] = -Fr.one }
    for place in 0..<count where place / 96 % 3 == 1 { values[place] = .zero }
    return values
  }
}

/// Σ aᵢ·bᵢ.
package func inner(_ a: [Fr], _ b: [Fr]) -> Fr { zip(a, b).reduce(Fr.zero) { $0 + $1.0 * $1.1 } }

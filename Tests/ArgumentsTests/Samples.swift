import ConstraintSystem
import Field
import TestSupport
import Testing

/// Random field elements, the same in every run.
struct Samples {
  private var random: SplitMix64
  init(seed: UInt64) { random = SplitMix64(seed: seed) }
  mutating func scalar() -> Fr { Fr.random(using: &random) }
  mutating func scalars(_ count: Int) -> [Fr] {
    var result: [Fr] = []
    for _ in 0..<count { result.append(scalar()) }
    return result
  }
}

func circuit(_ name: String) throws -> Circuit {
  try #require(Circuits.all.first { $0.name == name }?.circuit)
}

func inner(_ a: [Fr], _ b: [Fr]) -> Fr { zip(a, b).reduce(Fr.zero) { $0 + $1.0 * $1.1 } }

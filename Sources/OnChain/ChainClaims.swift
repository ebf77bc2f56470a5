import Arguments
import ConstraintSystem

/// The order of a proof's claims, which powers of ρ weigh.
struct ChainClaims {
  /// Of the multipliers that are views, which follows h and both sides of look-ups.
  let multipliers: Int
  let hasMultipliers: Bool
  let linear: Int
  let hasLinear: Bool
  let pairs: Int
  let pairCount: Int
  /// Rounds of the longest pair.
  let pairRounds: Int
  let firstPublic: Int
  /// Blocks of public ports with a claim each.
  let published: [(port: Port, limb: Int, block: Block)]
  let count: Int

  init(_ system: ConstraintSystem) {
    let terms = system.blocks.flatMap { block in block.relation.map { (block, $0) } }
    hasMultipliers = system.blocks.contains {
      if case .tensor = $0.multiplier { true } else { false }
    }
    multipliers = 3
    // Behind it the steps and the total.
    linear = multipliers + (hasMultipliers ? 3 : 2)
    hasLinear = terms.contains { $0.1.factors.count == 1 }
    pairs = linear + (hasLinear ? 1 : 0)
    let pairTerms = terms.filter { $0.1.factors.count == 2 }
    pairCount = pairTerms.count
    pairRounds = pairTerms.reduce(0) { max($0, Self.variables($1.1, of: $1.0)) }
    firstPublic = pairs + (pairCount > 0 ? 2 : 0)
    published = (system.inputs + system.outputs).filter { $0.visibility == .public }
      .flatMap { port in
        port.blocks.enumerated().map { (port, $0, system.blocks[$1]) }
      }
    count = firstPublic + published.count
  }

  private static func variables(_ term: Term, of block: Block) -> Int {
    let both = Set(term.factors[0].labels).intersection(term.factors[1].labels)
    return block.shape.indices.filter(both.contains).map { block.shape[$0] }
      .reduce(term.summed.reduce(0) { $0 + ceilLog2($1) }) { $0 + ceilLog2($1) }
  }
}

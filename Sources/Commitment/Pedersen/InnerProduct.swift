import Curve
package import Field
import Compute
import ProofSizes
package import Transcript

// Inner product: what a vector that hides nothing weighs, in about the root of its length.
//
//   known    P; n generators G, weights ψ, a value u
//   claims   P = <a,G>  and  <a,ψ> = u
//   V → P    w;  Q = P + wu·H
//   rounds   P → V   L = <a_lo, G_hi> + w<a_lo, ψ_hi>·H,   R = <a_hi, G_lo> + w<a_hi, ψ_lo>·H
//            V → P   x;  a ← a_lo + x·a_hi,  G ← x·G_lo + G_hi,  ψ ← x·ψ_lo + ψ_hi,  Q ← xQ + x²R + L
//   P → V    a, when no more than 2√n cells are left, or few
//   owes     Q = <a,G> + w<a,ψ>·H:  the group equation that is returned
//   odd      the second half lacks a cell then: it counts as zero, its generator as the identity, with
//            weight 0, so that nothing depends on what a prover has at its place
//   w        H stands for the value only as long as P has none of it. With w drawn after P and u the part
//            of H in P and w(u − <a,ψ>) cancel for one w in p
//   source   the inner-product argument of [Bulletproofs], stopped early, inverses multiplied out
//
// Written down in docs/protocol/opening.md#inner-product.
package enum InnerProduct {
  /// Times that a vector is halved.
  package static func rounds(_ length: Int) -> Int { InnerProductSize(length: length).rounds }
  /// Cells of what is sent in the end.
  package static func remaining(_ length: Int) -> Int {
    InnerProductSize(length: length).remaining
  }

  /// Which cell a place has come to, and by which way: a bit for each halving, the last one lowest, that
  /// says whether the second half is its own.
  private struct Way {
    var cell: Int
    var path = 0

    init(_ place: Int) { cell = place }

    mutating func halve(_ half: Int) {
      let isSecond = cell >= half
      path = path << 1 | (isSecond ? 1 : 0)
      if isSecond { cell -= half }
    }
  }

  /// - Parameters:
  ///   - generators: of each cell, its generator's place among G_1, G_2, …; no two alike.
  ///   - value: u.
  /// - Returns: what P counts, and the other side of the equation: `scale`·P + `rest` = 0.
  package static func verify(
    value: Fr, weights: [Fr], generators: [Int], over channel: inout VerifierChannel
  ) throws(ProofError) -> (scale: Fr, rest: DeferredMSM) {
    let length = weights.count
    let w = channel.challenge(.innerProductScale)
    var points: [AffinePoint] = []
    var challenges: [Fr] = []
    for _ in 0..<rounds(length) {
      points += try channel.receivePoints(2, as: .innerProductRound)
      challenges.append(channel.challenge(.innerProductChallenge))
    }
    let a = try channel.receiveBare(remaining(length), as: .innerProductVector)

    var folded = weights
    var shares = [Fr.one]
    for x in challenges {
      folded = fold(folded, low: x, high: .one)
      shares = shares.flatMap { [$0 * x, $0] }
    }
    // Each L and R is multiplied on by the rounds after its own.
    var scalars: [Fr] = []
    var scale = Fr.one
    for x in challenges.reversed() {
      scalars += [x * x * scale, scale]
      scale *= x
    }
    scalars.reverse()
    var rest = DeferredMSM(
      generators: [Fr](repeating: .zero, count: (generators.max() ?? -1) + 1), scalars: scalars,
      points: points)
    let halves = InnerProductSize(length: length).halves
    for (place, generator) in generators.enumerated() {
      var way = Way(place)
      for half in halves { way.halve(half) }
      rest.generators[generator] = -(shares[way.path] * a[way.cell])
    }
    var product = Fr.zero
    for (cell, weight) in zip(a, folded) { product += cell * weight }
    rest.blinding = w * (scale * value - product)
    return (scale, rest)
  }

  /// - Parameter vector: a, which whoever reads the proof may know.
  /// - Complexity: the commitment of `vector` once in every round.
  package static func prove(
    _ vector: [Fr], weights: [Fr], generators: [Int], over channel: inout ProverChannel
  ) {
    let w = channel.challenge(.innerProductScale)
    let cells = (generators.max() ?? -1) + 1
    var (a, weights) = (vector, weights)
    // What a generator counts in the folded one, by its way.
    var shares = [Fr.one]
    var ways = vector.indices.map { Way($0) }
    for half in InnerProductSize(length: vector.count).halves {
      var (left, right) = (Fr.zero, Fr.zero)
      for place in half..<a.count {
        left += a[place - half] * weights[place]
        right += a[place] * weights[place - half]
      }
      var rows = [[Fr]](repeating: [Fr](repeating: .zero, count: cells), count: 2)
      for (place, generator) in generators.enumerated() {
        let (share, cell) = (shares[ways[place].path], ways[place].cell)
        if cell >= half {
          rows[0][generator] = share * a[cell - half]
        } else if cell + half < a.count {
          rows[1][generator] = share * a[cell + half]
        }
        ways[place].halve(half)
      }
      OperationCounter.count(fieldMultiplications: generators.count + 2 * a.count)
      let points = Pedersen().commit([
        CommitmentRow(rows[0][...], blinder: w * left),
        CommitmentRow(rows[1][...], blinder: w * right),
      ])
      channel.sendPoints(points, as: .innerProductRound)
      let x = channel.challenge(.innerProductChallenge)
      a = fold(a, low: .one, high: x)
      weights = fold(weights, low: x, high: .one)
      shares = shares.flatMap { [$0 * x, $0] }
    }
    channel.sendBare(a, as: .innerProductVector)
  }

  /// The halves of a vector as one.
  private static func fold(_ vector: [Fr], low: Fr, high: Fr) -> [Fr] {
    let half = (vector.count + 1) / 2
    return (0..<half).map { place in
      let folded = low * vector[place]
      return place + half < vector.count ? folded + high * vector[place + half] : folded
    }
  }
}

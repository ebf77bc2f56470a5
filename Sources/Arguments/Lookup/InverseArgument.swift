package import ArgumentKernels
package import Field
import Polynomial
import Compute
package import Transcript

// Inverse check: what is committed to beside the rows, h and g, are the fractions they stand for.
//
//   Σ_x eq(τ,x) · [ h·D − N + λ(g·φ_T − m) ] = 0
//
//   N/D     at the top of the tree, sums of 2^t rows' fractions less as many times c₀;  φ_T of the table
//   over max(n − t, k) variables; h, N, D depend only on the last n − t of them, g, φ_T, m on the last k
//   P → V   rounds of degree 2;  h, D, N at the end
//   owes    the claims returned, Σ h + 2ⁿ·c₀ = Σ g one of them;  N and D at the point, for the tree
//
// Written down in docs/protocol/arguments.md#inverses.
package enum InverseArgument {
  private static let labels: Sumcheck.Labels = (.inverseRound, .inverseChallenge)

  /// τ, λ.
  package struct Batch: Sendable {
    package let point: [Fr]
    package let table: Fr

    package init(_ drawn: [Fr]) {
      point = Array(drawn.dropLast())
      table = drawn[drawn.count - 1]
    }
    package static func count(_ shape: CircuitDimensions) -> Int { shape.inverseRounds + 1 }
  }

  package static func verify<C: Channel>(
    _ shape: CircuitDimensions, lookup: LookupChallenges, over channel: inout C
  ) throws(ProofError) -> (
    tablePoint: [Fr], inversePoint: [Fr], fraction: EvaluationClaim, claims: [LinearClaim]
  ) {
    let batch = Batch(channel.challenges(Batch.count(shape), .inversePoint))
    let (point, value) = try Sumcheck.verify(
      .zero, rounds: shape.inverseRounds, degree: 2, zeroCheckAt: batch.point, labels: labels,
      over: &channel)
    let (onTable, top) = (
      Array(point.suffix(shape.tableBits)), Array(point.suffix(shape.inverseBits))
    )
    let received = try channel.receive(3, as: .inverseClaims)
    let (inverses, denominator, numerator) = (received[0], received[1], received[2])

    // What remains of the value is λ(g·φ_T − m), and φ_T is public.
    let product = channel.product(inverses, denominator)
    let tableValue = (value - product + numerator) * batch.table.inverse()
    let fingerprint = shape.tableFingerprint(at: onTable, lookup: lookup)
    // Padding counts c₀ as any row does.
    let rows = Fr(UInt64(1) << UInt64(shape.traceBits))
    return (
      onTable, top,
      EvaluationClaim(point: top, numerator: numerator, denominator: denominator),
      [
        LinearClaim(inverses, [LinearFunctional(.inverses, .inversePoint)]),
        LinearClaim(
          tableValue,
          [
            LinearFunctional(.tableInverses, .tablePoint, coefficient: fingerprint),
            LinearFunctional(.multiplicity, .tablePoint, coefficient: -Fr.one),
          ]),
        LinearClaim(
          MaskedValue(-(lookup.fractionOnPadding * rows)),
          [
            LinearFunctional(.inverses, .ones),
            LinearFunctional(.tableInverses, .ones, coefficient: -Fr.one),
          ]),
      ]
    )
  }

  /// The prover's columns, value by value, as far as they are used.
  package struct Columns: Sendable {
    /// N, h, D − 1.
    package var inverses: [Fr]
    /// m, g, φ_T − α.
    package var table: [Fr]

    package static let width = FractionKernel.inverseWidth
    /// The place of h, and of g, in a row.
    package static let inverses = 1

    package init(inverses: [Fr], table: [Fr]) {
      self.inverses = inverses
      self.table = table
    }
  }

  package static func prove(
    _ shape: CircuitDimensions, lookup: LookupChallenges, columns: consuming Columns,
    over channel: inout ProverChannel
  ) throws(ProofError) -> FractionalSumcheck.Value {
    let batch = Batch(channel.challenges(Batch.count(shape), .inversePoint))
    var rounds = InverseArgumentRounds(columns, shape: shape, alpha: lookup.alpha, batch: batch)
    let point = try Sumcheck.prove(
      .zero, of: &rounds, rounds: shape.inverseRounds, zeroCheckAt: batch.point, labels: labels,
      over: &channel)
    let (inverses, numerator, denominator) = rounds.top
    channel.send([inverses, denominator, numerator], as: .inverseClaims)
    return FractionalSumcheck.Value(
      point: Array(point.suffix(shape.inverseBits)), numerator: numerator, denominator: denominator)
  }
}

/// The prover's arithmetic in the inverse argument, one pass over used pairs (x, x + half) per round.
private struct InverseArgumentRounds: SumcheckPolynomial {
  /// Columns that depend on the last variables alone.
  private struct Part {
    var columns: SparseMultilinear
    /// What is added to the last column: 1 to D − 1, α to φ_T − α.
    let constant: Fr
    /// Σ eq·(product − first) while its variables have not begun; zero for an honest prover.
    var idle = Fr.zero

    init(_ values: consuming [Fr], variables: Int, constant: Fr, point: [Fr]) {
      columns = InverseArgumentRounds.grouped(values, variables: variables)
      self.constant = constant
      guard point.count > variables else { return }
      let alone = columns.alone
      idle =
        FractionKernel.inverseSums(
          columns.values.span, pairs: alone.span, range: alone.indices,
          height: min(HeldBlocks.height, 1 << variables),
          weights: SplitEquality(point.suffix(variables), count: 1 << variables),
          constant: constant
        ).low
    }

    /// Whether the next variable is one of its own.
    func begins(_ remaining: Int) -> Bool { remaining <= columns.variables }

    /// At 0, and the leading coefficient, of the round's polynomial.
    mutating func sums(_ remaining: Int, rest: ArraySlice<Fr>) -> (low: Fr, leading: Fr) {
      guard begins(remaining) else { return (idle, .zero) }
      let sums = InverseArgumentRounds.sums(&columns, rest: rest, constant: constant)
      return (sums.low, sums.leading)
    }
  }

  private let batch: InverseArgument.Batch
  private let pointInverses: [Fr]
  private var inverses: Part
  private var table: Part
  private var remaining: Int

  init(
    _ columns: consuming InverseArgument.Columns, shape: CircuitDimensions, alpha: Fr,
    batch: InverseArgument.Batch
  ) {
    self.batch = batch
    var pointInverses = batch.point
    Fr.batchInvert(&pointInverses)
    self.pointInverses = pointInverses
    remaining = batch.point.count
    inverses = Part(
      columns.inverses, variables: shape.inverseBits, constant: .one, point: batch.point)
    table = Part(columns.table, variables: shape.tableBits, constant: alpha, point: batch.point)
  }

  /// All groups up to the last used one.
  private static func grouped(_ values: consuming [Fr], variables: Int) -> SparseMultilinear {
    let groups = HeldBlocks(covering: [0..<values.count / InverseArgument.Columns.width])
    let missing = InverseArgument.Columns.width * groups.rows - values.count
    if missing > 0 { values += [Fr](repeating: .zero, count: missing) }
    return SparseMultilinear(
      variables: variables, width: InverseArgument.Columns.width, groups: groups, values: values)
  }

  mutating func message(claim: Fr) -> [Fr] {
    let round = batch.point.count - remaining
    let rest = batch.point[(round + 1)...]
    let onTable = table.sums(remaining, rest: rest)
    let onInverses = inverses.sums(remaining, rest: rest)
    return Sumcheck.quadratic(
      low: onTable.low * batch.table + onInverses.low,
      leading: onTable.leading * batch.table + onInverses.leading, claim: claim,
      tau: batch.point[round], inverse: pointInverses[round])
  }

  mutating func bind(_ x: Fr) {
    if inverses.begins(remaining) { inverses.columns.bind(x) }
    if table.begins(remaining) { table.columns.bind(x) }
    remaining -= 1
  }

  /// h, N, D when no variable is left.
  var top: (inverses: Fr, numerator: Fr, denominator: Fr) {
    mutating get {
      let values = inverses.columns.constants
      return (values[1], values[0], values[2] + .one)
    }
  }

  private static func sums(
    _ table: inout SparseMultilinear, rest: ArraySlice<Fr>, constant: Fr
  ) -> FractionKernel.Sums {
    let weights = SplitEquality(rest, count: 1 << rest.count)
    let height = table.height
    OperationCounter.count(fieldMultiplications: 4 * table.pairs.count * height)
    return table.sums(grain: 64) { rows, pairs, range in
      FractionKernel.inverseSums(
        rows, pairs: pairs, range: range, height: height, weights: weights, constant: constant)
    }.reduce(.zero, +)
  }
}

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
//   over the table's k variables; h, N, D depend only on the last n − t ≤ k of them
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
    package static func count(_ shape: CircuitDimensions) -> Int { shape.tableBits + 1 }
  }

  package static func verify<C: Channel>(
    _ shape: CircuitDimensions, lookup: LookupChallenges, over channel: inout C
  ) throws(ProofError) -> (
    tablePoint: [Fr], inversePoint: [Fr], fraction: EvaluationClaim, claims: [LinearClaim]
  ) {
    let batch = Batch(channel.challenges(Batch.count(shape), .inversePoint))
    let (point, value) = try Sumcheck.verify(
      .zero, rounds: shape.tableBits, degree: 2, zeroCheckAt: batch.point, labels: labels,
      over: &channel)
    let top = Array(point.suffix(shape.inverseBits))
    let received = try channel.receive(3, as: .inverseClaims)
    let (inverses, denominator, numerator) = (received[0], received[1], received[2])

    // What remains of the value is λ(g·φ_T − m), and φ_T is public.
    let product = channel.product(inverses, denominator)
    let tableValue = (value - product + numerator) * batch.table.inverse()
    let fingerprint = shape.tableFingerprint(at: point, lookup: lookup)
    // Padding counts c₀ as any row does.
    let rows = Fr(UInt64(1) << UInt64(shape.traceBits))
    return (
      point, top,
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
      .zero, of: &rounds, rounds: shape.tableBits, zeroCheckAt: batch.point, labels: labels,
      over: &channel)
    let (inverses, numerator, denominator) = rounds.top
    channel.send([inverses, denominator, numerator], as: .inverseClaims)
    return FractionalSumcheck.Value(
      point: Array(point.suffix(shape.inverseBits)), numerator: numerator, denominator: denominator)
  }
}

/// The prover's arithmetic in the inverse argument, one pass over used pairs (x, x + half) per round.
private struct InverseArgumentRounds: SumcheckPolynomial {
  private let batch: InverseArgument.Batch
  private let pointInverses: [Fr]
  private let alpha: Fr
  private var inverses: SparseMultilinear
  private var table: SparseMultilinear
  /// Σ eq·(h·D − N) while its variables have not begun; zero for an honest prover.
  private var idle = Fr.zero

  init(
    _ columns: consuming InverseArgument.Columns, shape: CircuitDimensions, alpha: Fr,
    batch: InverseArgument.Batch
  ) {
    self.batch = batch
    self.alpha = alpha
    var pointInverses = batch.point
    Fr.batchInvert(&pointInverses)
    self.pointInverses = pointInverses
    inverses = Self.grouped(columns.inverses, variables: shape.inverseBits)
    table = Self.grouped(columns.table, variables: shape.tableBits)
    if shape.tableBits > shape.inverseBits {
      let alone = inverses.alone
      idle =
        FractionKernel.inverseSums(
          inverses.values.span, pairs: alone.span, range: alone.indices,
          height: min(HeldBlocks.height, 1 << shape.inverseBits),
          weights: SplitEquality(
            batch.point.suffix(shape.inverseBits), count: 1 << shape.inverseBits), constant: .one
        ).low
    }
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
    let round = batch.point.count - table.variables
    let rest = batch.point[(round + 1)...]
    let onTable = Self.sums(&table, rest: rest, constant: alpha)
    var (low, leading) = (onTable.low * batch.table, onTable.leading * batch.table)
    if isOnInverses {
      let onInverses = Self.sums(&inverses, rest: rest, constant: .one)
      low += onInverses.low
      leading += onInverses.leading
    } else {
      low += idle
    }
    return Sumcheck.quadratic(
      low: low, leading: leading, claim: claim, tau: batch.point[round],
      inverse: pointInverses[round])
  }

  /// Whether the next variable is one of h.
  private var isOnInverses: Bool { table.variables <= inverses.variables }

  mutating func bind(_ x: Fr) {
    if isOnInverses { inverses.bind(x) }
    table.bind(x)
  }

  /// h, N, D when no variable is left.
  var top: (inverses: Fr, numerator: Fr, denominator: Fr) {
    mutating get {
      let values = inverses.constants
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

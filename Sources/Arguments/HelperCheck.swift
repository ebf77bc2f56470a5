package import ArgumentKernels
package import Field
import Polynomial
import Compute
package import Transcript

// Helper check: what is committed to beside the rows, h and g, are the fractions they stand for.
//
//   Σ_x eq(τ,x) · [ h·D − N + λ(g·φ_T − m) ] = 0
//
//   N/D     at the top of the tree, sums of 2^t rows' fractions less as many times c₀;  φ_T of the table
//   over the table's k variables; h, N, D depend only on the last n − t ≤ k of them
//   P → V   rounds of degree 2;  h, D, N at the end
//   owes    the claims returned, Σ h + 2ⁿ·c₀ = Σ g one of them;  N and D at the point, for the tree
package enum HelperCheck {
  private static let labels: Sumcheck.Labels = (.helperCheckRound, .helperCheckChallenge)

  /// τ, λ.
  package struct Batch: Sendable {
    package let point: [Fr]
    package let table: Fr

    package init(_ drawn: [Fr]) {
      point = Array(drawn.dropLast())
      table = drawn[drawn.count - 1]
    }
    package static func count(_ shape: Shape) -> Int { shape.tableBits + 1 }
  }

  package static func verify<C: Channel>(
    _ shape: Shape, lookup: LookupChallenges, over channel: inout C
  ) throws(ProofError) -> (
    tablePoint: [Fr], helperPoint: [Fr], fraction: FractionTree.Claim, claims: [Claim]
  ) {
    let batch = Batch(channel.challenges(Batch.count(shape), .helperCheckPoint))
    let (point, value) = try Sumcheck.verify(
      .zero, rounds: shape.tableBits, degree: 2, zeroCheckAt: batch.point, labels: labels,
      over: &channel)
    let top = Array(point.suffix(shape.helperBits))
    let received = try channel.receive(3, as: .helperCheckClaims)
    let (helper, denominator, numerator) = (received[0], received[1], received[2])

    // What remains of the value is λ(g·φ_T − m), and φ_T is public.
    let product = channel.product(helper, denominator)
    let tableValue = (value - product + numerator) * batch.table.inverse()
    let fingerprint = shape.tableFingerprint(at: point, lookup: lookup)
    // Padding counts c₀ as any row does.
    let rows = Fr(UInt64(1) << UInt64(shape.traceBits))
    return (
      point, top,
      FractionTree.Claim(point: top, numerator: numerator, denominator: denominator),
      [
        Claim(helper, [Functional(.helper, .helperPoint)]),
        Claim(
          tableValue,
          [
            Functional(.tableHelper, .tablePoint, coefficient: fingerprint),
            Functional(.multiplicity, .tablePoint, coefficient: -Fr.one),
          ]),
        Claim(
          Form(-(lookup.fractionOnPadding * rows)),
          [
            Functional(.helper, .ones),
            Functional(.tableHelper, .ones, coefficient: -Fr.one),
          ]),
      ]
    )
  }

  /// The prover's columns, value by value, as far as they are used.
  package struct Columns: Sendable {
    /// N, h, D − 1.
    package var helpers: [Fr]
    /// m, g, φ_T − α.
    package var table: [Fr]

    package static let width = FractionKernel.helperWidth
    /// Of h and g.
    package static let helper = 1

    package init(helpers: [Fr], table: [Fr]) {
      self.helpers = helpers
      self.table = table
    }
  }

  package static func prove(
    _ shape: Shape, lookup: LookupChallenges, columns: consuming Columns,
    over channel: inout ProverChannel
  ) -> FractionTree.Value {
    let batch = Batch(channel.challenges(Batch.count(shape), .helperCheckPoint))
    var rounds = HelperCheckRounds(columns, shape: shape, alpha: lookup.alpha, batch: batch)
    let point = Sumcheck.prove(
      .zero, of: &rounds, rounds: shape.tableBits, zeroCheckAt: batch.point, labels: labels,
      over: &channel)
    let (helper, numerator, denominator) = rounds.top
    channel.send([helper, denominator, numerator], as: .helperCheckClaims)
    return FractionTree.Value(
      point: Array(point.suffix(shape.helperBits)), numerator: numerator, denominator: denominator)
  }
}

/// The prover's arithmetic in the helper check, one pass over used pairs (x, x + half) per round.
private struct HelperCheckRounds: SumcheckPolynomial {
  private let batch: HelperCheck.Batch
  private let inverses: [Fr]
  private let alpha: Fr
  private var helpers: GroupedTable
  private var table: GroupedTable
  /// Σ eq·(h·D − N) while its variables have not begun; zero for an honest prover.
  private var idle = Fr.zero

  init(
    _ columns: consuming HelperCheck.Columns, shape: Shape, alpha: Fr, batch: HelperCheck.Batch
  ) {
    self.batch = batch
    self.alpha = alpha
    var inverses = batch.point
    Fr.batchInvert(&inverses)
    self.inverses = inverses
    helpers = Self.grouped(columns.helpers, variables: shape.helperBits)
    table = Self.grouped(columns.table, variables: shape.tableBits)
    if shape.tableBits > shape.helperBits {
      let alone = helpers.alone
      idle =
        FractionKernel.helperSums(
          helpers.values.span, pairs: alone.span, range: alone.indices,
          height: min(RowGroups.height, 1 << shape.helperBits),
          weights: SplitEquality(
            batch.point.suffix(shape.helperBits), count: 1 << shape.helperBits), constant: .one
        ).low
    }
  }

  /// All groups up to the last used one.
  private static func grouped(_ values: consuming [Fr], variables: Int) -> GroupedTable {
    let groups = RowGroups(covering: [0..<values.count / HelperCheck.Columns.width])
    let missing = HelperCheck.Columns.width * groups.rows - values.count
    if missing > 0 { values += [Fr](repeating: .zero, count: missing) }
    return GroupedTable(
      variables: variables, width: HelperCheck.Columns.width, groups: groups, values: values)
  }

  mutating func message(claim: Fr) -> [Fr] {
    let round = batch.point.count - table.variables
    let rest = batch.point[(round + 1)...]
    let onTable = Self.sums(&table, rest: rest, constant: alpha)
    var (low, leading) = (onTable.low * batch.table, onTable.leading * batch.table)
    if isOnHelpers {
      let onHelpers = Self.sums(&helpers, rest: rest, constant: .one)
      low += onHelpers.low
      leading += onHelpers.leading
    } else {
      low += idle
    }
    return Sumcheck.quadratic(
      low: low, leading: leading, claim: claim, tau: batch.point[round],
      inverse: inverses[round])
  }

  /// Whether the next variable is one of h.
  private var isOnHelpers: Bool { table.variables <= helpers.variables }

  mutating func bind(_ x: Fr) {
    if isOnHelpers { helpers.bind(x) }
    table.bind(x)
  }

  /// h, N, D when no variable is left.
  var top: (helper: Fr, numerator: Fr, denominator: Fr) {
    mutating get {
      let values = helpers.constants
      return (values[1], values[0], values[2] + .one)
    }
  }

  private static func sums(
    _ table: inout GroupedTable, rest: ArraySlice<Fr>, constant: Fr
  ) -> FractionKernel.Sums {
    let weights = SplitEquality(rest, count: 1 << rest.count)
    let height = table.height
    Meter.count(fieldMultiplications: 4 * table.pairs.count * height)
    return table.sums(grain: 64) { rows, pairs, range in
      FractionKernel.helperSums(
        rows, pairs: pairs, range: range, height: height, weights: weights, constant: constant)
    }.reduce(.zero, +)
  }
}

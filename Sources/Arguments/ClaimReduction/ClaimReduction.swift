package import Field
package import Polynomial
import Compute
package import Transcript

// Claims (argument C): every linear claim on committed columns, in one sum-check.
//
//   V → P   ρ
//   Σ_x Σ_c P_c(x)·L_c(x) = Σⱼ ρʲ·claimⱼ,  L_c all functionals on column c, times their ρʲ
//   over the longest column's variables; shorter columns are zero-extended
//   P → V   rounds of degree 2
//   owes    Σ_c L̃_c(r*)·P̃_c(r*) = the form returned: one inner product, the opening's
//
// Written down in docs/protocol/arguments.md#claim-reduction.
package enum ClaimReduction {
  private static let labels: Sumcheck.Labels = (.claimsRound, .claimsChallenge)

  package struct Outcome: Sendable {
    /// r*.
    package let point: [Fr]
    /// L̃_c(r*), zero-extension included.
    package let weights: [Column: Fr]
    package let value: MaskedValue
  }

  package static func verify<C: Channel>(
    _ claims: [LinearClaim], shape: CircuitDimensions, rows: RowArgument.Outcome,
    over channel: inout C
  ) throws(ProofError) -> Outcome {
    let rho = channel.challenge(.claimsBatch)
    OperationCounter.count(
      overKey: claims.reduce(0) { $0 + $1.value.parts.count + $1.functionals.count + 2 })
    let (point, value) = try Sumcheck.verify(
      batched(claims, by: rho), rounds: shape.columnVariables, degree: 2, labels: labels,
      over: &channel)

    func low(_ column: Column) -> ArraySlice<Fr> { point.suffix(shape.variables(of: column)) }
    let atTrace = Equality.at(rows.tracePoint[...], low(.output))
    let atInverse = Equality.at(rows.inversePoint[...], low(.inverses))
    let atTable = Equality.at(rows.tablePoint[...], low(.multiplicity))
    var weights: [Column: Fr] = [:]
    var scratch: [Fr] = []
    var power = Fr.one
    for claim in claims {
      for functional in claim.functionals {
        let value =
          switch functional.weights {
          case .tracePoint: atTrace
          case .tablePoint: atTable
          case .inversePoint: atInverse
          case .ones: Fr.one
          case .tensor(let tensor):
            tensor.evaluate(low(functional.column), scratch: &scratch)
          }
        weights[functional.column, default: .zero] += power * functional.coefficient * value
      }
      power *= rho
    }
    for column in weights.keys {
      let extended = point.dropLast(shape.variables(of: column))
      weights[column]? *= extended.reduce(.one) { $0 * (.one - $1) }
    }
    return Outcome(point: point, weights: weights, value: value)
  }

  /// Σⱼ ρʲ·claimⱼ.
  private static func batched(_ claims: [LinearClaim], by rho: Fr) -> MaskedValue {
    var (total, power) = (MaskedValue.zero, Fr.one)
    for claim in claims {
      total += claim.value * power
      power *= rho
    }
    return total
  }

  /// The committed columns, up to their used length.
  package struct Columns: Sendable {
    /// Limbs, y and multiplicities: integers as committed.
    package var integers: [Column: [Int64]]
    package var model: PackedIntegers
    /// h and g.
    package var inverses: [Fr]
    package var tableInverses: [Fr]
    /// Which rows of the trace hold anything.
    package var groups: HeldBlocks

    package init(
      integers: [Column: [Int64]], groups: HeldBlocks, model: PackedIntegers, inverses: [Fr],
      tableInverses: [Fr]
    ) {
      self.integers = integers
      self.groups = groups
      self.model = model
      self.inverses = inverses
      self.tableInverses = tableInverses
    }
  }

  package static func prove(
    _ claims: [LinearClaim], shape: CircuitDimensions, rows: RowArgument.Outcome, columns: Columns,
    over channel: inout ProverChannel
  ) throws(ProofError) {
    let rho = channel.challenge(.claimsBatch)
    var rounds = ClaimRounds(claims, rho: rho, shape: shape, rows: rows, columns: columns)
    _ = try Sumcheck.prove(
      channel.value(of: batched(claims, by: rho)), of: &rounds, rounds: shape.columnVariables,
      labels: labels, over: &channel)
  }
}

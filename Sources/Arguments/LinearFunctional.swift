package import Field
import Compute
package import Polynomial

/// A column of the witness, or the model: what claims are about and commitments hold.
///
/// Written down in docs/protocol/arguments.md#functionals-of-views.
package enum Column: Hashable, Sendable {
  /// k in 0..<K.
  case limb(Int)
  case output
  /// q, by a scheme that commits to it.
  case quotient
  /// h: sums of 2^t rows' fractions, each less c₀; or of a slot's, less its value on padding.
  case inverses
  case multiplicity
  /// g = m / φ(T).
  case tableInverses
  case model
}

/// A linear functional on one column: cells → Σ weight · cell.
package struct LinearFunctional: Sendable {
  package enum Weights: Sendable {
    /// eq(r, ·) over the whole trace column, r the row argument's point.
    case tracePoint
    /// eq of the inverse argument's point over the table's columns.
    case tablePoint
    /// eq of that point's last variables over h.
    case inversePoint
    /// One on every cell.
    case ones
    /// A product of per-axis weights on one aligned tensor, zero elsewhere.
    case tensor(TensorWeights)
  }
  package var column: Column
  package var coefficient: Fr
  package var weights: Weights

  package init(_ column: Column, _ weights: Weights, coefficient: Fr = .one) {
    self.column = column
    self.coefficient = coefficient
    self.weights = weights
  }
}

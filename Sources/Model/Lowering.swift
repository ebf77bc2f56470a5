package import ConstraintSystem

/// A value of the network inside a circuit under construction.
package struct Wire: Sendable, Hashable {
  package var source: Source
  package var shape: [Int]

  package init(source: Source, shape: [Int]) {
    self.source = source
    self.shape = shape
  }
}

/// `(acc·m + 2^(s−1)) >> s` per channel: the rounding of the int8 runtimes, with m in [0, 2^31).
/// s may be 0 (no rounding: acc·m).
package struct FixedPoint: Sendable, Hashable {
  package var mantissas: [Int64]
  package var shifts: [Int]
  /// The axis of the block along which they vary; nil for one value for all.
  package var axis: Int?

  package init(mantissas: [Int64], shifts: [Int], axis: Int?) {
    self.mantissas = mantissas
    self.shifts = shifts
    self.axis = axis
  }
  /// q = acc.
  package static let identity = FixedPoint(mantissas: [1], shifts: [0], axis: nil)
}

/// What a row does with its rounded quotient q.
package enum Activation: Sendable, Hashable {
  /// y = q; the compiler proves that q fits.
  case identity
  /// y = min(max(q, lower), upper).
  case clamp(ClosedRange<Int64>)
  /// y = values[clamp(q, lowest, lowest + count − 1) − lowest].
  case lookup(name: String, lowest: Int64, values: [Int16])
}

/// What an operator says of itself to become rows and relations. The compiler implements it; an
/// operator knows nothing of parameters, tables or layout.
package protocol CircuitBuilder {
  /// Places a constant of the model; small types where the values fit.
  mutating func tensor(
    _ name: String, shape: [Int], type: ModelTensor.StoredType, values: [Int64]
  ) -> Wire

  /// Adds one row per cell of `shape`: acc = Σ terms, q = round(acc · multiplier), y = activation(q).
  mutating func block(
    _ name: String, shape: [Int], relation: [Term], multiplier: FixedPoint, activation: Activation
  ) -> Wire
}

package import Field

/// What the verifier knows of a scalar: `constant + Σ coefficient · cell`, the cells being the pads
/// and pad products that the prover committed to.
package struct MaskedValue: Sendable {
  package struct Part: Sendable {
    package var cell: Int
    package var coefficient: Fr
    package init(cell: Int, coefficient: Fr) {
      self.cell = cell
      self.coefficient = coefficient
    }
  }
  package var constant: Fr
  /// Unordered; a cell may occur more than once.
  package var parts: [Part]

  package init(_ constant: Fr, _ parts: [Part] = []) {
    self.constant = constant
    self.parts = parts
  }
  package static let zero = MaskedValue(.zero)

  package static func + (a: MaskedValue, b: MaskedValue) -> MaskedValue {
    MaskedValue(a.constant + b.constant, a.parts + b.parts)
  }
  package static func + (a: MaskedValue, b: Fr) -> MaskedValue {
    MaskedValue(a.constant + b, a.parts)
  }
  package static func - (a: MaskedValue, b: Fr) -> MaskedValue {
    MaskedValue(a.constant - b, a.parts)
  }
  package static func - (a: MaskedValue, b: MaskedValue) -> MaskedValue { a + b * -Fr.one }
  package static func * (a: MaskedValue, k: Fr) -> MaskedValue {
    MaskedValue(
      a.constant * k, a.parts.map { Part(cell: $0.cell, coefficient: $0.coefficient * k) })
  }
  package static func += (a: inout MaskedValue, b: MaskedValue) {
    a.constant += b.constant
    a.parts += b.parts
  }
}

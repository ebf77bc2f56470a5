package import Transcript

/// Σ functionals = value: a linear statement about committed columns, settled by C and the opening.
///
/// Written down in docs/protocol/arguments.md#claims.
package struct LinearClaim: Sendable {
  package var value: MaskedValue
  package var functionals: [LinearFunctional]

  package init(_ value: MaskedValue, _ functionals: [LinearFunctional]) {
    self.value = value
    self.functionals = functionals
  }
}

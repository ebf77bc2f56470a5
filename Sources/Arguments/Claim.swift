package import Transcript

/// Σ functionals = value: a linear statement about committed columns, settled by C and the opening.
package struct Claim: Sendable {
  package var value: Form
  package var functionals: [Functional]

  package init(_ value: Form, _ functionals: [Functional]) {
    self.value = value
    self.functionals = functionals
  }
}

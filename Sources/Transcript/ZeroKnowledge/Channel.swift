package import Field

/// The verifier's side of a conversation, whoever runs its code: a verifier on a proof
/// (`VerifierChannel`), a prover on what it has just said (`ReplayChannel`), or whoever plans
/// proofs on none at all (`PlanningChannel`).
package protocol Channel {
  /// The next `count` padded scalars, as forms: what was read, less its pad.
  mutating func receive(_ count: Int, as label: Label) throws(ProofError) -> [MaskedValue]
  mutating func challenges(_ count: Int, _ label: Label) -> [Fr]
  /// The product of two quantities that depend on one pad each:
  /// (c₁ + k₁s₁)(c₂ + k₂s₂) = c₁c₂ + c₁k₂s₂ + c₂k₁s₁ + k₁k₂p₁₂, p₁₂ a committed cell.
  mutating func product(_ a: MaskedValue, _ b: MaskedValue) -> MaskedValue
  /// An equation of the verifier: the form must be zero. Settled by the opening.
  mutating func require(zero: MaskedValue)
}

extension Channel {
  package mutating func challenge(_ label: Label) -> Fr { challenges(1, label)[0] }

  func multiply(_ a: MaskedValue, _ b: MaskedValue, cell: (Int, Int) -> Int) -> MaskedValue {
    var form = MaskedValue(a.constant * b.constant)
    for part in b.parts {
      form.parts.append(.init(cell: part.cell, coefficient: part.coefficient * a.constant))
    }
    for part in a.parts {
      form.parts.append(.init(cell: part.cell, coefficient: part.coefficient * b.constant))
    }
    for left in a.parts {
      for right in b.parts {
        form.parts.append(
          .init(
            cell: cell(left.cell, right.cell), coefficient: left.coefficient * right.coefficient))
      }
    }
    return form
  }
}

/// Products are asked for in one fixed order, so the k-th is cell `messages + k`.
struct ProductCursor: Sendable {
  var next: Int
  mutating func take() -> Int {
    defer { next += 1 }
    return next
  }
}

package import Field

/// Runs the verifier on nothing and notes what it asks for.
package struct PlanningChannel: Channel {
  package private(set) var plan = PadLayout()

  package init() {}

  package mutating func receive(_ count: Int, as label: Label) throws(ProofError) -> [MaskedValue] {
    let first = plan.messages
    plan.listing.append(.init(label: label, count: count))
    return (0..<count).map { MaskedValue(.zero, [.init(cell: first + $0, coefficient: -Fr.one)]) }
  }
  package mutating func challenges(_ count: Int, _ label: Label) -> [Fr] {
    // Any values that make no denominator vanish: the shape does not depend on them.
    (0..<count).map { Fr(UInt64(1_000_003 + 7919 * $0 + 104_729 * Int(label.rawValue))) }
  }
  package mutating func product(_ a: MaskedValue, _ b: MaskedValue) -> MaskedValue {
    for left in a.parts {
      for right in b.parts {
        plan.products.append(.init(left: left.cell, right: right.cell))
      }
    }
    return MaskedValue(a.constant * b.constant)
  }
  package mutating func require(zero: MaskedValue) {}
}

import Arguments
import ConstraintSystem
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification

/// Relations of few and of many products of views, whose sums have different lengths and none at all.
struct MergedTermsTests {
  /// Blocks whose products are summed over 1, 2, 4, … places, the first of none: `count` terms.
  private func circuit(terms count: Int) -> Circuit {
    var random = SplitMix64(seed: UInt64(count))
    var circuit = Circuit(
      "products", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 3)
    let identity = circuit.function(.identity(-128...127))
    let clamp = circuit.function(.clamp(width: 15, domain: -200...255))
    let x = circuit.input(
      "x", [9], function: identity, visibility: .private, values: random.integers(9, in: -4...4))
    var relation: [Term] = []
    for index in 0..<count {
      // 0, 1, 2 and 3 variables, extents that are no powers of two among them.
      let extent = [1, 2, 3, 7][index % 4]
      let weights = circuit.tensor("w\(index)", [extent], random.integers(extent, in: -2...2))
      relation.append(
        Term(
          coefficient: index % 2 == 0 ? 1 : -1, summed: [extent],
          factors: [TensorAccess(weights, [.label(1)]), TensorAccess(x, [.label(1)])]))
    }
    // Something of the block's own axis.
    relation.append(Term(factors: [TensorAccess(x, [.label(0)])]))
    let y = circuit.block("y", [5], function: clamp, circuit.one, relation)
    circuit.output(y)
    circuit.place()
    return circuit
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 8, 9])
  func `an honest proof of any number of products is accepted`(count: Int) throws {
    for inferences in [1, 3] {
      let fixture = try Fixture(circuit(terms: count), inferences: inferences)
      #expect(fixture.refusal(try fixture.proof()) == nil)
    }
  }

  /// Two scalars for a doubling of the terms, where each term was five.
  @Test func `a term more costs a proof a logarithm`() throws {
    func scalars(_ count: Int) throws -> Int {
      try Fixture(circuit(terms: count)).key.verifier.plan.messages
    }
    #expect(try scalars(9) - scalars(5) == 2)
    #expect(try scalars(8) == scalars(5))
    #expect(try scalars(5) - scalars(4) == 2)
  }
}

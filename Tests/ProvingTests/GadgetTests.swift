import ConstraintSystem
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// Proofs of circuits with gadgets.
struct GadgetTests {
  @Test(arguments: GadgetCircuits.all.map(\.name), [1, 2])
  func `an honest proof is accepted`(name: String, inferences: Int) throws {
    let circuit = try #require(GadgetCircuits.all.first { $0.name == name }?.circuit)
    let fixture = try Fixture(circuit, inferences: inferences)
    var prover = fixture.prover()
    let proof = try prover.run()
    #expect(try Diagnosis(prover).violated.isEmpty)
    #expect(fixture.refusal(proof) == nil)
  }

  @Test(arguments: GadgetLie.all.map(\.name))
  func `a lie is refused, and another of several maxima is not`(name: String) throws {
    let lie = try #require(GadgetLie.all.first { $0.name == name })
    let key = try ProverKey(
      lie.circuit.system, cells: lie.circuit.cells, seed: [UInt8](repeating: 7, count: 32))
    let trace = try lie.trace(of: lie.circuit)
    var prover = Prover(
      trace, key: key, as: key.verifier.single, context: [], entropy: Fixture.entropy)
    let proof = try prover.run()
    var refusal: VerificationError?
    do throws(VerificationError) {
      try Verifier.verify(proof, key: key.verifier)
    } catch {
      refusal = error
    }
    #expect(refusal == (lie.broken.isEmpty ? nil : .refused(.rejected(.equation))))
    #expect(try Diagnosis(prover).violated == (lie.broken.isEmpty ? [] : ["balance"]))
  }

  /// acc is a constant, on extents that are no powers of two, alone and beside views.
  @Test(arguments: [0, 1, 2], [1, 3])
  func `constants are part of a row's sum`(views: Int, inferences: Int) throws {
    var circuit = Circuit("constants", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 2)
    let identity = circuit.function(.identity(-128...127))
    let x = circuit.input("x", [3, 5], function: identity, values: (0..<15).map { $0 - 7 })
    let view = TensorAccess(x, [.label(0), .label(1)])
    var terms = [Term(coefficient: -20, factors: []), Term(coefficient: 3, factors: [])]
    if views > 0 {
      terms.insert(Term(factors: [TensorAccess](repeating: view, count: views)), at: 1)
    }
    circuit.output(circuit.block("y", [3, 5], function: identity, circuit.one, terms))
    circuit.place()
    let fixture = try Fixture(circuit, inferences: inferences)
    let y = try fixture.block("y")
    let values = fixture.trace.values(of: y, in: fixture.circuit.system)
    let expected = fixture.circuit.inputs[0].map { value in
      (views == 0 ? 0 : views == 1 ? value : value * value) - 17
    }
    #expect(values == expected)
    var prover = fixture.prover()
    let proof = try prover.run()
    #expect(fixture.refusal(proof) == nil)
    // Another constant in the key than in the trace.
    var other = circuit
    other.system.blocks[1].relation[0].coefficient = -21
    let wrong = try Fixture(other, inferences: inferences)
    var liar = wrong.prover(fixture.trace)
    let lie = try liar.run()
    #expect(wrong.refusal(lie) == .refused(.rejected(.equation)))
    #expect(try Diagnosis(liar).violated.isSubset(of: ["linear", "contraction"]))
  }
}

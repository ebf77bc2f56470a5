import ArgumentKernels
import Arguments
import ConstraintSystem
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// Provers that are honest but for one lie: each is refused, and by the claim that is there for it.
/// As every claim but the one named is true, a verifier without it would accept.
struct LyingProverTests {
  @Test(arguments: ["mlp", "tiny", "ties", "gap"])
  func `an honest prover makes no false claim`(name: String) throws {
    let circuit =
      switch name {
      case "mlp": Circuits.mlp()
      case "tiny": Circuits.tiny()
      case "ties": Lie.ties()
      default: Lie.openGap()
      }
    let fixture = try Fixture(circuit)
    var prover = fixture.prover()
    let proof = try prover.run()
    #expect(fixture.refusal(proof) == nil)
    #expect(try Diagnosis(prover).violated.isEmpty)
    // The definitions that lies are told with agree with the execution.
    var trace = fixture.trace
    fixture.rows.redo(&trace, from: 0)
    #expect(fixture.rows.recount(&trace) == 0)
    #expect(trace == fixture.trace)
  }

  @Test(arguments: Lie.inRows + Lie.inPadding + Lie.inMultiplicities)
  func `a lie is refused by the claim against it`(lie: Lie) throws {
    let fixture = try Fixture(lie.circuit())
    var trace = fixture.trace
    try lie.tell(&trace, fixture)
    #expect(trace != fixture.trace)
    var prover = fixture.prover(trace)
    let proof = try prover.run()
    #expect(try Diagnosis(prover).violated == lie.violated)
    #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
  }

  @Test(arguments: [("x", "public 0"), ("l1", "public 1")])
  func `public values other than the trace's are refused`(name: String, claim: String) throws {
    let fixture = try Fixture(Circuits.mlp())
    var stated = fixture.trace
    let row = fixture.rows.row(try fixture.block(name), [2])
    stated.outputs[row] += stated.outputs[row] < 7 ? 1 : -1
    var prover = fixture.prover(claiming: stated)
    let proof = try prover.run()
    #expect(try Diagnosis(prover).violated == [claim])
    #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
  }

  @Test func `errors in two public tensors do not make up for each other`() throws {
    let fixture = try Fixture(Circuits.mlp())
    var stated = fixture.trace
    for (name, step) in [("x", Int64(1)), ("l1", -1)] {
      let row = fixture.rows.row(try fixture.block(name), [2])
      stated.outputs[row] += stated.outputs[row] <= -8 ? 1 : step
    }
    var prover = fixture.prover(claiming: stated)
    let proof = try prover.run()
    #expect(try Diagnosis(prover).violated == ["public 0", "public 1"])
    #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
  }

  /// Of an output from −8 to 7 a digit has 16 values: one of 16 more and one less in the next place are the
  /// same word.
  @Test func `a stated value that no row can have is refused though its word is right`() throws {
    let fixture = try Fixture(Circuits.mlp())
    var stated = fixture.trace
    let block = try fixture.block("l1")
    let (first, second) = (fixture.rows.row(block, [0]), fixture.rows.row(block, [1]))
    #expect(fixture.circuit.system.image(of: fixture.circuit.system.blocks[block]) == -8...7)
    stated.outputs[first] += 16
    stated.outputs[second] -= 1
    #expect(stated.outputs[second] >= -8)
    var prover = fixture.prover(claiming: stated)
    let proof = try prover.run()
    #expect(try Diagnosis(prover).violated.isEmpty)
    #expect(fixture.refusal(proof) == .statement)
  }

  private func wrongOutput(_ fixture: Fixture) throws -> Trace {
    var trace = fixture.trace
    try Lie.inRows[0].tell(&trace, fixture)
    return trace
  }

  @Test func `h that balances the sums breaks its own equation`() throws {
    let fixture = try Fixture(Circuits.mlp())
    let row = fixture.rows.row(1, [1])
    var prover = fixture.prover(try wrongOutput(fixture))
    let proof = try prover.run { h, g, lookup in
      h[row] += Self.imbalance(h, g, lookup, fixture)
    }
    #expect(try Diagnosis(prover).violated == ["table"])
    #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
  }

  @Test func `g that balances the sums breaks the table`() throws {
    let fixture = try Fixture(Circuits.mlp())
    var prover = fixture.prover(try wrongOutput(fixture))
    let proof = try prover.run { h, g, lookup in
      g[40] -= Self.imbalance(h, g, lookup, fixture)
    }
    #expect(try Diagnosis(prover).violated == ["table"])
    #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
  }

  /// Σ g − Σ h over all rows.
  private static func imbalance(
    _ h: [Fr], _ g: [Fr], _ lookup: LookupChallenges, _ fixture: Fixture
  ) -> Fr {
    let rows = Fr(UInt64(1) << UInt64(fixture.circuit.system.traceBits))
    return g.reduce(Fr.zero, +) - h.reduce(Fr.zero, +) - lookup.fractionOnPadding * rows
  }

  @Test(arguments: ["w0", "b1", "M0"])
  func `a network of other weights than the key's is refused`(tensor: String) throws {
    let fixture = try Fixture(Circuits.mlp())
    let index = try #require(fixture.circuit.system.tensors.firstIndex { $0.name == tensor })
    var other = fixture.circuit
    other.values[index][1] += 1
    let trace = try other.execute()
    var prover = fixture.prover(trace)
    prover.cells = try other.cells
    let proof = try prover.run()
    // Everything is consistent but with the key.
    #expect(try Diagnosis(prover).violated.isEmpty)
    #expect(fixture.refusal(proof) == .refused(.rejected(.commitments)))
  }

  @Test func `a witness other than the committed one is refused`() throws {
    let fixture = try Fixture(Circuits.mlp())
    var other = fixture.circuit
    other.inputs[0][0] += 1
    let trace = try other.execute()
    var prover = fixture.prover(fixture.trace, claiming: trace)
    prover.commitWitness()
    prover.trace = trace
    let isCommitted = prover.commitInverses()
    try #require(isCommitted)
    try prover.argue()
    #expect(try Diagnosis(prover).violated.isEmpty)
    #expect(fixture.refusal(prover.proof()) == .refused(.rejected(.commitments)))
  }

  @Test func `pads other than the committed ones are refused`() throws {
    let fixture = try Fixture(Circuits.mlp())
    var prover = fixture.prover()
    prover.commitWitness()
    let isCommitted = prover.commitInverses()
    try #require(isCommitted)
    // The mask cell, which no equation of the verifier reads.
    prover.pads[fixture.key.verifier.plan.mask] += .one
    try prover.argue()
    #expect(try Diagnosis(prover).violated.isEmpty)
    #expect(fixture.refusal(prover.proof()) == .refused(.rejected(.commitments)))
  }

  @Test func `an accumulator that is in no block is refused`() throws {
    // Between the blocks of `gapped`, where the relations know only zero.
    let fixture = try Fixture.named("gapped")
    var trace = fixture.trace
    trace.accumulators[17] = 5
    var prover = fixture.prover(trace)
    #expect(fixture.refusal(try prover.run()) != nil)
  }
}

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
    let bench = try Bench(circuit)
    var prover = bench.prover()
    let proof = try prover.run()
    #expect(bench.refusal(proof) == nil)
    #expect(try Diagnosis(prover).violated.isEmpty)
    // The definitions that lies are told with agree with the execution.
    var trace = bench.trace
    bench.rows.redo(&trace, from: 0)
    #expect(bench.rows.recount(&trace) == 0)
    #expect(trace == bench.trace)
  }

  @Test(arguments: Lie.inRows + Lie.inPadding + Lie.inMultiplicities)
  func `a lie is refused by the claim against it`(lie: Lie) throws {
    let bench = try Bench(lie.circuit())
    var trace = bench.trace
    try lie.tell(&trace, bench)
    #expect(trace != bench.trace)
    var prover = bench.prover(trace)
    let proof = try prover.run()
    #expect(try Diagnosis(prover).violated == lie.violated)
    #expect(bench.refusal(proof) == .refused(.rejected(.equation)))
  }

  @Test(arguments: [("x", "public 0"), ("l1", "public 1")])
  func `public values other than the trace's are refused`(name: String, claim: String) throws {
    let bench = try Bench(Circuits.mlp())
    var stated = bench.trace
    stated.outputs[bench.rows.row(try bench.block(name), [2])] += 1
    var prover = bench.prover(claiming: stated)
    let proof = try prover.run()
    #expect(try Diagnosis(prover).violated == [claim])
    #expect(bench.refusal(proof) == .refused(.rejected(.equation)))
  }

  private func wrongOutput(_ bench: Bench) throws -> Trace {
    var trace = bench.trace
    try Lie.inRows[0].tell(&trace, bench)
    return trace
  }

  @Test func `h that balances the sums breaks its own equation`() throws {
    let bench = try Bench(Circuits.mlp())
    let row = bench.rows.row(1, [1])
    var prover = bench.prover(try wrongOutput(bench))
    let proof = try prover.run { h, g, lookup in
      h[row] += Self.imbalance(h, g, lookup, bench)
    }
    #expect(try Diagnosis(prover).violated == ["table"])
    #expect(bench.refusal(proof) == .refused(.rejected(.equation)))
  }

  @Test func `g that balances the sums breaks the table`() throws {
    let bench = try Bench(Circuits.mlp())
    var prover = bench.prover(try wrongOutput(bench))
    let proof = try prover.run { h, g, lookup in
      g[40] -= Self.imbalance(h, g, lookup, bench)
    }
    #expect(try Diagnosis(prover).violated == ["table"])
    #expect(bench.refusal(proof) == .refused(.rejected(.equation)))
  }

  /// Σ g − Σ h over all rows.
  private static func imbalance(
    _ h: [Fr], _ g: [Fr], _ lookup: RowCheck.Lookup, _ bench: Bench
  ) -> Fr {
    let rows = Fr(UInt64(1) << UInt64(bench.circuit.system.traceBits))
    return g.reduce(Fr.zero, +) - h.reduce(Fr.zero, +) - lookup.fractionOnPadding * rows
  }

  @Test(arguments: ["w0", "b1", "M0"])
  func `a network of other weights than the key's is refused`(tensor: String) throws {
    let bench = try Bench(Circuits.mlp())
    let index = try #require(bench.circuit.system.tensors.firstIndex { $0.name == tensor })
    var other = bench.circuit
    other.values[index][1] += 1
    let trace = try other.execute()
    var prover = bench.prover(trace)
    prover.cells = try other.cells
    let proof = try prover.run()
    // Everything is consistent but with the key.
    #expect(try Diagnosis(prover).violated.isEmpty)
    #expect(bench.refusal(proof) == .refused(.rejected(.commitments)))
  }

  @Test func `a witness other than the committed one is refused`() throws {
    let bench = try Bench(Circuits.mlp())
    var other = bench.circuit
    other.inputs[0][0] += 1
    let trace = try other.execute()
    var prover = bench.prover(bench.trace, claiming: trace)
    prover.commitWitness()
    prover.trace = trace
    let isCommitted = prover.commitHelpers()
    try #require(isCommitted)
    prover.argue()
    #expect(try Diagnosis(prover).violated.isEmpty)
    #expect(bench.refusal(prover.proof()) == .refused(.rejected(.commitments)))
  }

  @Test func `pads other than the committed ones are refused`() throws {
    let bench = try Bench(Circuits.mlp())
    var prover = bench.prover()
    prover.commitWitness()
    let isCommitted = prover.commitHelpers()
    try #require(isCommitted)
    // The mask cell, which no equation of the verifier reads.
    prover.pads[bench.key.verifier.plan.mask] += .one
    prover.argue()
    #expect(try Diagnosis(prover).violated.isEmpty)
    #expect(bench.refusal(prover.proof()) == .refused(.rejected(.commitments)))
  }

  @Test func `an accumulator that is in no block is refused`() throws {
    // Between the blocks of `gapped`, where the relations know only zero.
    let bench = try Bench.named("gapped")
    var trace = bench.trace
    trace.accumulators[17] = 5
    var prover = bench.prover(trace)
    #expect(bench.refusal(try prover.run()) != nil)
  }
}

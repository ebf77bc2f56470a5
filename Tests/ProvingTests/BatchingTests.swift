import Arguments
import ConstraintSystem
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification

/// A lie that only the random weight between two equations of a row betrays.
struct BatchingTests {
  /// Two rows of a layer take the quotient and limbs of the mean of their products: their residuals
  /// are opposite, their lookups equal, so h can make up for both without moving Σ h. That settles
  /// every claim if rows and lookups are added with weight one, λ₁ being guessed.
  @Test func `a row's residual that its helper makes up for is refused`() throws {
    let bench = try Bench(Circuits.mlp())
    let layer = try bench.block("l0")
    let system = bench.circuit.system
    let block = system.blocks[layer]
    func product(_ cell: Int) -> Int64 {
      bench.trace.accumulators[bench.rows.row(layer, [cell])]
        * bench.rows.multiplier(layer, at: [cell])
    }
    let pairs = (0..<block.count).flatMap { i in (0..<i).map { (i, $0) } }
    let (first, second) = try #require(
      pairs.first { pair in
        let (a, b) = (product(pair.0), product(pair.1))
        return a != b && (a + b) % 2 == 0
      })
    let mean = (product(first) + product(second)) / 2
    var trace = bench.trace
    let places = [first, second].map { bench.rows.row(layer, [$0]) }
    for row in places {
      let accumulator = trace.accumulators[row]
      bench.rows.fill(
        &trace, row: row, accumulator: mean, multiplier: 1, function: block.function,
        shift: block.shift)
      trace.accumulators[row] = accumulator
    }
    bench.rows.redo(&trace, from: layer + 1)
    #expect(bench.rows.recount(&trace) == 0)

    var prover = bench.prover(trace, claiming: trace)
    let proof = try prover.run { helper, _, lookup in
      for (row, cell) in zip(places, [first, second]) {
        let tag = Fr(Table.firstFunctionTag + Int64(block.function))
        var fingerprints = lookup.fingerprint(
          tag, Fr(trace.quotients[row] + block.shift), Fr(trace.outputs[row] + block.shift))
        for (limb, column) in trace.limbs.enumerated() {
          let padding = limb == trace.limbs.count - 1 ? lookup.topLimb : lookup.lowLimb
          fingerprints *= padding + lookup.beta * Fr(column[row])
        }
        helper[row] -= Fr(product(cell) - mean) * fingerprints.inverse()
      }
    }
    #expect(bench.refusal(proof) == .refused(.rejected(.equation)))
  }
}

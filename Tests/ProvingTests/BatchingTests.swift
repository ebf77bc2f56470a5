import ArgumentKernels
import Witness
import Arguments
import ConstraintSystem
import Field
import Proving
import TestSupport
import Testing
import Transcript
import Verification

/// A lie that only the random weight between the equation of inverses and that of the table betrays.
struct BatchingTests {
  /// A row's y is wrong, so that Σ h and Σ g differ. Inverses of another row and of the place of the table
  /// that stands beside it in the zero-check make up for that, and for each other: their residuals are
  /// opposite. That settles every claim if rows and table are added with weight one, λ being guessed.
  @Test func `a row's residual that the table makes up for is refused`() throws {
    let fixture = try Fixture(Circuits.mlp(), inferences: 32)
    let system = fixture.circuit.system
    let layer = try fixture.block("l0")
    var trace = fixture.trace
    let wrong = fixture.rows.row(layer, [0, 1])
    trace.outputs[wrong] += trace.outputs[wrong] == 15 ? -1 : 1
    fixture.rows.redo(&trace, from: layer + 1)
    fixture.rows.recount(&trace)

    let shape = fixture.shape.shape
    let input = system.blocks[0]
    let place = input.offset + 1
    // Row and place of the same number.
    try #require(shape.traceBits == shape.tableBits && place < shape.table.count)
    var triples: [(tag: Int64, input: Int64, output: Int64)] = []
    shape.table.forEachRow { triples.append(($0, $1, $2)) }
    let triple = triples[place]

    var prover = fixture.prover(trace)
    let proof = try prover.run { inverses, tableInverses, lookup in
      let y = Fr(trace.outputs[place] + input.shift)
      var product = lookup.fingerprint(
        Fr(Table.firstFunctionTag + Int64(input.function)), y, y)
      for (limb, column) in trace.limbs.enumerated() {
        let padding = limb == trace.limbs.count - 1 ? lookup.topLimb : lookup.lowLimb
        product *= padding + lookup.beta * Fr(column[place])
      }
      let fingerprint = lookup.fingerprint(Fr(triple.tag), Fr(triple.input), Fr(triple.output))
      // h moves by s, g by −s·D/φ_T.
      let factor = -product * lookup.normalization * fingerprint.inverse()
      let imbalance =
        tableInverses.reduce(Fr.zero, +) - inverses.reduce(Fr.zero, +)
        - lookup.fractionOnPadding * Fr(UInt64(1) << UInt64(shape.traceBits))
      let step = imbalance * (.one - factor).inverse()
      inverses[place] += step
      tableInverses[place] += step * factor
    }
    #expect(try Diagnosis(prover).violated == ["table"])
    #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
  }
}

import ConstraintSystem
import Proving
import TestSupport
import Testing
import Transcript
import Verification
import Witness

/// Ports of several blocks: integers as limbs.
struct WidePortTests {
  private static let values: [[Int64]] = [
    [-2_147_483_648, -1, 255], [2_147_483_647, 0, 256], [-256, 65535, -65536],
  ]

  @Test(arguments: values, [Visibility.public, .private, .committed])
  func `an honest proof is accepted`(values: [Int64], visibility: Visibility) throws {
    for count in [1, 3] {
      let fixture = try Fixture(
        Circuits.words(values, visibility: visibility), inferences: count)
      let (system, trace) = (fixture.circuit.system, fixture.trace)
      #expect(trace.values(at: system.outputs[0], in: system).values == fixture.circuit.inputs[0])
      let proof = try fixture.proof()
      #expect(fixture.refusal(proof) == nil)
      if visibility == .public {
        #expect(proof.statement.outputs[0]?.values == fixture.circuit.inputs[0])
      }
      // A row for each limb at least, or none.
      #expect((proof.statement.commitments.first?.count ?? 0) >= (visibility == .committed ? 4 : 0))
      var reader = ByteReader(proof.encoded(for: fixture.key.system))
      #expect(try Proof(decoding: &reader, for: fixture.key.verifier) == proof)
    }
  }

  /// −0 is another pattern than 0; the least subnormal and the largest number are two like others.
  @Test(
    arguments: [
      [Float(1.5), -0.0, 0], [.leastNonzeroMagnitude, -.greatestFiniteMagnitude, -1],
    ], [Visibility.public, .private, .committed])
  func `patterns of floats are proven`(values: [Float], visibility: Visibility) throws {
    let fixture = try Fixture(Circuits.floats(values, visibility: visibility))
    let proof = try fixture.proof()
    #expect(fixture.refusal(proof) == nil)
    guard visibility == .public else { return }
    var reader = ByteReader(proof.encoded(for: fixture.key.system))
    #expect(try Proof(decoding: &reader, for: fixture.key.verifier) == proof)
    var port = fixture.circuit.system.outputs[0]
    let stated = try #require(proof.statement.outputs[0])
    #expect(FinalValues.applying(port, to: stated)?.elements == .reals(values))
    port.finalSteps = [.argMax(axis: 0)]
    #expect(
      FinalValues.applying(port, to: stated)?.elements
        == .integers([Int64(values.firstIndex(of: values.max() ?? 0) ?? 0)]))
    for place in 0..<3 {
      var altered = proof
      altered.statement.outputs[0]?[place] ^= -(1 << 31)
      #expect(fixture.refusal(altered) != nil)
    }
  }

  /// Hidden ones are what their limbs are.
  @Test(arguments: [Float.infinity, -.infinity, .nan, .signalingNaN])
  func `a public float that is no finite number is refused`(value: Float) throws {
    let fixture = try Fixture(Circuits.floats([1, value, 2]))
    #expect(fixture.refusal(try fixture.proof()) == .statement)
    let hidden = try Fixture(Circuits.floats([1, value, 2], visibility: .private))
    #expect(hidden.refusal(try hidden.proof()) == nil)
  }

  @Test func `a port of floats has no scale, no zero point, a block and 32 bits`() throws {
    func refusal(_ change: (inout ConstraintSystem) -> Void) -> KeyError? {
      var system = Circuits.floats().system
      change(&system)
      do throws(KeyError) {
        try system.validate()
        return nil
      } catch {
        return error
      }
    }
    #expect(refusal { _ in } == nil)
    #expect(refusal { $0.inputs[0].scale = 0.5 } == .portType(.input(0), .float32))
    #expect(refusal { $0.outputs[0].zeroPoint = 1 } == .portType(.output(0), .float32))
    #expect(refusal { $0.inputs[0].blocks = [] } == .portType(.input(0), .float32))
    #expect(
      refusal { $0.functions[3] = .identity(-2...1) }
        == .inputRange(input: 0, -(1 << 32)...(1 << 32) - 1, type: .float32))
  }

  @Test(arguments: [Int64(1) << 31, -(1 << 31) - 1, .max, .min])
  func `integers that no limbs make are refused`(value: Int64) throws {
    #expect(throws: ExecutionError.self) { try Circuits.words([value, 0, 0]).execute() }
    let fixture = try Fixture(Circuits.words())
    var proof = try fixture.proof()
    proof.statement.inputs[0]?[0] = value
    #expect(fixture.refusal(proof) == .statement)
  }

  /// One of each limb, and the carry of one limb into the next.
  @Test(arguments: [1, 256, 65536, 16_777_216, 255, -1, 4_278_190_080])
  func `another integer is refused`(step: Int64) throws {
    let fixture = try Fixture(Circuits.words([-2_147_483_648, -1, 255]))
    let proof = try fixture.proof()
    for place in 0..<3 {
      for isInput in [true, false] {
        var altered = proof
        if isInput {
          altered.statement.inputs[0]?[place] += step
        } else {
          altered.statement.outputs[0]?[place] += step
        }
        #expect(fixture.refusal(altered) != nil)
      }
    }
  }

  /// Of x, and of its copies, the last of which is an output by itself too.
  @Test(arguments: 0..<8)
  func `a prover that states another limb is refused`(block: Int) throws {
    let fixture = try Fixture(Circuits.words([1, 2, 3]))
    var stated = fixture.trace
    stated.outputs[fixture.rows.row(block, [1])] += 1
    var prover = fixture.prover(claiming: stated)
    let proof = try prover.run()
    #expect(
      try Diagnosis(prover).violated
        == (block == 7 ? ["public 7", "public 8"] : ["public \(block)"]))
    #expect(fixture.refusal(proof) == .refused(.rejected(.equation)))
  }

  /// 255 as 255 and 0, or as −1 and 1: the lower limb's range is what makes it one tuple.
  @Test func `an integer in other limbs is refused`() throws {
    let fixture = try Fixture(Circuits.words([255, 255, 255]))
    var trace = fixture.trace
    for (block, value) in [(0, -1), (1, 1)] {
      let row = fixture.rows.row(block, [0])
      fixture.rows.fill(
        &trace, row: row, accumulator: Int64(value), multiplier: 256, function: 0, shift: 0)
      trace.outputs[row] = Int64(value)
    }
    fixture.rows.redo(&trace, from: 4)
    fixture.rows.recount(&trace)
    #expect(
      trace.values(at: fixture.circuit.system.inputs[0], in: fixture.circuit.system) == [
        255, 255, 255,
      ])
    var prover = fixture.prover(trace)
    #expect(fixture.refusal(try prover.run()) == .refused(.rejected(.equation)))
    // Hidden limbs are bound by their ranges alone. It passes where one may be −1, which no key may say.
    let hidden = try Fixture(Circuits.words([255, 255, 255], visibility: .private))
    #expect(hidden.refusal(try hidden.proof()) == nil)
    var wrong = Circuits.words([255, 255, 255], visibility: .private)
    wrong.system.functions[0] = .identity(-1...255)
    #expect(throws: KeyError.limb(.input(0), 0, -1...255)) { try wrong.system.validate() }
    let rows = try NaiveRows(wrong)
    var other = try wrong.execute()
    for (block, value) in [(0, -1), (1, 1)] {
      rows.fill(
        &other, row: rows.row(block, [0]), accumulator: Int64(value), multiplier: 256, function: 0,
        shift: 0)
    }
    rows.redo(&other, from: 4)
    rows.recount(&other)
    #expect(other.values(at: wrong.system.inputs[0], in: wrong.system) == [255, 255, 255])
    let shape = ProofLayout(wrong.system)
    var lying = Prover(other, key: hidden.key, as: shape, context: [], entropy: Fixture.entropy)
    let body = try lying.run().body
    try Verifier.verify(
      body, statement: lying.statement, as: shape, key: hidden.key.verifier,
      transcript: lying.statement.transcript(key: hidden.key.verifier))
  }

  @Test func `limbs in another order are another key's`() throws {
    let fixture = try Fixture(Circuits.words([1, 2, 3]))
    var swapped = fixture.circuit.system
    swapped.inputs[0].blocks.swapAt(0, 1)
    try swapped.validate()
    #expect(swapped.digest != fixture.circuit.system.digest)
    let proof = try fixture.proof()
    #expect(throws: ProofError.self) {
      try Verifier.verify(
        proof.body, statement: proof.statement, as: ProofLayout(swapped), key: fixture.key.verifier,
        transcript: proof.statement.transcript(key: fixture.key.verifier))
    }
    // The order in the key is all that says which limb is which: by another, 1 is 256.
    let shape = ProofLayout(swapped)
    var prover = Prover(
      fixture.trace, key: fixture.key, as: shape, context: [], entropy: Fixture.entropy)
    let other = try prover.run()
    #expect(other.statement.inputs[0] == [1 << 8, 2 << 8, 3 << 8])
    try Verifier.verify(
      other.body, statement: other.statement, as: shape, key: fixture.key.verifier,
      transcript: other.statement.transcript(key: fixture.key.verifier))
    // The same values are claimed in the same order, of cells that other commitments hold.
    #expect(fixture.refusal(other) == .refused(.rejected(.commitments)))
  }
}

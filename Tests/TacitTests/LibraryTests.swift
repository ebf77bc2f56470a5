import ConstraintSystem
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// The public library on a real model, from file bytes to file bytes.
struct LibraryTests {
  @Test func `a float model is compiled, proven and verified, from files alone`() throws {
    let made = try Digits.compile()
    let prover = try ModelProver(made.file)
    #expect(prover.file == made.file)
    let proof = try prover.prove(Digits.arrays(Digits.input), context: [1, 2, 3])
    let verifier = try ModelVerifier(made.verifier.file)
    let inference = try verifier.verify(proof, modelID: made.modelID, context: [1, 2, 3])
    #expect(inference.modelID == made.modelID)
    #expect(inference.context == [1, 2, 3])
    // expected.json: the float network's logits before Softmax.
    let expected = [
      -3.1248, -2.801, -8.2548, -0.6347, -1.8566, 14.4075, -2.8173, -2.1296, -6.7646, -3.6026,
    ]
    let reals = try #require(inference.outputs.first?.reals)
    for (real, logit) in zip(reals, expected) { #expect(abs(real - logit) < 0.2) }
    let final = try #require(inference.finalOutput)
    #expect(final.steps == ["softmax"])
    guard case .reals(let shares) = final.elements else {
      Issue.record("softmax gives reals")
      return
    }
    #expect(shares.firstIndex(of: shares.max() ?? 0) == 5)
    #expect(abs(shares.reduce(0, +) - 1) < 1e-5)
    #expect(proof.count == verifier.description.proofBytes + 3)
  }

  @Test func `every bit flipped in a proof's first and last bytes is refused`() throws {
    let prover = try Digits.compileQuantized()
    let verifier = prover.verifier
    let proof = try prover.prove(Digits.arrays(Digits.input))
    for place in Array(0..<160) + Array((proof.count - 160)..<proof.count) {
      var altered = proof
      altered[place] ^= 1 << UInt8(place % 8)
      #expect(throws: VerificationFailure.self, "byte \(place)") { try verifier.verify(altered) }
    }
    for count in [0, 9, 10, 42, proof.count - 1] {
      #expect(throws: VerificationFailure.self) { try verifier.verify(Array(proof[..<count])) }
    }
    #expect(throws: VerificationFailure.self) { try verifier.verify(proof + [0]) }
  }

  @Test func `a proof is for its model and its context only`() throws {
    let (first, second) = (try Digits.compileQuantized(), try Digits.compileQuantized())
    // Fresh blinders: another key for the same network.
    #expect(first.modelID != second.modelID)
    let proof = try first.prove(Digits.arrays(Digits.input), context: Array("job".utf8))
    #expect(
      throws: VerificationFailure.otherModel(proof: first.modelID, key: second.modelID)
    ) { try second.verifier.verify(proof) }
    #expect(
      throws: VerificationFailure.otherContext(expected: [], proof: Array("job".utf8))
    ) { try first.verifier.verify(proof, context: []) }
    #expect(
      throws: VerificationFailure.pinnedModel(expected: second.modelID, key: first.modelID)
    ) { try first.verifier.verify(proof, modelID: second.modelID) }
    #expect(try first.verifier.verify(proof).context == Array("job".utf8))
  }

  /// A key of another model is not looked into: what it asks for is nobody's concern.
  @Test func `a pinned model id is compared before the key is read`() throws {
    let verifier = try Digits.compileQuantized().verifier
    #expect(try ModelVerifier(verifier.file, modelID: verifier.modelID).modelID == verifier.modelID)
    let garbage = Array(verifier.file[..<10]) + [UInt8](repeating: 0xFF, count: 40)
    #expect {
      try ModelVerifier(garbage, modelID: verifier.modelID)
    } throws: { error in
      if case .pinnedModel(verifier.modelID, _)? = error as? VerificationFailure {
        true
      } else {
        false
      }
    }
    #expect {
      try ModelVerifier(garbage)
    } throws: { error in
      if case .key? = error as? VerificationFailure { true } else { false }
    }
  }

  @Test func `a verifier's file is the whole file`() throws {
    let verifier = try Digits.compileQuantized().verifier
    #expect(try ModelVerifier(verifier.file).modelID == verifier.modelID)
    #expect(throws: VerificationFailure.self) { try ModelVerifier(verifier.file + [0]) }
  }

  @Test func `many proofs are verified together, each by itself`() throws {
    let prover = try Digits.compileQuantized()
    let other = try Digits.compileQuantized()
    let input = try Digits.arrays(Digits.input)
    var files = try ["a", "b", "c"].map { try prover.prove(input, context: Array($0.utf8)) }
    files[1][files[1].count - 1] ^= 1
    files.append(try other.prove(input))
    files.append([1, 2, 3])
    let results = try prover.verifier.verifyAll(files)
    #expect(try results[0].get().context == Array("a".utf8))
    #expect(throws: VerificationFailure.self) { try results[1].get() }
    #expect(try results[2].get().context == Array("c".utf8))
    #expect(
      throws: VerificationFailure.otherModel(proof: other.modelID, key: prover.modelID)
    ) { try results[3].get() }
    #expect(throws: VerificationFailure.self) { try results[4].get() }
    let bound = try prover.verifier.verifyAll(files, context: Array("c".utf8))
    #expect(bound.map { (try? $0.get()) != nil } == [false, false, true, false, false])
    #expect(throws: VerificationFailure.noProofs) { try prover.verifier.verifyAll([]) }
    #expect(
      throws: VerificationFailure.pinnedModel(expected: other.modelID, key: prover.modelID)
    ) { try prover.verifier.verifyAll(files, modelID: other.modelID) }
  }

  /// The first rows of the digits' test set.
  private func digits(_ count: Int) throws -> NamedArrays {
    let all = try NumericArray.read(Digits.bytes("test-inputs.npy"), named: "test-inputs.npy")
    let values = all.reals.prefix(64 * count).map { Double($0) }
    return NamedArrays(
      try NumericArray(shape: [count, 64], element: .float32, values: .real(values)))
  }

  @Test(arguments: [2, 5, 16])
  func `one proof of several inferences says what each of them gives`(count: Int) throws {
    let prover = try Digits.compileQuantized()
    let inputs = try digits(count)
    let proof = try prover.prove(inputs, context: [7])
    let inference = try prover.verifier.verify(proof, context: [7])
    #expect(inference.inferences == count)
    #expect(try ProofDescription(proof).inferences == count)
    #expect(prover.verifier.proofBytes(inferences: count) == proof.count - 1)
    #expect(inference.inputs.map(\.shape) == [[count, 64]])
    #expect(inference.outputs.map(\.shape) == [[count, 10]])
    let (proven, finals) = (try prover.run(inputs, lastSteps: false), try prover.run(inputs))
    #expect(inference.outputs[0].integers == proven.integers)
    let last = inference.outputs[0].integers(of: count - 1)
    #expect(last == proven.integers.map { Array($0.suffix(10)) })
    #expect(inference.outputs[0].integers(of: count) == nil)
    #expect(inference.outputs[0].integers(of: -1) == nil)
    #expect(inference.outputs[0].integers(of: .max) == nil)
    #expect(inference.finalOutputs.count == count)
    let final = try #require(inference.finalOutput)
    #expect(final.shape == finals.shape && final.shape == [count, 10])
    guard case .reals(let shares) = final.elements else {
      Issue.record("softmax gives reals")
      return
    }
    #expect(shares == finals.reals)
    try inference.confirm(input: inputs)
    try inference.confirm(output: finals)
    try inference.confirm(output: proven)
    #expect(throws: ClaimFailure.self) { try inference.confirm(input: digits(count - 1)) }
    let report = try prover.check(inputs)
    #expect(report.violations.isEmpty && report.inferences == count)
  }

  @Test func `a batch is smaller and says more than proofs one by one`() throws {
    let verifier = try Digits.compileQuantized().verifier
    let alone = verifier.description.proofBytes
    let sizes = try [4, 16, 64].map { try #require(verifier.proofBytes(inferences: $0)) / $0 }
    #expect(sizes[0] < alone && sizes[1] < sizes[0] && sizes[2] < sizes[1])
    #expect(verifier.description.maximalInferences == 4096)
    #expect(
      verifier.proofBytes(inferences: 4097) == nil && verifier.proofBytes(inferences: 0) == nil)
  }

  @Test func `arrays that are no batch of inputs are refused with both shapes`() throws {
    let prover = try Digits.compileQuantized()
    for shape in [[2, 63], [0, 64], [64, 2], [3, 2, 64], [2, 32]] {
      let zeros = [Double](repeating: 0, count: shape.reduce(1, *))
      let array = try NumericArray(shape: shape, element: .float32, values: .real(zeros))
      let error = #expect(throws: TacitError.self) { try prover.prove(NamedArrays(array)) }
      #expect("\(error, default: "")".contains("shape [1, 64], the file's array has \(shape)"))
    }
    let error = #expect(throws: TacitError.self) {
      let zeros = [Double](repeating: 0, count: 4097 * 64)
      return try prover.prove(
        NamedArrays(NumericArray(shape: [4097, 64], element: .float32, values: .real(zeros))))
    }
    #expect("\(error, default: "")".contains("4097 inferences are more than one proof"))
  }

  @Test func `a batch's hidden output is not asked for its last steps`() throws {
    let prover = try Digits.compileQuantized(
      CompilationOptions(input: .committed, output: .private))
    let inference = try prover.verifier.verify(prover.prove(digits(3)))
    #expect(inference.inferences == 3 && inference.finalOutputs.isEmpty)
    #expect(inference.inputs[0].commitment.isEmpty == false)
  }

  @Test func `proofs of different numbers of inferences are verified together`() throws {
    let prover = try Digits.compileQuantized()
    var files = try [1, 3, 4, 2, 8, 5].map { try prover.prove(digits($0), checked: false) }
    files[2][files[2].count - 1] ^= 1
    let results = try prover.verifier.verifyAll(files)
    #expect(results.map { (try? $0.get())?.inferences } == [1, 3, nil, 2, 8, 5])
  }

  @Test(arguments: [TensorVisibility.private, .committed])
  func `hidden inputs and outputs stay out of the proof`(_ visibility: TensorVisibility) throws {
    let prover = try Digits.compileQuantized(
      CompilationOptions(input: visibility, output: visibility))
    let proof = try prover.prove(Digits.arrays(Digits.input))
    let inference = try prover.verifier.verify(proof)
    for tensor in inference.inputs + inference.outputs {
      #expect(tensor.integers == nil && tensor.reals == nil)
      #expect(tensor.commitment.isEmpty == (visibility == .private))
    }
    #expect(inference.finalOutput == nil)
    #expect(throws: ClaimFailure.hidden(.input)) {
      try inference.confirm(input: Digits.arrays(Digits.input))
    }
    // The same input in the open, to know its bytes.
    let open = try Digits.compileQuantized()
    let known = try open.verifier.verify(open.prove(Digits.arrays(Digits.input)))
    let bytes = try #require(known.inputs.first?.integers).map { UInt8(truncatingIfNeeded: $0) }
    #expect(!contains(proof, bytes[10..<26]))
  }

  @Test func `weights occur in the prover's file and in no other`() throws {
    let prover = try Digits.compileQuantized()
    let proof = try prover.prove(Digits.arrays(Digits.input))
    let published = prover.verifier.file
    // Beyond the digest, the verifier key's bytes and the seed stand the values of the model.
    let secrets = prover.file[(32 + published.count + 32)...]
    let pieces = stride(from: secrets.startIndex, to: secrets.endIndex - 12, by: 7).map {
      secrets[$0..<$0 + 12]
    }
    #expect(pieces.count > 100)
    for piece in pieces where Set(piece).count > 6 {
      #expect(!contains(published, piece) && !contains(proof, piece))
    }
  }

  @Test func `public weights give the same keys every time, and no blinding`() throws {
    let options = CompilationOptions(weightsArePublic: true)
    let (first, second) = (try Digits.compile(options), try Digits.compile(options))
    #expect(first.modelID == second.modelID)
    #expect(first.file == second.file)
    #expect(first.verifier.file == second.verifier.file)
    let proof = try first.prove(Digits.arrays(Digits.input))
    _ = try second.verifier.verify(proof)
    // Two proofs of one statement still share nothing but the statement.
    let again = try first.prove(Digits.arrays(Digits.input))
    #expect(proof.prefix(118) == again.prefix(118))
    #expect(proof[118..<150] != again[118..<150])
  }

  @Test func `a claimed input or output is compared with what was proven`() throws {
    let prover = try Digits.compileQuantized()
    let input = try Digits.arrays(Digits.input)
    let inference = try prover.verifier.verify(prover.prove(input))
    try inference.confirm(input: input)
    let outputs = try prover.run(input)
    try inference.confirm(output: outputs)
    let integers = try #require(inference.outputs.first?.integers)
    try inference.confirm(
      output: NumericArray(shape: [1, 10], element: .int8, values: .integer(integers)))
    var other = integers
    other[9] += 1
    #expect(throws: ClaimFailure.self) {
      try inference.confirm(
        output: NumericArray(shape: [1, 10], element: .int8, values: .integer(other)))
    }
    let zeros = NamedArrays(
      try NumericArray(
        shape: [1, 64], element: .float32, values: .real([Double](repeating: 0, count: 64))))
    #expect(throws: ClaimFailure.self) { try inference.confirm(input: zeros) }
  }

  @Test func `every constraint holds, exactly, and a damaged weight is found`() throws {
    let prover = try Digits.compileQuantized()
    #expect(try prover.check(Digits.arrays(Digits.input)).violations.isEmpty)
    // Under a digest that fits: no accident, another weight.
    var payload = Array(prover.file.dropFirst(FileFormat.headerBytes + 32))
    payload[payload.count - 1] ^= 1
    let damaged = try ModelProver(FileFormat.wrap(.prover, payload))
    let found = try? damaged.check(Digits.arrays(Digits.input)).violations
    #expect(found?.isEmpty != true)
    #expect(throws: TacitError.self) { try damaged.prove(Digits.arrays(Digits.input)) }
  }

  @Test func `a prover's file stays within three times the model's plus 64 KB`() throws {
    let prover = try Digits.compile()
    #expect(prover.file.count <= 3 * (try Digits.bytes("model.onnx").count) + 65_536)
    let description = prover.verifier.description
    #expect(prover.verifier.file.count == description.keyBytes)
  }

  private func contains(_ bytes: [UInt8], _ piece: ArraySlice<UInt8>) -> Bool {
    guard let first = piece.first else { return true }
    return bytes.indices.contains { start in
      bytes[start] == first && bytes[start...].starts(with: piece)
    }
  }
}

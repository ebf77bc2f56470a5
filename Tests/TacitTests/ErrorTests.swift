import ConstraintSystem
import Tacit
import TacitVerifier
import TestSupport
import Testing

/// Errors as a program meets them: by their cases and values, with no sentence read.
struct ErrorTests {
  private static let pixels = [Double](repeating: 1, count: 64)

  private static func arrays(
    _ values: [Double], shape: [Int] = [1, 64], as reading: InputReading = .automatic
  ) throws -> NamedArrays {
    NamedArrays(
      try NumericArray(shape: shape, element: .float32, values: .real(values)), reading: reading)
  }

  /// What a server might answer with.
  private static func httpStatus(_ error: TacitError) -> Int {
    switch error {
    case .input(.inferences), .input(.context), .tooLarge: 413
    case .unsupported: 422
    default: error.subject == .key ? 500 : 400
    }
  }

  @Test func `an input that does not fit says which value of which tensor`() throws {
    let prover = try Digits.compileQuantized()
    func fault(_ arrays: NamedArrays) throws -> InputFault? {
      let error = #expect(throws: TacitError.self) { try prover.prove(arrays) }
      guard case .input(let fault)? = error else { return nil }
      return fault
    }
    #expect(
      try fault(Self.arrays(Self.pixels, shape: [8, 8]))
        == .shape(input: "pixels", expected: [1, 64], given: [8, 8]))
    var values = Self.pixels
    values[10] = 300
    guard
      case .outOfRange("pixels", let place, 300, .int8)? = try fault(
        Self.arrays(values, as: .integers))
    else {
      Issue.record("300 is no int8")
      return
    }
    #expect(place.inference == 0 && place.position == [0, 10])
    values[10] = 0.5
    guard
      case .notAnInteger("pixels", _, 0.5, .int8, let scale, _)? = try fault(
        Self.arrays(values, as: .integers))
    else {
      Issue.record("a half is no integer")
      return
    }
    #expect(scale == prover.verifier.description.inputs[0].scale)
    guard
      case .notFinite("pixels", let place, .infinity)? = try fault(
        Self.arrays(Self.pixels + Self.pixels.dropLast() + [.infinity], shape: [2, 64]))
    else {
      Issue.record("infinity is not finite")
      return
    }
    #expect(place.inference == 1 && place.position == [0, 63])
    #expect("\(place)" == "[0, 63] of row 1")
  }

  @Test func `what is too much is told with its limit`() throws {
    let prover = try Digits.compileQuantized()
    let limit = prover.maximalInferences
    let many = try Self.arrays(
      [Double](repeating: 1, count: 64 * (limit + 1)), shape: [limit + 1, 64])
    let inferences = TacitError.input(.inferences(limit + 1, limit: limit))
    #expect(throws: inferences) { try prover.prove(many) }
    #expect(throws: inferences) { try prover.expectedCost(inferences: limit + 1) }
    let context = TacitError.input(.context(bytes: 65_537, limit: 65_536))
    #expect(throws: context) {
      try prover.prove(
        Digits.arrays(Digits.input), context: [UInt8](repeating: 0, count: 65_537))
    }
    #expect(Self.httpStatus(inferences) == 413 && Self.httpStatus(context) == 413)
    let room = TacitError.tooLarge(inferences: 3, bytes: 1 << 40, available: 1 << 30)
    #expect(room.subject == .input)
    #expect(
      "\(room)"
        == "the input does not fit: 3 inferences at once take about 1048576 MB of memory, more "
        + "than the 1024 MB of this machine; take fewer")
  }

  @Test func `calibration that is missing names what is wanted`() throws {
    let error = #expect(throws: TacitError.self) {
      try ModelProver.compile(Digits.bytes("model.onnx"))
    }
    guard case .calibration(.missing(let inputs))? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(inputs.map(\.name) == ["pixels"] && inputs.map(\.shape) == [[1, 64]])
    #expect(throws: TacitError.calibration(.unwanted)) {
      try ModelProver.compile(
        Digits.bytes("model-int8-qdq.onnx"), calibration: Digits.arrays("calibration.npy"))
    }
  }

  @Test func `every node that stands in the way is listed, with what is known of it`() throws {
    let bytes = try Vectors.bytes("networks/unsupported/unsupported.onnx")
    let error = try #require(throws: TacitError.self) { try ModelProver.compile(bytes) }
    guard case .unsupported(let nodes, let operators) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(nodes.count == 4 && operators.contains { $0.hasPrefix("Relu (") })
    let hardmax = try #require(nodes.first { $0.name == "hardmax" })
    #expect(hardmax.type == "Hardmax" && hardmax.isUnknownOperator && !hardmax.remedy.isEmpty)
    #expect(error.subject == .model && Self.httpStatus(error) == 422)
  }

  @Test func `bytes that are no key say what they are, and where they end`() throws {
    let prover = try Digits.compileQuantized()
    func fault(_ file: [UInt8]) throws -> FileFault {
      let error = #expect(throws: TacitError.self) { try ModelProver(file) }
      guard case .key(.key(.file(let fault)))? = error else {
        return try #require(nil as FileFault?)
      }
      return fault
    }
    #expect(try fault(Array("hello, world".utf8)).kind == .notTacit)
    #expect(try fault(prover.verifier.file).kind == .otherKind)
    var newer = prover.file
    newer[8] = 9
    #expect(try fault(newer).kind == .otherVersion(file: 9, supported: 4))
    var flipped = prover.file
    flipped[100] ^= 1
    #expect(try fault(flipped).kind == .damaged)
    let verifier = prover.verifier.file
    let error = #expect(throws: VerificationFailure.self) {
      try ModelVerifier(Array(verifier.dropLast()))
    }
    guard case .key(.file(let cut))? = error, case .truncated(let missing) = cut.kind else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(missing > 0 && (cut.offset ?? 0) > 0)
  }

  @Test func `a proof that is refused says whether it was read`() throws {
    let prover = try Digits.compileQuantized()
    let (verifier, proof) = (prover.verifier, try prover.prove(Digits.arrays(Digits.input)))
    let cut = #expect(throws: VerificationFailure.self) {
      try verifier.verify(Array(proof.dropLast()))
    }
    guard case .proof(.file(let fault))? = cut, case .truncated = fault.kind else {
      Issue.record("\(String(describing: cut))")
      return
    }
    var flipped = proof
    flipped[flipped.count - 1] ^= 0xFF
    let error = #expect(throws: VerificationFailure.self) { try verifier.verify(flipped) }
    guard case .refused? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `a claim that is not what was proven says where they differ`() throws {
    let prover = try Digits.compileQuantized()
    let input = try Digits.arrays(Digits.input)
    let inference = try prover.verifier.verify(prover.prove(input))
    let proven = try #require(inference.outputs[0].integers)
    var other = proven
    other[9] ^= 1
    #expect(
      throws: ClaimFailure.otherOutput(.integer(index: 9, proven: proven[9], claimed: other[9]))
    ) {
      try inference.confirm(
        output: NumericArray(shape: [1, 10], element: .int8, values: .integer(other)))
    }
    #expect(throws: ClaimFailure.unfitOutput(expected: [1, 10], given: [3])) {
      try inference.confirm(
        output: NumericArray(shape: [3], element: .int8, values: .integer([1, 2, 3])))
    }
    #expect(throws: ClaimFailure.unfitInput(.claimedInferences(2, proven: 1))) {
      try inference.confirm(input: Self.arrays(Self.pixels + Self.pixels, shape: [2, 64]))
    }
  }

  @Test(arguments: [
    ("[1, 2", ArrayFileError.Kind.syntax), ("[[1, 2], [3]]", .shape), ("[1, x]", .notANumber),
    ("{\"x\": [1], \"x\": [2]}", .arrays), ("[1, 1e999]", .notANumber),
  ])
  func `numbers that cannot be read say what kind of fault it is`(
    text: String, kind: ArrayFileError.Kind
  ) throws {
    let error = #expect(throws: ArrayFileError.self) {
      try NamedArrays(Array(text.utf8), named: "x.json")
    }
    #expect(error?.kind == kind && error?.position != nil)
  }

  @Test func `an archive's fault names the file in it`() throws {
    var bytes = try Vectors.bytes("arrays/stored.npz")
    let last = try #require(bytes.lastIndex(of: 127))
    bytes[last] ^= 0x80
    let error = #expect(throws: ArrayFileError.self) { try NamedArrays(bytes, named: "x.npz") }
    #expect(error?.kind == .damaged && error?.entry?.hasSuffix(".npy") == true)
    let csv = #expect(throws: ArrayFileError.self) {
      try NamedArrays(Array("1,2\n3,x\n".utf8), named: "x.csv")
    }
    #expect(csv?.position == .line(2, column: 2))
  }
}

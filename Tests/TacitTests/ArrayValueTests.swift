import Tacit
import TacitVerifier
import TestSupport
import Testing

/// Arrays as a program has them, in and out: no file is made or read.
struct ArrayValueTests {
  @Test func `floats go in and shares come out`() throws {
    let prover = try Digits.compileQuantized()
    let pixels: [Float] = try NumericArray.read(Digits.bytes(Digits.input), named: Digits.input)
      .values(as: Float.self)
    let proof = try prover.prove(NamedArrays(pixels, shape: [1, 64]))
    let inference = try prover.verifier.verify(proof)
    try inference.confirm(input: Digits.arrays(Digits.input))
    let shares = try #require(inference.output(as: Float.self))
    #expect(shares.count == 10 && shares.firstIndex(of: shares.max() ?? 0) == 5)
    #expect(try prover.run(NamedArrays(pixels, shape: [64])).values(as: Float.self) == shares)
    // Shares are no integers; what was proven before softmax is.
    #expect(inference.output(as: Int.self) == nil)
    let logits = try #require(inference.outputs[0].values(as: Int8.self))
    #expect(logits.map { Int64($0) } == inference.outputs[0].integers)
    #expect(inference.outputs[0].values(as: UInt8.self) == nil)
    #expect(inference.outputs[0].values(as: Double.self) == inference.outputs[0].reals)
  }

  @Test func `integers of any width are the same input`() throws {
    let prover = try Digits.compileQuantized()
    let integers = (0..<128).map { Int8(truncatingIfNeeded: $0 - 64) }
    let first = try prover.verifier.verify(
      prover.prove(NamedArrays(integers, shape: [2, 64], reading: .integers)))
    #expect(first.inferences == 2)
    #expect(first.inputs[0].values(as: Int8.self) == integers)
    for inputs in [
      try NamedArrays(integers.map { Int32($0) }, shape: [2, 64], reading: .integers),
      try NamedArrays(integers.map { Int64($0) }, shape: [2, 64], reading: .integers),
      try NamedArrays(integers.map { Double($0) }, shape: [2, 64], reading: .integers),
    ] { try first.confirm(input: inputs) }
  }

  @Test func `an array keeps the type that it was made of`() throws {
    #expect(try NumericArray([1, 2] as [Int8], shape: [2]).element == .int8)
    #expect(try NumericArray([1, 2] as [UInt8], shape: [2]).element == .uint8)
    #expect(try NumericArray([1, 2] as [Int16], shape: [2]).element == .int16)
    #expect(try NumericArray([1, 2] as [UInt16], shape: [2]).element == .int32)
    #expect(try NumericArray([1, 2] as [Int32], shape: [2]).element == .int32)
    #expect(try NumericArray([1, 2] as [UInt32], shape: [2]).element == .int64)
    #expect(try NumericArray([1, 2], shape: [2]).element == .int64)
    #expect(try NumericArray([1, 2] as [Float], shape: [2]).element == .float32)
    #expect(try NumericArray([1, 2] as [Double], shape: [1, 2]).element == .float64)
    let array = try NumericArray([-1.5, 2] as [Float], shape: [2, 1])
    #expect(array.shape == [2, 1] && array.values == .real([-1.5, 2]))
    #expect(try NumericArray.read(array.npy(), named: "x.npy") == array)
  }

  @Test func `what a type does not hold is not given in it`() throws {
    let array = try NumericArray([-1, 0, 255] as [Int64], shape: [3])
    #expect(array.values(as: Int16.self) == [-1, 0, 255])
    #expect(array.values(as: UInt8.self) == nil && array.values(as: Int8.self) == nil)
    #expect(array.values(as: Float.self) == [-1, 0, 255])
    #expect(try NumericArray([0.5], shape: [1]).values(as: Int.self) == nil)
    #expect(try NumericArray([2.0], shape: [1]).values(as: Int.self) == [2])
  }

  @Test func `values that do not fit their shape are refused`() {
    let wrong = #expect(throws: ArrayFileError.self) {
      try NamedArrays([1, 2, 3] as [Float], shape: [2, 2])
    }
    #expect(wrong?.kind == .shape)
    let wide = #expect(throws: ArrayFileError.self) {
      try NumericArray([UInt64.max], shape: [1])
    }
    #expect(wide?.kind == .notANumber)
    #expect(throws: ArrayFileError.self) { try NumericArray([Int8](), shape: [-1, 0]) }
  }
}

import Import
import Model
import TestSupport
import Testing

/// QONNX's quantizers as files state them: what is refused, in whose words.
struct QuantNodeTests {
  typealias X = ONNXBytes

  private static func scalars(
    scale: [Float] = [0.5], zero: Float = 0, bits: Float = 4
  ) -> [UInt8] {
    X.reals("s", scale.count == 1 ? [] : [1, scale.count], scale) + X.reals("z", [], [zero])
      + X.reals("b", [], [bits])
  }

  /// A quantized input, a dense layer of quantized weights, and a quantizer behind it.
  private static func model(
    _ first: [UInt8] = scalars(), weight: [UInt8] = X.node("Quant", ["w", "u", "z", "b"], ["v"]),
    last: [UInt8] = X.node("Quant", ["a", "s", "z", "b"], ["y"]), more: [UInt8] = []
  ) -> [UInt8] {
    X.model(
      X.input("x", [1, 4]), first, X.reals("u", [], [0.25]),
      X.reals("w", [4, 4], (0..<16).map { Float($0) / 8 - 1 }),
      X.node("Quant", ["x", "s", "z", "b"], ["q"]), weight, X.node("MatMul", ["q", "v"], ["a"]),
      last,
      more, X.output("y"))
  }

  private func problem(_ bytes: [UInt8]) throws -> String {
    let survey = try ONNXReader.survey(bytes)
    let problem = try #require(survey.problems.first)
    #expect(survey.problems.allSatisfy { !$0.remedy.isEmpty }, "\(survey.problems)")
    return "\(problem.what); \(problem.remedy)"
  }

  @Test func `a network between quantizers is exact`() throws {
    let survey = try ONNXReader.survey(Self.model())
    #expect(survey.problems.isEmpty && survey.notes.isEmpty)
    #expect(survey.graph.arithmetic == .exact)
    #expect(survey.nodes.map(\.type) == ["Quant", "MatMul", "DequantizeLinear"])
    let network = try IntegerNetwork(survey.graph)
    let quantization = try #require(network.graph.tensors[network.graph.inputs[0]].quantization)
    #expect(quantization.rule?.range == -8...7 && quantization.scales == [0.5])
  }

  @Test(arguments: [
    (scalars(scale: [0]), "its scale is 0.0, and no positive number"),
    (scalars(scale: [-1]), "its scale is -1.0"), (scalars(scale: [.nan]), "its scale is nan"),
    (scalars(zero: 0.5), "its zero point is no integer"),
    (scalars(bits: 0), "its bit width is no integer from 1 to 32"),
    (scalars(bits: 2.5), "its bit width is no integer from 1 to 32"),
    (scalars(bits: 17), "an activation of integers from -65536 to 65535; use at most 16 bits"),
    (scalars(scale: [1, 2, 3, 4]), "a scale per channel on an activation; "),
    (scalars(scale: [1, 2, 3]), "a scale of shape [1, 3] for values of shape [1, 4]; "),
  ])
  func `a quantizer that no rows follow is refused`(_ constants: [UInt8], words: String) throws {
    let problem = try problem(Self.model(constants))
    #expect(problem.contains(words), "\(problem)")
  }

  @Test func `attributes that nobody knows are refused by name`() throws {
    func last(_ attribute: [UInt8]) -> [UInt8] {
      Self.model(last: X.node("Quant", ["a", "s", "z", "b"], ["y"], attribute))
    }
    #expect(
      try problem(last(X.attribute("rounding_mode", "NEAREST")))
        .contains("its attribute rounding_mode = \"NEAREST\" is not supported; use ROUND"))
    #expect(try problem(last(X.attribute("signed", 2))).contains("attribute signed is neither"))
    #expect(try problem(last(X.attribute("spline", 2))).contains("its attribute spline"))
    #expect(try ONNXReader.survey(last(X.attribute("rounding_mode", "floor"))).problems.isEmpty)
  }

  @Test func `weights without a quantizer, and reals that are read as such, are refused`() throws {
    #expect(
      try problem(Self.model(weight: X.node("Identity", ["w"], ["v"])))
        == "weight \"w\" is not quantized; put a Quant on it")
    let both =
      X.node("Quant", ["a", "s", "z", "b"], ["y"]) + X.node("Quant", ["a", "u", "z", "b"], ["t"])
    let bytes = X.model(
      X.input("x", [1, 4]), Self.scalars(), X.reals("u", [], [0.25]),
      X.reals("w", [4, 4], (0..<16).map { Float($0) / 8 - 1 }),
      X.node("Quant", ["x", "s", "z", "b"], ["q"]), X.node("Quant", ["w", "u", "z", "b"], ["v"]),
      X.node("MatMul", ["q", "v"], ["a"]), both, X.output("y"), X.output("t"))
    #expect(try problem(bytes).contains("\"a\" is read both before and after it is quantized"))
  }

  @Test func `an input without a quantizer is noted, and quantized by samples on their own grid`()
    throws
  {
    let bytes = X.model(
      X.input("x", [1, 4]), Self.scalars(), X.reals("u", [], [0.25]),
      X.reals("w", [4, 4], (0..<16).map { Float($0) / 8 - 1 }),
      X.node("Quant", ["w", "u", "z", "b"], ["v"]), X.node("MatMul", ["x", "v"], ["a"]),
      X.node("Quant", ["a", "s", "z", "b"], ["y"]), X.output("y"))
    let survey = try ONNXReader.survey(bytes)
    #expect(survey.problems.isEmpty)
    #expect(survey.notes.count == 1 && survey.notes[0].contains("\"x\" has no quantizer"))
    #expect(throws: ModelError.self) { try IntegerNetwork(survey.graph) }
    func quantization(_ samples: [[Float]]) throws -> Quantization {
      let graph = Quantizer.quantizeInputs(of: survey.graph, by: samples.map { [$0] })
      let network = try IntegerNetwork(graph)
      return try #require(network.graph.tensors[network.graph.inputs[0]].quantization)
    }
    #expect(try quantization([[-0.5, 0, 0.25, 1]]).scales == [0.25])
    #expect(try quantization([[-1, -1, 1, 1]]) == Quantization(scales: [1], zeroPoints: [-127]))
    // No grid of 256 places.
    let fine = try quantization([[-0.5001, 0, 0.2502, 1]])
    #expect(fine.scales == [Float((1 + Double(Float(0.5001))) / 255)])
  }

  @Test func `a channel that was pruned to next to nothing is zero`() throws {
    let pruned =
      X.reals("t", [4], [.leastNonzeroMagnitude, 1, 1e-30, 1]) + X.reals("u0", [4], [1, 2, 3, 4])
      + X.node("Mul", ["a", "t"], ["m"]) + X.node("Add", ["m", "u0"], ["n"])
      + X.node("Quant", ["n", "s", "z", "b"], ["y"])
    let survey = try ONNXReader.survey(Self.model(last: pruned))
    #expect(survey.problems.isEmpty, "\(survey.problems)")
    let network = try IntegerNetwork(survey.graph)
    let made = try Interpreter(network.graph).run(integers: [[7, -8, 7, -8]])[0]
    #expect(made[0] == 2 && made[2] == 6)
  }

  @Test func `what would round between quantizers is refused`() throws {
    let sum =
      X.node("Sum", ["q", "q", "q"], ["n"]) + X.node("Quant", ["n", "s", "z", "b"], ["y"])
    #expect(try problem(Self.model(last: sum)).contains("use Add, with a quantizer behind each"))
    let pad =
      X.node("Quant", ["a", "s", "z", "b"], ["d"]) + X.integers("p", [4], [0, 1, 0, 1])
      + X.reals("f", [], [0.3]) + X.node("Pad", ["d", "p", "f"], ["y"])
    #expect(try problem(Self.model(last: pad)).contains("no integer of its quantizer"))
  }
}

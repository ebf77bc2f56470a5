import Checker
import Compiler
import ConstraintSystem
import Foundation
import Import
import Model
import TestSupport
import Testing
import Witness

/// Float networks of functions that exporters write in several nodes, of what is true or false, and of layers
/// about which calibration shows nothing.
struct FloatFunctionTests {
  private static let x = ONNXBytes.input("x", [1, 6])
  private static let y = ONNXBytes.output("y")
  private static let rows: [[Float]] = (0..<16).map { row in
    (0..<6).map { Float(sin(Double(row * 6 + $0) * 1.7)) * 2 }
  }

  private func number(_ name: String, _ value: Float) -> [UInt8] {
    ONNXBytes.reals(name, [], [value])
  }

  /// What the circuit of the quantized network answers to each row, as reals; every constraint holds.
  private func proven(
    _ graph: Graph, _ rows: [[[Float]]]
  ) throws -> (reals: [[Float]], graph: Graph) {
    let quantized = try Quantizer.quantize(graph, calibration: rows).graph
    let network = try IntegerNetwork(quantized)
    let compiled = try Compiler.compile(quantized)
    let output = try network.graph.tensors[network.graph.outputs[0]].affine("")
    let reals = try rows.map { row in
      let inputs = try zip(row.enumerated(), compiled.system.inputs).map { input, port in
        try network.quantize(input.element, input: input.offset).map { $0 - port.zeroPoint }
      }
      let trace = try Trace.execute(compiled.system, compiled.cells, inputs: inputs)
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      let port = compiled.system.outputs[0]
      return trace.values(of: port.blocks[0], in: compiled.system).map {
        output.dequantize($0 + port.zeroPoint)
      }
    }
    return (reals, network.graph)
  }

  @Test func `one over exp, and a leaky ReLU as a choice, are one table each`() throws {
    let exponential = ONNXBytes.model(
      Self.x, number("one", 1), ONNXBytes.node("Exp", ["x"], ["e"]),
      ONNXBytes.node("Div", ["one", "e"], ["y"]), Self.y)
    let leaky = ONNXBytes.model(
      Self.x, number("zero", 0), number("slope", 0.1),
      ONNXBytes.node("Greater", ["x", "zero"], ["p"]),
      ONNXBytes.node("Mul", ["x", "slope"], ["s"]),
      ONNXBytes.node("Where", ["p", "x", "s"], ["y"]), Self.y)
    // Half a step of x, 4/255, as the function's steepest slope in [-2, 2] has it, and half a step of y.
    for (bytes, bound, function) in [
      (exponential, 0.08, { exp(-$0) }), (leaky, 0.02, { $0 > 0 ? $0 : 0.1 * $0 }),
    ] as [([UInt8], Float, (Float) -> Float)] {
      let survey = try ONNXReader.survey(bytes)
      #expect(
        survey.problems.isEmpty && survey.graph.nodes.map(\.operator.label) == ["Elementwise"])
      let (reals, _) = try proven(survey.graph, Self.rows.map { [$0] })
      for (row, answer) in zip(Self.rows, reals) {
        for (x, own) in zip(row, answer) { #expect(abs(own - function(x)) < bound) }
      }
    }
  }

  /// Calibration decides where a function is asked for its values; without it nothing is refused.
  @Test(arguments: ["Sqrt", "Log", "Reciprocal", "Acosh", "Asin", "Atanh"])
  func `a function without a value everywhere is no obstacle`(_ type: String) throws {
    let bytes = ONNXBytes.model(Self.x, ONNXBytes.node(type, ["x"], ["y"]), Self.y)
    let survey = try ONNXReader.survey(bytes)
    #expect(survey.problems.isEmpty)
    // Next to where it has no value it has that of the nearest integer that has one.
    let range: ClosedRange<Float> = type == "Acosh" ? 1.5...4 : 0.25...0.9
    let rows = Self.rows.map { row in
      [row.map { range.lowerBound + ($0 + 2) / 4 * (range.upperBound - range.lowerBound) }]
    }
    let wanted = try rows.map { try Interpreter(survey.graph).run(reals: $0)[0] }
    for (own, wanted) in zip(try proven(survey.graph, rows).reals, wanted) {
      for (own, wanted) in zip(own, wanted) { #expect(abs(own - wanted) < 0.05 * max(1, wanted)) }
    }
  }

  @Test func `a calibration input that leads to no value is named`() throws {
    let bytes = ONNXBytes.model(Self.x, ONNXBytes.node("Sqrt", ["x"], ["y"]), Self.y)
    let graph = try ONNXReader.read(bytes).graph
    let error = #expect(throws: ModelError.self) {
      try Quantizer.quantize(graph, calibration: [[[1, 1, 1, 1, 1, 1]], [[1, 1, -1, 1, 1, 1]]])
    }
    #expect("\(try #require(error))".contains("\"y\" has no value on calibration input 2"))
  }

  @Test func `what is true or false is 1 or 0 at a scale of 1`() throws {
    let bytes = ONNXBytes.model(
      Self.x, ONNXBytes.input("z", [1, 6]), number("half", 0.5),
      ONNXBytes.node("Greater", ["x", "z"], ["p"]), ONNXBytes.node("Less", ["x", "half"], ["q"]),
      ONNXBytes.node("Not", ["q"], ["n"]), ONNXBytes.node("Or", ["p", "n"], ["o"]),
      ONNXBytes.integers("shape", [2], [6, 1]), ONNXBytes.node("Reshape", ["o", "shape"], ["y"]),
      Self.y)
    let graph = try ONNXReader.read(bytes).graph
    let rows = zip(Self.rows, Self.rows.reversed()).map { [$0, $1] }
    let (reals, network) = try proven(graph, rows)
    for node in network.nodes {
      #expect(network.tensors[node.outputs[0]].quantization == .truth, "\(node.name)")
    }
    for (row, answer) in zip(rows, reals) {
      // But for what lies within a step of the other.
      for ((x, z), own) in zip(zip(row[0], row[1]), answer)
      where abs(x - z) > 0.02 && abs(x - 0.5) > 0.02 {
        #expect(own == (x > z || x >= 0.5 ? 1 : 0))
      }
    }
  }

  @Test func `a layer that is zero on all calibration inputs is zero, and is named`() throws {
    let bytes = ONNXBytes.model(
      Self.x, ONNXBytes.reals("w", [6, 2], (0..<12).map { Float($0 % 5) - 2 }),
      ONNXBytes.reals("b", [2], [-100, -100]),
      ONNXBytes.reals("w2", [2, 3], [1, -2, 0.5, 2, 1, -1]),
      ONNXBytes.node("Gemm", ["x", "w", "b"], ["h"]), ONNXBytes.node("Relu", ["h"], ["r"]),
      ONNXBytes.node("MatMul", ["r", "w2"], ["y"]), Self.y)
    let survey = try ONNXReader.survey(bytes)
    #expect(survey.problems.isEmpty)
    let rows = Self.rows.map { [$0] }
    #expect(try proven(survey.graph, rows).reals.allSatisfy { $0 == [0, 0, 0] })
    let report = try Quantizer.quantize(survey.graph, calibration: rows).report
    #expect(report.notes.count == 2)
    #expect(report.notes.allSatisfy { $0.contains("is 0 on all calibration inputs") })
  }
}

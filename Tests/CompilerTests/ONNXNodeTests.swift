import Checker
import Compiler
import ConstraintSystem
import Foundation
import Import
import Model
import TestSupport
import Testing
import Witness

/// The node tests of the onnx package (Tests/Vectors/onnx-node). Those that pass are listed in `passing.txt`,
/// each with how far it goes; the list is the truth, and may only grow.
struct ONNXNodeTests {
  /// How far a case goes.
  enum Reach: String {
    /// The float interpreter gives the expected reals; the network has no integers to prove.
    case real
    /// So it does, and the circuit of the quantized network stays within the error of quantization.
    case proven
    /// Interpreter and circuit give the expected integers.
    case exact
  }
  struct Miss: Error, CustomStringConvertible {
    var description: String
  }

  static let cases = (try? PackedCase.read("onnx-node/cases.json")) ?? []

  static func passing() throws -> [String: String] {
    let text = try String(contentsOf: Vectors.url("onnx-node/passing.txt"), encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    return Dictionary(
      lines.filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
  }

  @Test func `the list of node tests that pass is complete`() throws {
    let listed = try Self.passing()
    var (lines, problems) = ([String](), [String]())
    for test in Self.cases {
      do {
        let reach = try Self.run(test)
        lines.append("\(test.name) \(reach.rawValue)")
        if listed[test.name] != reach.rawValue {
          problems.append("\(test.name) is now \(reach.rawValue): put it into passing.txt")
        }
      } catch {
        if let reach = listed[test.name] {
          problems.append("\(test.name), listed as \(reach): \(error)")
        } else if ProcessInfo.processInfo.environment["TACIT_NODE_TESTS"] == "why" {
          print("\(test.name): \(error)")
        }
      }
    }
    #expect(Self.cases.count == 869)
    #expect(Set(listed.keys).isSubset(of: Self.cases.map(\.name)))
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    // A new list, ready to be looked at and moved over the old one.
    if let path = ProcessInfo.processInfo.environment["TACIT_NODE_TESTS_LIST"] {
      try (lines.sorted().joined(separator: "\n") + "\n").write(
        toFile: path, atomically: true, encoding: .utf8)
    }
  }

  static func run(_ test: PackedCase) throws -> Reach {
    let graph = try ONNXReader.read(test.bytes).graph
    let row = test.rows[0]
    let isReal = graph.tensors.allSatisfy { $0.quantization == nil }
    return isReal ? try runReal(graph, row) : try runIntegers(graph, row)
  }

  private static func runReal(_ graph: Graph, _ row: PackedCase.Row) throws -> Reach {
    let inputs = row.inputs.map(\.reals)
    let answers = try Interpreter(graph).run(reals: inputs)
    guard answers.count == row.outputs.count else { throw Miss(description: "outputs") }
    for (answer, output) in zip(answers, row.outputs) {
      let expected = output.reals
      guard answer.count == expected.count else { throw Miss(description: "shape") }
      for (own, theirs) in zip(answer, expected) {
        guard abs(own - theirs) <= 1e-7 + 1e-3 * abs(theirs) else {
          throw Miss(description: "\(own) instead of \(theirs)")
        }
      }
    }
    guard let quantized = try? Quantizer.quantize(graph, calibration: [inputs]).graph,
      quantized.outputs.count == 1, let compiled = try? Compiler.compile(quantized)
    else { return .real }
    let network = try IntegerNetwork(quantized)
    let integers = try inputs.enumerated().map { try network.quantize($1, input: $0) }
    let values = try circuit(compiled, integers)
    guard values == (try Interpreter(network.graph).run(integers: integers)) else {
      throw Miss(description: "circuit and interpreter differ")
    }
    // The last proven tensor in float, beside its integers.
    let proven = network.graph.outputs[0]
    var reals: [Float]?
    try Interpreter(graph).trace(reals: inputs) { tensor, values in
      if tensor == proven { reals = values.elements }
    }
    guard let expected = reals else { return .proven }
    let affine = try network.graph.tensors[proven].affine("")
    var (error, signal) = (0.0, 0.0)
    for (wanted, got) in zip(expected, values[0]) {
      error += pow(Double(affine.dequantize(got) - wanted), 2)
      signal += pow(Double(wanted), 2)
    }
    guard error <= 0.0025 * signal else {
      throw Miss(description: "quantized, it is off by \((error / signal).squareRoot())")
    }
    return .proven
  }

  private static func runIntegers(_ graph: Graph, _ row: PackedCase.Row) throws -> Reach {
    let network = try IntegerNetwork(graph)
    let inputs = try row.inputs.enumerated().map { index, input in
      try input.integers ?? network.quantize(input.reals, input: index)
    }
    let answers = try Interpreter(network.graph).run(integers: inputs)
    let compiled = try Compiler.compile(graph)
    guard try circuit(compiled, inputs) == answers else {
      throw Miss(description: "circuit and interpreter differ")
    }
    for (answer, output) in zip(answers, row.outputs) {
      if let expected = output.integers {
        guard answer == expected else { throw Miss(description: "\(answer) is not \(expected)") }
      } else {
        let values = try network.finalValues(answer)
        guard case .reals(let reals) = values.elements, reals == output.reals else {
          throw Miss(description: "\(values) is not \(output.reals)")
        }
      }
    }
    return .exact
  }

  /// The circuit's outputs on integers, every constraint checked.
  private static func circuit(
    _ compiled: CompiledCircuit, _ inputs: [[Int64]]
  ) throws -> [[Int64]] {
    let shifted = zip(inputs, compiled.system.inputs).map { values, port in
      values.map { $0 - port.zeroPoint }
    }
    let trace = try Trace.execute(compiled.system, compiled.cells, inputs: shifted)
    guard Checker.check(compiled.system, compiled.cells, trace).isEmpty else {
      throw Miss(description: "the circuit does not hold")
    }
    return compiled.system.outputs.map { port in
      trace.values(of: port.blocks[0], in: compiled.system).map { $0 + port.zeroPoint }
    }
  }
}

import Checker
import Compiler
import ConstraintSystem
import Import
import Model
import Proving
import TestSupport
import Testing
import Verification
import Witness

/// Networks between QONNX's quantizers, beside what the qonnx package answers (Tests/Vectors/qonnx): the
/// interpreter, the circuit and a proof give its integers.
struct QONNXTests {
  static let cases = (try? PackedCase.read("qonnx/cases.json")) ?? []

  /// Networks whose output no quantizer makes and which are no whole steps: rounded to 14 bits.
  static let rounded: Set<String> = ["tfc-1w1a", "tfc-1w2a", "tfc-2w2a", "radio-8bit"]

  @Test func `all vectors are there`() { #expect(Self.cases.count == 78) }

  /// The graph, its open inputs quantized by the rows themselves.
  private func graph(_ test: PackedCase) throws -> Graph {
    let graph = try ONNXReader.read(test.bytes).graph
    #expect(graph.arithmetic == .exact)
    return Quantizer.quantizeInputs(of: graph, by: test.rows.map { [$0.inputs[0].reals] })
  }

  @Test(arguments: cases) func `a network answers as qonnx does`(_ test: PackedCase) throws {
    let graph = try graph(test)
    let network = try IntegerNetwork(graph)
    let interpreter = try Interpreter(network.graph)
    let compiled = try Compiler.compile(graph)
    #expect(compiled.notes.isEmpty, "\(compiled.notes)")
    #expect(compiled.system.blockLabels == compiled.labels)
    let (input, output) = (compiled.system.inputs[0], compiled.system.outputs[0])
    let steps = network.finalSteps[0]
    for (index, row) in test.rows.enumerated() {
      let integers = try network.quantize(row.inputs[0].reals, input: 0)
      let answer = try interpreter.run(integers: [integers])[0]
      let expected = row.outputs[0].reals
      #expect(answer.count == expected.count)
      guard
        let values = FinalValues.applying(
          steps, to: RuntimeIntegers(answer), shape: output.shape, type: output.type,
          scale: output.scale, zeroPoint: output.zeroPoint),
        case .reals(let reals) = values.elements
      else {
        Issue.record("no reals")
        return
      }
      let most = Self.rounded.contains(test.name) ? 0.51 * output.scale : 0
      for (own, theirs) in zip(reals, expected) {
        let slack = max(most, 2e-6 * max(1, abs(Double(theirs))))
        #expect(abs(Double(own) - Double(theirs)) <= slack, "\(own) for \(theirs)")
      }
      guard index == 0 || index == test.rows.count - 1 else { continue }
      let trace = try Trace.execute(
        compiled.system, compiled.cells, inputs: [integers.map { $0 - input.zeroPoint }])
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      let proven = trace.values(of: output.blocks[0], in: compiled.system)
      #expect(proven.map { $0 + output.zeroPoint } == answer)
    }
  }

  @Test(arguments: ["jets-6bit", "cnv-1w2a", "rounding-down", "sigmoid-of-sums", "cut-average"])
  func `a proof of a network is accepted`(name: String) throws {
    let test = try #require(Self.cases.first { $0.name == name })
    let graph = try graph(test)
    let network = try IntegerNetwork(graph)
    let compiled = try Compiler.compile(graph)
    let integers = try network.quantize(test.rows[0].inputs[0].reals, input: 0)
    let answer = try Interpreter(network.graph).run(integers: [integers])
    let zero = compiled.system.inputs[0].zeroPoint
    let trace = try Trace.execute(
      compiled.system, compiled.cells, inputs: [integers.map { $0 - zero }])
    let key = try ProverKey(compiled.system, cells: compiled.cells)
    let proof = Prover.prove(trace, key: key)
    try Verifier.verify(proof, key: key.verifier)
    #expect(proof.statement.outputs.map { $0?.values } == answer)
  }

  /// Products of two activations have no offset in which a direction could lie, and too many values for a table.
  @Test(arguments: ["FLOOR", "DOWN", "UP", "CEIL"])
  func `a rounding mode without a form in integers is refused`(_ mode: String) throws {
    typealias X = ONNXBytes
    func model(_ mode: String) -> [UInt8] {
      X.model(
        X.input("x", [1, 4]), X.input("t", [1, 4]), X.reals("s", [], [0.3]), X.reals("z", [], [0]),
        X.reals("b", [], [8]), X.node("Quant", ["x", "s", "z", "b"], ["p"]),
        X.node("Quant", ["t", "s", "z", "b"], ["q"]), X.node("Mul", ["p", "q"], ["a"]),
        X.node("Quant", ["a", "s", "z", "b"], ["y"], X.attribute("rounding_mode", mode)),
        X.output("y"))
    }
    let error = #expect(throws: ModelError.self) {
      try Compiler.compile(try ONNXReader.read(model(mode)).graph)
    }
    #expect(error.map { "\($0)".contains("use the rounding mode ROUND here") } == true, "\(error)")
    #expect(throws: Never.self) { try Compiler.compile(try ONNXReader.read(model("ROUND")).graph) }
  }

  /// An input of few bits is one of its integers alone: a prover who feeds another is refused, as is one whose
  /// sign is neither 1 nor −1.
  @Test func `integers beyond the bits of an input or a sign are no witness`() throws {
    for name in ["cnv-1w1a", "rounding-round"] {
      let test = try #require(Self.cases.first { $0.name == name })
      let compiled = try Compiler.compile(try graph(test))
      let input = compiled.system.inputs[0]
      let domain = compiled.system.functions[compiled.system.blocks[input.blocks[0]].function]
        .domain
      #expect(domain == (name == "cnv-1w1a" ? -128...127 : -32...31))
      let count = compiled.system.blocks[input.blocks[0]].count
      #expect(throws: ExecutionError.self) {
        try Trace.execute(
          compiled.system, compiled.cells,
          inputs: [[Int64](repeating: domain.upperBound + 1, count: count)])
      }
    }
    let test = try #require(Self.cases.first { $0.name == "cnv-1w1a" })
    let system = try Compiler.compile(try graph(test)).system
    let signs = system.functions.filter { $0.name == "sign" }
    #expect(!signs.isEmpty)
    for function in signs {
      #expect(Set(function.domain.map { function($0) }) == [-1, 1])
    }
  }
}

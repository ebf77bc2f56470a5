import Import
import Model
import TestSupport
import Testing

/// Each rewriting of the ONNX reader on a small network of its own, beside onnxruntime's answers
/// (Tests/Vectors/onnx-passes).
struct ONNXPassTests {
  static let cases = (try? PackedCase.read("onnx-passes/cases.json")) ?? []

  /// What is left of each network when its passes have run, by the operators' labels.
  static let remaining: [String: [String]] = [
    "conv-add": ["Convolution"],
    "conv-bias-add": ["Convolution"],
    "conv-add-number": ["Convolution"],
    "conv-batchnorm": ["Convolution"],
    "conv-add-batchnorm": ["Convolution"],
    "gemm-batchnorm": ["FullyConnected"],
    "batchnorm-alone": ["Clamp", "Convolution"],
    "batchnorm-of-vectors": ["Clamp", "Reshape", "Convolution", "Reshape"],
    "batchnorm-of-both": ["Convolution", "Convolution", "Add"],
    "conv-relu6": ["Convolution"],
    "shape-gather-concat": ["Convolution", "Reshape", "FullyConnected"],
    "shape-slice-cast": ["Convolution", "Reshape", "FullyConnected"],
    "shape-arithmetic": ["Convolution", "Reshape", "FullyConnected"],
    "shape-where": ["Convolution", "Reshape", "FullyConnected"],
    "constant-weights": ["FullyConnected"],
    "inference-only": ["FullyConnected"],
    "split": ["FullyConnected", "Split", "Split", "Clamp", "Add"],
    "split-sizes": ["FullyConnected", "Split", "Split", "FullyConnected", "Add"],
    "two-inputs": ["Add", "FullyConnected"],
    "gelu-by-erf": ["FullyConnected", "Elementwise"],
    "silu": ["Convolution", "Elementwise"],
    "hardswish-by-clip": ["Convolution", "Elementwise"],
    "mish-by-softplus": ["FullyConnected", "Elementwise"],
    "inside-is-read": [
      "FullyConnected", "Sigmoid", "Multiply", "Add", "FullyConnected", "Add",
    ],
    "divided": ["FullyConnected"],
    "negated": ["FullyConnected"],
    "sum-of-two": ["FullyConnected", "FullyConnected", "Add"],
    "max-min": ["FullyConnected"],
    "global-max": ["Convolution", "MaxPool"],
    "pad-conv": ["Pad", "Convolution"],
    "pools": ["Convolution", "MaxPool", "AveragePool"],
    "mean-classifier": ["Convolution", "Mean", "Reshape", "FullyConnected"],
    "mean-of-axes": ["Convolution", "Mean", "FullyConnected"],
    "gate": ["Convolution", "Mean", "Convolution", "Sigmoid", "Multiply"],
    "shuffle": ["Convolution", "Reshape", "Transpose", "Reshape", "Convolution"],
    "concatenated": ["Convolution", "Clamp", "Concatenation"],
    "slopes": ["Convolution", "PRelu"],
    "enlarged": ["Convolution", "Resize"],
    "product-of-five": [
      "Slice", "Slice", "Slice", "Multiply", "Slice", "Slice", "Multiply", "Multiply", "Reshape",
    ],
    "log-sum-exp": ["ReduceMax", "Subtract", "Elementwise", "ReduceLogSum", "Add"],
    "cubes": ["Elementwise", "LpPool"],
    "scattered": ["Select"], "scattered-sums": ["Add"], "scattered-products": ["Multiply"],
  ]

  @Test func `all vectors are there`() {
    #expect(Self.cases.count == 57)
    #expect(Set(Self.remaining.keys).isSubset(of: Self.cases.map(\.name)))
  }

  @Test(arguments: Self.cases) func `nothing is left but what has to be computed`(
    _ test: PackedCase
  ) throws {
    let (graph, notes) = try ONNXReader.read(test.bytes)
    #expect(notes.isEmpty)
    let labels = graph.nodes.map(\.operator.label)
    #expect(labels == Self.remaining[test.name] ?? ["Convolution"])
  }

  @Test(arguments: Self.cases) func `a rewritten network answers as onnxruntime does`(
    _ test: PackedCase
  ) throws {
    let interpreter = try Interpreter(try ONNXReader.read(test.bytes).graph)
    #expect(test.rows.count == 6)
    for row in test.rows {
      let output = try interpreter.run(reals: row.inputs.map(\.reals))[0]
      let expected = row.outputs[0].reals
      #expect(output.count == expected.count)
      for (own, theirs) in zip(output, expected) {
        #expect(abs(own - theirs) <= 1e-4 * max(1, abs(theirs)))
      }
    }
  }

  @Test(arguments: Self.cases) func `a rewritten network has an integer twin`(
    _ test: PackedCase
  ) throws {
    let graph = try ONNXReader.read(test.bytes).graph
    let (quantized, report) = try Quantizer.quantize(
      graph, calibration: test.rows.map { $0.inputs.map(\.reals) })
    for layer in report.layers { #expect(layer.relativeError < 0.05, "\(layer)") }
    #expect(try IntegerNetwork(quantized).graph.nodes.isEmpty == false)
    #expect(try ONNXReader.survey(test.bytes).problems.isEmpty)
  }

  static let refused = (try? PackedCase.read("onnx-passes/refused.json")) ?? []

  @Test(arguments: Self.refused) func `what cannot be read is refused in plain words`(
    _ test: PackedCase
  ) throws {
    var message = ONNXErrorTests.message(test.bytes)
    if let survey = try? ONNXReader.survey(test.bytes) {
      message += survey.problems.map(\.description).joined(separator: "\n")
    }
    for word in try #require(test.words) { #expect(message.contains(word), "\(message)") }
  }

  @Test func `all refused vectors are there`() { #expect(Self.refused.count >= 30) }
}

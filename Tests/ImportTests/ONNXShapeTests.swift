import Import
import Model
import TestSupport
import Testing

/// Networks whose shapes and constants are computed, and whose values stand at other places, beside onnxruntime's
/// answers (Tests/Vectors/onnx-shapes).
struct ONNXShapeTests {
  static let cases = (try? PackedCase.read("onnx-shapes/cases.json")) ?? []

  /// What is left of each network, by the operators' labels.
  static let remaining: [String: [String]] = [
    "gather-one": ["Gather"], "gather-last": ["Gather"], "gather-every-other": ["Gather"],
    "gather-backwards": ["Gather"], "gather-frames": ["Gather"], "gather-mixed": ["Gather"],
    "gather-swapped": ["Convolution", "Gather", "Convolution"],
    "gather-elements-steps": ["GatherElements"], "gather-elements-rows": ["GatherElements"],
    "gather-elements-first": ["GatherElements"], "gather-nd-values": ["GatherND"],
    "gather-nd-blocks": ["GatherND"], "gather-nd-batch": ["GatherND"],
    "gather-nd-conv": ["GatherND", "Reshape", "Convolution"], "gather-constants": ["Add"],
    "compress": ["Gather"], "compress-all": ["Gather"],
    "tile": ["Repeat"], "tile-conv": ["Repeat", "Convolution"], "expand": ["Repeat"],
    "expand-add": ["Mean", "Repeat", "Add"], "flip": ["Slice"],
    "pad-reflect": ["Pad"], "pad-edge": ["Pad"], "pad-wrap": ["Pad"], "pad-number": ["Pad"],
    "pad-reflect-conv": ["Pad", "Convolution"], "pad-edge-conv": ["Pad", "Convolution"],
    "pad-number-conv": ["Pad", "Convolution"], "crop": ["Pad"],
    "reverse-sequence": ["ReverseSequence"], "split-uneven": ["Split", "Split", "Mean", "Add"],
    "resize-by-computed-sizes": ["Convolution", "Resize"],
    "pad-by-computed-pads": ["Pad", "Convolution"],
    "flatten-by-prod": ["Convolution", "Reshape", "FullyConnected"],
    "flatten-by-tf2onnx": ["Convolution", "Reshape", "FullyConnected"],
    "grid": ["Add"], "scattered": ["Add", "Subtract"],
    "named-extents": ["Convolution", "Reshape", "Transpose", "FullyConnected"],
    "double": ["Multiply"], "double-arithmetic": ["Subtract"], "half-weights": ["FullyConnected"],
    "half-rounds": ["Multiply"], "bfloat-weights": ["Multiply"],
    "half-inside": ["FullyConnected"], "truth": ["Add"], "unsigned": ["Multiply"],
    "where-mask": ["Select", "FullyConnected"], "where-always": ["FullyConnected"],
    "constant-kinds": ["Multiply", "Add", "Reshape", "Gather"], "empty-roi": ["Resize"],
    "functions-of-constants": ["Add"], "dropout": ["FullyConnected"],
    "dropout-of-nothing": ["FullyConnected"], "cast-like": ["Multiply"],
    "if-by-shape": ["Convolution", "Reshape", "Clamp"],
    "if-in-if": ["Convolution", "Elementwise"],
    "functions": [
      "FullyConnected", "LeakyRelu", "FullyConnected", "LeakyRelu",
    ],
    "function-with-if": ["Convolution", "Reshape", "FullyConnected"],
  ]

  /// What the reader says of a network; of others nothing.
  static let notes: [String: String] = [
    "resize-by-computed-sizes": "open first dimension", "flatten-by-prod": "open first dimension",
    "flatten-by-tf2onnx": "open first dimension", "if-by-shape": "open first dimension",
    "half-inside": "what the model computes in float16 is read as float32",
  ]

  static func graph(_ test: PackedCase) throws -> (graph: Graph, notes: [String]) {
    try ONNXReader.read(test.bytes, ReaderOptions(shapes: test.shapes ?? [:]))
  }

  @Test func `all vectors are there`() {
    #expect(Self.cases.count == 59)
    #expect(Set(Self.remaining.keys) == Set(Self.cases.map(\.name)))
  }

  @Test(arguments: Self.cases) func `nothing is left but what has to be computed`(
    _ test: PackedCase
  ) throws {
    let (graph, notes) = try Self.graph(test)
    #expect(graph.nodes.map(\.operator.label) == Self.remaining[test.name] ?? [])
    #expect(notes.count == (Self.notes[test.name] == nil ? 0 : 1), "\(notes)")
    if let words = Self.notes[test.name] { #expect(notes.first?.contains(words) == true) }
  }

  @Test(arguments: Self.cases) func `a network answers as onnxruntime does`(
    _ test: PackedCase
  ) throws {
    let interpreter = try Interpreter(try Self.graph(test).graph)
    // The runtime rounds to float16 on its way there.
    let tolerance: Float = test.name == "half-inside" ? 3e-3 : 1e-5
    #expect(test.rows.count == 4)
    for row in test.rows {
      let output = try interpreter.run(reals: row.inputs.map(\.reals))[0]
      let expected = row.outputs[0].reals
      #expect(output.count == expected.count)
      for (own, theirs) in zip(output, expected) {
        #expect(abs(own - theirs) <= tolerance * max(1, abs(theirs)))
      }
    }
  }

  @Test(arguments: Self.cases) func `a network has an integer twin`(
    _ test: PackedCase
  ) throws {
    let (graph, _) = try Self.graph(test)
    let (quantized, report) = try Quantizer.quantize(
      graph, calibration: test.rows.map { $0.inputs.map(\.reals) })
    for layer in report.layers { #expect(layer.relativeError < 0.05, "\(layer)") }
    #expect(try IntegerNetwork(quantized).graph.outputs.isEmpty == false)
    let survey = try ONNXReader.survey(test.bytes, ReaderOptions(shapes: test.shapes ?? [:]))
    #expect(survey.problems.isEmpty)
  }
}

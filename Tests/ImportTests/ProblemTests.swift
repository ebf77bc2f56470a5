import Import
import Model
import TestSupport
import Testing

/// A model that cannot be proven says so of every node at once, with a way out for each.
struct ProblemTests {
  /// Node, what is said of it, and a word of its remedy.
  typealias Expected = (node: String, what: String, remedy: String)

  static func problems(_ name: String) throws -> (problems: [NodeProblem], supported: [String]) {
    let bytes = try Vectors.bytes("networks/unsupported/" + name)
    do throws(ModelError) {
      _ = try ModelFile.read(bytes)
    } catch {
      guard case .nodes(let problems, let supported) = error else { throw error }
      return (problems, supported)
    }
    Issue.record("it was read")
    return ([], [])
  }

  private func compare(_ problems: [NodeProblem], _ expected: [Expected]) {
    #expect(problems.map(\.node) == expected.map(\.node))
    for (problem, expected) in zip(problems, expected) {
      #expect(problem.what.contains(expected.what), "\(problem)")
      #expect(problem.remedy.contains(expected.remedy), "\(problem)")
      #expect(!problem.type.isEmpty)
    }
  }

  @Test func `every node of a TFLite model that stands in the way is named, and no other`() throws {
    let (problems, supported) = try Self.problems("unsupported.tflite")
    compare(
      problems,
      [
        ("svdf", "the operator is not supported", "unroll"),
        ("tanh", "fused_activation_function = \"TANH\"", "separate activation"),
        ("shifted", "weight \"w2\" has a zero point", "int8"),
        ("real", "on floats", "full integer quantization"),
        ("back", "float activations, quantized weights", "full integer quantization"),
        ("middle", "Softmax in the middle", "last step"),
      ])
    #expect(problems.map(\.type).first == "SVDF")
    #expect(supported.contains("FULLY_CONNECTED"))
  }

  @Test func `a layer whose weights alone are quantized is refused, and no other`() throws {
    let (problems, _) = try Self.problems("hybrid.tflite")
    compare(problems, [("hybrid", "a hybrid layer", "converter.representative_dataset")])
  }

  @Test func `what only follows from another node's problem is not a problem`() throws {
    let (problems, _) = try Self.problems("unsupported.onnx")
    compare(
      problems,
      [
        ("hardmax", "the operator is not supported", "outside the network"),
        ("trained", "training_mode = 1", "at its default"),
        ("short", "tensor \"text\" holds string", "constants are reals"),
        ("stated", "the operator is not supported", "outside the network"),
      ])
    let survey = try ModelFile.survey(Vectors.bytes("networks/unsupported/unsupported.onnx"))
    let standing = Dictionary(uniqueKeysWithValues: survey.nodes.map { ($0.name, $0) })
    #expect(standing["behind"]?.standing == .unclear && standing["behind"]?.outputShape == nil)
    #expect(standing["product"]?.standing == .unused)
    #expect(standing["dense"]?.standing == .judged && standing["dense"]?.outputShape == [1, 8])
    #expect(standing["stated"]?.outputShape == [1, 8])
  }

  @Test func `a line for each node, then the operators there are`() throws {
    let (problems, supported) = try Self.problems("unsupported.tflite")
    let lines = "\(ModelError.nodes(problems, supported: supported))".split(separator: "\n")
    #expect(lines.first == "6 nodes are not supported:")
    #expect(lines.count == 8 && problems.count == 6)
    #expect(lines[1].hasPrefix("  SVDF \"svdf\": the operator is not supported; "))
    #expect(lines.last?.hasPrefix("supported operators: ABS, ADD, ") == true)
  }

  @Test func `an operator of another opset is not an unknown one`() {
    let error = ModelError.unsupportedOperator(
      node: "n", type: "Gemm", opset: 3, supported: ["Gemm (opsets 7 to 25)"])
    let problem = error.problem(node: "", type: "Gemm")
    #expect(problem.what == "Gemm of opset 3 is not supported")
    #expect(problem.remedy == "convert the model to another opset: opsets 7 to 25 are read")
  }

  @Test func `models that can be proven have no problem`() throws {
    for test in TFLiteCase.all { #expect(try ModelFile.survey(test.bytes()).problems.isEmpty) }
    for test in ONNXVectorTests.cases {
      let survey = try ModelFile.survey(Vectors.bytes("networks/" + test.model))
      #expect(survey.problems.isEmpty, "\(test.name)")
    }
    for test in ONNXFloatTests.cases {
      let survey = try ModelFile.survey(Vectors.bytes("networks/" + test.model))
      #expect(survey.problems.isEmpty, "\(test.name): \(survey.problems)")
      #expect(survey.nodes.allSatisfy { $0.standing != .unclear && $0.outputShape != nil })
    }
  }

  @Test func `nodes without names, or with one name, are told apart`() throws {
    let survey = try ModelFile.survey(Vectors.bytes("networks/float/branches.onnx"))
    #expect(Set(survey.nodes.map(\.name)).count == survey.nodes.count)
  }
}

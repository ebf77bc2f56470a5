import ConstraintSystem
import Model
import TestSupport
import Testing

struct GraphTests {
  private func dense() -> Graph {
    var random = SplitMix64(seed: 7)
    return OneNode.dense(
      rows: 1, inner: 3, outer: 2, channels: false, outputFirst: true, bias: true,
      activation: .unbounded, using: &random)
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test(arguments: [0, -0.1, .nan, .infinity, 0x1p-130] as [Float])
  func `a scale that is no positive normal number is refused`(_ scale: Float) {
    for tensor in [0, 1, 3] {
      var graph = dense()
      graph.tensors[tensor].quantization?.scales[0] = scale
      #expect(message { try graph.verify() }.contains("a scale is a positive, normal number"))
    }
  }

  @Test func `a zero point outside its type is refused`() {
    for zero in [Int64(-129), 128, .min, .max] {
      var graph = dense()
      graph.tensors[0].quantization?.zeroPoints[0] = zero
      #expect(message { try graph.verify() }.contains("zero point \(zero), which int8"))
    }
  }

  @Test func `shapes that are not static, too large, or do not fit are refused`() {
    var graph = dense()
    graph.tensors[0].shape = [-1, 3]
    #expect(message { try graph.verify() }.contains("static shapes"))
    graph.tensors[0].shape = [1 << 40, 1 << 40]
    #expect(message { try graph.verify() }.contains("elements"))
    graph.tensors[0].shape = [1, 4]
    #expect(message { try graph.verify() }.contains("does not fit weights"))
    graph = dense()
    graph.tensors[3].shape = [2]
    #expect(message { try graph.verify() }.contains("the model says [2]"))
  }

  @Test func `constants outside their type, NaN and infinite weights are refused`() {
    var graph = dense()
    graph.tensors[1].constant = .integer([1, 2, 3, 4, 5, 128])
    #expect(message { try graph.verify() }.contains("\"w\" does not hold 6 values of type int8"))
    for value in [Float.nan, .infinity] {
      graph.tensors[1] = Tensor(
        name: "w", shape: [2, 3], type: .float32, constant: .real([1, 2, 3, 4, 5, value]))
      #expect(message { try graph.verify() }.contains("NaN or infinite"))
    }
  }

  @Test func `indices, order and producers are checked`() {
    let changes: [(inout Graph) -> Void] = [
      { $0.inputs = [9] }, { $0.inputs = [-1] }, { $0.inputs = [0, 0] }, { $0.inputs = [] },
      { $0.outputs = [] }, { $0.outputs = [77] }, { $0.outputs = [1] },
      { $0.nodes[0].inputs = [0, 1, 55] }, { $0.nodes[0].inputs = [3, 1, 2] },
      { $0.nodes[0].outputs = [0] }, { $0.nodes[0].outputs = [] },
      { $0.nodes[0].outputs = [3, 3] },
      { $0.nodes[0].inputs = [0] }, { $0.nodes[0].inputs = [nil, 1] },
      { $0.nodes.append($0.nodes[0]) },
    ]
    #expect(message { try dense().verify() } == "no error")
    for (index, change) in changes.enumerated() {
      var graph = dense()
      change(&graph)
      #expect(throws: ModelError.self, "change \(index)") { try graph.verify() }
    }
  }

  @Test func `a bias at another scale than input times weight is refused`() {
    var graph = dense()
    graph.tensors[2].quantization = Quantization(scales: [0.5], zeroPoints: [0])
    #expect(message { _ = try IntegerNetwork(graph) }.contains("input times weight"))
    let product = 0.04 * (graph.tensors[1].quantization?.scales[0] ?? 0)
    graph.tensors[2].quantization = Quantization(scales: [product], zeroPoints: [0])
    #expect(message { _ = try IntegerNetwork(graph) } == "no error")
    graph.tensors[2].quantization?.zeroPoints = [1]
    #expect(message { _ = try IntegerNetwork(graph) }.contains("zero point"))
  }

  @Test func `an input of another length or out of its type is refused by name`() throws {
    let interpreter = try Interpreter(dense())
    #expect(
      message { _ = try interpreter.run(integers: [[1, 2]]) }.contains("takes 3 values, not 2"))
    #expect(message { _ = try interpreter.run(integers: [[1, 2, 300]]) }.contains("holds 300"))
    #expect(message { _ = try interpreter.run(integers: []) }.contains("0 inputs"))
    #expect(message { _ = try interpreter.run(reals: [[1, 2, .nan]]) }.contains("NaN"))
  }

  @Test func `unquantized activations are refused with a remedy`() throws {
    var graph = dense()
    graph.tensors[0].quantization = nil
    #expect(message { _ = try IntegerNetwork(graph) }.contains("calibration"))
    graph.tensors[0].type = .float32
    #expect(message { _ = try IntegerNetwork(graph) }.contains("--calibrate"))
  }
}

struct ReshapeTests {
  private func shape(_ rule: Reshape.Rule, _ input: [Int]) -> [Int]? {
    try? Reshape(rule).outputShape([Tensor(name: "x", shape: input, type: .int8)])
  }

  @Test func `shapes by ONNX's text`() {
    #expect(shape(.target([1, -1], zeroCopies: true), [2, 3, 4]) == [1, 24])
    #expect(shape(.target([0, -1], zeroCopies: true), [2, 3, 4]) == [2, 12])
    #expect(shape(.target([0, -1], zeroCopies: false), [2, 3, 4]) == nil)
    #expect(shape(.target([-1, -1], zeroCopies: true), [2, 3, 4]) == nil)
    #expect(shape(.target([5, -1], zeroCopies: true), [2, 3, 4]) == nil)
    #expect(shape(.target([25], zeroCopies: true), [2, 3, 4]) == nil)
    #expect(shape(.target([.max, .max], zeroCopies: true), [2, 3, 4]) == nil)
    #expect(shape(.target([], zeroCopies: true), [1, 1]) == [])
    #expect(shape(.flatten(axis: 1), [2, 3, 4]) == [2, 12])
    #expect(shape(.flatten(axis: 0), [2, 3, 4]) == [1, 24])
    #expect(shape(.flatten(axis: 3), [2, 3, 4]) == [24, 1])
    #expect(shape(.flatten(axis: -1), [2, 3, 4]) == [6, 4])
    #expect(shape(.flatten(axis: 4), [2, 3, 4]) == nil)
    #expect(shape(.squeeze(nil), [1, 3, 1]) == [3])
    #expect(shape(.squeeze([-1]), [1, 3, 1]) == [1, 3])
    #expect(shape(.squeeze([1]), [1, 3, 1]) == nil)
    #expect(shape(.unsqueeze([0, -1]), [3]) == [1, 3, 1])
    #expect(shape(.unsqueeze([0, 0]), [3]) == nil)
    #expect(shape(.same, [3, 2]) == [3, 2])
  }
}

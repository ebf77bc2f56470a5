import Compiler
import ConstraintSystem
import Model
import Testing

/// Operators that read a tensor of many views twice, or several of them: more than a block may read.
struct ManyViewsTests {
  private static let count = 120

  /// `type` of inputs that are turned: of planes of `views` values, a value's next to each other, so that as
  /// many views of a plane are the whole.
  private func graph(
    _ type: String, _ attributes: [String: SourceNode.Attribute], _ further: [Tensor], views: [Int],
    scale: Float
  ) throws -> Graph {
    func tensor(_ name: String, _ shape: [Int], _ scale: Float = 0.05) -> Tensor {
      Tensor(
        name: name, shape: shape, type: .int8,
        quantization: Quantization(scales: [scale], zeroPoints: [3]))
    }
    func made(
      _ type: String, _ attributes: [String: SourceNode.Attribute], _ inputs: [Tensor]
    ) throws -> any Operator {
      try Operators.make(
        SourceNode(
          format: .onnx(opset: 18), type: type, name: type, attributes: attributes, inputs: inputs,
          outputs: [tensor("out", [])]))
    }
    func list(_ values: [Int64]) -> Tensor {
      Tensor(name: "", shape: [values.count], type: .int64, constant: .integer(values))
    }
    var graph = Graph(name: type)
    var joined: [Int] = []
    for (index, views) in views.enumerated() {
      let planes = Self.count / views
      let (x, turned) = (tensor("x\(index)", [1, planes, views]), tensor("t", [1, views, planes]))
      let flat = tensor("joined\(index)", [1, Self.count])
      let first = graph.tensors.count
      graph.tensors += [x, turned, flat]
      graph.inputs.append(first)
      graph.nodes += [
        Node(
          name: "turned\(index)",
          operator: try made("Transpose", ["perm": .integers([0, 2, 1])], [x]), inputs: [first],
          outputs: [first + 1]),
        Node(
          name: "flat\(index)",
          operator: try made("Reshape", [:], [turned, list([1, Int64(Self.count)])]),
          inputs: [first + 1], outputs: [first + 2]),
      ]
      joined.append(first + 2)
    }
    let last = try made(type, attributes, joined.map { graph.tensors[$0] } + further)
    let shape = try last.outputShape(joined.map { graph.tensors[$0] } + further)
    graph.tensors.append(tensor("y", shape, scale))
    graph.outputs = [graph.tensors.count - 1]
    graph.nodes.append(Node(name: "y", operator: last, inputs: joined, outputs: graph.outputs))
    return graph
  }

  @Test func `what is joined beyond a block's terms is copied in parts`() throws {
    let graph = try graph("Concat", ["axis": .integer(0)], [], views: [40, 40], scale: 0.05)
    let compiled = try CircuitAgreement.check(graph, seed: 1)
    // One of the two inputs, and the output, which is no view of the whole of a block.
    #expect(compiled.labels.count { $0.roles == [.copy] } == 2)
  }

  @Test func `magnitudes of many views are copied before they are compared`() throws {
    let axes = Tensor(name: "", shape: [1], type: .int64, constant: .integer([1]))
    let graph = try graph("ReduceL1", [:], [axes], views: [40], scale: 2)
    let compiled = try CircuitAgreement.check(graph, seed: 2)
    #expect(compiled.labels.count { $0.roles == [.copy] } == 1)
  }

  @Test func `one of two tensors of many views is copied before they are compared`() throws {
    let graph = try graph("Max", [:], [], views: [40, 60], scale: 0.05)
    let compiled = try CircuitAgreement.check(graph, seed: 3)
    #expect(compiled.labels.count { $0.roles == [.copy] } == 1)
  }
}

import Compiler
import ConstraintSystem
import Model
import Testing

/// Operators that read a tensor of many views twice, or several of them: more than a block may read.
struct ManyViewsTests {
  /// 3 planes of 40 values, each value's three next to each other: 40 views of a plane.
  private static let views = 40

  /// `type` of the joined tensors of `count` inputs.
  private func graph(
    _ type: String, _ attributes: [String: SourceNode.Attribute], _ further: [Tensor], count: Int,
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
    for index in 0..<count {
      let (x, turned) = (tensor("x\(index)", [1, 3, Self.views]), tensor("t", [1, Self.views, 3]))
      let flat = tensor("joined\(index)", [1, 3 * Self.views])
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
          operator: try made("Reshape", [:], [turned, list([1, Int64(3 * Self.views)])]),
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
    let graph = try graph("Concat", ["axis": .integer(0)], [], count: 2, scale: 0.05)
    let compiled = try CircuitAgreement.check(graph, seed: 1)
    #expect(compiled.labels.count { $0.roles == [.copy] } == 1)
  }

  @Test func `magnitudes of many views are copied before they are compared`() throws {
    let axes = Tensor(name: "", shape: [1], type: .int64, constant: .integer([1]))
    let graph = try graph("ReduceL1", [:], [axes], count: 1, scale: 2)
    let compiled = try CircuitAgreement.check(graph, seed: 2)
    #expect(compiled.labels.count { $0.roles == [.copy] } == 1)
  }

  @Test func `one of two tensors of many views is copied before they are compared`() throws {
    let graph = try graph("Max", [:], [], count: 2, scale: 0.05)
    let compiled = try CircuitAgreement.check(graph, seed: 3)
    #expect(compiled.labels.count { $0.roles == [.copy] } == 1)
  }
}

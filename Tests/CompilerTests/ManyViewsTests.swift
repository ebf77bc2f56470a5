import Compiler
import ConstraintSystem
import Model
import Testing

/// Operators that read a tensor of many views twice, or several of them: more than a block may read.
struct ManyViewsTests {
  /// 3 planes of 40 values, each value's three next to each other: 40 views of a plane.
  private static let views = 40

  /// `type` of the joined tensors of `count` inputs, and of one as it stands where `isAligned`: then none keeps
  /// axes of its own, and each is as many views.
  private func graph(
    _ type: String, _ attributes: [String: SourceNode.Attribute], _ further: [Tensor], count: Int,
    scale: Float, views: Int = Self.views, isAligned: Bool = false
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
      let (x, turned) = (tensor("x\(index)", [1, 3, views]), tensor("t", [1, views, 3]))
      let flat = tensor("joined\(index)", [1, 3 * views])
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
          operator: try made("Reshape", [:], [turned, list([1, Int64(3 * views)])]),
          inputs: [first + 1], outputs: [first + 2]),
      ]
      joined.append(first + 2)
    }
    if isAligned {
      graph.tensors.append(tensor("z", [1, 3 * views]))
      joined.append(graph.tensors.count - 1)
      graph.inputs.append(graph.tensors.count - 1)
    }
    let last = try made(type, attributes, joined.map { graph.tensors[$0] } + further)
    let shape = try last.outputShape(joined.map { graph.tensors[$0] } + further)
    graph.tensors.append(tensor("y", shape, scale))
    graph.outputs = [graph.tensors.count - 1]
    graph.nodes.append(Node(name: "y", operator: last, inputs: joined, outputs: graph.outputs))
    return graph
  }

  /// Along an axis that the views do not have, none reads zero beyond its own values: all are rows.
  @Test(arguments: [(1, 1), (0, 2)])
  func `what is joined beyond a block's terms is copied in parts`(axis: Int, copies: Int) throws {
    let graph = try graph("Concat", ["axis": .integer(Int64(axis))], [], count: 2, scale: 0.05)
    let compiled = try CircuitAgreement.check(graph, seed: 1)
    #expect(compiled.labels.count { $0.roles == [.copy] } == copies)
  }

  @Test func `magnitudes of many views are copied before they are compared`() throws {
    let axes = Tensor(name: "", shape: [1], type: .int64, constant: .integer([1]))
    let graph = try graph("ReduceL1", [:], [axes], count: 1, scale: 2)
    let compiled = try CircuitAgreement.check(graph, seed: 2)
    #expect(compiled.labels.count { $0.roles == [.copy] } == 1)
    // The copy alone reads them all; whoever compares and adds up reads the copy.
    #expect(compiled.system.blocks.map(\.relation.count).filter { $0 > 3 } == [Self.views])
  }

  @Test func `one of two tensors of many views is copied before they are compared`() throws {
    let graph = try graph("Max", [:], [], count: 2, scale: 0.05, isAligned: true)
    let compiled = try CircuitAgreement.check(graph, seed: 3)
    #expect(compiled.labels.count { $0.roles == [.copy] } == 1)
  }

  /// One that is a single view leaves no room for another of as many as a block may read.
  @Test func `two tensors of as many views as a layer may read are both copied`() throws {
    let graph = try graph(
      "Max", [:], [], count: 2, scale: 0.05, views: Limits.viewsPerLayer, isAligned: true)
    let compiled = try CircuitAgreement.check(graph, seed: 4)
    #expect(compiled.labels.count { $0.roles == [.copy] } == 2)
  }
}

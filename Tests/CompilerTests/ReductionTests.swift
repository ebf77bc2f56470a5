import Checker
import Compiler
import ConstraintSystem
import Model
import TestSupport
import Testing
import Witness

/// Reductions of what stands in many places: more views than a block may read as they are.
struct ReductionTests {
  private static func tensor(
    _ name: String, _ shape: [Int], scale: Float = 0.05, zero: Int64 = 3
  ) -> Tensor {
    var tensor = Tensor.activation(shape, scale: scale, zero: zero)
    tensor.name = name
    return tensor
  }

  /// Inputs of two values one after another, reduced over all but the first axis.
  private func network(_ type: String, inputs count: Int, output: Tensor) throws -> Graph {
    let inputs = (0..<count).map { Self.tensor("x\($0)", [1, 2, 1]) }
    let joined = Self.tensor("joined", [1, 2 * count, 1])
    let join = SourceNode(
      format: .tflite(version: 1), type: "CONCATENATION", name: "join",
      attributes: ["axis": .integer(1)], inputs: inputs, outputs: [joined])
    let reduce = SourceNode(
      format: .onnx(opset: 21), type: type, name: "reduced", attributes: ["keepdims": .integer(0)],
      inputs: [joined, .list([1])], outputs: [output])
    return Graph(
      name: type, tensors: inputs + [joined, output],
      nodes: [
        Node(
          name: "join", operator: try Operators.make(join), inputs: Array(0..<count),
          outputs: [count]),
        Node(
          name: "reduced", operator: try Operators.make(reduce), inputs: [count],
          outputs: [count + 1]),
      ], inputs: Array(0..<count), outputs: [count + 1])
  }

  @Test(arguments: [
    ("ReduceMax", 20, tensor("y", [1, 1])), ("ReduceMin", 33, tensor("y", [1, 1])),
    ("ReduceSum", 20, tensor("y", [1, 1], scale: 0.31)),
    ("ReduceL1", 9, tensor("y", [1, 1], scale: 0.31, zero: -128)),
    ("ReduceSumSquare", 9, tensor("y", [1, 1], scale: 1.1, zero: -128)),
  ])
  func `a reduction of many tensors is compiled and computed`(
    _ type: String, _ count: Int, _ output: Tensor
  ) throws {
    let graph = try network(type, inputs: count, output: output)
    let interpreter = try Interpreter(IntegerNetwork(graph).graph)
    let compiled = try Compiler.compile(graph)
    #expect(compiled.system.blockLabels == compiled.labels)
    var random = SplitMix64(seed: 3)
    for _ in 0..<4 {
      let row = (0..<count).map { _ in (0..<2).map { _ in random.integer(in: -128...127) } }
      let trace = try Trace.execute(
        compiled.system, compiled.cells,
        inputs: zip(row, compiled.system.inputs).map { row, port in row.map { $0 - port.zeroPoint }
        })
      #expect(Checker.check(compiled.system, compiled.cells, trace).isEmpty)
      let port = compiled.system.outputs[0]
      let values = trace.values(of: port.blocks[0], in: compiled.system).map { $0 + port.zeroPoint }
      #expect(try values == interpreter.run(integers: row)[0])
    }
  }
}

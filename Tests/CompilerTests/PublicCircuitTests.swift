import Compiler
import ConstraintSystem
import Model
import Testing

/// What a circuit, which is public, does not show of the weights.
struct PublicCircuitTests {
  /// y = x·W + b, then y plus a constant, then a parametric ReLU.
  private func circuit(
    weights: [Int64], bias: [Int64], constant: [Int64], slopes: [Int64]
  ) throws -> ConstraintSystem {
    func tensor(
      _ name: String, _ shape: [Int], _ type: ElementType = .int8, zero: Int64 = 0,
      scale: Float = 0.05, _ values: [Int64]? = nil
    ) -> Tensor {
      Tensor(
        name: name, shape: shape, type: type,
        quantization: Quantization(scales: [scale], zeroPoints: [zero]),
        constant: values.map(Constant.integer))
    }
    let graph = Graph(
      name: "public",
      tensors: [
        tensor("x", [1, 4]), tensor("w", [2, 4], scale: 0.01, weights),
        tensor("b", [2], .int32, scale: 0.05 * 0.01, bias), tensor("y", [1, 2]),
        tensor("c", [1, 2], zero: -128, constant), tensor("z", [1, 2]),
        tensor("s", [2], scale: 0.01, slopes), tensor("p", [1, 2]),
      ],
      nodes: [
        Node(
          name: "dense", operator: FullyConnected(outputFirst: true), inputs: [0, 1, 2],
          outputs: [3]),
        Node(name: "sum", operator: Add(), inputs: [3, 4], outputs: [5]),
        Node(name: "relu", operator: PRelu(), inputs: [5, 6], outputs: [7]),
      ], inputs: [0], outputs: [7])
    return try Compiler.compile(graph).system
  }

  @Test func `which tensors there are, and how they are stored, does not tell of their values`()
    throws
  {
    let large = try circuit(
      weights: [127, -128, 100, -100, 3, 4, 5, 6], bias: [40_000, -3], constant: [127, -128],
      slopes: [127, -100])
    for others in [
      try circuit(
        weights: [1, 2, 3, 4, 5, 6, 7, 8], bias: [1, 2], constant: [-127, -126], slopes: [1, 2]),
      try circuit(
        weights: [9, 2, 3, 4, 5, 6, 7, 8], bias: [0, 0], constant: [-128, -128], slopes: [0, 0]),
    ] {
      let tensors = [large, others].map { system in
        system.tensors.compactMap { tensor -> String? in
          switch tensor.name {
          case "sum.constant", "relu.constant": "\(tensor.name) \(tensor.shape) \(tensor.type)"
          // Offsets of lines, which ties to even ask for, may go into a bias.
          case "dense.bias": "\(tensor.name) \(tensor.shape)"
          default: nil
          }
        }
      }
      #expect(tensors[0].count == 3)
      #expect(tensors[0] == tensors[1])
    }
  }
}

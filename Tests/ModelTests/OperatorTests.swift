import ConstraintSystem
import Model
import TestSupport
import Testing

extension Tensor {
  static func activation(
    _ name: String, _ shape: [Int], _ scale: Float, _ zero: Int64, _ type: ElementType = .int8
  ) -> Tensor {
    Tensor(
      name: name, shape: shape, type: type,
      quantization: Quantization(scales: [scale], zeroPoints: [zero]))
  }
}

/// Networks of one operator with random tensors.
enum OneNode {
  static func dense(
    rows: Int, inner: Int, outer: Int, channels: Bool, outputFirst: Bool, bias: Bool,
    activation: RealRange, input: [Int]? = nil, weightZero: Int64 = 0,
    using random: inout SplitMix64
  ) -> Graph {
    let scales = (0..<(channels ? outer : 1)).map { _ in
      Float.random(in: 0.001...0.02, using: &random)
    }
    let type: ElementType = weightZero == 0 ? .int8 : .uint8
    let range: ClosedRange<Int64> = weightZero == 0 ? -127...127 : 0...255
    var graph = Graph(name: "dense")
    graph.tensors = [
      .activation("x", input ?? [rows, inner], 0.04, -7),
      Tensor(
        name: "w", shape: outputFirst ? [outer, inner] : [inner, outer], type: type,
        quantization: Quantization(
          scales: scales, zeroPoints: scales.map { _ in weightZero },
          axis: channels ? (outputFirst ? 0 : 1) : nil),
        constant: .integer((0..<inner * outer).map { _ in .random(in: range, using: &random) })),
      Tensor(
        name: "b", shape: [outer], type: .int32,
        constant: .integer((0..<outer).map { _ in .random(in: -4000...4000, using: &random) })),
      .activation("y", [rows, outer], 0.11, 12),
    ]
    graph.nodes = [
      Node(
        name: "dense", operator: FullyConnected(outputFirst: outputFirst, activation: activation),
        inputs: bias ? [0, 1, 2] : [0, 1], outputs: [3])
    ]
    (graph.inputs, graph.outputs) = ([0], [3])
    return graph
  }

  static func unary(_ node: any Operator, from: Tensor, to: Tensor) -> Graph {
    Graph(
      name: "unary", tensors: [from, to],
      nodes: [Node(name: "node", operator: node, inputs: [0], outputs: [1])], inputs: [0],
      outputs: [1])
  }
}

struct LoweringTests {
  /// Random rows, then all lowest, highest, zero point, and alternating ends.
  private func rows(_ count: Int, _ using: inout SplitMix64) -> [[Int64]] {
    let random = (0..<6).map { _ in
      (0..<count).map { _ in Int64.random(in: -128...127, using: &using) }
    }
    let ends: [Int64] = [-128, 127, -7, -6, -8, 0]
    return random + ends.map { [Int64](repeating: $0, count: count) }
      + [(0..<count).map { $0 % 2 == 0 ? -128 : 127 }]
  }

  private func agree(_ graph: Graph, _ using: inout SplitMix64) throws {
    let interpreter = try Interpreter(graph)
    for row in rows(graph.tensors[graph.inputs[0]].count, &using) {
      let inputs = graph.inputs.map { _ in row }
      #expect(
        try interpreter.run(integers: inputs) == interpreter.lowered(integers: inputs).outputs)
    }
  }

  @Test(arguments: [true, false], [true, false])
  func `dense layers: relations say what the interpreter computes`(
    _ channels: Bool, _ outputFirst: Bool
  ) throws {
    var random = SplitMix64(seed: 1)
    for (rows, inner, outer) in [(1, 7, 5), (1, 1, 1), (1, 16, 8), (3, 4, 6), (2, 1, 3)] {
      for activation in [RealRange.unbounded, .relu, .relu6, .reluN1To1] {
        for bias in [true, false] {
          try agree(
            OneNode.dense(
              rows: rows, inner: inner, outer: outer, channels: channels, outputFirst: outputFirst,
              bias: bias, activation: activation, using: &random), &random)
        }
      }
    }
  }

  @Test func `weights with zero points`() throws {
    var random = SplitMix64(seed: 2)
    try agree(
      OneNode.dense(
        rows: 1, inner: 9, outer: 4, channels: false, outputFirst: false, bias: true,
        activation: .unbounded, weightZero: 119, using: &random), &random)
  }

  @Test func `a layer reads an image without flattening it`() throws {
    var random = SplitMix64(seed: 3)
    let graph = OneNode.dense(
      rows: 1, inner: 30, outer: 4, channels: true, outputFirst: true, bias: true,
      activation: .relu, input: [1, 3, 5, 2], using: &random)
    try agree(graph, &random)
    let names = try Interpreter(graph).lowered(integers: [[Int64](repeating: 1, count: 30)]).names
    #expect(names == ["dense.weight", "dense.bias", "dense"])
  }

  @Test func `clamps and requantizations`() throws {
    var random = SplitMix64(seed: 4)
    let x = Tensor.activation("x", [1, 40], 0.05, -7)
    for y in [
      Tensor.activation("y", [1, 40], 0.05, -7), .activation("y", [1, 40], 0.05, 100),
      .activation("y", [1, 40], 0.0317, -20), .activation("y", [1, 40], 0.31, 0),
      .activation("y", [1, 40], 0.05, 128, .uint8),
    ] {
      for range in [RealRange.relu, .relu6, .unbounded] {
        try agree(OneNode.unary(Clamp(range), from: x, to: y), &random)
      }
      try agree(OneNode.unary(Quantize(isTFLite: true), from: x, to: y), &random)
      try agree(OneNode.unary(Quantize(isTFLite: false), from: x, to: y), &random)
    }
  }

  @Test func `a requantization that changes nothing costs no rows`() throws {
    let x = Tensor.activation("x", [1, 4], 0.05, -7)
    let graph = OneNode.unary(Quantize(isTFLite: true), from: x, to: x)
    #expect(try Interpreter(graph).lowered(integers: [[1, 2, 3, 4]]).names.isEmpty)
  }

  @Test func `sums of two activations and of a constant`() throws {
    var random = SplitMix64(seed: 5)
    for (scales, zeros) in [
      ([0.05, 0.07, 0.1], [-7, 20, 3]), ([0.05, 0.0002, 0.06], [0, -128, 127]),
      ([1, 1, 200], [0, 0, 0]),
    ] as [([Float], [Int64])] {
      var graph = Graph(
        name: "sum",
        tensors: [
          .activation("a", [1, 12], scales[0], zeros[0]),
          .activation("b", [1, 12], scales[1], zeros[1]),
          .activation("y", [1, 12], scales[2], zeros[2]),
        ],
        nodes: [Node(name: "sum", operator: Add(activation: .relu), inputs: [0, 1], outputs: [2])],
        inputs: [0, 1], outputs: [2])
      guard scales[1] / scales[2] >= 0x1p-10 else { continue }
      try agree(graph, &random)
      graph.inputs = [0]
      graph.tensors[1].constant = .integer((0..<12).map { 10 * $0 - 60 })
      try agree(graph, &random)
      graph.tensors[1].shape = [1]
      graph.tensors[1].constant = .integer([-60])
      try agree(graph, &random)
    }
  }
}

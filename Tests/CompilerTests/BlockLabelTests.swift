import Compiler
import ConstraintSystem
import Import
import Model
import TestSupport
import Testing

/// Which layer a block belongs to, and what it is for there: values while a network is compiled, read back off
/// its circuit from a key. `OperatorVectorTests` and `ONNXLayerTests` compare both on every network they have.
struct BlockLabelTests {
  static let networks = ONNXLayerTests.cases.filter { test in
    ["lenet", "residual", "separable", "gated", "maxpool", "averagepool"].contains {
      test.name == $0 + "-qdq-u8s8" || test.name == $0 + "-qop-s8-channel"
    }
  }

  @Test func `there are networks of several layers`() { #expect(Self.networks.count == 12) }

  /// Every node is called as the compiler would call what it adds to the node after it.
  private func renamed(_ graph: Graph, _ turn: Int) -> Graph {
    var graph = graph
    let suffixes = ["part", "excess", "copy", "positive"]
    var name = "a"
    for index in graph.nodes.indices.reversed() {
      graph.nodes[index].name = name
      for output in graph.nodes[index].outputs { graph.tensors[output].name = name }
      name += "." + suffixes[(index + turn) % suffixes.count]
    }
    for input in graph.inputs { graph.tensors[input].name = name }
    return graph
  }

  @Test(arguments: networks)
  func `a layer may be called as what is added to another`(_ test: PackedCase) throws {
    let graph = try ONNXReader.read(test.bytes).graph
    let plain = try Compiler.compile(graph)
    for turn in 0..<4 {
      let compiled = try Compiler.compile(renamed(graph, turn))
      #expect(compiled.system.blockLabels == compiled.labels)
      // Names change nothing but names.
      #expect(compiled.labels.map(\.roles) == plain.labels.map(\.roles))
      #expect(compiled.system.blocks.map(\.relation) == plain.system.blocks.map(\.relation))
    }
  }

  private func node(
    _ type: String, _ inputs: [Tensor], _ output: Tensor
  ) throws -> any Operator {
    try Operators.make(
      SourceNode(
        format: .tflite(version: 1), type: type, name: "", attributes: [:], inputs: inputs,
        outputs: [output]))
  }

  /// What is left of a slice, padded, takes rows of its own; its reader's name is theirs.
  @Test func `a copy beside a layer of the same name`() throws {
    func tensor(_ name: String, _ shape: [Int]) -> Tensor {
      Tensor(
        name: name, shape: shape, type: .int8,
        quantization: Quantization(scales: [0.05], zeroPoints: [0]))
    }
    func constant(_ values: [Int64], _ shape: [Int]) -> Tensor {
      Tensor(name: "c", shape: shape, type: .int32, constant: .integer(values))
    }
    let x = tensor("x", [1, 4, 4, 2])
    let (rows, padded) = (tensor("s", [1, 2, 4, 2]), tensor("p", [1, 4, 4, 2]))
    let (begin, size) = (constant([0, 1, 0, 0], [4]), constant([1, 2, 4, 2], [4]))
    let pads = constant([0, 0, 1, 1, 0, 0, 0, 0], [4, 2])
    let graph = Graph(
      name: "copies",
      tensors: [x, rows, padded, tensor("y", x.shape), begin, size, pads],
      nodes: [
        Node(
          name: "p.excess", operator: try node("SLICE", [x, begin, size], rows),
          inputs: [0, 4, 5], outputs: [1]),
        Node(
          name: "p", operator: try node("PAD", [rows, pads], padded), inputs: [1, 6],
          outputs: [2]),
        Node(name: "p.copy", operator: Add(), inputs: [2, 0], outputs: [3]),
      ], inputs: [0], outputs: [3])
    let compiled = try Compiler.compile(graph)
    #expect(compiled.system.blockLabels == compiled.labels)
    let labels = compiled.labels.filter { $0.roles.last != .excess }
    #expect(
      labels == [BlockLabel("x"), BlockLabel("p", [.copy]), BlockLabel("p.copy")], "\(labels)")
    #expect(compiled.system.blocks.map(\.name) == compiled.labels.map(\.name))
  }

  /// A committed output that is the input has rows of its own; a concatenation's rows have the output's name.
  @Test func `copies of committed tensors, and outputs that are made of views`() throws {
    func tensor(_ name: String, _ shape: [Int]) -> Tensor {
      Tensor(
        name: name, shape: shape, type: .int8,
        quantization: Quantization(scales: [0.05], zeroPoints: [3]))
    }
    let joined = Graph(
      name: "joined", tensors: [tensor("x", [1, 4]), tensor("x.copy", [2, 4])],
      nodes: [
        Node(name: "both", operator: Concatenation(axis: 0), inputs: [0, 0], outputs: [1])
      ], inputs: [0], outputs: [1])
    let outputs = try Compiler.compile(joined)
    #expect(outputs.labels == [BlockLabel("x"), BlockLabel("x.copy")])
    #expect(outputs.system.blockLabels == outputs.labels)

    let same = Graph(
      name: "same", tensors: [tensor("x", [1, 4]), tensor("y", [4])],
      nodes: [
        Node(
          name: "flat", operator: Reshape(.target([4], zeroCopies: false)), inputs: [0],
          outputs: [1])
      ], inputs: [0], outputs: [1])
    let options = CompilerOptions(input: .committed, output: .committed)
    let committed = try Compiler.compile(same, options)
    #expect(committed.labels == [BlockLabel("x"), BlockLabel("x", [.copy])])
    #expect(committed.system.blockLabels == committed.labels)
  }

  /// Squares of a user's own layers, called as SQUARED_DIFFERENCE calls the sides of its difference.
  @Test func `what is above zero may be squared in a layer of any name`() throws {
    func tensor(_ name: String, _ shape: [Int], _ scale: Float = 0.05) -> Tensor {
      Tensor(
        name: name, shape: shape, type: .int8,
        quantization: Quantization(scales: [scale], zeroPoints: [0]))
    }
    let (x, z) = (tensor("x", [1, 4]), tensor("z", [1, 4]))
    let sides = [tensor("d.positive", [1, 4]), tensor("d.negative", [1, 4])]
    let both = tensor("both", [1, 8])
    let axes = Tensor(name: "", shape: [1], type: .int64, constant: .integer([1]))
    let squares = try Operators.make(
      SourceNode(
        format: .onnx(opset: 18), type: "ReduceSumSquare", name: "d", attributes: [:],
        inputs: [both, axes], outputs: [tensor("d", [1, 1])]))
    let graph = Graph(
      name: "squares", tensors: [x, z] + sides + [both, tensor("d", [1, 1], 1)],
      nodes: [
        Node(
          name: "d.positive", operator: try node("RELU", [x], sides[0]), inputs: [0], outputs: [2]),
        Node(
          name: "d.negative", operator: try node("RELU", [z], sides[1]), inputs: [1], outputs: [3]),
        Node(name: "both", operator: Concatenation(axis: 1), inputs: [2, 3], outputs: [4]),
        Node(name: "d", operator: squares, inputs: [4], outputs: [5]),
      ], inputs: [0, 1], outputs: [5])
    let compiled = try Compiler.compile(graph)
    #expect(compiled.system.blockLabels == compiled.labels)
    let layers = compiled.labels.filter { $0.roles.isEmpty }.map(\.layer)
    #expect(layers == ["x", "z", "d.positive", "d.negative", "d"], "\(compiled.labels)")
  }

  /// What a key says of two blocks is believed only where they are the sides of one difference, and their
  /// layer adds up the squares of both.
  @Test func `names alone make no sides of a squared difference`() throws {
    func tensor(_ name: String, _ scale: Float, _ zeroPoint: Int64) -> Tensor {
      Tensor(
        name: name, shape: [1, 4], type: .int8,
        quantization: Quantization(scales: [scale], zeroPoints: [zeroPoint]))
    }
    let (x, z, d) = (tensor("x", 0.0523, 3), tensor("z", 0.0717, -5), tensor("d", 1.5043, -120))
    let graph = Graph(
      name: "difference", tensors: [x, z, d],
      nodes: [
        Node(
          name: "d", operator: try node("SQUARED_DIFFERENCE", [x, z], d), inputs: [0, 1],
          outputs: [2])
      ], inputs: [0, 1], outputs: [2])
    let compiled = try Compiler.compile(graph)
    let sides = [BlockRole.positive, .negative].map { BlockLabel("d", [$0]) }
    let own = [BlockLabel("d.positive"), BlockLabel("d.negative")]
    let places = compiled.labels.indices.filter { sides.contains(compiled.labels[$0]) }
    let layer = try #require(compiled.labels.firstIndex(of: BlockLabel("d")))
    #expect(places.count == 2)
    #expect(places.map { compiled.system.blockLabels[$0] } == sides)

    // Products of one with the other.
    var mixed = compiled.system
    for term in mixed.blocks[layer].relation.indices
    where mixed.blocks[layer].relation[term].factors.count == 2 {
      for (factor, place) in places.enumerated() {
        mixed.blocks[layer].relation[term].factors[factor].source = .block(place)
      }
    }
    #expect(places.map { mixed.blockLabels[$0] } == own)

    // The same side twice.
    var equal = compiled.system
    equal.blocks[places[1]].relation = equal.blocks[places[0]].relation
    #expect(places.map { equal.blockLabels[$0] } == own)
  }

  @Test func `names are what keys have always had`() {
    let coarse = BlockLabel("conv", [.part, .excess])
    #expect(coarse.name == "conv.part.excess")
    #expect(BlockLabel("pool", [.difference]).name == "pool.excess")
    #expect(TensorLabel(coarse, [.step]).name == "conv.part.excess.step")
    #expect(TensorLabel(BlockLabel("conv"), [.offset, .part]).name == "conv.offset.part")
    #expect(TensorRole(ofTensor: "a.weight.bias") == .bias)
    #expect(TensorRole(ofTensor: "a.mystery") == nil && TensorRole(ofTensor: "weight") == nil)
  }
}

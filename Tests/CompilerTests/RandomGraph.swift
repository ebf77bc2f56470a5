import ConstraintSystem
import Model
import TestSupport

/// A network of operators that were drawn at random, each with attributes and shapes of its own, in any order.
///
/// Many a draw is no operator (a window beyond its input, axes that do not fit) and is left out.
struct RandomGraph {
  private(set) var graph: Graph
  private var random: SplitMix64
  /// Tensors that operators may read.
  private var known: [Int] = []
  private var count = 0

  /// - Parameter seed: of everything that is drawn.
  static func make(seed: UInt64) throws(ModelError) -> Graph {
    var draft = RandomGraph(seed: seed)
    let wanted = draft.number(1...6)
    for _ in 0..<60 where draft.graph.nodes.count < wanted {
      do { try draft.addNode() } catch {}
    }
    if let last = draft.graph.nodes.last?.outputs.first { draft.graph.outputs = [last] }
    return draft.graph
  }

  private init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    graph = Graph(name: "random \(seed)")
    let shape = [1] + (0..<number(1...4)).map { _ in number(1...5) }
    for name in ["x", "y"].prefix(number(1...5) == 1 ? 2 : 1) {
      graph.inputs.append(graph.tensors.count)
      known.append(graph.tensors.count)
      graph.tensors.append(quantized(name, shape))
    }
  }

  // MARK: - Draws

  private mutating func number(_ range: ClosedRange<Int64>) -> Int {
    Int(random.integer(in: range))
  }

  private mutating func extent(_ range: ClosedRange<Int64>) -> Int64 { random.integer(in: range) }

  private mutating func flips() -> Bool { number(0...1) == 1 }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[number(0...Int64(elements.count - 1))]
  }

  private mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var rest = elements
    return elements.indices.map { _ in rest.remove(at: number(0...Int64(rest.count - 1))) }
  }

  /// An activation of int8 at one of some scales, among them such that their ratio is 1, 2 or next to neither.
  private mutating func quantized(_ name: String, _ shape: [Int]) -> Tensor {
    Tensor(
      name: name, shape: shape, type: .int8,
      quantization: Quantization(
        scales: [pick([0.05, 0.1, 0.0371, 0.25])], zeroPoints: [pick([-128, 0, 3, 127])]))
  }

  private mutating func constant(_ shape: [Int], scale: Float = 0.02) -> Tensor {
    Tensor(
      name: "", shape: shape, type: .int8,
      quantization: Quantization(scales: [scale], zeroPoints: [0]),
      constant: .integer(random.integers(shape.reduce(1, *), in: -127...127)))
  }

  private static func list(_ values: [Int64], _ shape: [Int]? = nil) -> Tensor {
    Tensor(
      name: "", shape: shape ?? [values.count], type: .int64, constant: .integer(values))
  }

  /// Some of the axes, negative ones among them; at least one.
  private mutating func axes(_ rank: Int) -> [Int64] {
    let chosen = shuffled(Array(0..<Int64(rank))).prefix(number(1...Int64(rank)))
    return chosen.map { flips() ? $0 - Int64(rank) : $0 }
  }

  // MARK: - Nodes

  private static let types = [
    "Relu", "Clip", "Sigmoid", "LeakyRelu", "Abs", "Add", "Sub", "Mul", "Max", "Min", "Concat",
    "Transpose", "Reshape", "Unsqueeze", "Squeeze", "Flatten", "Slice", "Pad", "Gather", "Tile",
    "Expand", "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceSumSquare",
    "CumSum", "MaxPool", "AveragePool", "GlobalAveragePool", "Conv", "ConvTranspose", "Gemm",
    "MatMul", "DepthToSpace", "SpaceToDepth",
  ]

  private mutating func addNode() throws {
    let type = pick(Self.types)
    let place = pick(known)
    let x = graph.tensors[place]
    var node = SourceNode(
      format: .onnx(opset: 18), type: type, name: "\(type) \(count)", attributes: [:],
      inputs: [x], outputs: [])
    var operands: [Int?] = [place]
    count += 1
    draw(&node, x, &operands)

    var output = quantized("\(type) \(count) out", [])
    node.outputs = [output]
    let made = try Operators.make(node)
    output.shape = try made.outputShape(node.inputs)
    guard output.count <= 1 << 10, (1...6).contains(output.shape.count) else { return }
    if Swift.type(of: made).keepsIntegers { output.quantization = x.quantization }
    node.outputs = [output]
    let tensors = NodeTensors(node: node.name, inputs: node.inputs, output: output)
    try made.check(tensors)

    var inputs: [Int?] = []
    for (position, tensor) in node.inputs.enumerated()
    where !Swift.type(of: made).isAttribute(operand: position) {
      if position < operands.count {
        inputs.append(operands[position])
      } else if let tensor {
        inputs.append(graph.tensors.count)
        graph.tensors.append(tensor)
      } else {
        inputs.append(nil)
      }
    }
    graph.tensors.append(output)
    known.append(graph.tensors.count - 1)
    graph.nodes.append(
      Node(name: node.name, operator: made, inputs: inputs, outputs: [graph.tensors.count - 1]))
  }

  /// Attributes and further operands of a node.
  private mutating func draw(_ node: inout SourceNode, _ x: Tensor, _ operands: inout [Int?]) {
    let rank = x.shape.count
    switch node.type {
    case "Clip":
      node.attributes = [:]
      node.inputs += [real(-0.5), real(1.5)]
    case "LeakyRelu": node.attributes["alpha"] = .real(0.1)
    case "Add", "Sub", "Mul", "Max", "Min":
      if flips() {
        node.inputs.append(constant(shuffled(x.shape.map { flips() ? $0 : 1 })))
      } else {
        let other = pick(known)
        operands.append(other)
        node.inputs.append(graph.tensors[other])
      }
    case "Concat":
      let other = pick(known)
      operands.append(other)
      node.inputs.append(graph.tensors[other])
      node.attributes["axis"] = .integer(extent(Int64(-rank)...Int64(rank - 1)))
    case "Transpose":
      node.attributes["perm"] = .integers(shuffled(Array(0..<Int64(rank))))
    case "Reshape":
      var rest = x.count
      var shape: [Int64] = []
      for _ in 0..<number(0...3) {
        let divisors = (1...rest).filter { rest % $0 == 0 }
        let divisor = pick(divisors)
        shape.append(Int64(divisor))
        rest /= divisor
      }
      node.inputs.append(Self.list(shape + [flips() ? -1 : Int64(rest)]))
    case "Unsqueeze": node.inputs.append(Self.list([extent(0...Int64(rank))]))
    case "Squeeze":
      node.inputs.append(Self.list(x.shape.indices.filter { x.shape[$0] == 1 }.map(Int64.init)))
    case "Flatten": node.attributes["axis"] = .integer(extent(0...Int64(rank)))
    case "Slice":
      let axes = axes(rank)
      let backwards = axes.map { _ in flips() }
      node.inputs += [
        Self.list(axes.indices.map { backwards[$0] ? -1 : extent(0...2) }),
        Self.list(axes.indices.map { backwards[$0] ? extent(-5 ... -2) : extent(1...5) }),
        Self.list(axes),
        Self.list(axes.indices.map { backwards[$0] ? extent(-2 ... -1) : extent(1...2) }),
      ]
    case "Pad":
      node.attributes["mode"] = .text(pick(["constant", "reflect", "edge", "wrap"]))
      node.inputs.append(Self.list((0..<2 * rank).map { _ in extent(-1...2) }))
    case "Gather":
      let axis = number(0...Int64(rank - 1))
      let extents = (0..<number(0...2)).map { _ in number(1...3) }
      node.attributes["axis"] = .integer(Int64(axis))
      let range = Int64(-x.shape[axis])...Int64(x.shape[axis] - 1)
      node.inputs.append(
        Self.list(random.integers(extents.reduce(1, *), in: range), extents))
    case "Tile": node.inputs.append(Self.list(x.shape.map { _ in extent(1...2) }))
    case "Expand":
      node.inputs.append(Self.list(x.shape.map { $0 == 1 ? extent(1...3) : Int64($0) }))
    case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceSumSquare":
      node.attributes["keepdims"] = .integer(extent(0...1))
      node.inputs.append(Self.list(axes(rank)))
    case "CumSum": node.inputs.append(Self.list([extent(0...Int64(rank - 1))], []))
    case "MaxPool", "AveragePool": drawWindow(&node, rank)
    case "Conv":
      guard rank >= 3 else { return }
      let groups = flips() ? 1 : x.shape[1]
      drawWindow(&node, rank)
      node.attributes["group"] = .integer(Int64(groups))
      node.attributes["dilations"] = .integers((2..<rank).map { _ in extent(1...2) })
      drawKernel(&node, [groups * number(1...2), x.shape[1] / groups])
    case "ConvTranspose":
      guard rank >= 3 else { return }
      drawWindow(&node, rank)
      drawKernel(&node, [x.shape[1], number(1...2)])
    case "Gemm", "MatMul":
      node.inputs.append(constant([x.shape[rank - 1], number(1...3)]))
    case "DepthToSpace", "SpaceToDepth": node.attributes["blocksize"] = .integer(2)
    default: break
    }
  }

  private mutating func drawWindow(_ node: inout SourceNode, _ rank: Int) {
    let kernel = (2..<max(rank, 3)).map { _ in extent(1...3) }
    node.attributes["kernel_shape"] = .integers(kernel)
    node.attributes["strides"] = .integers(kernel.map { _ in extent(1...3) })
    if flips() {
      node.attributes["pads"] = .integers((kernel + kernel).map { extent(0...max($0 - 1, 0)) })
    } else {
      node.attributes["auto_pad"] = .text(pick(["VALID", "SAME_UPPER", "SAME_LOWER"]))
    }
  }

  private mutating func drawKernel(_ node: inout SourceNode, _ channels: [Int]) {
    guard case .integers(let kernel)? = node.attributes["kernel_shape"] else { return }
    node.inputs.append(constant(channels + kernel.map { Int($0) }))
  }

  private func real(_ value: Float) -> Tensor {
    Tensor(name: "", shape: [], type: .float32, constant: .real([value]))
  }
}

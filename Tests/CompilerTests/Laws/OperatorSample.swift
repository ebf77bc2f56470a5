import ConstraintSystem
import Model
import TestSupport

/// An operator that the laws can be put to: it gives nodes of each of its names, as files state them.
///
/// Conformances stand in `Samples`, a file for each operator. One of `Operators.all` that has none fails
/// `OperatorLawTests`.
protocol SampledOperator: Operator {
  static var samples: [OperatorSample] { get }
}

/// A node as a file states it, with few enough values for every cell of its witness to be changed.
///
/// Operands without a constant are inputs of the network; the laws choose their integers, and other scales, zero
/// points and types for them.
struct OperatorSample: Sendable, CustomStringConvertible {
  var node: SourceNode
  /// What sets it apart from others of its name.
  var detail = ""
  /// Operands that may be left out.
  var optional: Set<Int> = []
  /// How many axes its first activation may have; nil for any number.
  var ranks: ClosedRange<Int>?
  /// Whether its output has the quantization of its input, whatever that is.
  var keepsScale = false
  /// Whether it is one for these scales and zero points alone.
  var isFixed = false
  /// Whether a float network of it can be quantized.
  var hasFloatForm = true
  /// Whether integers are not compared where its reals have no finite value.
  var hasPoles = false
  /// The arithmetic of its network; some operators follow no runtime's.
  var arithmetic = Arithmetic.float32
  /// Steps by which integers may differ from the quantization of what the reals give.
  var slack: Int64 = 1

  /// Whether its integers are proven: a last step's are where it stands in the middle of a network that is quantized
  /// here, if it has any.
  var isProven: Bool {
    if !(type is any UnprovenOperator.Type) { return true }
    if case .integer = arithmetic { return type is any FinalOperator.Type }
    return false
  }

  /// The operator that gives it.
  var type: any Operator.Type { owner ?? Refused.self }
  fileprivate(set) var owner: (any Operator.Type)?

  var description: String { detail.isEmpty ? node.type : "\(node.type), \(detail)" }

  private init(
    _ format: SourceNode.Format, _ type: String, _ attributes: [String: SourceNode.Attribute],
    _ inputs: [Tensor?], _ outputs: [Tensor], piece: Int
  ) {
    func named(_ tensor: Tensor, _ name: String) -> Tensor {
      var tensor = tensor
      tensor.name = name
      return tensor
    }
    node = SourceNode(
      format: format, type: type, name: "node", attributes: attributes,
      inputs: inputs.enumerated().map { place, tensor in
        tensor.map { named($0, "operand \(place)") }
      }, outputs: outputs.enumerated().map { named($1, "output \($0)") })
    node.piece = piece
  }

  static func tflite(
    _ type: String, _ attributes: [String: SourceNode.Attribute], _ inputs: [Tensor?],
    _ outputs: Tensor..., piece: Int = 0, change: (inout OperatorSample) -> Void = { _ in }
  ) -> OperatorSample {
    var sample = OperatorSample(
      .tflite(version: 1), type, attributes, inputs, outputs, piece: piece)
    change(&sample)
    return sample
  }

  static func tflite(
    _ type: String, _ inputs: [Tensor?], _ output: Tensor,
    change: (inout OperatorSample) -> Void = { _ in }
  ) -> OperatorSample {
    tflite(type, [:], inputs, output, change: change)
  }

  /// - Parameter opset: nil for 21, or for the one nearest to it that has the name.
  static func onnx(
    _ type: String, opset: Int? = nil, _ attributes: [String: SourceNode.Attribute],
    _ inputs: [Tensor?], _ outputs: Tensor..., piece: Int = 0,
    change: (inout OperatorSample) -> Void = { _ in }
  ) -> OperatorSample {
    let opsets = Operators.onnxForms.first { $0.name == type }?.opsets ?? 21...21
    let nearest = min(max(21, opsets.lowerBound), opsets.upperBound)
    var sample = OperatorSample(
      .onnx(opset: opset ?? nearest), type, attributes, inputs, outputs, piece: piece)
    change(&sample)
    return sample
  }

  static func onnx(
    _ type: String, _ inputs: [Tensor?], _ output: Tensor,
    change: (inout OperatorSample) -> Void = { _ in }
  ) -> OperatorSample {
    onnx(type, [:], inputs, output, change: change)
  }
}

/// All samples of all operators.
enum OperatorSamples {
  static let all: [OperatorSample] = Operators.all.flatMap { type in
    ((type as? any SampledOperator.Type)?.samples ?? []).map { sample in
      var sample = sample
      sample.owner = type
      return sample
    }
  }

  /// Those whose integers are proven.
  static let proven = all.filter(\.isProven)

  /// The first of each operator.
  static let first = Operators.all.compactMap { type in
    proven.first { ObjectIdentifier($0.type) == ObjectIdentifier(type) }
  }
}

extension Tensor {
  /// An activation.
  static func activation(
    _ shape: [Int], scale: Float = 0.0523, zero: Int64 = 3, _ type: ElementType = .int8
  ) -> Tensor {
    Tensor(
      name: "", shape: shape, type: type,
      quantization: Quantization(scales: [scale], zeroPoints: [zero]))
  }

  static func reals(_ shape: [Int], _ values: [Float]? = nil) -> Tensor {
    Tensor(name: "", shape: shape, type: .float32, constant: values.map(Constant.real))
  }

  /// A list of axes, extents and the like.
  static func list(_ values: [Int64], _ shape: [Int]? = nil) -> Tensor {
    Tensor(
      name: "", shape: shape ?? [values.count], type: .int32, constant: .integer(values))
  }

  /// A constant operand; int8 integers that between them are at both ends.
  static func constant(
    _ shape: [Int], scale: Float = 0.0211, zero: Int64 = 0, _ values: [Int64]? = nil
  ) -> Tensor {
    var tensor = activation(shape, scale: scale, zero: zero)
    let edges: [Int64] = [127, -128, 1, 0, -127, 64, -3, 100]
    tensor.constant = .integer(values ?? (0..<tensor.count).map { edges[$0 % edges.count] })
    return tensor
  }

  /// An operand that is true or false.
  static func truth(_ shape: [Int]) -> Tensor { activation(shape, scale: 1, zero: 0) }

  /// What it may hold where it is an input of a network.
  var heldIntegers: ClosedRange<Int64> {
    quantization == .truth ? 0...1 : type.range ?? 0...0
  }

  /// A weight of int8 with a scale for each channel.
  static func weight(_ shape: [Int], axis: Int, scales: [Float]) -> Tensor {
    var tensor = constant(shape)
    tensor.quantization = Quantization(
      scales: scales, zeroPoints: scales.map { _ in 0 }, axis: scales.count == 1 ? nil : axis)
    return tensor
  }
}

/// Other quantizations of a sample's activations.
enum SampleQuantization: CaseIterable, Sendable {
  case given
  /// uint8, the zero points at its ends.
  case unsigned
  /// int8, the zero points at its ends.
  case ends
  /// Scales whose ratios are powers of two, so that many a quotient lies half-way.
  case ties

  private var quantizations: (operands: [(Float, Int64)], output: (Float, Int64), ElementType)? {
    switch self {
    case .given: nil
    case .unsigned: ([(0.0513, 255), (0.0717, 0)], (0.0619, 0), .uint8)
    case .ends: ([(0.0527, 127), (0.0437, -128)], (0.0811, -128), .int8)
    case .ties: ([(0.5, 3), (0.25, -7)], (1, -1), .int8)
    }
  }

  func applied(to sample: OperatorSample) -> SourceNode {
    var node = sample.node
    if let (operands, output, type) = quantizations {
      let isOne = sample.keepsScale || sample.type.keepsIntegers(sample.node.attributes)
      func set(_ tensor: inout Tensor, _ place: (scale: Float, zero: Int64)) {
        tensor.type = type
        tensor.quantization = Quantization(scales: [place.scale], zeroPoints: [place.zero])
      }
      var count = 0
      for place in node.inputs.indices {
        guard var tensor = node.inputs[place], tensor.constant == nil,
          tensor.quantization != .truth
        else { continue }
        set(&tensor, operands[isOne ? 0 : count % operands.count])
        node.inputs[place] = tensor
        count += 1
      }
      for place in node.outputs.indices {
        set(&node.outputs[place], isOne ? operands[0] : output)
      }
    }
    if self == .unsigned, case .tflite = node.format, sample.type.constants == .weightAndBias {
      node.makeWeightUnsigned()
    }
    // A bias has the scales of the products.
    if sample.type.constants == .weightAndBias, node.inputs.count > 2,
      let input = node.inputs[0]?.quantization?.scales[0],
      let weights = node.inputs[1]?.quantization?.scales
    {
      node.inputs[2]?.quantization = Quantization(
        scales: weights.map { input * $0 }, zeroPoints: weights.map { _ in 0 },
        axis: weights.count == 1 ? nil : 0)
    }
    return node
  }
}

extension SourceNode {
  /// With the weight that LiteRT's kernels take beside uint8: one scale, and a zero point.
  fileprivate mutating func makeWeightUnsigned() {
    guard var weight = inputs[1], case .integer(let values)? = weight.constant,
      let scale = weight.quantization?.scales.first
    else { return }
    weight.type = .uint8
    weight.constant = .integer(values.map { $0 + 128 })
    weight.quantization = Quantization(scales: [scale], zeroPoints: [119])
    inputs[1] = weight
  }
}

extension OperatorSample {
  /// Its quantizations.
  var quantizations: [SampleQuantization] { isFixed ? [.given] : SampleQuantization.allCases }

  /// Operands that are inputs of the network.
  static func activations(_ node: SourceNode) -> [Int] {
    node.inputs.indices.filter { place in node.inputs[place].map { $0.constant == nil } ?? false }
  }

  /// Its activations; int8 ones in place of reals.
  var feeds: [Tensor] {
    Self.activations(node).compactMap { node.inputs[$0] }.map { tensor in
      tensor.quantization == nil ? .activation(tensor.shape) : tensor
    }
  }

  /// A network of the node alone.
  static func graph(_ node: SourceNode) throws(ModelError) -> Graph {
    let made = try Operators.make(node)
    var graph = Graph(name: "sample")
    var inputs: [Int?] = []
    let type = Swift.type(of: made)
    for (place, tensor) in node.inputs.enumerated() where !type.isAttribute(operand: place) {
      guard let tensor else {
        inputs.append(nil)
        continue
      }
      if tensor.constant == nil { graph.inputs.append(graph.tensors.count) }
      inputs.append(graph.tensors.count)
      graph.tensors.append(tensor)
    }
    graph.tensors.append(node.outputs[node.piece])
    graph.outputs = [graph.tensors.count - 1]
    graph.nodes = [
      Node(name: node.name, operator: made, inputs: inputs, outputs: graph.outputs)
    ]
    return graph
  }

  /// A network of one of its nodes, in its arithmetic.
  func graph(_ node: SourceNode) throws(ModelError) -> Graph {
    var graph = try Self.graph(node)
    graph.arithmetic = arithmetic
    return graph
  }

  /// The same in float: constants are the reals that they stand for.
  func floatNode() -> SourceNode {
    var node = SampleQuantization.given.applied(to: self)
    func real(_ tensor: Tensor) -> Tensor {
      var tensor = tensor
      guard tensor.quantization != nil else { return tensor }
      tensor.constant = tensor.reals.map(Constant.real)
      (tensor.type, tensor.quantization) = (.float32, nil)
      return tensor
    }
    node.inputs = node.inputs.map { $0.map(real) }
    node.outputs = node.outputs.map(real)
    return node
  }
}

/// Rows of integers for the inputs of a network of one node.
enum EdgeRows {
  /// All lowest, all highest, all at the zero point and beside it, alternating ends; then all integers of the
  /// type in turn, and random ones.
  static func rows(_ inputs: [Tensor]) -> [[[Int64]]] {
    guard let first = inputs.first else { return [] }
    var random = SplitMix64(seed: 11)
    let sweep = max(2, min(256 / max(first.count, 1), 16))
    func row(_ value: (_ tensor: Tensor, _ input: Int, _ cell: Int) -> Int64) -> [[Int64]] {
      inputs.enumerated().map { input, tensor in
        let range = tensor.heldIntegers
        return (0..<tensor.count).map { value(tensor, input, $0).clamped(range) }
      }
    }
    func zero(_ tensor: Tensor) -> Int64 { tensor.quantization?.zeroPoints[0] ?? 0 }
    var rows = [
      row { _, _, _ in .min }, row { _, _, _ in .max },
      row { _, input, _ in input == 0 ? .min : .max },
      row { _, input, cell in (input + cell) % 2 == 0 ? .min : .max },
    ]
    rows += (-1...1).map { offset in row { tensor, _, _ in zero(tensor) + offset } }
    for turn in 0..<sweep {
      // Neighbouring cells are far apart, so that few of them already differ in every bit.
      rows.append(
        row { tensor, input, cell in
          let place = (turn * tensor.count + cell) * 7 + input * 91
          let range = tensor.heldIntegers
          return range.lowerBound + Int64(place % range.count)
        })
    }
    for _ in 0..<3 {
      rows.append(row { tensor, _, _ in random.integer(in: tensor.heldIntegers) })
    }
    return rows
  }
}

extension Int64 {
  fileprivate func clamped(_ range: ClosedRange<Int64>) -> Int64 {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}

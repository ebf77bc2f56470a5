package import ConstraintSystem

/// One operator: how a file names it, what it computes on reals and on integers, and how it becomes
/// rows. One file each in `Operators/`, one line each in `Operators.all`.
///
/// Scales and zero points are properties of tensors: a reader lifts those that a format passes as
/// operands (`QuantizedOperands`, QuantizeLinear, …) into the tensors before it makes the
/// operator, so that `FullyConnected` reads x, weight and bias in every format.
///
/// Nobody else asks which operator a node is: readers, passes, the quantizer and reports ask for what is
/// declared here. Requirements with a default are for those operators that differ from most.
package protocol Operator: Sendable {
  // MARK: Reading

  static var onnx: [ONNXForm] { get }
  static var tflite: [TFLiteForm] { get }

  /// Whether a node may have several outputs; a reader then makes a node of each.
  static var hasSeveralOutputs: Bool { get }

  /// What its output holds where a file does not quantize it.
  static var outputType: ElementType { get }

  /// Whether an operand is an attribute in another form: `init` reads it, and the operator has it no
  /// more. It may hold infinite values.
  static func isAttribute(operand index: Int) -> Bool

  /// Reads attributes, once; an attribute it does not know is an error that names it.
  init(_ node: SourceNode) throws(ModelError)

  /// What people call it in reports: `FullyConnected`.
  var label: String { get }

  // MARK: Its place in a network

  /// The end of a network at which it stands between reals and integers; nil where it takes and gives
  /// integers alone.
  static var end: NetworkEnd? { get }

  /// The public steps that it is at the end of a network, or nil when it is proven like the rest.
  func finalSteps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep]?

  /// The public steps that it is behind such steps, where what it reads is not proven; nil where it can
  /// only be proven.
  func followingSteps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep]?

  /// Whether the output holds integers of the inputs as they stand, so that a network that is
  /// quantized here gives all of them one quantization.
  static var keepsIntegers: Bool { get }

  /// Whether a node with these attributes is one that does, where its name says that it may.
  static func keepsIntegers(_ attributes: [String: SourceNode.Attribute]) -> Bool

  /// The same of the operator as it is.
  var passesIntegers: Bool { get }

  /// Whether an operand has the output's quantization where a network is quantized here: its integers
  /// are among the output's.
  static func sharesScale(operand index: Int) -> Bool

  /// Whether its output is 1 for true and 0 for false, whatever calibration shows.
  var makesTruth: Bool { get }

  /// Whether an operand, an input of the network, says where another is read.
  func readsThrough(operand index: Int) -> Bool

  /// What its output's values lie between, whatever calibration shows; nil where that says it.
  var outputRange: ClosedRange<Float>? { get }

  /// Whether every value of the output is a row of its own.
  var takesRows: Bool { get }

  // MARK: What a float network's passes and its quantizer may do with it

  /// How constants among its operands are stored when the network is quantized.
  static var constants: ConstantOperands { get }

  /// What it makes of its operands where it works on each value by itself and is no more than that; nil
  /// for others.
  func expression(_ operands: [Expression]) -> Expression?

  /// What it is as a sum of its two operands; nil where it is none.
  var addition: Addition? { get }

  /// How many values each of its output's is the mean of, all alike; nil where it is no mean.
  func meanCount(_ operands: [Tensor?]) -> Int?

  /// Whether a layer that reads a tensor of this shape reads nothing beyond its ends.
  func readsWithin(_ shape: [Int]) -> Bool

  /// Where its output channels stand if it is a layer, `clamp(Σ weight·x + bias)` of the operands x,
  /// weight and bias, with a weight of these extents; nil where it is none.
  func channels(weight shape: [Int]) -> LayerChannels?

  /// What it is as a factor and a term for each channel; nil where it is more, or an operand is not a
  /// constant of reals.
  func channelwise(_ operands: [Tensor?]) -> ChannelwiseStep?

  /// The operator whose output is this one's times a positive number where it is a product of its operands, so that a
  /// factor of one of them is one of its output; nil where it is none.
  func scaled(by factor: Float) -> (any Operator)?

  /// What it is said with others, of reals; nil where it has rows of its own.
  func expansion(_ tensors: NodeTensors) throws(ModelError) -> Expansion?

  // MARK: Meaning

  /// The output's extents, or an error in the user's terms that leaves the node's name empty.
  func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int]

  /// Whether these types, constants and quantizations are ones that `integer` and `lower` handle.
  func check(_ tensors: NodeTensors) throws(ModelError)

  /// The operator's text on reals, for calibration and reports.
  func real(_ inputs: [Values<Float>?], _ tensors: NodeTensors) throws(ModelError)
    -> Values<Float>

  /// The operator's text on integers (zero points included): the steps of the runtimes, fused clamps.
  /// Written from the operator's text, independently of `lower`.
  func integer(_ inputs: [Values<Int64>?], _ tensors: NodeTensors) throws(ModelError)
    -> Values<Int64>

  /// The operator as rows and relations; wires hold integers with the zero point removed.
  func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView
}

/// An operator that ends in a clamp of its own, into which a Relu or Clip after it can go.
package protocol ActivatedOperator: Operator {
  var activation: RealRange { get set }
}

extension Operator {
  package static var onnx: [ONNXForm] { [] }
  package static var tflite: [TFLiteForm] { [] }
  package static var hasSeveralOutputs: Bool { false }
  package static var outputType: ElementType { .float32 }
  package static func isAttribute(operand index: Int) -> Bool { false }
  package static var end: NetworkEnd? { nil }
  package static var keepsIntegers: Bool { false }
  package static func keepsIntegers(_ attributes: [String: SourceNode.Attribute]) -> Bool {
    keepsIntegers
  }
  package var passesIntegers: Bool { Self.keepsIntegers }
  package static func sharesScale(operand index: Int) -> Bool { keepsIntegers }
  package static var constants: ConstantOperands { .unchanged }
  package func readsThrough(operand index: Int) -> Bool { false }
  package var takesRows: Bool { false }
  package var makesTruth: Bool { false }
  package var outputRange: ClosedRange<Float>? { nil }
  package var addition: Addition? { nil }
  package func meanCount(_ operands: [Tensor?]) -> Int? { nil }
  package func readsWithin(_ shape: [Int]) -> Bool { false }
  package func expression(_ operands: [Expression]) -> Expression? { nil }
  package func channels(weight shape: [Int]) -> LayerChannels? { nil }
  package func channelwise(_ operands: [Tensor?]) -> ChannelwiseStep? { nil }
  package func scaled(by factor: Float) -> (any Operator)? { nil }
  package func expansion(_ tensors: NodeTensors) throws(ModelError) -> Expansion? { nil }
  package func check(_ tensors: NodeTensors) throws(ModelError) {}
  package func finalSteps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep]? { nil }
  package func followingSteps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep]? { nil }
}

/// The tensors of a node: types, quantization and constants.
package struct NodeTensors: Sendable {
  /// The node's name, for errors.
  package var node: String
  package var inputs: [Tensor?]
  package var output: Tensor
  /// The graph's arithmetic.
  package var arithmetic: Arithmetic
  /// Where evaluations of the node keep what they make of a constant.
  var store: NodeStore?
  package init(
    node: String = "", inputs: [Tensor?], output: Tensor, arithmetic: Arithmetic = .float32
  ) {
    self.node = node
    self.arithmetic = arithmetic
    self.inputs = inputs
    self.output = output
  }

  /// What an evaluation makes of an operand: once for all evaluations of a node whose operand is a constant.
  func kept<Value: Sendable>(of operand: Int, _ make: () -> Value) -> Value {
    guard let store, optionalInput(operand)?.constant != nil else { return make() }
    return store.value(make)
  }

  /// Input `index`, or an error that says which operand is missing.
  package func input(_ index: Int, _ role: String) throws(ModelError) -> Tensor {
    guard inputs.indices.contains(index), let tensor = inputs[index] else {
      throw .invalid(node: node, what: "its \(role) is missing")
    }
    return tensor
  }

  /// Makes sure that the first input and the output hold the same integers.
  func requireEqualQuantization(_ label: String, input index: Int = 0) throws(ModelError) {
    let input = try input(index, "input")
    guard input.type == output.type, input.quantization == output.quantization else {
      throw .unsupported(
        node: node, what: "\(label) between different quantizations",
        remedy: "quantize the model again; its input and output hold the same integers")
    }
  }

  /// Input `index` if it is there.
  package func optionalInput(_ index: Int) -> Tensor? {
    inputs.indices.contains(index) ? inputs[index] : nil
  }
}

/// A tensor's values, row-major.
package struct Values<Element: Sendable>: Sendable {
  package var shape: [Int]
  package var elements: [Element]
  package init(shape: [Int], elements: [Element]) {
    self.shape = shape
    self.elements = elements
  }
}

extension Array {
  /// Operand `index`, or an error that says which is missing.
  func operand<Wrapped>(
    _ index: Int, _ tensors: NodeTensors
  ) throws(ModelError) -> Wrapped where Element == Wrapped? {
    guard indices.contains(index), let value = self[index] else {
      throw .invalid(node: tensors.node, what: "operand \(index) is missing")
    }
    return value
  }
}

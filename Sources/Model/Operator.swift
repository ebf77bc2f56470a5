/// One operator: how a file names it, what it computes on reals and on integers, and how it becomes
/// rows. One file each in `Operators/`, one line each in `Operators.all`.
package protocol Operator: Sendable {
  /// `("Gemm", 7...25)`: ONNX names and the opsets whose text was read.
  static var onnx: [(name: String, opsets: ClosedRange<Int>)] { get }
  /// Names of TFLite's builtin operators.
  static var tflite: [String] { get }

  /// Reads attributes, once; an attribute it does not know is an error that names it.
  init(_ node: SourceNode) throws(ModelError)

  /// What people call it in reports: `FullyConnected`.
  var label: String { get }

  /// The output's extents, or an error in the user's terms.
  func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int]

  /// The operator's text on reals, for calibration and reports.
  func real(_ inputs: [Values<Float>?]) -> Values<Float>

  /// The operator's text on integers (zero points included), by the named semantics: Q31 multiplier,
  /// `(acc·m + 2^(s−1)) >> s`, fused clamps. Written from the text, apart from `lower`.
  func integer(_ inputs: [Values<Int64>?], _ tensors: NodeTensors) throws(ModelError)
    -> Values<Int64>

  /// The operator as rows and relations; wires hold integers with the zero point removed.
  func lower<Builder: CircuitBuilder>(
    _ inputs: [Wire?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> Wire
}

/// The tensors of a node: types, quantization and constants.
package struct NodeTensors: Sendable {
  package var inputs: [Tensor?]
  package var output: Tensor
  package init(inputs: [Tensor?], output: Tensor) {
    self.inputs = inputs
    self.output = output
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

/// Why a model cannot be read or compiled, in terms of the user's file.
package enum ModelError: Error, Equatable, Sendable {
  /// No operator of that name is known.
  case unsupportedOperator(node: String, type: String, opset: Int?, supported: [String])
  case unsupportedAttribute(node: String, type: String, attribute: String, value: String)
  case unsupported(node: String, what: String, remedy: String)
  case invalid(node: String, what: String)
}

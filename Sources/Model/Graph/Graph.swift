package import ConstraintSystem

/// A network as its file describes it: operators over tensors, each tensor with its element type
/// and, where it is quantized, the affine map from integers to reals.
///
/// One graph serves float models, TFLite int8 and ONNX QDQ/QOperator alike: a quantized network is a
/// graph whose activation tensors all carry a `Quantization`.
package struct Graph: Sendable {
  package var name: String
  package var tensors: [Tensor]
  /// In evaluation order.
  package var nodes: [Node]
  /// Tensor indices.
  package var inputs: [Int]
  package var outputs: [Int]
  package var arithmetic = Arithmetic.float32

  package init(
    name: String, tensors: [Tensor] = [], nodes: [Node] = [], inputs: [Int] = [],
    outputs: [Int] = []
  ) {
    self.name = name
    self.tensors = tensors
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
  }

  /// The inputs of integers that say where tensors are read, and no more.
  package var indexInputs: Set<Int> {
    var (found, others) = (Set<Int>(), Set(outputs))
    for node in nodes {
      for (operand, input) in node.inputs.enumerated() {
        guard let input else { continue }
        if node.operator.readsThrough(operand: operand) {
          found.insert(input)
        } else {
          others.insert(input)
        }
      }
    }
    return Set(
      inputs.filter { input in
        found.contains(input) && !others.contains(input) && tensors.indices.contains(input)
          && tensors[input].type != .float32 && tensors[input].quantization == nil
      })
  }

  /// Whether no tensor is quantized: it takes calibration inputs to prove it.
  package var isFloat: Bool { tensors.allSatisfy { $0.quantization == nil } }
}

/// Which step takes the accumulators of a network's layers to their outputs.
package enum Arithmetic: Sendable, Hashable {
  /// That of the runtimes: `FloatStep`.
  case float32
  /// Exact reals between QONNX's quantizers, in which `QuantRule` says what becomes of them.
  case exact
  /// `(acc·m + 2^(s−1)) >> s` with mantissas of so many bits, each of which costs something per row. Only
  /// for a network that was quantized here, which no runtime has run.
  case integer(bits: Int)
}

package struct Tensor: Sendable, Hashable {
  package var name: String
  /// Static extents, the batch of one included.
  package var shape: [Int]
  package var type: ElementType
  package var quantization: Quantization?
  package var constant: Constant?

  package init(
    name: String, shape: [Int], type: ElementType, quantization: Quantization? = nil,
    constant: Constant? = nil
  ) {
    self.name = name
    self.shape = shape
    self.type = type
    self.quantization = quantization
    self.constant = constant
  }
  package var count: Int { shape.reduce(1, *) }
}

/// Values of a constant tensor, row-major.
package enum Constant: Sendable, Hashable {
  case real([Float])
  case integer([Int64])

  package var count: Int {
    switch self {
    case .real(let values): values.count
    case .integer(let values): values.count
    }
  }
}

/// real = scale · (integer − zeroPoint), per tensor or per slice along `axis`.
package struct Quantization: Sendable, Hashable {
  /// Exactly the file's single-precision scales.
  package var scales: [Float]
  package var zeroPoints: [Int64]
  package var axis: Int?
  /// Of a tensor that QONNX's quantizers make; nil where the integers are all of the type, by ONNX
  /// QuantizeLinear.
  package var rule: QuantRule?

  package init(
    scales: [Float], zeroPoints: [Int64], axis: Int? = nil, rule: QuantRule? = nil
  ) {
    self.scales = scales
    self.zeroPoints = zeroPoints
    self.axis = axis
    self.rule = rule
  }

  /// Of tensors that hold 1 for true and 0 for false.
  package static let truth = Quantization(scales: [1], zeroPoints: [0])
}

package struct Node: Sendable {
  /// As in the file, or made up from the operator and its index when the file has none.
  package var name: String
  package var `operator`: any Operator
  /// Tensor indices; nil for an optional input left out.
  package var inputs: [Int?]
  package var outputs: [Int]

  package init(name: String, operator: any Operator, inputs: [Int?], outputs: [Int]) {
    self.name = name
    self.operator = `operator`
    self.inputs = inputs
    self.outputs = outputs
  }
}

import ConstraintSystem
import Model

extension ONNXGraph {
  /// Reads a scale and a zero point that a node names as operands, checked against the type that
  /// they quantize to.
  ///
  /// - Parameters:
  ///   - type: of the quantized tensor.
  ///   - axis: along which scales vary when there are several; nil where the node allows one only.
  func quantization(
    _ node: DraftNode, scale: Int, zeroPoint: Int, type: ElementType, axis: Int?
  ) throws(ModelError) -> Quantization {
    func refuse(_ what: String) -> ModelError { .invalid(node: node.name, what: what) }
    guard let scales = operand(node, scale), case .real(let values)? = scales.constant,
      scales.shape.count <= 1
    else {
      throw .unsupported(
        node: node.name, what: "its scale is not a constant number or list of numbers",
        remedy: "quantize with static ranges")
    }
    guard let range = type.range, type != .int64 else {
      throw refuse("quantizes to \(type)")
    }
    for value in values {
      guard value.isNormal, value > 0 else {
        let kind =
          value == 0
          ? "zero" : value.isSubnormal ? "subnormal" : value < 0 ? "negative" : "not finite"
        throw refuse("scale \"\(scales.name)\" is \(kind)")
      }
    }
    var zeros = [Int64](repeating: 0, count: values.count)
    if let zero = operand(node, zeroPoint) {
      guard case .integer(let integers)? = zero.constant else {
        throw .unsupported(
          node: node.name, what: "its zero point is not a constant integer",
          remedy: "quantize with static ranges")
      }
      guard integers.count == values.count || integers.count == 1 else {
        throw refuse("\(values.count) scales and \(integers.count) zero points")
      }
      guard integers.allSatisfy(range.contains) else {
        throw refuse(
          "zero point \"\(zero.name)\" is not in \(range.lowerBound)...\(range.upperBound)")
      }
      zeros = integers.count == values.count ? integers : zeros.map { _ in integers[0] }
    }
    guard values.count > 1 else { return Quantization(scales: values, zeroPoints: zeros) }
    guard let axis else {
      throw .unsupported(
        node: node.name, what: "a scale per channel on an activation",
        remedy: "quantize activations with one scale per tensor")
    }
    return Quantization(scales: values, zeroPoints: zeros, axis: axis)
  }

  /// Notes how tensor `index` maps to reals; two nodes that disagree about it are an error.
  mutating func annotate(
    _ index: Int, _ type: ElementType, _ quantization: Quantization, _ node: DraftNode
  ) throws(ModelError) {
    let name = tensors[index].name
    if let known = tensors[index].quantization {
      guard known == quantization, tensors[index].type == type else {
        throw .unsupported(
          node: node.name, what: "tensor \"\(name)\" is read with two scales or zero points",
          remedy: "quantize it once")
      }
    }
    if let axis = quantization.axis {
      guard tensors[index].constant != nil else {
        throw .unsupported(
          node: node.name, what: "a scale per channel on activation \"\(name)\"",
          remedy: "quantize activations with one scale per tensor")
      }
      let shape = tensors[index].shape
      guard shape.indices.contains(axis), shape[axis] == quantization.scales.count else {
        throw .invalid(
          node: node.name,
          what: "\(quantization.scales.count) scales along axis \(axis) of shape \(shape)")
      }
    }
    tensors[index].type = type
    tensors[index].quantization = quantization
  }

  /// The type of the zero point that a node names; uint8 where it names none, as ONNX says.
  func integerType(_ node: DraftNode, zeroPoint: Int) throws(ModelError) -> ElementType {
    let type = operand(node, zeroPoint)?.type ?? .uint8
    guard type == .int8 || type == .uint8 else {
      throw .unsupported(
        node: node.name, what: "a zero point of type \(type)",
        remedy: "activations are quantized to int8 or uint8")
    }
    return type
  }

  /// An axis that may count from the end.
  func axis(_ node: DraftNode, of tensor: Int) throws(ModelError) -> Int {
    let given = try node.integer("axis", default: 1)
    let rank = Int64(tensors[tensor].shape.count)
    let axis = given < 0 ? given.addingReportingOverflow(rank).partialValue : given
    // A tensor with one scale may name any axis; one with several is checked against its shape.
    return Int(clamping: max(0, axis))
  }
}

package import ConstraintSystem

/// ONNX Softmax and LogSoftmax, TFLite SOFTMAX and LOG_SOFTMAX over the last axis: a public step after the
/// proof.
package struct Softmax: FinalOperator {
  package static let onnx = [ONNXForm("Softmax", since: 1), ONNXForm("LogSoftmax", since: 1)]
  package static let tflite = [
    TFLiteForm("SOFTMAX", options: 9, [("beta", .real)]), TFLiteForm("LOG_SOFTMAX", options: 36),
  ]

  /// Whether it is the logarithm.
  package var isLogarithm: Bool
  package var beta: Float
  /// As in the file; negative ones count from the end.
  package var axis: Int64
  /// Before opset 13 all axes from `axis` on are one.
  package var flattens: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    isLogarithm = node.type == "LogSoftmax" || node.type == "LOG_SOFTMAX"
    if node.isTFLite {
      beta = try attributes.real("beta", default: 1)
      (axis, flattens) = (-1, false)
    } else {
      beta = 1
      flattens = node.version < 13
      axis = try attributes.integer("axis", default: flattens ? 1 : -1)
    }
    try attributes.finish()
  }

  package var label: String { isLogarithm ? "LogSoftmax" : "Softmax" }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try SourceShapes.first(inputs)
  }

  package func step(_ tensors: NodeTensors) throws(ModelError) -> FinalStep {
    let input = try tensors.input(0, "input")
    let rank = Int64(input.shape.count)
    let from = axis < 0 ? axis + rank : axis
    guard from >= 0, from < rank,
      from == rank - 1 || (flattens && input.shape[Int(from)...].dropLast().allSatisfy { $0 == 1 })
    else {
      throw .unsupported(
        node: tensors.node, what: "\(label) over axis \(axis) of \(input.shape)",
        remedy: "it is supported over the last axis")
    }
    var output: FinalQuantization?
    if tensors.output.type != .float32 {
      let affine = try tensors.output.affine(tensors.node)
      output = FinalQuantization(
        type: tensors.output.type, scale: Double(affine.scale), zeroPoint: affine.zeroPoint)
    }
    return isLogarithm
      ? .logSoftmax(output: output) : .softmax(beta: Double(beta), output: output)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let first = try SourceShapes.axis(axis, of: x.shape)
    let behind = x.shape[(first + 1)...].reduce(1, *)
    let (width, step) = flattens ? (x.shape[first] * behind, 1) : (x.shape[first], behind)
    var result = x.elements
    for start in stride(from: 0, to: x.elements.count, by: width * step) {
      for offset in 0..<step {
        let places = (0..<width).map { start + offset + $0 * step }
        let row = places.map { x.elements[$0] * beta }
        let values = isLogarithm ? FinalValues.logSoftmax(row) : FinalValues.softmax(row)
        for (place, value) in zip(places, values) { result[place] = value }
      }
    }
    return Values(shape: tensors.output.shape, elements: result)
  }
}

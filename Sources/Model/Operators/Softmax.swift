package import ConstraintSystem

/// ONNX Softmax, LogSoftmax and QLinearSoftmax, TFLite SOFTMAX and LOG_SOFTMAX: a public step after the proof.
///
/// Between two quantized tensors of one type onnxruntime's default session makes Softmax a QLinearSoftmax, whose
/// integers those are; between two of unlike types, and for the logarithm, it computes on reals and quantizes them.
package struct Softmax: FinalOperator {
  package static let onnx = [
    ONNXForm("Softmax", since: 1), ONNXForm("LogSoftmax", since: 1),
    .microsoft("QLinearSoftmax", .unary("Softmax")),
  ]
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
  /// Whether its integers are LiteRT's; else onnxruntime's.
  package var isTFLite: Bool

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    isTFLite = node.isTFLite
    isLogarithm = node.type == "LogSoftmax" || node.type == "LOG_SOFTMAX"
    if node.isTFLite {
      beta = try attributes.real("beta", default: 1)
      (axis, flattens) = (-1, false)
    } else {
      beta = 1
      // QLinearSoftmax says it itself.
      flattens = try attributes.integer("opset", default: Int64(node.version)) < 13
      axis = try attributes.integer("axis", default: flattens ? 1 : -1)
    }
    try attributes.finish()
  }

  package var label: String { isLogarithm ? "LogSoftmax" : "Softmax" }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try SourceShapes.first(inputs)
  }

  package func steps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep] {
    let shape = try tensors.input(0, "input").shape
    let first = try SourceShapes.axis(axis, of: shape)
    let own = try ownSteps(tensors)
    guard first != shape.count - 1 else { return own }
    if flattens {
      // Extents of 1 before the last one change no row.
      if shape[first...].dropLast().allSatisfy({ $0 == 1 }) { return own }
      let rows = [shape[..<first].reduce(1, *), shape[first...].reduce(1, *)]
      return [.reshape(rows)] + own + [.reshape(shape)]
    }
    var axes = Array(shape.indices)
    axes.swapAt(first, shape.count - 1)
    return [.transpose(axes)] + own + [.transpose(axes)]
  }

  /// Over the last axis.
  private func ownSteps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep] {
    let reals =
      isLogarithm ? FinalStep.logSoftmax(output: nil) : .softmax(beta: Double(beta), output: nil)
    guard tensors.output.quantization != nil else { return [reals] }
    let output = FinalQuantization(
      type: tensors.output.type, try tensors.output.affine(tensors.node))
    let input = try tensors.input(0, "input")
    if isTFLite {
      return [
        isLogarithm ? .logSoftmax(output: output) : .softmax(beta: Double(beta), output: output)
      ]
    }
    // onnxruntime's default session has an integer kernel between two tensors of one type.
    let isFused = !isLogarithm && input.quantization != nil && input.type == output.type
    return isFused ? [.quantizedSoftmax(output: output)] : [reals, .quantize(output)]
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
        let values = isLogarithm ? FinalSoftmax.logarithms(row) : FinalSoftmax.reals(row)
        for (place, value) in zip(places, values) { result[place] = value }
      }
    }
    return Values(shape: tensors.output.shape, elements: result)
  }
}

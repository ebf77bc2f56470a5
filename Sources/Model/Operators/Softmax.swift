package import ConstraintSystem

/// ONNX Softmax, LogSoftmax and QLinearSoftmax, TFLite SOFTMAX and LOG_SOFTMAX: a public step after the proof; a
/// softmax in the middle of a network that is quantized here is proven, with integers of its own
/// (`ExponentialShares`).
///
/// Between two quantized tensors of one type onnxruntime's default session makes Softmax a QLinearSoftmax, whose
/// integers those are; between two of unlike types, and for the logarithm, it computes on reals and quantizes them.
///
/// Where a mask of the network leaves places out (`FuseMasks`), those are 0 and count for nothing.
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
  /// Which places count, with extents that broadcast to its input's; nil for all. Some in every row.
  package var mask: Values<Bool>?

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

  /// Its values are shares of one, whatever calibration shows.
  package var outputRange: ClosedRange<Float>? { isLogarithm ? nil : 0...1 }

  /// Whether it is one of a network's that is quantized here, between integers.
  private func isProven(_ tensors: NodeTensors) -> Bool {
    guard case .integer = tensors.arithmetic else { return false }
    return !isLogarithm && tensors.output.quantization != nil
  }

  package func finalSteps(_ tensors: NodeTensors) throws(ModelError) -> [FinalStep]? {
    isProven(tensors) || mask != nil ? nil : try steps(tensors)
  }

  package func refusal(_ tensors: NodeTensors) -> ModelError {
    .unsupported(
      node: tensors.node, what: "\(label) in the middle of the network",
      remedy: "it is supported as a last step, on an output of the network"
        + (isLogarithm
          ? "" : ", and elsewhere in a float model with calibration inputs (--calibrate)"))
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
    try byRows(inputs.operand(0, tensors), tensors, zero: 0) { row in
      let row = row.map { $0 * beta }
      return isLogarithm ? FinalSoftmax.logarithms(row) : FinalSoftmax.reals(row)
    }
  }

  /// What becomes of the values of each row that count, wherever they stand.
  private func byRows<Value>(
    _ x: Values<Value>, _ tensors: NodeTensors, zero: Value, _ body: ([Value]) -> [Value]
  ) throws(ModelError) -> Values<Value> {
    let counts = mask.map { Broadcast.expand($0, to: x.shape) }
    let first = try SourceShapes.axis(axis, of: x.shape)
    let behind = x.shape[(first + 1)...].reduce(1, *)
    let (width, step) = flattens ? (x.shape[first] * behind, 1) : (x.shape[first], behind)
    var result = [Value](repeating: zero, count: x.elements.count)
    for start in stride(from: 0, to: x.elements.count, by: width * step) {
      for offset in 0..<step {
        let places = (0..<width).map { start + offset + $0 * step }
          .filter { counts?[$0] ?? true }
        for (place, value) in zip(places, body(places.map { x.elements[$0] })) {
          result[place] = value
        }
      }
    }
    return Values(shape: tensors.output.shape, elements: result)
  }

  // MARK: - In the middle

  /// Views of its input that become rows first, where there are more: a gadget reads them for several of its rows.
  private static let mostViews = 16

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try shares(tensors) }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let shares = try shares(tensors)
    return try byRows(inputs.operand(0, tensors), tensors, zero: shares.output.zeroPoint) {
      shares($0)
    }
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let shares = try shares(tensors)
    var tensor = try tensors.input(0, "input")
    let first = try SourceShapes.axis(axis, of: tensor.shape)
    if flattens {
      tensor.shape = [
        tensor.shape[..<first].reduce(1, *), tensor.shape[first...].reduce(1, *),
      ]
    }
    var x = try builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node)
    if x.parts.count > Self.mostViews {
      x = builder.materialized(x, named: name, as: .copy)
    }
    let last = flattens ? 1 : first
    let order = tensor.shape.indices.filter { $0 != last } + [last]
    let windows = tensor.shape.indices.map { axis in
      AffineIndex.label(order.firstIndex(of: axis) ?? 0)
    }
    let rows = order.map { tensor.shape[$0] }
    let apart = mask.map { builder.apart($0, over: tensor.shape, order: order, named: name) }
    let y = shares.lower(
      Reading(x, windows), apart: apart, over: rows, named: name, into: &builder)
    return y.transposed(tensor.shape.indices.map { order.firstIndex(of: $0) ?? 0 })
  }

  private func shares(_ tensors: NodeTensors) throws(ModelError) -> ExponentialShares {
    guard isProven(tensors) else { throw refusal(tensors) }
    let shape = try tensors.input(0, "input").shape
    let first = try SourceShapes.axis(axis, of: shape)
    let count = flattens ? shape[first...].reduce(1, *) : shape[first]
    return try ExponentialShares(tensors, beta: beta, count: count)
  }
}

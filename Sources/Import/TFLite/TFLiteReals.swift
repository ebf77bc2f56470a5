import ConstraintSystem
import Model

/// Operators that LiteRT computes on reals alone: what calibration makes of them is ours, so that they are
/// read as what ONNX calls them.
enum TFLiteReals {
  /// Those that are one node of ONNX with the same operands.
  fileprivate static let onnxNames = [
    "CEIL": "Ceil", "COS": "Cos", "FLOOR": "Floor", "POW": "Pow", "ROUND": "Round",
    "SIGN": "Sign", "SIN": "Sin",
  ]

  static let forms = Dictionary(
    uniqueKeysWithValues: [
      TFLiteForm("CEIL"), TFLiteForm("COS", options: 84),
      TFLiteForm("DIV", options: 29, [("fused_activation_function", .activation)]),
      TFLiteForm("FLOOR"), TFLiteForm("NEG", options: 42), TFLiteForm("POW", options: 56),
      TFLiteForm("ROUND"), TFLiteForm("SIGN", options: 123), TFLiteForm("SIN"),
      TFLiteForm("SQUARE", options: 66),
    ].map { ($0.name, $0) })
}

extension TFLiteDraft {
  /// A node of reals in the words of operators that there are.
  ///
  /// - Returns: the node as it is where there is nothing to say of it.
  mutating func rewritten(_ node: Draft) throws(ModelError) -> [Draft] {
    let operands = node.inputs.compactMap { $0.map { tensors[$0] } }
    guard operands.first?.type == .float32, node.outputs.count == 1 else {
      if TFLiteReals.forms[node.type] != nil, let tensor = operands.first,
        tensor.quantization != nil
      {
        throw .unsupported(
          node: node.name, what: "\(node.type) of \(tensor.type), which is read of floats alone",
          remedy: "leave it out of what is quantized, or give the float model with calibration "
            + "inputs (--calibrate)")
      }
      return [node]
    }
    var made = node
    made.isONNX = true
    switch node.type {
    case let type where TFLiteReals.onnxNames[type] != nil:
      made.type = TFLiteReals.onnxNames[type] ?? type
    case "DIV":
      made.type = "Div"
      guard case .real(let values)? = operands.last?.constant, operands.count == 2 else { break }
      try spend(2 * values.count, at: node)
      guard !values.contains(0) else { break }
      (made.type, made.isONNX) = ("MUL", false)
      made.inputs[1] = add(operands[1].shape, values.map { 1 / $0 }, node)
      return [made]
    case "MAXIMUM", "MINIMUM":
      guard let place = operands.firstIndex(where: { $0.constant?.count == 1 }),
        operands.count == 2, operands[1 - place].constant == nil,
        operands[place].shape.count <= operands[1 - place].shape.count
      else { return [node] }
      let (x, bound) = (node.inputs[1 - place], node.inputs[place])
      made.type = "Clip"
      made.inputs = node.type == "MAXIMUM" ? [x, bound] : [x, nil, bound]
    case "NEG":
      made.type = "Mul"
      made.inputs.append(add([], [-1], node))
    case "SQUARE":
      made.type = "Mul"
      made.inputs += node.inputs
    case "SQUARED_DIFFERENCE":
      var difference = made
      difference.name += ".difference"
      difference.type = "Sub"
      let shape = tensors[node.outputs[0]].shape
      tensors.append(Tensor(name: difference.name, shape: shape, type: .float32))
      difference.outputs = [tensors.count - 1]
      openAxes[tensors.count - 1] = Array(shape.indices)
      (made.type, made.inputs) = ("Mul", [tensors.count - 1, tensors.count - 1])
      made.attributes = [:]
      return [difference, made]
    default: return [node]
    }
    if made.attributes["fused_activation_function"] == .text("NONE") { made.attributes = [:] }
    return [made]
  }

  /// A constant of reals that a node stands for.
  private mutating func add(_ shape: [Int], _ values: [Float], _ node: Draft) -> Int {
    tensors.append(
      Tensor(
        name: node.name + ".factor", shape: shape, type: .float32, constant: .real(values)))
    return tensors.count - 1
  }
}

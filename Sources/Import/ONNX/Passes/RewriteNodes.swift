import ConstraintSystem
import Model

extension ONNXReader {
  /// Says with operators that there are what others say in their own way: a quotient by a constant as a
  /// product, Neg as a product with −1, Sum of two as Add, Min and Max with a number as Clip. Of reals; the
  /// integers of a quantized constant stay as they are.
  static func rewriteNodes(_ draft: inout ONNXGraph) {
    // Between integers a quotient in single precision is not the product with the reciprocal.
    let isQuantized = draft.nodes.contains { $0.type == "DequantizeLinear" }
    draft.forEachNode { (draft, index) throws(ModelError) in
      let node = draft.nodes[index]
      guard node.domain.isEmpty else { return }
      switch node.type {
      case "Div":
        guard !isQuantized, let x = node.inputs.first ?? nil, draft.isActivation(x),
          let divisor = draft.operand(node, 1), case .real(let values)? = divisor.constant
        else { return }
        guard values.allSatisfy({ $0 != 0 }) else {
          throw .invalid(node: node.name, what: "a division by zero")
        }
        draft.multiply(index, x, divisor, by: values.map { 1 / $0 })
      case "Neg":
        guard let x = node.inputs.first ?? nil, draft.isActivation(x) else { return }
        let one = Tensor(name: node.name + ".factor", shape: [], type: .float32)
        draft.multiply(index, x, one, by: [-1])
      case "Sum":
        if node.inputs.count == 1, let x = node.inputs[0] {
          draft.become("Identity", [x], at: index)
        } else if node.inputs.count == 2 {
          draft.nodes[index].type = "Add"
        } else {
          throw .unsupported(
            node: node.name, what: "Sum of \(node.inputs.count) operands",
            remedy: "add two at a time")
        }
      case "Min", "Max": draft.clip(index)
      default: return
      }
    }
  }
}

extension ONNXGraph {
  fileprivate func isActivation(_ index: Int) -> Bool { tensors[index].constant == nil }

  fileprivate mutating func multiply(
    _ index: Int, _ x: Int, _ factor: Tensor, by values: [Float]
  ) {
    var factor = factor
    factor.constant = .real(values)
    tensors.append(factor)
    become("Mul", [x, tensors.count - 1], at: index)
  }

  /// Min or Max of an activation and one number.
  fileprivate mutating func clip(_ index: Int) {
    let node = nodes[index]
    guard node.inputs.count == 2 else { return }
    for place in 0..<2 {
      guard let x = node.inputs[1 - place], isActivation(x), let bound = node.inputs[place],
        case .real(let values)? = tensors[bound].constant, values.count == 1
      else { continue }
      return become("Clip", node.type == "Max" ? [x, bound] : [x, nil, bound], at: index)
    }
  }
}

import ConstraintSystem
import Model

extension ONNXGraph {
  /// Constants that a node puts at constant places of an activation: a choice by a constant between them and the
  /// activation; constants that it adds there or multiplies by: a sum or a product with a constant.
  mutating func replaceScatter(_ index: Int) throws(ModelError) {
    let node = nodes[index]
    guard node.domain.isEmpty, ["Scatter", "ScatterElements", "ScatterND"].contains(node.type),
      let data = node.inputs.first ?? nil, tensors[data].constant == nil, let shape = shape(data),
      node.inputs.count == 3, let places = node.inputs[1].flatMap(value),
      let updates = node.inputs[2].flatMap(value), updates.type == .float,
      let reduction = ConstantEvaluation.reduction(node)
    else { return }
    let count = shape.reduce(1, *)
    try spend(4 * (count + places.count + updates.count), at: node)

    /// What the node makes of a tensor of one number.
    func scattered(
      _ updates: FoldedValue, over number: Double, _ node: DraftNode
    ) throws(ModelError) -> FoldedValue? {
      let all = FoldedValue(.float, shape, reals: [Double](repeating: number, count: count))
      return try ConstantEvaluation.evaluate(node, [all, places, updates])
    }
    func define(_ suffix: String, _ value: FoldedValue) -> Int {
      tensors.append(Tensor(name: node.name + suffix, shape: shape, type: .float32))
      settle(tensors.count - 1, value)
      return tensors.count - 1
    }
    let neutral = reduction == .product ? 1.0 : 0
    guard let values = try scattered(updates, over: neutral, node) else { return }
    switch reduction {
    case .sum: become("Add", [data, define(".values", values)], at: index)
    case .product: become("Mul", [data, define(".values", values)], at: index)
    case .none:
      let ones = FoldedValue(
        .float, updates.shape, reals: [Double](repeating: 1, count: updates.count))
      guard let mask = try scattered(ones, over: 0, node)?.reals else { return }
      let truth = FoldedValue.truth(shape, mask.map { $0 != 0 })
      become("Where", [define(".mask", truth), define(".values", values), data], at: index)
    }
    nodes[index].attributes = [:]
  }
}

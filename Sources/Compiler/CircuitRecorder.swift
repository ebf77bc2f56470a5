package import ConstraintSystem
package import Model

/// Records what operators say of themselves, in order, as a `Draft`.
package struct CircuitRecorder: CircuitBuilder {
  package private(set) var draft = Draft()

  package init() {}

  package mutating func tensor(
    _ name: String, shape: [Int], type: ModelTensor.StoredType, values: [Int64]
  ) -> Wire {
    draft.tensors.append(Draft.Tensor(name: name, shape: shape, type: type, values: values))
    return Wire(source: .tensor(draft.tensors.count - 1), shape: shape)
  }

  package mutating func block(
    _ name: String, shape: [Int], relation: [Term], scaling: Scaling, activation: Activation
  ) -> Wire {
    var block = Draft.Block(
      name: name, shape: shape, relation: relation, multiplier: .identity,
      function: .activation(activation))
    switch scaling {
    case .fixed(let multiplier): block.multiplier = multiplier
    case .float(let scaling): block.floatScaling = scaling
    }
    return add(block)
  }

  /// An input of the network: rows with acc = y on themselves, checked to lie in `range`.
  package mutating func input(_ name: String, shape: [Int], range: ClosedRange<Int64>) -> Wire {
    let itself = View(.block(draft.blocks.count), shape.indices.map { .label($0) })
    return add(
      Draft.Block(
        name: name, shape: shape, relation: [Term(factors: [itself])], multiplier: .identity,
        function: .input(range)))
  }

  private mutating func add(_ block: Draft.Block) -> Wire {
    draft.blocks.append(block)
    return Wire(source: .block(draft.blocks.count - 1), shape: block.shape)
  }
}

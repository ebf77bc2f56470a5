package import ConstraintSystem
package import Model

/// Records what operators say of themselves, in order, as a `CircuitIR`.
package struct CircuitRecorder: CircuitBuilder {
  package private(set) var draft = CircuitIR()
  /// Whether the tensors of the model have their values, and no shapes alone.
  private let keepsValues: Bool

  package init(keepsValues: Bool = true) { self.keepsValues = keepsValues }

  package mutating func tensor(
    _ layer: String, as role: TensorRole, shape: [Int], type: ModelTensor.StoredType,
    values: [Int64]
  ) -> TensorView {
    draft.tensors.append(
      CircuitIR.Tensor(
        label: TensorLabel(BlockLabel(layer), [role]), shape: shape, type: type,
        values: keepsValues ? values : []))
    return TensorView(source: .tensor(draft.tensors.count - 1), shape: shape)
  }

  package mutating func block(
    _ layer: String, as role: BlockRole?, shape: [Int], relation: [Term], scaling: Scaling,
    activation: Activation
  ) -> TensorView {
    var block = CircuitIR.Block(
      label: BlockLabel(layer, role.map { [$0] } ?? []), shape: shape, relation: relation,
      multiplier: .identity,
      function: .activation(activation))
    switch scaling {
    case .fixed(let multiplier): block.multiplier = multiplier
    case .float(let scaling): block.floatScaling = scaling
    }
    return add(block)
  }

  package mutating func rows(
    _ layer: String, as role: BlockRole?, shape: [Int], of kind: GadgetRows
  ) -> Int {
    let function: CircuitIR.Function
    var width = 0
    switch kind {
    case .given(let range): function = .input(range)
    case .check(let bits): (function, width) = (.zero, bits)
    case .bound(let name, let values): function = .bound(name: name, values: values)
    }
    draft.blocks.append(
      CircuitIR.Block(
        label: BlockLabel(layer, role.map { [$0] } ?? []), shape: shape, relation: [],
        multiplier: FixedPoint(mantissas: [1], shifts: [width], axes: []), function: function))
    return draft.blocks.count - 1
  }

  package mutating func bound(_ wire: TensorView, quotients: ClosedRange<Int64>) {
    guard case .block(let index)? = wire.source else { return }
    draft.blocks[index].lemma = quotients
  }

  package mutating func declare(_ gadget: Gadget) {
    draft.gadgets.append(gadget)
    // What cannot be declared has no relations, and is refused with them.
    guard let parts = try? gadget.kind.parts(in: draft) else { return }
    for part in parts { draft.blocks[part.block].relation = part.relation }
  }

  /// An input of the network: rows with acc = y on themselves, checked to lie in `range`.
  package mutating func input(_ name: String, shape: [Int], range: ClosedRange<Int64>) -> TensorView
  {
    let itself = TensorAccess(.block(draft.blocks.count), shape.indices.map { .label($0) })
    return add(
      CircuitIR.Block(
        label: BlockLabel(name), shape: shape, relation: [Term(factors: [itself])],
        multiplier: .identity,
        function: .input(range)))
  }

  private mutating func add(_ block: CircuitIR.Block) -> TensorView {
    draft.blocks.append(block)
    return TensorView(source: .block(draft.blocks.count - 1), shape: block.shape)
  }
}

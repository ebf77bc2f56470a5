package import ConstraintSystem
import Model

/// Gives every block its rows, function and multiplier, and every tensor its cells: the draft becomes
/// a constraint system.
package enum LayOut {
  /// - Parameters:
  ///   - network: after splitting; ports count its blocks.
  ///   - ranges: what is proven of each block.
  package static func run(
    _ network: LoweredNetwork, _ ranges: [BlockRanges], _ parameters: Parameters,
    _ options: CompilerOptions
  ) -> (system: ConstraintSystem, values: [[Int64]]) {
    let draft = network.draft
    let table = TableFunctions(zip(draft.blocks, ranges).map { ($0.function, $1.quotients) })
    var tensors = draft.tensors
    var blocks: [Block] = []
    let layout = BlockLayout(
      draft.blocks.map(\.shape), commitmentRowBits: parameters.commitmentRowBits)
    for (index, block) in draft.blocks.enumerated() {
      let use = table.uses[index]
      blocks.append(
        Block(
          name: block.name, shape: block.shape, offset: layout.offsets[index],
          function: use.function,
          shift: use.shift,
          multiplier: multiplier(block, scaleBits: parameters.scaleBits, &tensors),
          relation: block.relation))
    }
    let places = Layout.pack(bits: tensors.map { $0.shape.reduce(0) { $0 + ceilLog2($1) } })
    let system = ConstraintSystem(
      name: options.name ?? network.name, parameters: parameters, functions: table.functions,
      tensors: zip(tensors, places).map { tensor, offset in
        ModelTensor(name: tensor.name, shape: tensor.shape, offset: offset, type: tensor.type)
      },
      blocks: blocks, gadgets: draft.gadgets,
      inputs: network.inputs.map { port($0, options.input) },
      outputs: network.outputs.map { port($0, options.output) },
      weightsArePublic: options.weightsArePublic)
    return (system, tensors.map(\.values))
  }

  /// M = m·2^(S−s): public where it says nothing of the model, else a tensor of it.
  private static func multiplier(
    _ block: CircuitIR.Block, scaleBits: Int, _ tensors: inout [CircuitIR.Tensor]
  ) -> Multiplier {
    let fixed = block.multiplier
    let values = zip(fixed.mantissas, fixed.shifts).map { mantissa, shift in
      mantissa == 0 ? 0 : mantissa << Int64(scaleBits - shift)
    }
    guard block.hasSecretMultiplier else { return .constant(values.first ?? 0) }
    tensors.append(
      CircuitIR.Tensor(
        label: TensorLabel(block.label, [.multiplier]),
        shape: fixed.axes.map { block.shape[$0] }, type: .int64, values: values))
    return .tensor(
      TensorAccess(.tensor(tensors.count - 1), fixed.axes.map { .label($0) }))
  }

  private static func port(_ port: LoweredNetwork.Port, _ visibility: Visibility) -> Port {
    Port(
      name: port.name, blocks: port.blocks, visibility: visibility, shape: port.shape,
      type: port.type, scale: port.scale, zeroPoint: port.zeroPoint, userType: port.userType,
      finalSteps: port.finalSteps)
  }
}

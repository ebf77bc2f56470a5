import ConstraintSystem
import Model

/// Gives every committed tensor a block of its own: where a network's output is its input or another
/// output, the later of the two becomes a copy.
package enum SeparateCommitted {
  package static func run(
    _ network: LoweredNetwork, _ options: CompilerOptions
  ) -> LoweredNetwork {
    var network = network
    var held = Set<Int>()
    if options.input == .committed {
      for index in network.inputs.indices {
        network.inputs[index].blocks = own(network.inputs[index], &held, &network.draft)
      }
    }
    if options.output == .committed {
      for index in network.outputs.indices {
        network.outputs[index].blocks = own(network.outputs[index], &held, &network.draft)
      }
    }
    return network
  }

  /// A port's blocks, or copies of those that another port has already.
  private static func own(
    _ port: LoweredNetwork.Port, _ held: inout Set<Int>, _ draft: inout CircuitIR
  ) -> [Int] {
    port.blocks.map { block in
      if held.insert(block).inserted { return block }
      let source = draft.blocks[block]
      let view = TensorAccess(.block(block), source.shape.indices.map { .label($0) })
      draft.blocks.append(
        CircuitIR.Block(
          label: source.label.adding(.copy), shape: source.shape,
          relation: [Term(factors: [view])], multiplier: .identity,
          function: .activation(.identity)))
      held.insert(draft.blocks.count - 1)
      return draft.blocks.count - 1
    }
  }
}

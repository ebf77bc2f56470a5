import Model

/// Writes every multiplier with its least shift, since the greatest shift of all sets S.
package enum ReduceMultipliers {
  package static func run(_ draft: CircuitIR) -> CircuitIR {
    var result = draft
    for index in result.blocks.indices {
      result.blocks[index].multiplier = result.blocks[index].multiplier.reduced
    }
    return result
  }
}

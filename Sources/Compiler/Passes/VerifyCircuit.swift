package import ConstraintSystem
package import Model

/// The last pass: everything the passes before it promised, checked on the finished circuit.
package enum VerifyCircuit {
  package static func run(
    _ system: ConstraintSystem, _ ranges: [BlockRanges]
  ) throws(ModelError) {
    do {
      try system.validate()
    } catch {
      throw .unsupported(
        node: system.name, what: "its circuit is beyond what a key may ask: \(error)",
        remedy: "use a smaller network")
    }
    for (block, ranges) in zip(system.blocks, ranges) {
      let domain = system.functions[block.function].domain
      let bound = Int64(1) << Int64(Limits.accumulatorBits)
      precondition(
        domain.lowerBound <= ranges.quotients.lowerBound + block.shift
          && domain.upperBound >= ranges.quotients.upperBound + block.shift,
        "a function's domain holds every quotient that its blocks were proven to have")
      precondition(
        ranges.accumulator.lowerBound > -bound && ranges.accumulator.upperBound < bound,
        "accumulators were proven to fit their column")
    }
  }
}

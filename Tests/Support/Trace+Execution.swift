package import ConstraintSystem
package import Witness

extension Trace {
  /// Runs a circuit on arrays that a test has of its inputs, as the circuit has them.
  package static func execute(
    _ system: ConstraintSystem, _ cells: ModelCells, inputs: [[Int64]], widened: Int = 1 << 14
  ) throws(ExecutionError) -> Trace {
    try execute(system, cells, inputs: inputs.map { CircuitIntegers($0) }, widened: widened)
  }
}

import ConstraintSystem
public import TacitVerifier

extension ModelVerifier {
  /// What a chain's first step is given, from arrays, as provers read inputs.
  ///
  /// - Parameters:
  ///   - ties: which inputs are which outputs of the step before.
  ///   - arrays: of these inputs.
  /// - Returns: what `verifyChain` takes.
  /// - Throws: `TacitError.input` where the arrays do not fit.
  public func chainStates(
    _ ties: [TensorTie], first arrays: NamedArrays
  ) throws(TacitError) -> [ChainState] {
    let committed = description.inputs.filter { $0.visibility == .committed }
    let ports = ties.compactMap { tie in
      tie.input.map { name in committed.first { $0.name == name } }
        ?? (committed.count == 1 ? committed[0] : nil)
    }
    // Names that are none are told of with the proofs.
    guard ports.count == ties.count else { return ties.map { ChainState($0) } }
    do throws(InputFault) {
      let batch = try InputTensors(ports: ports).batch(arrays)
      return zip(ties, batch.integers).map { ChainState($0, first: $1.values) }
    } catch {
      throw .input(error)
    }
  }
}

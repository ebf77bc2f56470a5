import Compute
package import ConstraintSystem
package import Verification
package import Witness

extension Prover {
  /// Proves that every value of a key's model is an integer of the type that the key declares.
  ///
  /// - Parameter entropy: 32 bytes from the system, never used for another proof; fresh ones if nil.
  /// - Throws: `KeyError` for a model that no key proof holds; `ExecutionError.cancelled` in a job that is.
  /// - Complexity: a row for each value of one byte, and one for every 12 bits of wider ones; otherwise as an
  ///   inference of so many rows.
  package static func keyProof(
    _ key: ProverKey, entropy: [UInt8]? = nil
  ) throws(KeyProofError) -> KeyProof {
    @Erased var entropy = entropy ?? SecretRandomness.systemRandomness()
    let circuits: [ModelRangeCircuit]
    do throws(KeyError) {
      circuits = try ModelRangeCircuit.parts(of: key.system)
    } catch {
      throw .key(error)
    }
    var bodies: [[UInt8]] = []
    for (part, circuit) in circuits.enumerated() {
      bodies.append(
        try Job.part(
          Double(part) / Double(circuits.count)...Double(part + 1) / Double(circuits.count)
        ) {
          () throws(KeyProofError) in
          try body(of: circuit, part: part, key: key, entropy: entropy)
        })
    }
    return KeyProof(modelID: key.verifier.modelID, bodies: bodies)
  }

  private static func body(
    of circuit: ModelRangeCircuit, part: Int, key: ProverKey, entropy: [UInt8]
  ) throws(KeyProofError) -> [UInt8] {
    let trace: Trace
    do throws(ExecutionError) {
      trace = try Trace.execute(circuit.system, key.cells, inputs: digits(circuit, of: key.cells))
    } catch {
      if error == .cancelled { throw .cancelled }
      preconditionFailure("the digits of a value are in their ranges")
    }
    var attempt: UInt8 = 0
    while true {
      var prover = Prover(
        trace, key: key, as: ProofLayout(circuit), context: [], subject: .model(part: part),
        randomness: SecretRandomness(
          label: "key proof", scheme: key.system.parameters.scheme,
          parts: [
            entropy, key.verifier.modelID, key.seed, [UInt8(truncatingIfNeeded: part), attempt],
          ]))
      prover.commitWitness()
      if prover.commitInverses() {
        do throws(CancellationError) { try prover.argue() } catch { throw .cancelled }
        return prover.proof().body
      }
      if Job.isCancelled { throw .cancelled }
      attempt &+= 1
    }
  }

  /// What each block holds, in the order of the circuit's inputs.
  package static func digits(
    _ circuit: ModelRangeCircuit, of cells: ModelCells
  ) -> [CircuitIntegers] {
    circuit.ranges.flatMap { range in
      let type = circuit.system.tensors[range.tensor].type
      let values = cells.values(of: range.tensor, in: circuit.system).map {
        ModelRange.digits(of: $0, type: type)
      }
      return range.digits.indices.map { place in CircuitIntegers(values.map { $0[place] }) }
    }
  }
}

/// Why a key proof is not made.
package enum KeyProofError: Error, Hashable, Sendable {
  /// The model's ranges are more than a proof holds.
  case key(KeyError)
  /// Nobody waits for it any more.
  case cancelled
}

import ConstraintSystem
import Platform
import Proving
import Verification
import Witness

/// What a job will take, about, known before it begins.
public struct ExpectedCost: Sendable, Hashable {
  /// On two cores of a slow server.
  public let seconds: Double
  /// Memory that is held at once.
  public let bytes: Int

  /// Whether a person wants to hear of it beforehand: more than ten seconds, or more than 1 GB.
  public var isLarge: Bool { seconds > 10 || bytes > 1 << 30 }
}

extension ModelProver {
  /// What proving takes.
  ///
  /// - Parameter inferences: in one proof, from 1 to `maximalInferences`.
  /// - Returns: seconds on two cores of a slow server, and bytes of memory.
  /// - Throws: `TacitError.input` for another number.
  /// - Complexity: linear in the circuit's layers.
  public func expectedCost(inferences: Int = 1) throws(TacitError) -> ExpectedCost {
    let work = ProverWork(try system(inferences: inferences))
    return ExpectedCost(seconds: work.seconds, bytes: Self.processBytes + work.provingBytes)
  }

  /// What work on these inputs takes.
  ///
  /// - Returns: seconds on two cores of a slow server, and bytes of memory.
  /// - Throws: `TacitError.input` where they do not fit the network.
  public func expectedCost(_ inputs: NamedArrays, of work: Work) throws(TacitError) -> ExpectedCost
  {
    let count = try inferences(inputs)
    let proof = try expectedCost(inferences: work == .running ? 1 : count)
    switch work {
    case .proving: return proof
    case .checking:
      // Exact sums are slower than wide ones, and nothing is held but the trace.
      let work = ProverWork(try system(inferences: count))
      return ExpectedCost(
        seconds: proof.seconds, bytes: Self.processBytes + work.executionBytes)
    case .running:
      let work = ProverWork(key.system)
      let outputs = key.system.outputs.reduce(0) { $0 + $1.count }
      // One after the other; the outputs of all are held, as they are and as they are written.
      return ExpectedCost(
        seconds: Double(count) * (Double(work.products) * 1e-9 + Double(work.rows) * 2e-7),
        bytes: Self.processBytes + work.executionBytes + 32 * count * outputs)
    }
  }

  /// How many inferences arrays hold.
  private func inferences(_ inputs: NamedArrays) throws(TacitError) -> Int {
    do throws(InputFault) {
      return try tensors.inferences(inputs)
    } catch {
      throw .input(error)
    }
  }

  private func system(inferences: Int) throws(TacitError) -> ConstraintSystem {
    do throws(KeyError) {
      return try key.system.batched(inferences)
    } catch {
      throw .input(.inferences(inferences, limit: maximalInferences))
    }
  }

  /// What a prover does with inputs.
  public enum Work: Sendable {
    /// `prove`.
    case proving
    /// `check`.
    case checking
    /// `run`.
    case running
  }

  /// The process itself, with its tables of generators.
  private static let processBytes = 30 << 20

  /// Refuses what this machine has no memory for, as nobody can be told when memory runs out.
  func checkRoom(_ system: ConstraintSystem, proving: Bool) throws(TacitError) {
    let work = ProverWork(system)
    let bytes = Self.processBytes + (proving ? work.provingBytes : work.executionBytes)
    let room = Machine.physicalMemory
    guard UInt64(bytes) > room else { return }
    throw .tooLarge(
      inferences: system.inferences, bytes: bytes, available: Int(clamping: room))
  }
}

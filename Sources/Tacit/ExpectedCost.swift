import ConstraintSystem
import Foundation
import Proving
import Verification

/// What a job will take, about, known before it begins.
public struct ExpectedCost: Sendable, Hashable {
  /// On two cores of a slow server.
  public let seconds: Double
  /// Of memory at once.
  public let bytes: Int

  /// Whether a person wants to hear of it beforehand: more than ten seconds, or more than 1 GB.
  public var isLarge: Bool { seconds > 10 || bytes > 1 << 30 }
}

extension ModelProver {
  /// What proving takes.
  ///
  /// - Parameter inferences: in one proof, from 1 to `maximalInferences`.
  /// - Throws: `TacitError.input` for another number.
  /// - Complexity: linear in the circuit's layers.
  public func expectedCost(inferences: Int = 1) throws(TacitError) -> ExpectedCost {
    let system: ConstraintSystem
    do throws(KeyError) {
      system = try key.system.batched(inferences)
    } catch {
      throw .input("\(error)")
    }
    let work = ProverWork(system)
    return ExpectedCost(seconds: work.seconds, bytes: Self.processBytes + work.provingBytes)
  }

  /// What proving these inputs takes, or checking them.
  ///
  /// - Parameter atOnce: whether all of them are one job; else they are run one after the other.
  /// - Throws: `TacitError.input` where they do not fit the network.
  public func expectedCost(
    _ inputs: NamedArrays, atOnce: Bool = true
  ) throws(TacitError) -> ExpectedCost {
    let count = try tensors.inferences(inputs)
    if atOnce { return try expectedCost(inferences: count) }
    let each = try expectedCost()
    return ExpectedCost(seconds: Double(count) * each.seconds, bytes: each.bytes)
  }

  /// The process itself, with its tables of generators.
  private static let processBytes = 30 << 20

  /// Refuses what this machine has no memory for, as nobody can be told when memory runs out.
  func checkRoom(_ system: ConstraintSystem, proving: Bool) throws(TacitError) {
    let work = ProverWork(system)
    let bytes = Self.processBytes + (proving ? work.provingBytes : work.executionBytes)
    let room = ProcessInfo.processInfo.physicalMemory
    guard UInt64(bytes) > room else { return }
    let amounts =
      "about \(bytes >> 20) MB of memory, more than the \(room >> 20) MB of this machine"
    if system.inferences > 1 {
      throw .input("\(system.inferences) inferences at once take \(amounts); take fewer")
    }
    throw .key("its circuit takes \(amounts)")
  }
}

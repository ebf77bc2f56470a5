import ConstraintSystem
import Verification

/// Values of a committed tensor that were told, and proven to be what its commitment holds.
public struct RevealedValues: Sendable {
  /// The input or output that they are of.
  public let port: TensorPort
  /// Row-major among the values of all inferences, ascending, from 0.
  public let indices: [Int]
  /// The runtime's integers, one for each index.
  public let integers: [Int64]
  /// The bytes that the reveal is bound to.
  public let context: [UInt8]
  /// What the integers stand for, real = scale · (integer − zeroPoint).
  public var reals: [Double] { integers.map(port.real) }
}

extension ModelVerifier {
  /// Checks values that a prover tells of a tensor which a proof commits to.
  ///
  /// They are what the tensor holds; of its other values nothing is learned. What the tensor is, the proof
  /// says and not the reveal.
  ///
  /// - Parameters:
  ///   - reveal: the bytes of a `.reveal` file, of anyone's making.
  ///   - inference: what a proof that was accepted under this key states.
  ///   - context: refuses a reveal that is bound to other bytes; nil accepts any and returns it.
  /// - Returns: the values.
  /// - Throws: why the reveal is not accepted.
  /// - Complexity: an opening of one row for each group of rows that tell the same columns.
  public func verify(
    reveal: [UInt8], of inference: VerifiedInference, context: [UInt8]? = nil
  ) throws(VerificationFailure) -> RevealedValues {
    guard inference.modelID == modelID else {
      throw .otherModel(proof: inference.modelID, key: modelID)
    }
    var reader: ByteReader
    do throws(FormatError) {
      reader = try FileFormat.open(.reveal, reveal)
    } catch {
      throw .proof(.file(FileFault(error)))
    }
    let told: Reveal
    do throws(VerificationError) {
      told = try Reveal(decoding: &reader, for: key, inferences: inference.inferences)
    } catch {
      throw VerificationFailure(error)
    }
    if let context, context != told.context {
      throw .otherContext(expected: context, proof: told.context)
    }
    do throws(VerificationError) {
      try Verifier.verify(told, of: inference.statement, key: key)
    } catch {
      throw VerificationFailure(error)
    }
    return RevealedValues(
      port: TensorPort(key.system.committedPorts[told.place], of: key.system),
      indices: told.indices, integers: told.values, context: told.context)
  }
}

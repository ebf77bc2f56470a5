import ConstraintSystem
package import Verification

/// A published model: its circuit and the commitments to its weights, enough to check any proof of
/// one of its inferences and nothing that tells a weight.
public struct ModelVerifier: Sendable {
  package let key: VerifierKey

  package init(key: VerifierKey) { self.key = key }

  /// - Parameter file: the bytes of a `.verifier` file, of anyone's making.
  /// - Throws: `VerificationFailure.key`.
  public init(_ file: [UInt8]) throws(VerificationFailure) {
    do throws(KeyFileError) {
      key = try Self.read(file)
    } catch {
      throw .key("\(error)")
    }
  }

  private static func read(_ file: [UInt8]) throws(KeyFileError) -> VerifierKey {
    var reader: ByteReader
    do throws(FormatError) {
      reader = try FileFormat.open(.verifier, file)
    } catch {
      throw .format(error)
    }
    let key = try VerifierKey(decoding: &reader)
    do throws(FormatError) {
      try reader.finish()
    } catch {
      throw .format(error)
    }
    return key
  }

  public var modelID: ModelID { ModelID(bytes: key.modelID) }

  /// The bytes of the `.verifier` file.
  public var file: [UInt8] { FileFormat.wrap(.verifier, key.encoded) }

  /// Checks a proof.
  ///
  /// - Parameters:
  ///   - proof: the bytes of a `.proof` file, of anyone's making.
  ///   - modelID: refuses this key when it is of another model.
  ///   - context: refuses a proof that is bound to other bytes; nil accepts any and returns it.
  /// - Returns: what was proven.
  /// - Complexity: milliseconds; the proof's length is fixed by the key.
  public func verify(
    _ proof: [UInt8], modelID: ModelID? = nil, context: [UInt8]? = nil
  ) throws(VerificationFailure) -> VerifiedInference {
    if let modelID, modelID != self.modelID {
      throw .pinnedModel(expected: modelID, key: self.modelID)
    }
    var reader: ByteReader
    do throws(FormatError) {
      reader = try FileFormat.open(.proof, proof)
    } catch {
      throw .proof("the proof cannot be read: \(error)")
    }
    let decoded: Proof
    do throws(VerificationError) {
      decoded = try Proof(decoding: &reader, for: key)
      try Verifier.verify(decoded, key: key)
    } catch {
      throw VerificationFailure(error)
    }
    let statement = decoded.statement
    if let context, context != statement.context {
      throw .otherContext(expected: context, proof: statement.context)
    }
    return VerifiedInference(statement, key: key)
  }
}

import ConstraintSystem
import Compute
package import Verification

/// A published model: its circuit and the commitments to its weights, enough to check any proof of
/// one of its inferences and nothing that tells a weight.
public struct ModelVerifier: Sendable {
  package let key: VerifierKey

  package init(key: VerifierKey) { self.key = key }

  /// Reads a verifier key.
  ///
  /// - Parameters:
  ///   - file: the bytes of a `.verifier` file, of anyone's making.
  ///   - modelID: refuses a key of another model before anything of it is read.
  /// - Throws: `VerificationFailure.key`, `VerificationFailure.pinnedModel`.
  /// - Complexity: linear in the file, and at most some tenths of a second and 100 MB beside,
  ///   whatever the file says.
  public init(_ file: [UInt8], modelID: ModelID? = nil) throws(VerificationFailure) {
    let reader: ByteReader
    do throws(FormatError) {
      reader = try FileFormat.open(.verifier, file)
    } catch {
      throw .key(.file(FileFault(error)))
    }
    if let modelID {
      let actual = ModelID(bytes: VerifierKey.modelID(of: file[reader.position...]))
      guard actual == modelID else { throw .pinnedModel(expected: modelID, key: actual) }
    }
    do throws(KeyFileError) {
      key = try Self.read(reader)
    } catch {
      throw .key(KeyFault(error))
    }
  }

  private static func read(_ payload: ByteReader) throws(KeyFileError) -> VerifierKey {
    var reader = payload
    let key = try VerifierKey(decoding: &reader)
    do throws(FormatError) {
      try reader.finish()
    } catch {
      throw .format(error)
    }
    return key
  }

  /// What names the model: a digest of its verifier key.
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
  /// - Throws: why the proof is not accepted.
  /// - Complexity: milliseconds on all processors; the proof's length is fixed by the key and the
  ///   number of inferences, and what a proof of anyone's making may cost is bounded by the key.
  public func verify(
    _ proof: [UInt8], modelID: ModelID? = nil, context: [UInt8]? = nil
  ) throws(VerificationFailure) -> VerifiedInference {
    let results = try verifyAll([proof], modelID: modelID, context: context)
    return try results[0].get()
  }

  /// Checks proofs of this model together, for less than one after another: their commitments and
  /// the key's are opened in one multiplication.
  ///
  /// - Parameters:
  ///   - proofs: each of its own inputs, outputs and, unless `context` is given, context.
  ///   - modelID: refuses this key when it is of another model.
  ///   - context: refuses proofs that are bound to other bytes.
  /// - Returns: per proof what was proven, or why it is refused; one proof's fault is no other's.
  /// - Throws: `VerificationFailure.pinnedModel`; `.noProofs` for an empty list.
  /// - Complexity: per proof, about half of what one takes alone.
  public func verifyAll(
    _ proofs: [[UInt8]], modelID: ModelID? = nil, context: [UInt8]? = nil
  ) throws(VerificationFailure) -> [Result<VerifiedInference, VerificationFailure>] {
    if let modelID, modelID != self.modelID {
      throw .pinnedModel(expected: modelID, key: self.modelID)
    }
    guard !proofs.isEmpty else { throw .noProofs }
    let decoded = proofs.map { file in
      Result { () throws(VerificationFailure) in try decode(file, context: context) }
    }
    let readable = decoded.indices.filter { (try? decoded[$0].get()) != nil }
    let errors = Verifier.verify(decoded.compactMap { try? $0.get() }, key: key)
    try Job.check(else: VerificationFailure.cancelled)
    let verdicts = Dictionary(uniqueKeysWithValues: zip(readable, errors))
    return decoded.enumerated().map { place, result in
      result.flatMap { proof in
        switch verdicts[place] {
        // Accepted only by a verdict of its own.
        case .some(nil): .success(VerifiedInference(proof.statement, key: key))
        case .some(let error?): .failure(VerificationFailure(error))
        case nil: .failure(.refused(.equation))
        }
      }
    }
  }

  private func decode(
    _ file: [UInt8], context: [UInt8]?
  ) throws(VerificationFailure) -> Proof {
    var reader: ByteReader
    do throws(FormatError) {
      reader = try FileFormat.open(.proof, file)
    } catch {
      throw .proof(.file(FileFault(error)))
    }
    let proof: Proof
    do throws(VerificationError) {
      proof = try Proof(decoding: &reader, for: key)
    } catch {
      throw VerificationFailure(error)
    }
    if let context, context != proof.statement.context {
      throw .otherContext(expected: context, proof: proof.statement.context)
    }
    return proof
  }
}

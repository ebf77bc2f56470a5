import ConstraintSystem

/// What a proof says before its key is at hand; nothing of it is verified.
public struct ProofDescription: Sendable {
  /// The model that it claims to be of.
  public let modelID: ModelID
  /// How many inferences it claims to be of.
  public let inferences: Int
  /// The bytes that it claims to be bound to.
  public let context: [UInt8]
  /// The size of the file.
  public let fileBytes: Int
  /// Bytes after the context: public tensors, commitments and argument.
  public let argumentBytes: Int

  /// Reads the head of a proof.
  ///
  /// - Parameter file: the bytes of a `.proof` file, of anyone's making.
  /// - Throws: `VerificationFailure.proof`.
  public init(_ file: [UInt8]) throws(VerificationFailure) {
    do throws(FormatError) {
      var reader = try FileFormat.open(.proof, file)
      _ = try reader.scheme()
      modelID = ModelID(bytes: Array(try reader.take(32, "model id")))
      let at = reader.position
      let count = try reader.unsigned("number of inferences")
      guard let count = Int(exactly: count) else {
        throw .outOfRange(part: "number of inferences", at: at, value: "\(count)")
      }
      inferences = count
      context = Array(try reader.take(try reader.count("length of the context"), "context"))
      argumentBytes = reader.remaining
      fileBytes = file.count
    } catch {
      throw .proof(.file(FileFault(error)))
    }
  }
}

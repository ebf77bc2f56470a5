import ConstraintSystem

/// What a proof says before its key is at hand; nothing of it is verified.
public struct ProofDescription: Sendable {
  public let modelID: ModelID
  public let inferences: Int
  public let context: [UInt8]
  /// Of the file, and of what follows the context: public tensors, commitments and argument.
  public let fileBytes: Int
  public let argumentBytes: Int

  /// - Throws: `VerificationFailure.proof`.
  public init(_ file: [UInt8]) throws(VerificationFailure) {
    do throws(FormatError) {
      var reader = try FileFormat.open(.proof, file)
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

import ConstraintSystem
import Verification

extension ModelVerifier {
  /// Checks a proof about this key itself: that every value of its model is an integer of the type that the
  /// key declares.
  ///
  /// - Parameter keyProof: the bytes of a `.keyproof` file, of anyone's making.
  /// - Throws: why it is not accepted.
  /// - Complexity: that of accepting the key once more, and of a proof.
  public func verify(keyProof: [UInt8]) throws(VerificationFailure) {
    var reader: ByteReader
    do throws(FormatError) {
      reader = try FileFormat.open(.keyProof, keyProof)
    } catch {
      throw .proof(.file(FileFault(error)))
    }
    do throws(VerificationError) {
      let (proof, layouts) = try KeyProof.decode(&reader, for: key)
      try Verifier.verify(proof, key: key, as: layouts)
    } catch {
      throw VerificationFailure(error)
    }
  }
}

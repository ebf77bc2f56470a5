import ConstraintSystem
import Proving
import Verification
public import TacitVerifier

/// A model in its prover's hands: circuit, weights and blinders. Secret.
///
/// A value that is made once, by compiling a model or by reading a key, and then used for any
/// number of proofs, from any number of tasks at once.
public struct ModelProver: Sendable {
  let key: ProverKey

  init(key: ProverKey) { self.key = key }

  /// Reads a prover key.
  ///
  /// - Parameter file: the bytes of a `.prover` file.
  /// - Throws: `TacitError.key`.
  /// - Complexity: linear in the file, and some tenths of a second at most for the circuit.
  public init(_ file: [UInt8]) throws(TacitError) {
    do throws(KeyFileError) {
      key = try Self.read(file)
    } catch {
      throw .key(.key(KeyFault(error)))
    }
  }

  private static func read(_ file: [UInt8]) throws(KeyFileError) -> ProverKey {
    var reader: ByteReader
    do throws(FormatError) {
      reader = try FileFormat.open(.prover, file)
    } catch {
      throw .format(error)
    }
    let key = try ProverKey(decoding: &reader)
    do throws(FormatError) {
      try reader.finish()
    } catch {
      throw .format(error)
    }
    return key
  }

  /// The bytes of the `.prover` file; secret, as they hold the weights.
  public var file: [UInt8] { FileFormat.wrap(.prover, key.encoded) }

  /// A file with this payload behind its digest, whatever it says: a fuzzer's inputs would not get past one.
  @_spi(Fuzzing) public static func file(payload: [UInt8]) -> [UInt8] {
    FileFormat.wrap(.prover, payload)
  }

  /// What to publish.
  public var verifier: ModelVerifier { ModelVerifier(key: key.verifier) }
  /// What names the model: a digest of its verifier key.
  public var modelID: ModelID { verifier.modelID }
}

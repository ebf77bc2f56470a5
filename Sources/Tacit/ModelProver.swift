import ConstraintSystem
import Proving
import Verification
public import TacitVerifier

/// A model in its prover's hands: circuit, weights and blinders. Secret.
public struct ModelProver: Sendable {
  let key: ProverKey

  init(key: ProverKey) { self.key = key }

  /// - Parameter file: the bytes of a `.prover` file.
  /// - Throws: `TacitError.key`.
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

  /// The bytes of the `.prover` file.
  public var file: [UInt8] { FileFormat.wrap(.prover, key.encoded) }

  /// What to publish.
  public var verifier: ModelVerifier { ModelVerifier(key: key.verifier) }
  public var modelID: ModelID { verifier.modelID }
}

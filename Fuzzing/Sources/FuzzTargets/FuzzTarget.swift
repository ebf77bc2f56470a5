@_spi(Fuzzing) import Tacit
@_spi(Fuzzing) import TacitVerifier

/// A reader of bytes that anyone may have made: it gives a value or an error, and never traps.
///
/// What it reads it also uses as a program would, as far as that is cheap: a model is surveyed, a key describes itself, a
/// proof is checked.
public struct FuzzTarget: Sendable {
  /// As in the corpus and in the counts.
  public let name: String
  private let body: @Sendable ([UInt8]) throws -> Void

  private init(_ name: String, _ body: @escaping @Sendable ([UInt8]) throws -> Void) {
    (self.name, self.body) = (name, body)
  }

  /// Reads bytes, and traps where what was read is not what the bytes say.
  public func read(_ bytes: [UInt8]) { _ = accepts(bytes) }

  /// Whether there is no error; as `read(_:)`. On one thread, so that an input covers the same each time.
  public func accepts(_ bytes: [UInt8]) -> Bool {
    do {
      try JobOptions.onOneThread { try body(bytes) }
      return true
    } catch {
      return false
    }
  }

  /// All readers.
  ///
  /// A prover key and an opening begin with a digest of what follows, which no fuzzer finds: their targets take what
  /// follows. A proof's length is fixed, so that most of what a fuzzer does to one is refused at its end: beside the
  /// targets that take the whole of it there are those that take changes to an honest one.
  ///
  /// - Parameters:
  ///   - key: a prover key, small, with committed tensors: that of the corpus' proofs and reveals.
  ///   - proof: the one that the corpus' reveal is of.
  ///   - keyProof: of the same key.
  public static func all(
    key file: [UInt8], proof: [UInt8], keyProof: [UInt8]
  ) -> [FuzzTarget] {
    guard let verifier = try? ModelProver(file).verifier,
      let inference = try? verifier.verify(proof)
    else { return [] }
    return [
      FuzzTarget("onnx") { _ = try ModelFileDescription($0) },
      FuzzTarget("tflite") { _ = try ModelFileDescription($0) },
      FuzzTarget("npy") { _ = try NamedArrays($0, named: "x.npy") },
      FuzzTarget("npz") { _ = try NamedArrays($0, named: "x.npz") },
      FuzzTarget("json") { _ = try NamedArrays($0, named: "x.json") },
      FuzzTarget("csv") { _ = try NamedArrays($0, named: "x.csv") },
      FuzzTarget("prover-key") { payload in
        let bytes = ModelProver.file(payload: payload)
        let key = try ModelProver(bytes)
        precondition(key.file == bytes, "a key that was read is written otherwise")
      },
      FuzzTarget("verifier-key") { bytes in
        let key = try ModelVerifier(bytes)
        precondition(key.file == bytes, "a key that was read is written otherwise")
      },
      FuzzTarget("proof") { bytes in
        _ = try ProofDescription(bytes)
        _ = try verifier.verify(bytes)
      },
      FuzzTarget("altered-proof") { _ = try verifier.verify(altered(proof, by: $0)) },
      FuzzTarget("key-proof") { try verifier.verify(keyProof: $0) },
      FuzzTarget("altered-key-proof") {
        try verifier.verify(keyProof: altered(keyProof, by: $0))
      },
      FuzzTarget("opening") { payload in
        let bytes = CommitmentOpening.file(payload: payload)
        let opening = try CommitmentOpening(bytes)
        precondition(opening.file == bytes, "an opening that was read is written otherwise")
      },
      FuzzTarget("reveal") { bytes in
        _ = try verifier.verify(reveal: bytes, of: inference)
      },
    ]
  }

  /// A file with changes: each is a place of two bytes, a count, and as many bytes that are added there bit by bit; what
  /// reaches beyond the end begins anew.
  private static func altered(_ file: [UInt8], by changes: [UInt8]) -> [UInt8] {
    var bytes = file
    var rest = changes[...]
    while rest.count > 3 {
      let head = Array(rest.prefix(3))
      rest = rest.dropFirst(3)
      let place = Int(head[0]) << 8 | Int(head[1])
      for (step, byte) in rest.prefix(Int(head[2])).enumerated() {
        bytes[(place + step) % bytes.count] ^= byte
      }
      rest = rest.dropFirst(Int(head[2]))
    }
    return bytes
  }
}

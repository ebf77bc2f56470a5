import Hashing

extension ConstraintSystem {
  /// SHA-256 of the canonical form after a domain prefix: 32 bytes that name the circuit.
  package var digest: [UInt8] {
    var hash = SHA256()
    hash.update(Array("tacit constraint system 1\n".utf8))
    hash.update(encoded())
    return hash.finalize().bytes
  }
}

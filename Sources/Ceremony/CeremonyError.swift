package import ConstraintSystem
import Hashing

/// Why a file of powers is not taken.
package enum CeremonyError: Error, Equatable {
  /// Neither gnark's points, nor snarkjs' `.ptau`, nor a file of tacit's.
  case unknownForm
  /// Bytes that are not what their form has there.
  case format(FormatError)
  /// A `.ptau` of another curve.
  case otherCurve
  /// A section that a `.ptau` lacks, or has twice.
  case section(name: String, count: Int)
  /// Not enough powers: how many there are, and how many are needed.
  case tooFew(Int, needed: Int)
  /// The first power is not G, or of `.ptau` not G₂.
  case otherGenerator
  /// Power `index` is no point of the curve, not written in the one way of its form, or the identity.
  case malformedPower(index: Int)
  /// τ·G₂ is no point of the subgroup, not written in the one way of its form, or the identity.
  case malformedTau
  /// A ceremony that is not pinned; its digest, where the file tells τ·G₂ or the digest itself.
  case unknownCeremony(digest: [UInt8]?)
  /// Some power is not τ times the one before.
  case notConsecutive
}

extension CeremonyError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownForm:
      "this is no file of powers of tau: name a .ptau file of snarkjs, or compressed points of gnark "
        + "(g1.point)"
    case .format(let error): "\(error)"
    case .otherCurve: "the powers are of another curve; those of BN254 (bn128) are needed"
    case .section(let name, let count):
      count == 0
        ? "the file has no section of \(name); name a whole .ptau file"
        : "the file has \(count) sections of \(name), and may have one"
    case .tooFew(let count, let needed):
      "the file holds \(count) powers, and \(needed) are needed; name a larger one of the ceremony"
    case .otherGenerator: "the first power is not the generator (1, 2) of BN254"
    case .malformedPower(let index):
      "power \(index) is no point of the curve, or not written in the one way of its form; copy the "
        + "file again"
    case .malformedTau: "tau times the generator of G2 is no point of the subgroup"
    case .unknownCeremony(let digest):
      "the powers are of a ceremony that tacit does not know"
        + (digest.map { ", with digest \(hexadecimal($0))" } ?? "")
        + "; docs/command.md lists those that it knows"
    case .notConsecutive:
      "the powers are not consecutive powers of one number; copy the file again"
    }
  }
}

extension Ceremony {
  /// The digest in 64 hexadecimal digits, as people compare it.
  package var identity: String { hexadecimal(digest.bytes) }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}

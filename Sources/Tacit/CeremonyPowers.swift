import Ceremony
import Commitment
import ConstraintSystem
package import Curve

/// Powers of a public ceremony's τ: what keys for a chain, whose proofs a contract verifies, are made with, and
/// their proofs.
///
/// A value that is made once and given to any number of keys, which share the tables that proving grows.
public struct CeremonyPowers: Sendable {
  let committer: KZGCommitter
  /// How many there are: a row of a key has no more values, and a proof no more pads.
  public let count: Int

  /// Reads powers.
  ///
  /// - Parameter file: the bytes of a `.srs` file, of anyone's making.
  /// - Throws: `TacitError.powers` for what is none, or of another ceremony than keys for a chain stand on.
  /// - Complexity: linear in the file; some hundredths of a second for 2^16 powers.
  public init(_ file: [UInt8]) throws(TacitError) {
    do throws(CeremonyError) {
      self.init(try PowersOfTau(file: file, accepting: [CeremonyTau.ceremony]).g1)
    } catch {
      guard case .unknownCeremony = error else { throw .powers(.file("\(error)")) }
      throw .powers(
        .file(
          "the powers are of another ceremony than keys for a chain stand on, which is "
            + CeremonyTau.ceremony.name))
    }
  }

  package init(_ powers: [AffinePoint]) {
    committer = KZGCommitter(powers: powers)
    count = powers.count
  }
}

/// Why powers are refused, or missed.
public enum PowersFault: Hashable, Sendable {
  /// The bytes are no powers of the ceremony that keys for a chain stand on; why, in plain words.
  case file(String)
  /// The key is for a chain: it proves with powers of its ceremony alone.
  case missing
  /// The key is transparent: it takes none.
  case unwanted
  /// The key takes more than there are.
  case tooFew(given: Int, needed: Int)
}

extension PowersFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .file(let reason): reason
    case .missing:
      "the key is for a chain and proves with powers of a ceremony; name the file that it was compiled "
        + "with, --srs FILE"
    case .unwanted: "the key is transparent and takes no powers; leave --srs out"
    case .tooFew(let given, let needed):
      "there are \(given) powers, and the key takes \(needed); import more of the same ceremony"
    }
  }
}

package import ConstraintSystem
package import Verification

/// Why a key is refused.
public enum KeyFault: Hashable, Sendable {
  /// The bytes are no key file, or not a whole one.
  case file(FileFault)
  /// The key's circuit is not one that a verifier accepts.
  case circuit(CircuitFault)
  /// The commitment to this row of the weights, counted from 0, is no point of the curve.
  case commitment(row: Int)
  /// The commitments in a prover key are not those of its weights.
  case inconsistent

  package init(_ error: KeyFileError) {
    switch error {
    case .format(let error): self = .file(FileFault(error))
    case .refused(let error): self = .circuit(CircuitFault(error))
    case .point(let row): self = .commitment(row: row)
    }
  }
}

extension KeyFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String {
    switch self {
    case .file(let fault): "\(fault)"
    case .circuit(let fault): "\(fault)"
    case .commitment(let row): "the commitment to model row \(row) is no point of the curve"
    case .inconsistent: "the commitments in this key are not those of its weights"
    }
  }
}

/// Why a circuit is not one that a verifier accepts. `description` is a sentence for people.
public struct CircuitFault: Hashable, Sendable {
  /// The fault, for a program to decide by.
  public enum Kind: Hashable, Sendable {
    /// The circuit, its proofs or what checking them takes are beyond a limit.
    case tooLarge
    /// The circuit's parts do not fit together.
    case invalid
  }

  private let error: KeyError

  package init(_ error: KeyError) { self.error = error }

  /// The fault, for a program to decide by.
  public var kind: Kind {
    switch error {
    case .tooMany, .verifierProducts, .verifierBytes, .nameTooLong, .beyondEnd: .tooLarge
    default: .invalid
    }
  }
}

extension CircuitFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String { "\(error)" }
}

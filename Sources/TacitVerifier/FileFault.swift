package import ConstraintSystem

/// Why bytes are not the file of Tacit's that they are taken for. `description` is a sentence for
/// people.
public struct FileFault: Hashable, Sendable {
  /// The fault, for a program to decide by.
  public enum Kind: Hashable, Sendable {
    /// Tacit did not write it.
    case notTacit
    /// It is another kind of Tacit's files than the one wanted, or one that this version does not
    /// know.
    case otherKind
    /// It was written in the format's version `file`; this library reads version `supported`.
    case otherVersion(file: Int, supported: Int)
    /// Its bytes are not those that were written.
    case damaged
    /// It ends too early, by this many bytes or more.
    case truncated(missing: Int)
    /// Bytes follow its end.
    case trailing(count: Int)
    /// It asks for more of something than any file of Tacit's may hold.
    case tooLarge
    /// Something in it is no number, text or code that the format allows there.
    case malformed
  }

  private let error: FormatError

  package init(_ error: FormatError) { self.error = error }

  /// The fault, for a program to decide by.
  public var kind: Kind {
    switch error {
    case .notTacit: .notTacit
    case .otherKind, .unknownKind: .otherKind
    case .otherVersion(let kind, let file):
      .otherVersion(file: Int(file), supported: Int(kind.version))
    case .damaged: .damaged
    case .truncated(_, _, let needed, let available): .truncated(missing: needed - available)
    case .trailing(_, let count): .trailing(count: count)
    case .tooMany: .tooLarge
    case .notCanonical, .outOfRange, .unknownCode, .notUTF8, .malformed: .malformed
    }
  }

  /// The byte at which reading ended; nil for what concerns the file as a whole.
  public var offset: Int? {
    switch error {
    case .truncated(_, let at, _, _), .notCanonical(_, let at), .outOfRange(_, let at, _),
      .tooMany(_, let at, _, _), .unknownCode(_, let at, _), .notUTF8(_, let at),
      .malformed(_, let at),
      .trailing(let at, _):
      at
    case .notTacit, .otherKind, .unknownKind, .otherVersion, .damaged: nil
    }
  }
}

extension FileFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String { "\(error)" }
}

import ConstraintSystem

/// Why numbers cannot be read. `description` is a sentence for people.
public struct ArrayFileError: Error, Hashable, Sendable {
  /// The fault, for a program to decide by.
  public enum Kind: Hashable, Sendable {
    /// The bytes end too early, or contradict themselves or their checksum.
    case damaged
    /// The bytes are of a format, or of a variant of one, that is not read.
    case unsupported
    /// Text that is no JSON, or no table as CSV is read.
    case syntax
    /// Something stands where a number is wanted, or a number is larger than any float.
    case notANumber
    /// Rows or lists of unlike lengths, or another number of values than a shape asks for.
    case shape
    /// No array, more arrays than are wanted, or two of one name.
    case arrays
    /// More memory or arrays would be taken than a file of this size may ask for.
    case tooLarge
  }

  /// A place in a file.
  public enum Position: Hashable, Sendable {
    /// In text, both counted from 1; in CSV `column` counts fields, in JSON characters.
    case line(Int, column: Int)
  }

  /// The fault, for a program to decide by.
  public let kind: Kind
  /// The place in the file; nil where the fault is of the file as a whole.
  public let position: Position?
  /// The file in an archive that is at fault; nil where it is no single one of them.
  public let entry: String?
  private let sentence: String

  init(_ kind: Kind, _ sentence: String, at position: Position? = nil, entry: String? = nil) {
    self.kind = kind
    self.sentence = sentence.printable
    self.position = position
    self.entry = entry
  }
}

extension ArrayFileError: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String { sentence }
}

extension ArrayFileError.Position: CustomStringConvertible {
  /// `line 3, column 2`.
  public var description: String {
    switch self {
    case .line(let line, let column): "line \(line), column \(column)"
    }
  }
}

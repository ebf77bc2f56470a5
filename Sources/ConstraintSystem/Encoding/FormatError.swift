/// Why bytes are not what they claim to be. Every case says what was being read and where.
package enum FormatError: Error, Hashable, Sendable {
  /// The bytes end inside `part`.
  case truncated(part: String, at: Int, needed: Int, available: Int)
  /// A number has a shorter spelling, or does not fit 64 bits.
  case notCanonical(part: String, at: Int)
  /// A number outside what `part` admits.
  case outOfRange(part: String, at: Int, value: String)
  /// More of something than any file of Tacit's may hold.
  case tooMany(part: String, at: Int, count: Int, limit: Int)
  /// A kind of thing that this version does not know.
  case unknownCode(part: String, at: Int, code: Int)
  case notUTF8(part: String, at: Int)
  /// A point or a field element that is none.
  case malformed(part: String, at: Int)
  /// Bytes after the end.
  case trailing(at: Int, count: Int)
  /// No file of Tacit's.
  case notTacit
  /// Another kind of Tacit file than the one wanted.
  case otherKind(expected: FileKind, actual: FileKind)
  /// A kind of Tacit file that this version does not know.
  case unknownKind(code: UInt8)
  /// Written by another version of the format.
  case otherVersion(FileKind, file: UInt16)
  /// Its bytes are not those that its digest was taken of.
  case damaged
}

extension FormatError: CustomStringConvertible {
  package var description: String { sentence.printable }

  private var sentence: String {
    switch self {
    case .truncated(let part, let at, let needed, let available):
      "the bytes end too early: \(part) at byte \(at) needs \(needed) more, \(available) are left"
    case .notCanonical(let part, let at):
      "\(part) at byte \(at) is not written in the one way that the format allows"
    case .outOfRange(let part, let at, let value):
      "\(part) at byte \(at) is out of range: \(value)"
    case .tooMany(let part, let at, let count, let limit):
      "\(part) at byte \(at): \(count) are too many, \(limit) are allowed"
    case .unknownCode(let part, let at, let code):
      "\(part) at byte \(at) has the unknown code \(code)"
    case .notUTF8(let part, let at):
      "\(part) at byte \(at) is not UTF-8 text"
    case .malformed(let part, let at):
      "\(part) at byte \(at) is no point of the curve, or no field element"
    case .trailing(let at, let count):
      "\(count) bytes too many from byte \(at) on"
    case .notTacit:
      "this is not a file that tacit wrote"
    case .otherKind(let expected, let actual):
      "this is a \(actual) file; a \(expected) file is needed"
    case .unknownKind(let code):
      "this is a tacit file of an unknown kind (\(code))"
    case .otherVersion(let kind, let file):
      "the file has format version \(file)"
        + (kind.release(reading: file).map { ", which tacit \($0) reads" } ?? "")
        + "; this tacit reads version \(kind.version): "
        + (file > kind.version ? "update it" : kind.remedy)
    case .damaged:
      "the file is damaged: its bytes are not those that were written; copy it again from where it "
        + "was made, or make it again"
    }
  }
}

extension FileKind {
  /// What makes a file of another version anew.
  fileprivate var remedy: String {
    switch self {
    case .prover, .verifier, .keyProof: "compile again"
    case .proof, .opening: "prove again"
    case .reveal: "reveal again"
    case .powers: "import the powers again with tacit srs"
    }
  }
}

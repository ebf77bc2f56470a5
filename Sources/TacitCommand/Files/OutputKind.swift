import ConstraintSystem
import OnChain
import Tacit

/// What a verb writes, known again by a file's first bytes: `--force` replaces like by like.
enum OutputKind: Equatable, CaseIterable {
  case prover, verifier, proof, keyProof, opening, reveal, powers
  /// NumPy's, one array or several.
  case array
  /// A model as a contract reads it, and a call of the contract.
  case chainBlob, chainCall
  /// That `ReportPage` writes.
  case page

  func isBegun(by head: [UInt8]) -> Bool {
    switch self {
    case .prover: Self.kind(of: head) == .prover
    case .verifier: Self.kind(of: head) == .verifier
    case .proof: Self.kind(of: head) == .proof
    case .keyProof: Self.kind(of: head) == .keyProof
    case .opening: Self.kind(of: head) == .opening
    case .reveal: Self.kind(of: head) == .reveal
    case .powers: Self.kind(of: head) == .powers
    case .array:
      head.starts(with: Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }))
        || Self.beginsArchiveOfArrays(head)
    case .chainBlob: head.starts(with: ChainBlob.magic)
    case .chainCall: head.starts(with: ChainCall.selector)
    case .page: head.starts(with: ReportPage.opening.utf8)
    }
  }

  var description: String {
    switch self {
    case .prover: "a prover key"
    case .verifier: "a verifier key"
    case .proof: "a proof"
    case .keyProof: "a key proof"
    case .opening: "what opens commitments"
    case .reveal: "a reveal"
    case .powers: "powers of tau"
    case .array: "a NumPy array"
    case .chainBlob: "a blob for chains"
    case .chainCall: "a call of a contract"
    case .page: "a page of tacit's"
    }
  }

  /// What a file holds, in a few words.
  static func description(of head: [UInt8]) -> String {
    allCases.first { $0.isBegun(by: head) }?.description
      ?? "something that tacit did not write"
  }

  private static func kind(of head: [UInt8]) -> FileKind? { try? FileFormat.kind(of: head) }

  /// A ZIP archive whose first entry is an array: its name stands after a header of 30 bytes.
  private static func beginsArchiveOfArrays(_ head: [UInt8]) -> Bool {
    guard head.starts(with: [0x50, 0x4B, 3, 4]), head.count > 30 else { return false }
    let length = Int(head[26]) | Int(head[27]) << 8
    return head[30...].prefix(length).suffix(4).elementsEqual(".npy".utf8)
  }
}

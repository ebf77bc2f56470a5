import ConstraintSystem
import Hashing

/// What a step of a chain is bound to: the session, its place, and the step before.
///
/// Written down in docs/protocol/ties.md#chain.
public struct ChainContext: Sendable, Hashable {
  /// What the verifier chose for the whole chain.
  public let session: [UInt8]
  /// From 0.
  public let step: Int
  /// The digest of the step before; zeros for the first.
  public let previous: [UInt8]

  private static let label = Array("tacit chain 1\0".utf8)
  /// The longest session that a context has room for.
  public static let maximalSessionBytes = (1 << 16) - 128

  /// The first step's.
  ///
  /// - Parameter session: any bytes that the verifier has used for no other chain.
  public init(session: [UInt8]) {
    self.session = session
    step = 0
    previous = [UInt8](repeating: 0, count: SHA256.byteCount)
  }

  /// The context of the step after this one.
  ///
  /// - Parameter proof: the bytes of this step's `.proof` file.
  public func next(after proof: [UInt8]) -> ChainContext {
    ChainContext(session: session, step: step + 1, previous: Self.digest(of: proof))
  }

  private init(session: [UInt8], step: Int, previous: [UInt8]) {
    self.session = session
    self.step = step
    self.previous = previous
  }

  /// Of what a proof states and of its argument: of all behind the file's header.
  ///
  /// - Parameter proof: the bytes of a `.proof` file.
  public static func digest(of proof: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(Array("tacit proof".utf8))
    hash.update(proof.dropFirst(FileFormat.headerBytes))
    return hash.finalize().bytes
  }

  /// What a step's proof has as its context: the label, the session behind its length, the step and the digest,
  /// numbers as eight bytes, the most significant first.
  public var bytes: [UInt8] {
    func number(_ value: Int) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: UInt64(value) >> (56 - 8 * UInt64($0))) }
    }
    return Self.label + number(session.count) + session + number(step) + previous
  }

  /// Reads a context; nil for one that is not of a chain.
  public init?(_ bytes: [UInt8]) {
    let (head, tail) = (Self.label.count + 8, 8 + SHA256.byteCount)
    guard bytes.starts(with: Self.label), bytes.count >= head + tail else { return nil }
    func number(at first: Int) -> Int? {
      Int(exactly: bytes[first..<first + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
    let end = bytes.count - tail
    guard number(at: Self.label.count) == end - head, let step = number(at: end) else {
      return nil
    }
    self.init(
      session: Array(bytes[head..<end]), step: step, previous: Array(bytes[(end + 8)...]))
  }
}

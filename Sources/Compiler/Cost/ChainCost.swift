/// What a proof costs on a chain, about: gas of the transaction that brings it, and bytes of its calldata.
///
/// Counted from what a contract does: group operations by its precompiles, which is most of it, a pairing, and
/// work in the field by scalars, words of public tensors and views. Unit costs were measured on a prototype of
/// the contract under the rules of Prague.
package struct ChainCost: Sendable, Hashable {
  package let gas: Double
  package let calldataBytes: Int

  /// Of any transaction, and of a check of two pairings.
  private static let base = 21_000.0 + 113_000
  /// A point times a scalar, added: both precompiles, and what brings their input about.
  private static let multiplication = 6_610.0
  /// A padded scalar: its round, its share in the equations, and in what is opened.
  private static let scalar = 470.0
  /// A view's weights at a random point.
  private static let view = 3_400.0
  /// A word of a public tensor, of at most `wordBytes` bytes.
  private static let word = 88.0
  private static let wordBytes = 24
  /// A byte of calldata, nearly none of which is zero; and the least that is paid for one in all [EIP-7623].
  private static let byte = 16.0
  private static let floorByte = 40.0

  private static let pointBytes = 64
  private static let scalarBytes = 32
  /// What a proof's points are beside rows: the pads, D, D_s, S and two quotients.
  private static let points = 6
  /// What is multiplied beside rows and these: G, H, and a quotient once more.
  private static let constants = 3
  /// The inverse of a challenge, which a contract is told and checks.
  private static let hints = 1

  /// - Parameters:
  ///   - rows: of the witness, statement included.
  ///   - modelRows: of the key.
  ///   - scalars: of the proof.
  ///   - views: of the circuit's relations and multipliers, and blocks of its public ports.
  ///   - publicBytes: of the public tensors.
  init(rows: Int, modelRows: Int, scalars: Int, views: Int, publicBytes: Int) {
    calldataBytes =
      (rows + Self.points) * Self.pointBytes + (scalars + Self.hints) * Self.scalarBytes
      + publicBytes
    let multiplications = rows + modelRows + Self.points + Self.constants
    let words = (publicBytes + Self.wordBytes - 1) / Self.wordBytes
    let execution =
      Self.base + Self.multiplication * Double(multiplications) + Self.scalar * Double(scalars)
      + Self.view * Double(views) + Self.word * Double(words)
    gas = max(
      execution + Self.byte * Double(calldataBytes),
      21_000 + Self.floorByte * Double(calldataBytes))
  }
}

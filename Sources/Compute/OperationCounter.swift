import CKernels
import Synchronization

/// Counts the expensive operations of this process, so that a benchmark can say what a time is made
/// of. Loops report once per pass, by the formula of what they do, never per element; nothing else
/// reads it.
package enum OperationCounter {
  private static let field = Atomic<Int>(0)
  private static let small = Atomic<Int>(0)
  private static let group = Atomic<Int>(0)
  private static let hashed = Atomic<Int>(0)

  package struct Counts: Hashable, Sendable {
    /// Products of two field elements.
    package var fieldMultiplications: Int
    /// Products of a field element and a machine integer, about a third of the work.
    package var smallMultiplications: Int
    package var groupAdditions: Int
    /// Bytes that the transcript absorbed.
    package var bytesHashed: Int

    package static func - (a: Counts, b: Counts) -> Counts {
      Counts(
        fieldMultiplications: a.fieldMultiplications - b.fieldMultiplications,
        smallMultiplications: a.smallMultiplications - b.smallMultiplications,
        groupAdditions: a.groupAdditions - b.groupAdditions,
        bytesHashed: a.bytesHashed - b.bytesHashed)
    }
  }

  /// Everything since the process began.
  package static var counts: Counts {
    Counts(
      fieldMultiplications: field.load(ordering: .relaxed),
      smallMultiplications: small.load(ordering: .relaxed),
      groupAdditions: group.load(ordering: .relaxed),
      bytesHashed: hashed.load(ordering: .relaxed))
  }
  package static func count(fieldMultiplications count: Int) {
    field.add(count, ordering: .relaxed)
  }
  package static func count(smallMultiplications count: Int) {
    small.add(count, ordering: .relaxed)
  }
  package static func count(fieldMultiplications: Int, smallMultiplications: Int) {
    count(fieldMultiplications: fieldMultiplications)
    count(smallMultiplications: smallMultiplications)
  }
  /// Products in the verifier's loops over what a key sizes, counted separately and for this thread, so
  /// that a key's account can be compared with them alone.
  package static func count(overKey products: Int) { tacit_tally_add(Int64(products)) }
  /// Everything of that kind since the thread began.
  package static var productsOverKeys: Int { Int(tacit_tally()) }
  package static func count(groupAdditions count: Int) { group.add(count, ordering: .relaxed) }
  package static func count(bytesHashed count: Int) { hashed.add(count, ordering: .relaxed) }
}

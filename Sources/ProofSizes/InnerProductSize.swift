/// How often the argument of an inner product halves its vector, and how much of it is sent in the
/// end.
///
/// A round costs two points and saves half of the cells: it pays until about the root of the vector
/// is left, and for a few cells it does not pay at all.
package struct InnerProductSize: Sendable, Hashable {
  /// Cells of the vector.
  package let length: Int
  /// Halvings, with two points each.
  package private(set) var rounds = 0
  /// Cells that are sent in the end.
  package private(set) var remaining: Int

  /// So few cells that halving them costs more than what is saved.
  private static let few = 60

  package init(length: Int) {
    self.length = length
    remaining = length
    while let half = Self.half(remaining, of: length) {
      remaining = half
      rounds += 1
    }
  }

  /// Cells that are left after each halving.
  package var halves: [Int] {
    Array(
      sequence(state: length) { [length] left in
        guard let half = Self.half(left, of: length) else { return nil }
        left = half
        return half
      })
  }

  /// Half of the cells that are left of a vector of `length`, rounded up; nil where they are sent.
  private static func half(_ left: Int, of length: Int) -> Int? {
    left > few && left * left > 4 * length ? (left + 1) / 2 : nil
  }
}

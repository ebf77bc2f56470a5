/// Points and scalars of an opening.
package struct OpeningSize: Sendable, Hashable {
  package let points: Int
  package let scalars: Int

  /// Of an opening whose inner product is folded by halves: D, D_s, and the halvings' L and R; X₀ and X₁, the
  /// cells shown, u and the blinder, and what is left of the vector.
  ///
  /// - Parameters:
  ///   - rowLength: L.
  ///   - opened: cells of the pads that are shown one by one.
  ///   - folded: the others.
  package init(rowLength: Int, opened: Int, folded: Int) {
    let innerProduct = InnerProductSize(length: rowLength + folded)
    points = 2 + 2 * innerProduct.rounds
    scalars = 2 + opened + 2 + innerProduct.remaining
  }

  /// Of an opening whose inner product is settled by quotients of polynomials, whatever the lengths: D, D_s, S
  /// and two quotients; X₀ and X₁, the cells shown, u, both blinders and a value.
  ///
  /// - Parameter opened: cells of the pads that are shown one by one.
  package init(byQuotients opened: Int) {
    points = 5
    scalars = 2 + opened + 4
  }
}

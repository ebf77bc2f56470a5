/// Points and scalars of an opening.
package struct OpeningSize: Sendable, Hashable {
  /// Of the cells whose inner product is shown.
  package let innerProduct: InnerProductSize
  /// Pads, products and the mask that are shown one by one.
  package let opened: Int

  /// - Parameters:
  ///   - rowLength: L.
  ///   - opened: cells of the pads that are shown one by one.
  ///   - folded: the others.
  package init(rowLength: Int, opened: Int, folded: Int) {
    innerProduct = InnerProductSize(length: rowLength + folded)
    self.opened = opened
  }

  /// D, D_s, and the halvings' L and R.
  package var points: Int { 2 + 2 * innerProduct.rounds }

  /// X₀ and X₁, the cells shown, u and the blinder, and what is left of the vector.
  package var scalars: Int { 2 + opened + 2 + innerProduct.remaining }
}

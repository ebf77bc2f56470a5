/// Points and scalars of an opening.
package struct OpeningSize: Sendable, Hashable {
  /// Of the cells whose inner product is shown.
  package let innerProduct: InnerProductSize
  /// Pads, products and the mask that are shown one by one.
  package let shown: Int

  /// - Parameters:
  ///   - rowLength: L.
  ///   - shown: cells of the pads that are shown one by one.
  ///   - summed: the others.
  package init(rowLength: Int, shown: Int, summed: Int) {
    innerProduct = InnerProductSize(length: rowLength + summed)
    self.shown = shown
  }

  /// D, D_s, and the halvings' L and R.
  package var points: Int { 2 + 2 * innerProduct.rounds }

  /// X₀ and X₁, the cells shown, u and the blinder, and what is left of the vector.
  package var scalars: Int { 2 + shown + 2 + innerProduct.remaining }
}

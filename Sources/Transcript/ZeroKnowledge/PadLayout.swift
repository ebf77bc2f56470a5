/// How many pads a proof needs and which of their products, found by running the verifier once on
/// the key alone. Cells: one pad per message, then one per product, then the mask cell.
package struct PadLayout: Sendable, Equatable {
  package struct Product: Sendable, Hashable {
    package var left: Int
    package var right: Int
    package init(left: Int, right: Int) {
      self.left = left
      self.right = right
    }
  }
  /// Messages in the order they are sent: (label, count). A proof's shape, and a test's.
  package struct Message: Sendable, Hashable {
    package var label: Label
    package var count: Int
    package init(label: Label, count: Int) {
      self.label = label
      self.count = count
    }
  }
  package var listing: [Message] = []
  package var products: [Product] = []

  package init() {}

  /// D₀: padded scalars of a proof.
  package var messages: Int { listing.reduce(0) { $0 + $1.count } }
  /// The mask cell z.
  package var mask: Int { messages + products.count }
  /// D: cells of the pad commitment.
  package var cells: Int { messages + products.count + 1 }

  /// The cells that products are of, the products and the mask: an opening shows them one by one.
  package var opened: [Int] {
    Set(products.flatMap { [$0.left, $0.right] }).sorted() + Array(messages..<cells)
  }
  /// The others, of which it shows one inner product.
  package var folded: [Int] {
    let opened = Set(opened)
    return (0..<messages).filter { !opened.contains($0) }
  }
}

/// Counts of what a circuit of anyone's making asks for: sums and products that stop at a number that no
/// machine has, far from a word's end.
package enum Saturating {
  static let most = 1 << 60

  /// - Parameters: from 0 to `most`.
  package static func sum(_ a: Int, _ b: Int) -> Int { min(a + b, most) }

  package static func product(_ a: Int, _ b: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? most : min(product, most)
  }

  package static func product(_ extents: some Sequence<Int>) -> Int { extents.reduce(1, product) }
}

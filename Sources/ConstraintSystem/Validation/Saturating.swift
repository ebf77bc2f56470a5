/// Counts of what a circuit of anyone's making asks for: sums and products that stop at 2^60, a number that no
/// machine has, or at the end of words that are shorter.
package enum Saturating {
  private static func most<Count: FixedWidthInteger>() -> Count { Count(clamping: Int64(1) << 60) }

  /// - Parameters: 0 or more.
  package static func sum<Count: FixedWidthInteger>(_ a: Count, _ b: Count) -> Count {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? most() : min(sum, most())
  }

  package static func product<Count: FixedWidthInteger>(_ a: Count, _ b: Count) -> Count {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? most() : min(product, most())
  }

  package static func product(_ extents: some Sequence<Int>) -> Int { extents.reduce(1, product) }
}

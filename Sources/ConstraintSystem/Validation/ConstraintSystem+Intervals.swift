/// The part of validation that bounds sums, so that what a row states in the field holds of integers.
///
/// Written down in docs/protocol/accepting-a-key.md#intervals.
extension ConstraintSystem {
  /// That no row's acc reaches 2^126, whatever its blocks' functions give and whatever values of their types the model's
  /// tensors hold: times M, below 2^63, and with the remainder, below 2^78, it is far below p, so that no equation of a
  /// row wraps around.
  ///
  /// Of tensors the type is what a key proof shows. Checks of gadgets read none, so that for them it holds without.
  func checkIntervals() throws(KeyError) {
    let images = functions.map(\.image)
    for (index, block) in blocks.enumerated() where !isBounded(block.relation, images) {
      throw .interval(block: index)
    }
  }

  /// What a view may hold, and zero, as it reads beyond its source.
  private func values(
    _ source: Source, _ images: [ClosedRange<Int64>]
  ) -> ClosedRange<Int128> {
    switch source {
    case .block(let source):
      let (block, image) = (blocks[source], images[blocks[source].function])
      return min(
        0, Int128(image.lowerBound) - Int128(block.shift))...max(
          0, Int128(image.upperBound) - Int128(block.shift))
    case .tensor(let source):
      let range = tensors[source].type.range
      return Int128(range.lowerBound)...Int128(range.upperBound)
    }
  }

  /// Whether a sum of terms, and each of its parts, is below 2^126 in magnitude.
  ///
  /// Its interval is exact but that each view may read zero, and that values which depend on one another count as if
  /// they did not.
  ///
  /// - Parameter images: of all functions.
  private func isBounded(_ relation: [Term], _ images: [ClosedRange<Int64>]) -> Bool {
    let limit = UInt128(1) << 126
    func product(_ a: Int128, _ b: Int128) -> Int128? {
      let (product, overflow) = a.multipliedReportingOverflow(by: b)
      return overflow || product.magnitude >= limit ? nil : product
    }
    var (lower, upper) = (Int128(0), Int128(0))
    for term in relation {
      var (low, high) = (Int128(term.coefficient), Int128(term.coefficient))
      for view in term.factors {
        let range = values(view.source, images)
        guard let a = product(low, range.lowerBound), let b = product(low, range.upperBound),
          let c = product(high, range.lowerBound), let d = product(high, range.upperBound)
        else { return false }
        (low, high) = (min(a, b, c, d), max(a, b, c, d))
      }
      for extent in term.summed {
        guard let a = product(low, Int128(extent)), let b = product(high, Int128(extent)) else {
          return false
        }
        (low, high) = (a, b)
      }
      // Below 2^126 each, so that a word holds their sum.
      lower += low
      upper += high
      guard max(lower.magnitude, upper.magnitude) < limit else { return false }
    }
    return true
  }
}

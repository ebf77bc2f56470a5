/// The part of validation that bounds sums, so that what a row states in the field holds of integers.
extension ConstraintSystem {
  /// That no row's acc reaches 2^64, and no acc·M 2^126, whatever its blocks' functions give and whatever values of their
  /// types the model's tensors hold: with the remainder, below 2^78, no equation of a row wraps around p.
  ///
  /// Of tensors the type is what a key proof shows. Checks of gadgets read none, so that for them it holds without.
  func checkIntervals() throws(KeyError) {
    let images = functions.map(\.image)
    let checks = Set(
      gadgets.flatMap { gadget in
        let held = gadget.kind.blocks
        return held.inner + held.checks + held.others
      })
    for (index, block) in blocks.enumerated() {
      let acc = interval(of: block.relation, images)
      if checks.contains(index) {
        // The multiplier of a check is at most 2^S, and given.
        guard acc != nil else { throw .interval(block: index) }
        continue
      }
      guard let acc, max(acc.lowerBound.magnitude, acc.upperBound.magnitude) < 1 << 64 else {
        throw .interval(block: index)
      }
      let multiplier: UInt128 =
        switch block.multiplier {
        case .constant(let value): UInt128(value.magnitude)
        case .tensor(let view): UInt128(largest(view.source, images).magnitude)
        }
      let (product, overflow) = max(acc.lowerBound.magnitude, acc.upperBound.magnitude)
        .multipliedReportingOverflow(by: multiplier)
      guard !overflow, product <= 1 << 126 else { throw .interval(block: index) }
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

  private func largest(_ source: Source, _ images: [ClosedRange<Int64>]) -> Int128 {
    let range = values(source, images)
    return max(-range.lowerBound, range.upperBound)
  }

  /// The interval of a sum of terms; nil where it may be beyond 2^126 in magnitude.
  ///
  /// Exact but that each view may read zero, and that values which depend on one another count as if they did not.
  ///
  /// - Parameter images: of all functions.
  private func interval(
    of relation: [Term], _ images: [ClosedRange<Int64>]
  ) -> ClosedRange<Int128>? {
    let most = Int128(1) << 126
    func product(_ a: Int128, _ b: Int128) -> Int128? {
      let (product, overflow) = a.multipliedReportingOverflow(by: b)
      return overflow || product.magnitude > most.magnitude ? nil : product
    }
    var (lower, upper) = (Int128(0), Int128(0))
    for term in relation {
      var (low, high) = (Int128(term.coefficient), Int128(term.coefficient))
      for view in term.factors {
        let range = values(view.source, images)
        guard let a = product(low, range.lowerBound), let b = product(low, range.upperBound),
          let c = product(high, range.lowerBound), let d = product(high, range.upperBound)
        else { return nil }
        (low, high) = (min(a, b, c, d), max(a, b, c, d))
      }
      for extent in term.summed {
        guard let a = product(low, Int128(extent)), let b = product(high, Int128(extent)) else {
          return nil
        }
        (low, high) = (a, b)
      }
      // At most 2^126 each, so that a word holds both and their sum.
      lower += low
      upper += high
      guard max(lower.magnitude, upper.magnitude) <= most.magnitude else { return nil }
    }
    return lower...upper
  }
}

package import Field
import Compute

// eq(x, y) = Πⱼ (xⱼyⱼ + (1 − xⱼ)(1 − yⱼ)): one on the cube where x = y, zero elsewhere.
// Big-endian throughout: x₁ is the most significant bit of an index and is bound first.
package enum Equality {
  /// All 2ⁿ values eq(point, i), i ascending; `scale` multiplies each.
  ///
  /// - Complexity: 2ⁿ multiplications.
  package static func table(_ point: [Fr], scale: Fr = .one) -> [Fr] {
    prefix(point[...], scale: scale, count: 1 << point.count)
  }

  /// The first `count` values of the table; what comes after them is never computed.
  ///
  /// - Complexity: about 2 · count multiplications at most.
  package static func prefix(_ point: ArraySlice<Fr>, scale: Fr = .one, count: Int) -> [Fr] {
    var table = [Fr](repeating: .zero, count: max(0, count))
    prefix(point, scale: scale, count: count, into: &table)
    return table
  }

  /// The same into the first `count` places of a table that is long enough.
  package static func prefix(
    _ point: ArraySlice<Fr>, scale: Fr = .one, count: Int, into table: inout [Fr]
  ) {
    guard count > 0 else { return }
    OperationCounter.count(fieldMultiplications: count)
    table[0] = scale
    var known = 1
    // Level j doubles the indices; the last to be written of level j is needed only while it can
    // still lead to an index below `count`.
    var remaining = point.count
    for r in point {
      remaining -= 1
      let needed = min((count - 1) >> remaining + 1, known * 2)
      Fr.split(&table, count: needed, by: r)
      known = needed
    }
  }

  /// eq(point, i) for the places i of a range, into the first places of a table that is long enough.
  ///
  /// The range falls into aligned blocks of powers of two, two of a size at most; on each the high bits
  /// of an index are fixed.
  ///
  /// - Complexity: `rangeProducts` multiplications; for a range from 0 on, those of `prefix`.
  package static func range(
    _ point: ArraySlice<Fr>, _ range: Range<Int>, into table: inout [Fr]
  ) {
    OperationCounter.count(overKey: rangeProducts(range, variables: point.count))
    if range.lowerBound == 0 { return prefix(point, count: range.count, into: &table) }
    forEachBlock(of: range) { first, bits in
      let weight = at(point.dropLast(bits), index: first >> bits)
      let place = first - range.lowerBound
      if bits == 0 {
        table[place] = weight
      } else {
        let block = prefix(point.suffix(bits), scale: weight, count: 1 << bits)
        table.replaceSubrange(place..<place + block.count, with: block)
      }
    }
  }

  /// Multiplications that `range` makes, or a few more.
  package static func rangeProducts(_ range: Range<Int>, variables: Int) -> Int {
    if range.lowerBound == 0 { return range.count }
    var products = 0
    forEachBlock(of: range) { _, bits in products += variables - bits + 1 << bits }
    return products
  }

  /// The fewest aligned blocks of powers of two that make up a range, from its beginning on.
  private static func forEachBlock(
    of range: Range<Int>, _ body: (_ first: Int, _ bits: Int) -> Void
  ) {
    var first = range.lowerBound
    while first < range.upperBound {
      let room = Int.bitWidth - 1 - (range.upperBound - first).leadingZeroBitCount
      let bits = first == 0 ? room : min(first.trailingZeroBitCount, room)
      body(first, bits)
      first += 1 << bits
    }
  }

  /// eq(a, b) for two points of one length.
  package static func at(_ a: ArraySlice<Fr>, _ b: ArraySlice<Fr>) -> Fr {
    var product = Fr.one
    for (x, y) in zip(a, b) {
      let xy = x * y
      product *= xy + xy + .one - x - y
    }
    return product
  }

  /// eq(point, index): the weight of one cell.
  package static func at(_ point: ArraySlice<Fr>, index: Int) -> Fr {
    var product = Fr.one
    var bit = point.count
    for x in point {
      bit -= 1
      product *= (index >> bit) & 1 == 1 ? x : .one - x
    }
    return product
  }

  /// Σ eq(point, i) and Σ i · eq(point, i), both over 0 ≤ i < count ≤ 2ⁿ.
  ///
  /// The interval falls into one aligned block per set bit of `count`; on a block of 2ʲ cells at o
  /// the sums are w and w · (o + Σ 2ᵗ rₜ), w the weight of its high bits, as the low variables are
  /// free. Cost: 3n multiplications.
  package static func below(_ count: Int, _ point: ArraySlice<Fr>) -> (sum: Fr, ramp: Fr) {
    let n = point.count
    var mean = Fr.zero
    for x in point { mean = mean + mean + x }
    if count >= 1 << n { return (.one, mean) }
    var (sum, ramp, weight) = (Fr.zero, Fr.zero, Fr.one)
    var level = n
    for x in point {
      level -= 1
      // `mean` becomes Σ_{t < level} 2ᵗ rₜ: what the free variables below this one contribute.
      mean = mean - x * Fr(UInt64(1) << UInt64(level))
      if (count >> level) & 1 == 1 {
        let block = weight * (.one - x)
        let start = (count >> (level + 1)) << (level + 1)
        sum += block
        ramp += block * (mean + Fr(UInt64(start)))
        weight *= x
      } else {
        weight *= .one - x
      }
    }
    return (sum, ramp)
  }
}

/// eq(point, ·) as a product of two short tables, high · low: a sum over many cells weighs each by
/// `low` and each run of 2^bits cells by `high`, so that the long table is never made.
package struct SplitEquality: Sendable {
  /// Variables of `low`.
  package let bits: Int
  package let high: [Fr]
  package let low: [Fr]

  /// - Parameter count: cells that will be weighed, from the first on.
  package init(_ point: ArraySlice<Fr>, count: Int) {
    bits = min(point.count, max(8, point.count / 2))
    let count = max(count, 1)
    low = Equality.prefix(point.suffix(bits), count: min(count, 1 << bits))
    high = Equality.prefix(point.dropLast(bits), count: (count - 1) >> bits + 1)
  }

  /// Calls `body` with each run of the range and what weighs it; cell i of a run weighs
  /// `low[i mod 2^bits]` besides.
  @inlinable
  package func forEachRun(_ range: Range<Int>, _ body: (Range<Int>, Fr) -> Void) {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min((start >> bits + 1) << bits, range.upperBound)
      body(start..<end, high[start >> bits])
      start = end
    }
  }
}

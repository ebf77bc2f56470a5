/// An axis whose places are weighted sums of places of another axis: row `i` says of which, and how much of each.
package struct Resampling<Weight: Numeric & Comparable & Sendable & Hashable>: Sendable, Hashable {
  package struct Tap: Sendable, Hashable {
    package var place: Int
    package var weight: Weight

    package init(_ place: Int, _ weight: Weight) {
      self.place = place
      self.weight = weight
    }
  }
  /// Of the axis that is read.
  package var extent: Int
  /// One that is empty lies outside the axis.
  package var rows: [[Tap]]

  package init(extent: Int, rows: [[Tap]]) {
    self.extent = extent
    self.rows = rows
  }

  package var count: Int { rows.count }

  /// By row the one place that is read as it stands, −1 outside; nil where rows are sums.
  package var places: [Int]? {
    var result: [Int] = []
    result.reserveCapacity(rows.count)
    for row in rows {
      guard let tap = row.first else {
        result.append(-1)
        continue
      }
      guard row.count == 1, tap.weight == 1 else { return nil }
      result.append(tap.place)
    }
    return result
  }

  /// Whether every place is itself.
  var isUnchanged: Bool { rows.count == extent && places == Array(0..<extent) }

  var hasOutside: Bool { rows.contains(where: \.isEmpty) }

  /// All weights, row by row.
  var matrix: [Weight] {
    var result = [Weight](repeating: .zero, count: rows.count * extent)
    for (row, taps) in rows.enumerated() {
      for tap in taps { result[row * extent + tap.place] += tap.weight }
    }
    return result
  }

  /// The values with this axis in place of axis `axis`.
  func callAsFunction(_ x: Values<Weight>, axis: Int) -> Values<Weight> {
    let (outer, inner) = (x.shape[..<axis].reduce(1, *), x.shape[(axis + 1)...].reduce(1, *))
    var result = [Weight](repeating: .zero, count: outer * rows.count * inner)
    for block in 0..<outer {
      for (row, taps) in rows.enumerated() {
        let target = (block * rows.count + row) * inner
        for tap in taps {
          let source = (block * extent + tap.place) * inner
          for cell in 0..<inner {
            result[target + cell] += tap.weight * x.elements[source + cell]
          }
        }
      }
    }
    var shape = x.shape
    shape[axis] = rows.count
    return Values(shape: shape, elements: result)
  }
}

// MARK: - Integers

extension Resampling<Double> {
  /// The weights as integers over one denominator, which are the weights themselves where such a denominator is
  /// at most 2^bits, and else the nearest over 2^bits that sum to what they did.
  ///
  /// - Parameter tolerance: how far a weight may be from what it stands for.
  func integers(
    bits: Int, tolerance: Double
  ) -> (weights: Resampling<Int64>, denominator: Int64) {
    let common = denominator(upTo: 1 << bits, tolerance) ?? 1 << bits
    let rows = rows.map { taps in
      var integers = taps.map { tap in
        Resampling<Int64>.Tap(tap.place, Int64((tap.weight * Double(common)).rounded()))
      }
      let sum = taps.reduce(0) { $0 + $1.weight } * Double(common)
      let rest = Int64(sum.rounded()) - integers.reduce(0) { $0 + $1.weight }
      let largest = integers.indices.max { integers[$0].weight < integers[$1].weight }
      if let largest { integers[largest].weight += rest }
      return integers.filter { $0.weight != 0 }
    }
    return (Resampling<Int64>(extent: extent, rows: rows), Int64(common))
  }

  /// The least common denominator of all weights; nil where it is above a bound.
  private func denominator(upTo most: Int, _ tolerance: Double) -> Int? {
    var result = 1
    for tap in rows.joined() {
      // Rows repeat themselves, and most weights are there already.
      let scaled = tap.weight * Double(result)
      if abs(scaled - scaled.rounded()) < tolerance * Double(result) { continue }
      guard let own = Self.denominator(of: tap.weight, upTo: most, tolerance) else { return nil }
      let (divisor, rest) = (Self.divisor(result, own), own)
      result = result / divisor * rest
      guard result <= most else { return nil }
    }
    return result
  }

  /// By the continued fraction of the weight.
  private static func denominator(
    of weight: Double, upTo most: Int, _ tolerance: Double
  ) -> Int? {
    var (rest, last, current) = (weight, 0, 1)
    for _ in 0..<32 {
      let scaled = weight * Double(current)
      if abs(scaled - scaled.rounded()) < tolerance * Double(current) { return current }
      let fraction = rest - rest.rounded(.down)
      guard fraction > 1e-9 else { return nil }
      rest = 1 / fraction
      (last, current) = (current, Int(rest.rounded(.down)) * current + last)
      guard current <= most else { return nil }
    }
    return nil
  }

  private static func divisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}

extension Resampling<Int64> {
  /// The most that a row makes of values of magnitude 1.
  var reach: Int64 {
    rows.reduce(0) { most, row in max(most, row.reduce(0) { $0 + abs($1.weight) }) }
  }

  /// The weights as sums of multiples of others, each of whose rows makes at most `bound` of values of
  /// magnitude 1.
  ///
  /// - Returns: nil where a row has too many places for that.
  func split(reach bound: Int64) -> [(factor: Int64, weights: Resampling<Int64>)]? {
    var (rest, result) = (self, [(factor: Int64, weights: Resampling<Int64>)]())
    while rest.reach > bound {
      var bits: Int64 = 1
      var coarse = rest.scaled(down: bits)
      while coarse.reach > bound {
        bits += 1
        guard bits < 40 else { return nil }
        coarse = rest.scaled(down: bits)
      }
      guard coarse.reach > 0 else { return nil }
      result.append((1 << bits, coarse))
      rest = rest.minus(coarse, times: 1 << bits)
    }
    result.append((1, rest))
    return result
  }

  private func scaled(down bits: Int64) -> Resampling<Int64> {
    mapped { _, _, weight in (weight + 1 << (bits - 1)) >> bits }
  }

  private func minus(_ other: Resampling<Int64>, times factor: Int64) -> Resampling<Int64> {
    mapped { row, tap, weight in weight - factor * other.rows[row][tap].weight }
  }

  private func mapped(_ transform: (Int, Int, Int64) -> Int64) -> Resampling<Int64> {
    let rows = rows.enumerated().map { row, taps in
      taps.enumerated().map { Tap($1.place, transform(row, $0, $1.weight)) }
    }
    return Resampling<Int64>(extent: extent, rows: rows)
  }
}

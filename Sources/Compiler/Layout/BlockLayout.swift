import ConstraintSystem

/// Where the blocks lie in the trace: every one at a multiple of its padded size, 2^n rows in all.
///
/// No order wastes rows of 2^n. What it decides is how early a sum-check's folds bring used rows
/// together: nine equal blocks one after the other in sixteen places leave eight rows after the first fold
/// of every nine, spread over both halves they leave five. The prover walks used pairs only.
package struct BlockLayout: Sendable {
  /// The first cell of each block, in their order.
  package let offsets: [Int]
  /// Pairs of groups of eight rows with a used one, over all rounds: what the row argument and the claims
  /// on the trace walk.
  package let pairs: Int

  private static let groupBits = 3

  /// The layout with the fewest pairs: largest first, one after the other, or spread.
  package init(_ shapes: [[Int]], commitmentRowBits: Int) {
    let bits = shapes.map { $0.reduce(0) { $0 + ceilLog2($1) } }
    let stacked = BlockLayout(shapes, at: Layout.pack(bits: bits))
    let spread = BlockLayout(shapes, at: Self.spread(bits, commitmentRowBits: commitmentRowBits))
    self = spread.pairs < stacked.pairs ? spread : stacked
  }

  package init(_ shapes: [[Int]], at offsets: [Int]) {
    self.offsets = offsets
    var used: [Int] = []
    for (shape, offset) in zip(shapes, offsets) {
      Layout.forEachRun(shape: shape) { cell, _, count in
        let first = offset + cell
        used += (first >> Self.groupBits)...((first + count - 1) >> Self.groupBits)
      }
    }
    used = Set(used).sorted()
    var total = 0
    var half = 1 << ceilLog2((used.last ?? 0) + 1)
    while half > 1 {
      half >>= 1
      let middle = used.firstIndex { $0 >= half } ?? used.count
      used = Set(used[..<middle]).union(used[middle...].map { $0 - half }).sorted()
      total += used.count
    }
    pairs = total
  }

  /// RoundingThresholds the trace again and again, each block in the half that holds less, the largest first. Blocks
  /// smaller than a commitment row stay together, so that no more rows hold a cell.
  package static func spread(_ bits: [Int], commitmentRowBits: Int) -> [Int] {
    var offsets = [Int](repeating: 0, count: bits.count)
    let small = bits.indices.filter { bits[$0] < commitmentRowBits }
    // Bins that the small ones fill, one commitment row each, placed as blocks are.
    let packed = Layout.pack(bits: small.map { bits[$0] })
    let end = zip(small, packed).map { $1 + 1 << bits[$0] }.max() ?? 0
    let bins = (end + (1 << commitmentRowBits) - 1) >> commitmentRowBits
    let large = bits.indices.filter { bits[$0] >= commitmentRowBits }
    let items = large.map { bits[$0] } + [Int](repeating: commitmentRowBits, count: bins)
    let order = items.indices.sorted { (items[$1], $0) < (items[$0], $1) }
    let places = halve(order, items, ceilLog2(items.reduce(0) { $0 + 1 << $1 }))
    for (item, index) in large.enumerated() { offsets[index] = places[item] ?? 0 }
    for (place, index) in zip(packed, small) {
      let bin = places[large.count + place >> commitmentRowBits] ?? 0
      offsets[index] = bin + place & (1 << commitmentRowBits - 1)
    }
    return offsets
  }

  /// - Parameter order: items, the largest first, of at most 2^size cells together.
  private static func halve(_ order: [Int], _ items: [Int], _ size: Int) -> [Int: Int] {
    guard let first = order.first else { return [:] }
    if items[first] == size { return [first: 0] }
    // The emptier half has room for the next: both are filled by multiples of its size.
    var halves: (low: [Int], high: [Int]) = ([], [])
    var filled = (low: 0, high: 0)
    for item in order {
      if filled.low <= filled.high {
        halves.low.append(item)
        filled.low += 1 << items[item]
      } else {
        halves.high.append(item)
        filled.high += 1 << items[item]
      }
    }
    let high = halve(halves.high, items, size - 1).mapValues { $0 + 1 << (size - 1) }
    return halve(halves.low, items, size - 1).merging(high) { low, _ in low }
  }
}

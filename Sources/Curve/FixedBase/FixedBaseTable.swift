import Compute

/// 2^(width·w)·B for a run of bases B and the windows w = 0, 1, …, and the images of all of them
/// under the endomorphism: with it a scalar costs one addition for each non-zero digit of its two
/// halves, and no doublings.
///
/// A value; growing makes a new one, so a table in use never changes.
struct FixedBaseTable: Sendable {
  let width: Int
  let bases: Int
  let windows: Int
  /// AffineIndex-major: window w of base j is at w·bases + j, its image `windows`·bases further on.
  let points: [AffinePoint]

  init(width: Int) {
    self.init(width: width, bases: 0, windows: 0, points: [])
  }

  private init(width: Int, bases: Int, windows: Int, points: [AffinePoint]) {
    self.width = width
    self.bases = bases
    self.windows = windows
    self.points = points
  }

  /// The table for all of `generators`, of which this one holds the first, and for `windows`.
  ///
  /// Cost: `width` doublings for each entry that is new, divided over the threads.
  func grown(to generators: ArraySlice<AffinePoint>, windows: Int) -> FixedBaseTable {
    let count = max(bases, generators.count)
    let windows = max(windows, self.windows)
    let first = generators.startIndex
    let columns = inParallel(count: count, grain: 16) { range in
      extend(range, windows: windows) { generators[first + $0] }
    }
    var points = [AffinePoint]()
    points.reserveCapacity(2 * count * windows)
    for window in 0..<windows {
      for column in columns {
        let share = column.count / windows
        points += column[window * share..<(window + 1) * share]
      }
    }
    for i in 0..<points.count { points.append(points[i].image) }
    return FixedBaseTable(width: width, bases: count, windows: windows, points: points)
  }

  /// The entries of some bases, window-major: copied where held, doubled on from there.
  private func extend(
    _ range: Range<Int>, windows: Int, base: (Int) -> AffinePoint
  ) -> [AffinePoint] {
    if range.count < Self.fewestTogether { return multiples(range.map(base), windows: windows) }
    var adder = BatchAdder()
    var all = [AffinePoint]()
    all.reserveCapacity(range.count * windows)
    var current = [AffinePoint](repeating: .identity, count: range.count)
    for window in 0..<windows {
      var steps = [BatchAdder.Step]()
      for (slot, j) in range.enumerated() {
        if j < bases && window < self.windows {
          current[slot] = points[window * bases + j]
        } else if window == 0 {
          current[slot] = base(j)
        } else {
          steps.append(BatchAdder.Step(slot, slot))
        }
      }
      if !steps.isEmpty {
        for _ in 0..<width { adder.run(steps.span, on: &current) }
      }
      all += current
    }
    return all
  }

  /// Bases that share inversions from doubling to doubling; those of fewer share one in the end.
  private static let fewestTogether = 16

  private func multiples(_ bases: [AffinePoint], windows: Int) -> [AffinePoint] {
    var current = bases.map { G1($0) }
    var all = current
    for _ in 1..<windows {
      for slot in current.indices {
        for _ in 0..<width { current[slot] = current[slot].doubled() }
      }
      all += current
    }
    return G1.affine(all)
  }
}

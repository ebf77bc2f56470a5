import Field

/// Several sums Σ digit·point at once by buckets: every (set, digit magnitude) has a bucket, points
/// are dropped into buckets, and at the end each set's Σ m·bucket_m is formed.
///
/// A point that is dropped waits for a second of its bucket. Pairs are added straight from the source,
/// their sums by twos and so on and to the bucket, all in batches across buckets and sets.
///
/// Cost: one addition for every point dropped but the first of each bucket, then fewer than 2^width
/// additions a set.
struct BucketSums {
  /// Signed digits of `width` bits: magnitudes 1...2^(width−1).
  private let digits: SignedDigits
  private let half: Int
  private let buckets: Int

  private var adder = BatchAdder()

  /// Buckets of all sets, magnitude m of set s at s·half + m − 1, then sums on their way to them.
  private var points: [AffinePoint]
  /// Where the sum of a bucket's points lies, `none` while it is empty: its own place, elsewhere only
  /// while sums are on their way.
  private var places: [UInt32]
  /// Per bucket the point of the source that waits for a second, as a signed index; after the buckets
  /// `none`.
  private var single: [UInt32]
  /// Buckets that points have been dropped into since pairs were added last, and since the last flush.
  private var touched = 0..<0
  private var holding = 0..<0

  /// Pairs of points of one bucket, and the bucket.
  private var pairs: [BatchAdder.Pair]
  private var owners: [UInt32]
  private var waiting = 0
  private var steps: [BatchAdder.Step]
  private var capacity: Int { pairs.count }

  /// Of each set that is closed the sums at 0 and the powers of two, see `close`.
  private var closed = [AffinePoint]()

  /// Of the indices that occur no other has the highest bit.
  private static let none = UInt32.max
  /// Pairs that wait at most: more make longer batches, and their sums leave the cache.
  private static let mostPairs = 16384
  /// A scalar has 254 bits at most, two at least to a digit.
  private static let mostDigits = 128

  /// Group operations done so far.
  var operations: Int { adder.operations + oneByOne }
  /// Those of them that no batch held.
  private var oneByOne = 0

  /// - Parameters:
  ///   - sets: how many can be open at once.
  ///   - entries: how many points will be dropped, roughly.
  init(sets: Int, width: Int, entries: Int) {
    digits = SignedDigits(width: width)
    half = 1 << (width - 1)
    buckets = sets * half
    let capacity = Self.capacity(entries: entries)
    points = [AffinePoint](repeating: .identity, count: buckets + capacity)
    places = [UInt32](repeating: Self.none, count: buckets)
    single = [UInt32](repeating: Self.none, count: buckets + 1)
    pairs = [BatchAdder.Pair](
      repeating: BatchAdder.Pair(
        BatchAdder.SignedIndex(code: 0), BatchAdder.SignedIndex(code: 0)), count: capacity)
    owners = [UInt32](repeating: 0, count: capacity)
    steps = [BatchAdder.Step](repeating: BatchAdder.Step(0, 0), count: max(capacity, buckets))
  }

  private static func capacity(entries: Int) -> Int {
    min(mostPairs, max(512, entries / 2)) + mostDigits
  }

  /// Whether one made for such numbers would be no larger.
  func suffices(sets: Int, width: Int, entries: Int) -> Bool {
    digits.width == width && buckets >= sets * half && capacity >= Self.capacity(entries: entries)
  }

  /// How many sets keep the buckets within half a megabyte.
  static func preferredSets(width: Int) -> Int { max(1, 8192 >> (width - 1)) }

  /// Adds Σ cell·base to a set, the cells' bases being a table's first.
  mutating func add(_ row: CommitmentRow.Cells, of table: FixedBaseTable, to set: Int) {
    let (digits, bases) = (digits, table.bases)
    let bucket = set * half
    switch row {
    case .small(let cells):
      let cells = cells.span
      var union: UInt64 = 0
      for index in 0..<cells.count { union |= cells[index].magnitude }
      let bits = 64 - union.leadingZeroBitCount
      let windows = 0..<SignedMagnitude.windows(bits: bits, width: digits.width)
      drop(cells.count, digits: windows.count, of: table.points.span, to: set...set) {
        range, next, pairs, owners, single in
        for index in range where cells[index] != 0 {
          let cell = cells[index]
          let way = Way(source: index, step: bases, bucket: bucket, stride: 0)
          Self.drop(
            digits, of: UInt128(cell.magnitude), cell < 0, in: windows, along: way, &next, &pairs,
            &owners, &single)
        }
      }
    case .full(let cells):
      let cells = cells.span
      let windows = SignedMagnitude.windows(bits: Endomorphism.bits, width: digits.width)
      let images = table.windows * bases
      drop(cells.count, digits: 2 * windows, of: table.points.span, to: set...set) {
        range, next, pairs, owners, single in
        for index in range where !cells[index].isZero {
          let scalar = SignedMagnitude(cells[index])
          let bits = scalar.bitWidth
          let isShort = bits < Endomorphism.bits
          let (first, second) = isShort ? (scalar, scalar) : Endomorphism.split(scalar)
          let count =
            isShort ? SignedMagnitude.windows(bits: bits, width: digits.width) : windows
          var way = Way(source: index, step: bases, bucket: bucket, stride: 0)
          Self.drop(
            digits, of: first.short, first.negative, in: 0..<count, along: way, &next, &pairs,
            &owners, &single)
          if isShort { continue }
          way.source &+= images
          Self.drop(
            digits, of: second.short, second.negative, in: 0..<count, along: way, &next, &pairs,
            &owners, &single)
        }
      }
    }
  }

  /// Adds digit·source[i] for every digit of the i-th scalar in some windows, of the first to set 0 and so
  /// on.
  mutating func add(
    _ scalars: [SignedMagnitude], of source: Span<AffinePoint>, windows: Range<Int>
  ) {
    let (digits, half) = (digits, half)
    let scalars = scalars.span
    drop(scalars.count, digits: windows.count, of: source, to: 0...windows.count - 1) {
      range, next, pairs, owners, single in
      for index in range {
        let way = Way(source: index, step: 0, bucket: 0, stride: half)
        Self.drop(
          digits, of: scalars[index].short, scalars[index].negative, in: windows, along: way, &next,
          &pairs, &owners, &single)
      }
    }
  }

  /// Where the digits of a scalar go: the first window's point and the bucket that its digit counts from,
  /// and how far it is from there to the next window's.
  private struct Way {
    var source: Int
    var step: Int
    var bucket: Int
    var stride: Int
  }

  /// Calls `body` for ranges of items whose digits, `digits` each at most, there is room for.
  @inline(__always)
  private mutating func drop(
    _ count: Int, digits: Int, of source: Span<AffinePoint>, to sets: ClosedRange<Int>,
    _ body: (
      _ range: Range<Int>, _ next: inout Int, _ pairs: inout MutableSpan<BatchAdder.Pair>,
      _ owners: inout MutableSpan<UInt32>, _ single: inout MutableSpan<UInt32>
    ) -> Void
  ) {
    var start = 0
    while start < count {
      let end = min(count, start + (capacity - waiting) / digits)
      if start == end {
        addPairs(of: source)
        continue
      }
      let target = sets.lowerBound * half..<(sets.upperBound + 1) * half
      touched = Self.union(touched, target)
      holding = Self.union(holding, target)
      Self.withSpans(&waiting, &pairs, &owners, &single) { body(start..<end, &$0, &$1, &$2, &$3) }
      start = end
    }
  }

  private static func union(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
    a.isEmpty ? b : min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
  }

  @inline(__always)
  private static func withSpans(
    _ next: inout Int, _ pairs: inout [BatchAdder.Pair], _ owners: inout [UInt32],
    _ single: inout [UInt32],
    _ body: (
      _ next: inout Int, _ pairs: inout MutableSpan<BatchAdder.Pair>,
      _ owners: inout MutableSpan<UInt32>, _ single: inout MutableSpan<UInt32>
    ) -> Void
  ) {
    var place = next
    var pairs = pairs.mutableSpan
    var owners = owners.mutableSpan
    var single = single.mutableSpan
    body(&place, &pairs, &owners, &single)
    next = place
  }

  /// Drops a scalar's digits into their buckets, where each waits or makes a pair.
  @inline(__always)
  private static func drop(
    _ digits: SignedDigits, of magnitude: UInt128, _ negative: Bool, in windows: Range<Int>,
    along way: Way, _ next: inout Int, _ pairs: inout MutableSpan<BatchAdder.Pair>,
    _ owners: inout MutableSpan<UInt32>, _ single: inout MutableSpan<UInt32>
  ) {
    let last = single.count &- 1
    var place = next
    var bucket = way.bucket &- 1
    var source = 2 &* way.source &+ (negative ? 1 : 0)
    digits.forEach(of: magnitude, in: windows) { _, magnitude, negative in
      // Neither whether another waits nor whether a digit is zero is branched on: both are coin tosses.
      // Zeros go where nothing ever waits.
      let isZero = magnitude == 0
      let target = isZero ? last : bucket &+ Int(magnitude)
      let entry = UInt32(truncatingIfNeeded: source ^ Int(negative & 1))
      let other = single[target]
      let isSecond = 1 &- other &>> 31
      pairs[place] = BatchAdder.Pair(
        BatchAdder.SignedIndex(code: other), BatchAdder.SignedIndex(code: entry))
      owners[place] = UInt32(truncatingIfNeeded: target)
      single[target] = isZero ? none : entry | (0 &- isSecond)
      place &+= Int(truncatingIfNeeded: isSecond)
      bucket &+= way.stride
      source &+= 2 &* way.step
    }
    next = place
  }

  /// Must be called before another source is used: no point waits afterwards.
  mutating func flush(_ source: Span<AffinePoint>) {
    addPairs(of: source)
    var count = 0
    for bucket in holding where single[bucket] != Self.none {
      let point = BatchAdder.SignedIndex(code: single[bucket]).point(of: source)
      single[bucket] = Self.none
      if places[bucket] == Self.none {
        points[bucket] = point
        places[bucket] = UInt32(truncatingIfNeeded: bucket)
        continue
      }
      points[buckets + count] = point
      steps[count] = BatchAdder.Step(bucket, buckets + count)
      count += 1
      if count == capacity {
        run(count)
        count = 0
      }
    }
    run(count)
    holding = 0..<0
  }

  /// The first of the steps.
  private mutating func run(_ count: Int) {
    let all = steps
    adder.run(all.span.extracting(0..<count), on: &points)
  }

  /// Adds the pairs, and their sums to the buckets.
  private mutating func addPairs(of source: Span<AffinePoint>) {
    if waiting == 0 { return }
    var count = waiting
    waiting = 0
    let all = pairs
    adder.run(all.span.extracting(0..<count), of: source, to: &points, from: buckets)
    for index in 0..<count { steps[index] = BatchAdder.Step(buckets &+ index, 0) }
    while count > 0 {
      count = Self.pairUp(count, &steps, &owners, &places)
      run(count)
    }
    for bucket in touched {
      let place = places[bucket]
      if place == Self.none || place == UInt32(truncatingIfNeeded: bucket) { continue }
      points[bucket] = points[Int(place)]
      places[bucket] = UInt32(truncatingIfNeeded: bucket)
    }
    touched = 0..<0
  }

  /// Pairs sums of one bucket, of which the bucket's own may be one.
  ///
  /// - Parameters:
  ///   - count: how many sums there are, at the targets of as many steps.
  ///   - steps: becomes the additions of two.
  ///   - places: of each bucket the sum that is left over.
  /// - Returns: how many steps there are now.
  private static func pairUp(
    _ count: Int, _ steps: inout [BatchAdder.Step], _ owners: inout [UInt32],
    _ places: inout [UInt32]
  ) -> Int {
    var steps = steps.mutableSpan
    var owners = owners.mutableSpan
    var places = places.mutableSpan
    var next = 0
    for index in 0..<count {
      let (place, bucket) = (steps[index].target, owners[index])
      let other = places[Int(bucket)]
      let second = 1 &- other &>> 31
      places[Int(bucket)] = place | (0 &- second)
      // Buckets come first, so a bucket is never added to another place.
      steps[next] = BatchAdder.Step(
        // One that is dropped again may have no place: all bits, which a word of 32 has as −1.
        Int(truncatingIfNeeded: min(place, other)), Int(truncatingIfNeeded: max(place, other)))
      owners[next] = bucket
      next &+= Int(truncatingIfNeeded: second)
    }
    return next
  }

  /// Brings the first `sets` sets to an end; they are empty afterwards.
  ///
  /// Folding the upper half of a set's buckets onto the lower one leaves in the upper half exactly
  /// the buckets whose index has that bit set; so after width − 1 folds, with S_j the sum of slots
  /// 2^j..<2^(j+1) and S the one left in slot 0, the set's sum is S + Σ 2^j·S_j, slots counting from 0
  /// where magnitudes count from 1. The S_j are summed by halves too, each in step with later folds.
  mutating func close(_ sets: Int, _ source: Span<AffinePoint>) {
    flush(source)
    for bucket in 0..<sets * half {
      if places[bucket] == Self.none { points[bucket] = .identity }
      places[bucket] = Self.none
    }
    touched = 0..<0
    var offset = half / 2
    while offset > 0 {
      var count = 0
      for set in 0..<sets {
        // What is left of slots from 0 and from each S_j so far.
        var start = 0
        var next = half / 2
        while true {
          let base = set * half + start
          for slot in base..<base + offset {
            steps[count] = BatchAdder.Step(slot, slot + offset)
            count += 1
          }
          if next == offset { break }
          (start, next) = (next, next / 2)
        }
      }
      run(count)
      offset /= 2
    }
    for set in 0..<sets {
      closed.append(points[set * half])
      for bit in 0..<digits.width - 1 { closed.append(points[set * half + 1 << bit]) }
    }
  }

  /// Σ over magnitudes of magnitude · bucket for every set that was closed since this was asked for last,
  /// in order.
  mutating func totals() -> [AffinePoint] {
    defer { closed.removeAll(keepingCapacity: true) }
    let width = digits.width
    let sets = closed.count / width
    // Horner over j, the accumulator in the slot of the highest bit.
    let top = width - 1
    if sets < Self.fewestTogether {
      return G1.affine((0..<sets).map { total(closed[$0 * width..<($0 + 1) * width]) })
    }
    var slot = top
    while slot > 0 {
      slot -= 1
      if slot > 0 {
        let doublings = (0..<sets).map { BatchAdder.Step($0 * width + top, $0 * width + top) }
        adder.run(doublings.span, on: &closed)
      }
      let additions = (0..<sets).map { BatchAdder.Step($0 * width + top, $0 * width + slot) }
      adder.run(additions.span, on: &closed)
    }
    return (0..<sets).map { closed[$0 * width + top] }
  }

  /// Sets that share inversions from step to step; of fewer each is summed by itself without any.
  private static let fewestTogether = 16

  /// One set's.
  private mutating func total(_ sums: ArraySlice<AffinePoint>) -> G1 {
    var total = G1.identity
    for (slot, sum) in sums.enumerated().reversed() {
      if slot > 0 {
        oneByOne += total.isIdentity ? 0 : 1
        total = total.doubled()
      }
      oneByOne += total.isIdentity || sum.isIdentity ? 0 : 1
      total += sum
    }
    return total
  }
}

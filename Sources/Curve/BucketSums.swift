import CKernels
import Field

/// Several sums Σ digit·point at once by buckets: every (set, digit magnitude) has a bucket, points
/// are dropped into buckets, and at the end each set's Σ m·bucket_m is formed.
///
/// Cost: one addition for every point dropped but the first of each bucket, then fewer than 2^width
/// additions a set. All of them run in batches across sets.
struct BucketSums {
  /// Signed digits of `width` bits: magnitudes 1...2^(width−1).
  let width: Int
  let sets: Int
  private let half: Int

  private var adder = BatchAdder()
  private var steps = [BatchAdder.Step]()

  /// Buckets of all sets, magnitude m of set s at s·half + m − 1, then the points waiting.
  private var points: [AffinePoint]
  private let buckets: Int

  /// A point that waits to be added: its bucket, and its index in the source doubled plus one where
  /// negative.
  private typealias Entry = (bucket: UInt32, source: UInt32)
  private var entries = [Entry](repeating: (0, 0), count: Self.capacity)
  private var waiting = 0
  private var counts: [Int]
  private static let capacity = 16384

  /// Group operations done so far.
  var operations: Int { adder.operations }

  init(sets: Int, width: Int) {
    self.width = width
    self.sets = sets
    half = 1 << (width - 1)
    buckets = sets * half
    points = [AffinePoint](repeating: .identity, count: buckets + Self.capacity)
    counts = [Int](repeating: 0, count: buckets + 1)
  }

  /// How many sets keep the buckets within half a megabyte.
  static func preferredSets(width: Int) -> Int { max(1, 8192 >> (width - 1)) }

  /// Adds digit·source[index] to a set for every digit of a scalar, index and set by its window; those
  /// without are left out.
  @inline(__always)
  mutating func add(
    _ scalar: SignedMagnitude, of source: Span<AffinePoint>,
    _ place: (_ window: Int) -> (index: Int, set: Int)?
  ) {
    // Of 254 bits at most, two at least to a digit.
    if waiting &+ 128 > Self.capacity { flush(source) }
    let (half, width) = (half, width)
    var next = waiting
    var entries = entries.mutableSpan
    scalar.forEachDigit(width: width) { window, magnitude, negative in
      guard let (index, set) = place(window) else { return }
      entries[next] = (
        UInt32(truncatingIfNeeded: set &* half &+ magnitude &- 1),
        UInt32(truncatingIfNeeded: index &* 2 &+ (negative ? 1 : 0))
      )
      next &+= 1
    }
    waiting = next
  }

  /// Must be called before another source is used. Moves the waiting points into their buckets: sorted
  /// by bucket, each run summed, the sums added.
  mutating func flush(_ source: Span<AffinePoint>) {
    if waiting == 0 { return }
    let all = entries
    let entries = all.span.extracting(0..<waiting)
    let segments = Self.plan(entries, from: buckets, &counts, &steps)
    Self.scatter(entries, source, to: &points, at: &counts)
    adder.sum(segments: segments, of: &points)
    run(steps)
    waiting = 0
  }

  private mutating func run(_ steps: [BatchAdder.Step]) { adder.run(steps.span, on: &points) }

  /// Where the points of each bucket will lie, one bucket's behind another's.
  ///
  /// - Parameters:
  ///   - first: the first free place, behind as many buckets.
  ///   - places: becomes the first place of each bucket's points.
  ///   - steps: becomes the addition of each bucket's sum to it.
  /// - Returns: the places of points that are to be summed.
  private static func plan(
    _ entries: Span<Entry>, from first: Int, _ places: inout [Int],
    _ steps: inout [BatchAdder.Step]
  ) -> [Range<Int>] {
    var places = places.mutableSpan
    for i in 0..<places.count { places[i] = 0 }
    for i in 0..<entries.count { places[Int(entries[i].bucket)] &+= 1 }
    var segments = [Range<Int>]()
    segments.reserveCapacity(entries.count / 2)
    steps.removeAll(keepingCapacity: true)
    var position = first
    for bucket in 0..<first {
      let count = places[bucket]
      places[bucket] = position
      if count == 0 { continue }
      if count > 1 { segments.append(position..<position &+ count) }
      steps.append(BatchAdder.Step(bucket, position))
      position &+= count
    }
    return segments
  }

  /// Copies each waiting point, with its sign, to the next place of its bucket's run.
  private static func scatter(
    _ entries: Span<Entry>, _ source: Span<AffinePoint>,
    to array: inout [AffinePoint], at places: inout [Int]
  ) {
    if Kernels.best == .ifma { return scatterAhead(entries, source, to: &array, at: &places) }
    var points = array.mutableSpan
    for i in 0..<entries.count {
      let entry = entries[i]
      let point = source[Int(entry.source >> 1)]
      let place = places[Int(entry.bucket)]
      places[Int(entry.bucket)] = place &+ 1
      points[place] = entry.source & 1 == 0 ? point : -point
    }
  }

  /// The same, fetching points from memory ahead of their turn.
  private static func scatterAhead(
    _ entries: Span<Entry>, _ source: Span<AffinePoint>,
    to points: inout [AffinePoint], at places: inout [Int]
  ) {
    // SAFETY: an entry is two words and a point eight limbs, laid out as the kernel reads them; entries
    // are of points of the source and of buckets, and `places` counts their runs off within `points`.
    unsafe entries.withUnsafeBufferPointer { entries in
      let entries = UnsafeRawBufferPointer(entries)
      unsafe source.withUnsafeBufferPointer { source in
        let source = UnsafeRawBufferPointer(source)
        unsafe points.withUnsafeMutableBytes { points in
          unsafe places.withUnsafeMutableBytes { places in
            unsafe tacit_scatter_points(
              entries.assumingMemoryBound(to: UInt32.self).baseAddress,
              entries.count / MemoryLayout<Entry>.stride,
              source.assumingMemoryBound(to: UInt64.self).baseAddress,
              points.assumingMemoryBound(to: UInt64.self).baseAddress,
              places.assumingMemoryBound(to: UInt64.self).baseAddress)
          }
        }
      }
    }
  }

  /// Σ over magnitudes of magnitude · bucket for every set. The buckets are used up.
  ///
  /// Folding the upper half of a set's buckets onto the lower one leaves in the upper half exactly
  /// the buckets whose index has that bit set; so after width − 1 folds, with S_j the sum of slots
  /// 2^j..<2^(j+1) and S the one left in slot 0, the answer is S + Σ 2^j·S_j, slots counting from 0
  /// where magnitudes count from 1.
  mutating func finish(_ source: Span<AffinePoint>) -> [AffinePoint] {
    flush(source)
    var offset = half / 2
    var segments = [Range<Int>]()
    while offset > 0 {
      steps.removeAll(keepingCapacity: true)
      for set in 0..<sets {
        let base = set * half
        for i in base..<base + offset { steps.append(BatchAdder.Step(i, i + offset)) }
        segments.append(base + offset..<base + 2 * offset)
      }
      run(steps)
      offset /= 2
    }
    adder.sum(segments: segments, of: &points)
    // Horner over j in all sets together, the accumulator in the slot of the highest bit.
    let top = half / 2
    offset = top
    while offset > 0 {
      offset /= 2
      if offset > 0 {
        let doublings = (0..<sets).map { BatchAdder.Step($0 * half + top, $0 * half + top) }
        run(doublings)
      }
      let additions = (0..<sets).map { BatchAdder.Step($0 * half + top, $0 * half + offset) }
      run(additions)
    }
    return (0..<sets).map { points[$0 * half + top] }
  }
}

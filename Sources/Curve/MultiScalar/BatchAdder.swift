import CKernels
import Field
package import Compute

/// Affine point additions in batches that share one inversion [Mon87, §10.3.1]: five products and a
/// square each, where a projective addition takes eleven. The engine of buckets, row commitments,
/// tables of multiples and multi-scalar multiplication.
///
/// Exceptional cases are settled by comparison, so the work done depends on the points added; with
/// secret scalars that means on the scalars. No constant-time claim is made anywhere in this room.
package struct BatchAdder {
  /// points[target] += points[source]; target = source doubles.
  package struct Step: BitwiseCopyable {
    var target: UInt32
    var source: UInt32

    @inline(__always)
    package init(_ target: Int, _ source: Int) {
      self.target = UInt32(truncatingIfNeeded: target)
      self.source = UInt32(truncatingIfNeeded: source)
    }
  }

  /// ±source[first] ± source[second].
  package struct Pair: BitwiseCopyable {
    var first: SignedIndex
    var second: SignedIndex

    @inline(__always)
    package init(_ first: SignedIndex, _ second: SignedIndex) {
      (self.first, self.second) = (first, second)
    }
  }

  /// A point of a source or its negative: the index doubled, plus one if negative.
  package struct SignedIndex: BitwiseCopyable {
    var code: UInt32

    @inline(__always)
    init(code: UInt32) { self.code = code }

    @inline(__always)
    package init(_ index: Int, negative: Bool) {
      code = UInt32(truncatingIfNeeded: index &* 2 &+ (negative ? 1 : 0))
    }

    @inline(__always)
    func base(of source: Span<AffinePoint>) -> AffinePoint { source[Int(code >> 1)] }

    @inline(__always)
    func point(of source: Span<AffinePoint>) -> AffinePoint { signed(base(of: source)) }

    /// A point with the sign of this index. A sign is a coin toss, so it is not branched on.
    @inline(__always)
    func signed(_ point: AffinePoint) -> AffinePoint {
      let other = -point.y
      let mask = 0 &- UInt64(code & 1)
      return AffinePoint(
        uncheckedX: point.x,
        y: Fp(
          montgomery: point.y.l0 ^ (point.y.l0 ^ other.l0) & mask,
          point.y.l1 ^ (point.y.l1 ^ other.l1) & mask, point.y.l2 ^ (point.y.l2 ^ other.l2) & mask,
          point.y.l3 ^ (point.y.l3 ^ other.l3) & mask))
    }
  }

  /// Additions that share an inversion: it then costs about 1 ns of each, and their points still
  /// lie in the second-level cache.
  private static let batch = 1024

  /// The same for the vector kernel, and the fewest steps it pays for.
  private static let vectorBatch = 2048
  private static let leastVector = 16

  /// Group operations done so far, the trivial ones with the identity left out.
  package private(set) var operations = 0

  /// Product of the denominators before each step of the batch.
  private var prefixes: [Fp]
  /// Limbs of the same, as the vector kernel keeps them: room for the longest batch so far.
  private var vectorPrefixes = [UInt64]()
  private let kernels: Kernels

  package init(kernels: Kernels = .best) {
    self.kernels = kernels
    let isVector = kernels == .ifma
    prefixes = [Fp](repeating: .zero, count: isVector ? Self.leastVector : Self.batch)
  }

  /// Carries out steps that are independent of each other: no target occurs in another step.
  package mutating func run(_ steps: Span<Step>, on points: inout [AffinePoint]) {
    forEachBatch(steps) { part, isVector, adder in
      isVector
        ? Self.runVector(part, &points, &adder.vectorPrefixes)
        : Self.run(part, Span(), &points, from: 0, &adder.prefixes)
    }
  }

  /// Writes sums of two points of a source each, with their signs, to as many places from `first` on.
  package mutating func run(
    _ pairs: Span<Pair>, of source: Span<AffinePoint>, to points: inout [AffinePoint],
    from first: Int
  ) {
    precondition(first + pairs.count <= points.count, "a place for every sum")
    var first = first
    forEachBatch(pairs) { part, isVector, adder in
      defer { first += part.count }
      return isVector
        ? Self.runVector(part, source, &points, from: first, &adder.vectorPrefixes)
        : Self.run(part, source, &points, from: first, &adder.prefixes)
    }
  }

  /// Cuts steps into batches; `body` returns how many additions of one were not trivial.
  @inline(__always)
  private mutating func forEachBatch<Element>(
    _ steps: Span<Element>,
    _ body: (_ part: Span<Element>, _ isVector: Bool, _ adder: inout BatchAdder) -> Int
  ) {
    let isVector = kernels == .ifma && steps.count >= Self.leastVector
    if isVector {
      let limbs = (min(steps.count, Self.vectorBatch) + 31) / 16 * Int(TACIT_PREFIX_LIMBS)
      if limbs > vectorPrefixes.count { vectorPrefixes = [UInt64](repeating: 0, count: limbs) }
    }
    let batch = isVector ? Self.vectorBatch : prefixes.count
    var start = 0
    while start < steps.count {
      let end = min(start + batch, steps.count)
      operations += body(steps.extracting(start..<end), isVector, &self)
      start = end
    }
  }

  /// The denominator of the slope through a step's operands, which are given without their signs: zero when
  /// the sum needs none.
  @inline(__always)
  private static func denominator<Step: AdditionStep>(
    _ step: Step, _ a: AffinePoint, _ b: AffinePoint
  ) -> Fp {
    let difference = b.x - a.x
    if difference.isZero || a.isIdentity || b.isIdentity {
      let (a, b) = step.signed(a, b)
      // 2y for equal points; else one is the identity, or they are opposite.
      return a == b ? a.y.doubled() : .zero
    }
    return difference
  }

  /// One batch, the sum of the i-th step to its target or to place `first` + i; the number of additions
  /// that were not trivial.
  private static func run<Step: AdditionStep>(
    _ steps: Span<Step>, _ source: Span<AffinePoint>, _ array: inout [AffinePoint],
    from first: Int, _ scratch: inout [Fp]
  ) -> Int {
    var points = array.mutableSpan
    var prefixes = scratch.mutableSpan
    var product = Fp.one
    var done = 0
    for i in 0..<steps.count {
      let (a, b) = steps[i].operands(source, points)
      let d = denominator(steps[i], a, b)
      prefixes[i] = product
      if d.isZero { continue }
      product *= d
      done &+= 1
    }
    var inverse = product.inverse()
    var i = steps.count
    while i > 0 {
      i &-= 1
      let unsigned = steps[i].operands(source, points)
      let target = steps[i].place(first &+ i)
      let d = denominator(steps[i], unsigned.0, unsigned.1)
      let (a, b) = steps[i].signed(unsigned.0, unsigned.1)
      if d.isZero {
        points[target] = a.isIdentity ? b : b.isIdentity ? a : .identity
        continue
      }
      let reciprocal = inverse * prefixes[i]
      inverse *= d
      let rise = a.x == b.x ? tripledSquare(a.x) : b.y - a.y
      let slope = rise * reciprocal
      let x = slope.squared() - a.x - b.x
      points[target] = AffinePoint(uncheckedX: x, y: slope * (a.x - x) - a.y)
    }
    return done
  }

  /// As `run`, sixteen steps at a time.
  private static func runVector(
    _ steps: Span<Step>, _ points: inout [AffinePoint], _ prefixes: inout [UInt64]
  ) -> Int {
    // SAFETY: a point is eight limbs and a step two indices, laid out as the kernel reads them; every
    // index lies within `points`, whose owner made the steps, and `prefixes` holds a whole batch.
    unsafe steps.withUnsafeBytes { steps in
      unsafe points.withUnsafeMutableBytes { points in
        unsafe prefixes.withUnsafeMutableBufferPointer { prefixes in
          let indices = unsafe steps.assumingMemoryBound(to: UInt32.self).baseAddress
          let limbs = unsafe points.assumingMemoryBound(to: UInt64.self).baseAddress
          let count = steps.count / MemoryLayout<Step>.stride
          return unsafe sharingInversion(
            { unsafe tacit_add_prepare(limbs, indices, count, prefixes.baseAddress, $0) },
            { unsafe tacit_add_finish(limbs, indices, count, prefixes.baseAddress, $0) })
        }
      }
    }
  }

  /// The same for pairs.
  private static func runVector(
    _ pairs: Span<Pair>, _ source: Span<AffinePoint>, _ points: inout [AffinePoint],
    from first: Int, _ prefixes: inout [UInt64]
  ) -> Int {
    // SAFETY: as above; the pairs' owner made them of the source's indices, and the caller has seen that
    // there are places from `first` on.
    unsafe pairs.withUnsafeBytes { pairs in
      unsafe source.withUnsafeBufferPointer { source in
        let source = UnsafeRawBufferPointer(source)
        return unsafe points.withUnsafeMutableBytes { points in
          unsafe prefixes.withUnsafeMutableBufferPointer { prefixes in
            let indices = unsafe pairs.assumingMemoryBound(to: UInt32.self).baseAddress
            let limbs = unsafe source.assumingMemoryBound(to: UInt64.self).baseAddress
            let sums = unsafe points.baseAddress.map {
              unsafe ($0 + first * MemoryLayout<AffinePoint>.stride)
                .assumingMemoryBound(to: UInt64.self)
            }
            let count = pairs.count / MemoryLayout<Pair>.stride
            return unsafe sharingInversion(
              { unsafe tacit_pairs_prepare(limbs, indices, count, prefixes.baseAddress, $0) },
              { unsafe tacit_pairs_finish(sums, limbs, indices, count, prefixes.baseAddress, $0) })
          }
        }
      }
    }
  }

  /// The two halves of a kernel, and between them the inverses of the chains' products.
  @inline(__always)
  private static func sharingInversion(
    _ prepare: (UnsafeMutablePointer<UInt64>?) -> Int, _ finish: (UnsafePointer<UInt64>?) -> Void
  ) -> Int {
    var products = [Fp](repeating: .zero, count: Int(TACIT_ADD_CHAINS))
    // SAFETY: four limbs a product, as the kernels have them.
    let done = unsafe products.withUnsafeMutableBytes {
      unsafe prepare($0.assumingMemoryBound(to: UInt64.self).baseAddress)
    }
    Fp.batchInvert(&products)
    unsafe products.withUnsafeBytes {
      unsafe finish($0.assumingMemoryBound(to: UInt64.self).baseAddress)
    }
    return done
  }

  @inline(__always)
  private static func tripledSquare(_ x: Fp) -> Fp {
    let square = x.squared()
    return square.doubled() + square
  }
}

/// What a batch adds: two operands, of the points or of a source, the signs that they are taken with, and
/// where the sum goes.
private protocol AdditionStep: BitwiseCopyable {
  func operands(
    _ source: Span<AffinePoint>, _ points: borrowing MutableSpan<AffinePoint>
  ) -> (AffinePoint, AffinePoint)
  func signed(_ a: AffinePoint, _ b: AffinePoint) -> (AffinePoint, AffinePoint)
  /// - Parameter next: the place in turn.
  func place(_ next: Int) -> Int
}

extension BatchAdder.Step: AdditionStep {
  @inline(__always)
  func operands(
    _ source: Span<AffinePoint>, _ points: borrowing MutableSpan<AffinePoint>
  ) -> (AffinePoint, AffinePoint) { (points[Int(target)], points[Int(self.source)]) }
  @inline(__always)
  func signed(_ a: AffinePoint, _ b: AffinePoint) -> (AffinePoint, AffinePoint) { (a, b) }
  @inline(__always)
  func place(_ next: Int) -> Int { Int(target) }
}

extension BatchAdder.Pair: AdditionStep {
  @inline(__always)
  func operands(
    _ source: Span<AffinePoint>, _ points: borrowing MutableSpan<AffinePoint>
  ) -> (AffinePoint, AffinePoint) { (first.base(of: source), second.base(of: source)) }
  @inline(__always)
  func signed(_ a: AffinePoint, _ b: AffinePoint) -> (AffinePoint, AffinePoint) {
    (first.signed(a), second.signed(b))
  }
  @inline(__always)
  func place(_ next: Int) -> Int { next }
}

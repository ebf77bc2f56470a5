import Field

/// Affine point additions in batches that share one inversion [Mon87, §10.3.1]: five products and a
/// square each, where a projective addition takes eleven. The engine of buckets, row commitments,
/// tables of multiples and multi-scalar multiplication.
///
/// Exceptional cases are settled by comparison, so the work done depends on the points added; with
/// secret scalars that means on the scalars. No constant-time claim is made anywhere in this room.
struct BatchAdder {
  /// points[target] += points[source]; target = source doubles.
  struct Step {
    var target: UInt32
    var source: UInt32

    @inline(__always)
    init(_ target: Int, _ source: Int) {
      self.target = UInt32(truncatingIfNeeded: target)
      self.source = UInt32(truncatingIfNeeded: source)
    }
  }

  /// Additions that share an inversion: it then costs about 1 ns of each, and their points still
  /// lie in the second-level cache.
  private static let batch = 1024

  /// Group operations done so far, the trivial ones with the identity left out.
  private(set) var operations = 0

  /// Product of the denominators before each step of the batch.
  private var prefixes = [Fp](repeating: .zero, count: batch)

  /// Carries out steps that are independent of each other: no target occurs in another step.
  mutating func run(_ steps: [Step], on points: inout [AffinePoint]) {
    var start = 0
    while start < steps.count {
      let end = min(start + Self.batch, steps.count)
      operations += Self.run(steps.span.extracting(start..<end), &points, &prefixes)
      start = end
    }
  }

  /// The denominator of the slope through a and b: zero when a + b needs none.
  @inline(__always)
  private static func denominator(_ a: AffinePoint, _ b: AffinePoint) -> Fp {
    let difference = b.x - a.x
    if difference.isZero || a.isIdentity || b.isIdentity { return exceptional(a, b) }
    return difference
  }

  /// 2y for equal points, else zero: one is the identity, or they are opposite.
  @inline(__always)
  private static func exceptional(_ a: AffinePoint, _ b: AffinePoint) -> Fp {
    a == b ? a.y.doubled() : .zero
  }

  /// One batch; the number of additions that were not trivial.
  private static func run(
    _ steps: Span<Step>, _ array: inout [AffinePoint], _ scratch: inout [Fp]
  ) -> Int {
    var points = array.mutableSpan
    var prefixes = scratch.mutableSpan
    var product = Fp.one
    var done = 0
    for i in 0..<steps.count {
      let step = steps[i]
      let d = denominator(points[Int(step.target)], points[Int(step.source)])
      prefixes[i] = product
      if d.isZero { continue }
      product *= d
      done &+= 1
    }
    var inverse = product.inverse()
    var i = steps.count
    while i > 0 {
      i &-= 1
      let step = steps[i]
      let a = points[Int(step.target)]
      let b = points[Int(step.source)]
      let d = denominator(a, b)
      if d.isZero {
        points[Int(step.target)] = a.isIdentity ? b : b.isIdentity ? a : .identity
        continue
      }
      let reciprocal = inverse * prefixes[i]
      inverse *= d
      let rise = a.x == b.x ? tripledSquare(a.x) : b.y - a.y
      let slope = rise * reciprocal
      let x = slope.squared() - a.x - b.x
      points[Int(step.target)] = AffinePoint(uncheckedX: x, y: slope * (a.x - x) - a.y)
    }
    return done
  }

  @inline(__always)
  private static func tripledSquare(_ x: Fp) -> Fp {
    let square = x.squared()
    return square.doubled() + square
  }

  /// Leaves the sum of each non-empty segment at its first point, in rounds of pairwise additions
  /// over all segments; other points of the segments are scratch afterwards.
  mutating func sum(segments: [Range<Int>], of points: inout [AffinePoint]) {
    var active = segments.filter { $0.count > 1 }
    var steps = [Step]()
    var stride = 1
    while !active.isEmpty {
      steps.removeAll(keepingCapacity: true)
      for segment in active {
        var i = segment.lowerBound
        while i &+ stride < segment.upperBound {
          steps.append(Step(i, i &+ stride))
          i &+= 2 &* stride
        }
      }
      run(steps, on: &points)
      stride &*= 2
      active.removeAll { $0.count <= stride }
    }
  }
}

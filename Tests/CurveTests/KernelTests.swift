import Curve
import Field
import Compute
import Testing

/// The vector kernel against its portable twin. On a machine without the instructions there is only the
/// twin, and nothing to compare.
@Suite(.enabled(if: Kernels.best == .ifma, "needs AVX-512 IFMA and TACIT_KERNELS not portable"))
struct KernelTests {
  private func sums(
    _ kernels: Kernels, _ steps: [BatchAdder.Step], on points: [AffinePoint]
  ) -> (points: [AffinePoint], operations: Int) {
    var (points, adder) = (points, BatchAdder(kernels: kernels))
    adder.run(steps.span, on: &points)
    return (points, adder.operations)
  }

  private func expectAgreement(_ steps: [BatchAdder.Step], on points: [AffinePoint]) {
    let (vector, portable) = (
      sums(.ifma, steps, on: points), sums(.portable, steps, on: points)
    )
    #expect(vector.points == portable.points)
    #expect(vector.operations == portable.operations)
  }

  /// Counts around whole vectors, chains and batches.
  @Test(
    arguments: [
      1, 15, 16, 17, 31, 33, 64, 65, 71, 72, 73, 79, 80, 81, 128, 1000, 2047, 2048, 2049, 2120,
      5000,
    ])
  func `sums of points agree`(count: Int) {
    let points = somePoints(2 * count)
    expectAgreement((0..<count).map { BatchAdder.Step($0, $0 + count) }, on: points)
    // Scattered, and every third a doubling.
    let steps = (0..<count).map { index in
      BatchAdder.Step(index, index % 3 == 0 ? index : 2 * count - 1 - index)
    }
    expectAgreement(steps, on: points)
  }

  @Test func `sums are those of the group law`() {
    let points = somePoints(200)
    let steps = (0..<100).map { BatchAdder.Step($0, $0 + 100) }
    let sum = sums(.ifma, steps, on: points).points
    for index in 0..<100 {
      #expect(sum[index] == naiveSum(points[index], points[index + 100]))
    }
    let doubled = sums(.ifma, (0..<200).map { BatchAdder.Step($0, $0) }, on: points).points
    for index in 0..<200 { #expect(doubled[index] == naiveSum(points[index], points[index])) }
  }

  /// Identities on either side, equal and opposite points, in every lane and by the dozen.
  @Test(arguments: 0..<17) func `special cases agree in every lane`(lane: Int) {
    let count = 96
    var points = somePoints(2 * count)
    for index in stride(from: lane, to: count, by: 17) {
      let other = index + count
      switch index % 6 {
      case 0: points[index] = .identity
      case 1: points[other] = .identity
      case 2: (points[index], points[other]) = (.identity, .identity)
      case 3: points[other] = points[index]
      case 4: points[other] = -points[index]
      default: points[other] = points[index]
      }
    }
    let steps = (0..<count).map { BatchAdder.Step($0, $0 + count) }
    expectAgreement(steps, on: points)
    let sum = sums(.ifma, steps, on: points).points
    for index in 0..<count {
      #expect(sum[index] == naiveSum(points[index], points[index + count]))
    }
  }

  @Test func `batches of nothing but trivial steps agree`() {
    let points = somePoints(100)
    let nothing = [AffinePoint](repeating: .identity, count: 100)
    let steps = (0..<100).map { BatchAdder.Step($0, $0 + 100) }
    expectAgreement(steps, on: points + nothing)
    expectAgreement(steps, on: nothing + points)
    expectAgreement(steps, on: nothing + nothing)
    expectAgreement(steps, on: points + points.map { -$0 })
  }

  /// The formulas hold for any coordinates, so those of extreme limbs need not be on the curve.
  @Test func `extreme coordinates agree`() {
    let ones = UInt64.max
    let top: UInt64 = 0x3064_4e72_e131_a028
    let extremes: [Fp] = [
      0, 1, 2, -1, -2, Fp(montgomery: 1, 0, 0, 0), Fp(montgomery: ones, 0, 0, 0),
      Fp(montgomery: ones, ones, 0, 0), Fp(montgomery: ones, ones, ones, top),
      Fp(montgomery: 0, ones, ones, top), Fp(montgomery: 0, 0, 0, top),
      Fp(montgomery: 0xf_ffff_ffff_ffff, 0, 0, 0),
      Fp(montgomery: 0xfff0_0000_0000_0000, 0xff, ones, 0),
      // q − 1 and q − 2 as limbs.
      Fp(
        montgomery: 0x3c20_8c16_d87c_fd46, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d,
        0x3064_4e72_e131_a029),
      Fp(
        montgomery: 0x3c20_8c16_d87c_fd45, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d,
        0x3064_4e72_e131_a029),
    ]
    var (left, right) = ([AffinePoint](), [AffinePoint]())
    for (i, x) in extremes.enumerated() {
      for (j, y) in extremes.enumerated() {
        for k in 0..<4 {
          var (a, b) = (AffinePoint.generator, AffinePoint.generator)
          (a.x, a.y) = (x, y)
          (b.x, b.y) = (
            extremes[(i + k) % extremes.count], extremes[(j * 3 + k) % extremes.count]
          )
          left.append(a)
          right.append(b)
        }
      }
    }
    let count = left.count
    expectAgreement((0..<count).map { BatchAdder.Step($0, $0 + count) }, on: left + right)
  }

  @Test func `random coordinates agree`() {
    var random = SplitMix(state: 9)
    for _ in 0..<20 {
      var points = [AffinePoint](repeating: .generator, count: 4096)
      for index in points.indices {
        points[index].x = Fp.random(using: &random)
        points[index].y = Fp.random(using: &random)
      }
      expectAgreement((0..<2048).map { BatchAdder.Step($0, $0 + 2048) }, on: points)
    }
  }

  private func sums(
    _ kernels: Kernels, _ pairs: [BatchAdder.Pair], of source: [AffinePoint]
  ) -> (points: [AffinePoint], operations: Int) {
    // Two points that no sum may touch.
    var points = [AffinePoint](repeating: .generator, count: pairs.count + 2)
    var adder = BatchAdder(kernels: kernels)
    adder.run(pairs.span, of: source.span, to: &points, from: 1)
    #expect(points.first == .generator)
    #expect(points.last == .generator)
    return (Array(points.dropFirst().dropLast()), adder.operations)
  }

  private func expectAgreement(_ pairs: [BatchAdder.Pair], of source: [AffinePoint]) {
    let (vector, portable) = (
      sums(.ifma, pairs, of: source), sums(.portable, pairs, of: source)
    )
    #expect(vector.points == portable.points)
    #expect(vector.operations == portable.operations)
  }

  private func pair(_ first: Int, _ isFirst: Bool, _ second: Int, _ isSecond: Bool)
    -> BatchAdder.Pair
  {
    BatchAdder.Pair(
      BatchAdder.SignedIndex(first, negative: isFirst),
      BatchAdder.SignedIndex(second, negative: isSecond))
  }

  @Test(arguments: [1, 15, 16, 17, 33, 64, 65, 71, 79, 80, 81, 128, 1000, 2047, 2048, 2049, 5000])
  func `sums of pairs agree`(count: Int) {
    let source = somePoints(300)
    var random = SplitMix(state: UInt64(count))
    let pairs = (0..<count).map { _ in
      pair(
        Int.random(in: 0..<300, using: &random), Bool.random(using: &random),
        Int.random(in: 0..<300, using: &random), Bool.random(using: &random))
    }
    expectAgreement(pairs, of: source)
  }

  /// Every combination of signs, points that are equal, opposite or the identity, in every lane.
  @Test(arguments: 0..<17) func `sums of pairs are those of the group law`(lane: Int) {
    let places = 40
    var source = somePoints(places)
    source[2] = .identity
    source[3] = source[1]
    source[4] = -source[1]
    var pairs = [BatchAdder.Pair]()
    var expected = [AffinePoint]()
    func add(_ first: Int, _ isFirst: Bool, _ second: Int, _ isSecond: Bool) {
      pairs.append(pair(first, isFirst, second, isSecond))
      expected.append(
        naiveSum(
          isFirst ? -source[first] : source[first], isSecond ? -source[second] : source[second]))
    }
    for index in 0..<lane { add(5 + index, index % 2 == 0, 39 - index, index % 3 == 0) }
    for (first, second) in [(0, 6), (1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (1, 4)] {
      for signs in 0..<4 {
        add(first, signs & 1 == 1, second, signs & 2 == 2)
        for index in 0..<4 { add(7 + index, signs == index, 20 + index, signs != index) }
      }
    }
    for kernels in [Kernels.ifma, .portable] {
      #expect(sums(kernels, pairs, of: source).points == expected)
    }
    expectAgreement(pairs, of: source)
  }

  @Test func `sums of pairs with extreme coordinates agree`() {
    let ones = UInt64.max
    let extremes: [Fp] = [
      0, 1, -1, Fp(montgomery: 1, 0, 0, 0), Fp(montgomery: ones, 0, 0, 0),
      Fp(montgomery: ones, ones, 0, 0), Fp(montgomery: ones, ones, ones, 0),
      Fp(montgomery: 0, 0, 0, 1), Fp(montgomery: 0x3c20_8c16_d87c_fd47, 0, 0, 0),
      Fp(montgomery: 0x3c20_8c16_d87c_fd48, 0, 0, 0),
      // q's limbs but one.
      Fp(
        montgomery: 0, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029),
      // A borrow that goes on through limbs that equal q's.
      Fp(montgomery: ones, 0x9781_6a91_6871_ca8d, 0, 0),
      Fp(montgomery: ones, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d, 0),
    ]
    var source = [AffinePoint]()
    for x in extremes {
      for y in extremes {
        var point = AffinePoint.generator
        (point.x, point.y) = (x, y)
        source.append(point)
      }
    }
    var pairs = [BatchAdder.Pair]()
    for first in source.indices {
      for step in 0..<8 {
        let second = (first * 7 + step * 13) % source.count
        pairs.append(pair(first, step & 1 == 1, second, step & 2 == 2))
      }
    }
    expectAgreement(pairs, of: source)
  }
}

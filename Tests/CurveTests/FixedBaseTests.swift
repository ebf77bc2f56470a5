import Curve
import Field
import Testing

struct FixedBaseTests {
  static func naive(_ cells: [Fr], _ blinder: Fr) -> AffinePoint {
    naiveMultiScalar(Array(Generators.withBlinding(cells.count)), [blinder] + cells)
  }

  static let small: [[Int64]] = [
    [], [0], [0, 0, 0], [1], [-1], [127, 128, -128, -129, 255, 256, -256, 0, 1],
    [Int64.max, Int64.min, 1 << 40, -(1 << 40)], [5, 5, 5, 5, -5, -5],
  ]

  @Test(arguments: [nil, 2, 3, 5, 7, 8, 10, 12]) func `rows agree with double and add`(width: Int?)
  {
    let base = FixedBase(width: width)
    var random = SplitMix(state: UInt64(width ?? 0))
    var rows = [CommitmentRow]()
    var expected = [AffinePoint]()
    for cells in Self.small {
      for blinder in [Fr.zero, -1, Fr.random(using: &random)] {
        rows.append(CommitmentRow(cells[...], blinder: blinder))
        expected.append(Self.naive(cells.map { Fr($0) }, blinder))
        // A small row as field elements, from inside a longer array.
        let full = [9] + cells.map { Fr($0) }
        rows.append(CommitmentRow(full[1...], blinder: blinder))
        expected.append(expected[expected.count - 1])
      }
    }
    let long = (0..<20).map { $0 % 4 == 0 ? Fr.random(using: &random) : .zero }
    rows.append(CommitmentRow(long[...], blinder: 3))
    expected.append(Self.naive(long, 3))
    #expect(base.commit(rows).points == expected)
    // The table is grown by now; a second call must not depend on that, nor on the other rows.
    for i in stride(from: 0, to: rows.count, by: 7) {
      #expect(base.commit([rows[i]]).points == [expected[i]])
    }
    #expect(base.commit([]).points.isEmpty)
  }

  @Test func `tables grown in steps equal a table made at once`() {
    let stepwise = FixedBase(width: 8)
    let cells = (0..<100).map { Int64($0 * $0 - 999) }
    let small = CommitmentRow(cells[..<3], blinder: 0)
    let wide = CommitmentRow(cells[...], blinder: 0)
    let full = CommitmentRow(cells[...], blinder: -5)
    let longer = CommitmentRow(cells.map { Fr($0) }[...], blinder: 12)
    var points = [AffinePoint]()
    for row in [small, wide, full, longer] { points += stepwise.commit([row]).points }
    #expect(FixedBase(width: 8).commit([small, wide, full, longer]).points == points)
    #expect(points[0] == Self.naive(cells[..<3].map { Fr($0) }, 0))
  }

  /// Long and short rows take different digit widths.
  @Test(arguments: [90, 140, 300, 600]) func `commitments add up`(count: Int) {
    var random = SplitMix(state: 4)
    let a = (0..<count).map { _ in Fr.random(using: &random) }
    let b = (0..<count).map { _ in Fr.random(using: &random) }
    let (x, y) = (Fr.random(using: &random), Fr.random(using: &random))
    let rows = [
      CommitmentRow(a[...], blinder: x), CommitmentRow(b[...], blinder: y),
      CommitmentRow(zip(a, b).map { $0 + $1 }[...], blinder: x + y),
    ]
    let points = FixedBase.shared.commit(rows).points
    #expect(naiveSum(points[0], points[1]) == points[2])
    #expect(
      points[0]
        == multiScalarMultiply(Array(Generators.withBlinding(count)), [x] + a).affine)
  }

  /// More points at once than wait for their buckets, all in few of them.
  @Test func `many rows of few digits`() {
    let count = 1024
    let sum = Generators.prefix(count).reduce(.identity, naiveSum)
    let half = Generators.prefix(count / 2).reduce(.identity, naiveSum)
    let equal = [Int64](repeating: 5, count: count)
    let opposite = (0..<count).map { $0 < count / 2 ? Int64(300) : 0 }
    let rows = (0..<90).map { row in
      CommitmentRow((row % 2 == 0 ? equal : opposite)[...], blinder: 0)
    }
    let expected = [naiveMultiple(5, sum), naiveMultiple(300, half)]
    let points = FixedBase.shared.commit(rows).points
    for (row, point) in points.enumerated() { #expect(point == expected[row % 2]) }
  }

  /// A workspace has been used before, for more rows and for fewer, and for rows that left buckets empty.
  @Test(arguments: [nil, 3, 8]) func `rows do not depend on those before them`(width: Int?) {
    let base = FixedBase(width: width)
    var random = SplitMix(state: 12)
    for count in [20, 1, 2, 17, 15, 1, 16] {
      let rows = (0..<count).map { row in
        (0..<5).map { $0 % 3 == row % 3 ? .zero : Fr.random(using: &random) }
      }
      let blinders = (0..<count).map { $0 % 2 == 0 ? Fr.zero : Fr.random(using: &random) }
      #expect(
        base.commit(zip(rows, blinders).map { CommitmentRow($0[...], blinder: $1) }).points
          == zip(rows, blinders).map { Self.naive($0, $1) })
    }
  }

  /// Points that cancel before they come to their bucket, there, and in part.
  @Test(arguments: [2, 6, 7, 8, 100, 513]) func `equal bases of either sign`(count: Int) {
    let point = Generators.prefix(1)[1]
    var scalars = (0..<count).map { $0 % 2 == 0 ? Fr(3) : -Fr(3) }
    let points = [AffinePoint](repeating: point, count: count)
    let expected: AffinePoint = count % 2 == 0 ? .identity : naiveMultiple(3, point)
    #expect(multiScalarMultiply(points, scalars).affine == expected)
    scalars[0] = 5
    #expect(
      multiScalarMultiply(points, scalars).affine == naiveSum(expected, naiveMultiple(2, point)))
  }

  @Test func `a row costs its digits`() {
    func additions(_ cells: [Int64], _ blinder: Fr = 0, rows: Int = 1) -> Int {
      let row = CommitmentRow(cells[...], blinder: blinder)
      return FixedBase.shared.commit([CommitmentRow](repeating: row, count: rows)).additions
    }
    #expect(additions([Int64](repeating: 0, count: 128)) == 0)
    // Equal points in one bucket: 127 additions collect it, 7 doublings bring it to 128.
    #expect(additions([Int64](repeating: 128, count: 128)) <= 127 + 3 * 8)
    let bytes = (0..<128).map { Int64($0) - 64 }
    #expect(additions(bytes) <= 128 + 256)
    #expect(additions(bytes, rows: 10) == 10 * additions(bytes))
    let forty = (0..<128).map { Int64($0) * 0x12_3456_789 }
    #expect(additions(forty) <= 6 * 128 + 256)
    var random = SplitMix(state: 8)
    let full = (0..<128).map { _ in Fr.random(using: &random) }
    let cost = FixedBase.shared.commit([CommitmentRow(full[...], blinder: 0)]).additions
    #expect(cost <= 128 * 34)
    let long = (0..<1024).map { _ in Fr.random(using: &random) }
    let longCost = FixedBase.shared.commit([CommitmentRow(long[...], blinder: 0)]).additions
    #expect(longCost <= 1024 * 24 + 128)
  }
}

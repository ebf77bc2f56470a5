import ConstraintSystem
import Model
import Testing

/// Wires against plain index arithmetic on the values they stand for.
struct WireTests {
  private static let values = (0..<24).map { Int64($0 * $0 % 37 - 11) }

  private func builder(_ shape: [Int]) -> (EvaluatingBuilder, TensorView) {
    var builder = EvaluatingBuilder()
    let count = shape.reduce(1, *)
    let wire = builder.input(shape: shape, values: Array(Self.values.prefix(count)))
    return (builder, wire)
  }

  @Test(
    arguments: [
      ([24], [4, 6]), ([4, 6], [24]), ([6, 4], [4, 6]), ([2, 3, 4], [6, 4]), ([2, 3, 4], [2, 12]),
      ([1, 4, 1, 6], [4, 6]), ([4, 6], [1, 2, 2, 1, 6, 1]), ([24], []), ([3, 8], [2, 2, 6]),
    ] as [([Int], [Int])])
  func `regrouping keeps the values in their order`(from: [Int], to: [Int]) throws {
    let (builder, wire) = builder(from)
    guard to.reduce(1, *) == 24 else {
      #expect(wire.regrouped(to: to) == nil)
      return
    }
    let regrouped = try #require(wire.regrouped(to: to))
    #expect(regrouped.shape == to)
    #expect(builder.values(regrouped) == Self.values)
    // And back, from the parts that it now has, or by rows of its own.
    var rows = builder
    let wireBack = rows.regrouped(regrouped, to: from, named: "back")
    let back = try #require(wireBack)
    #expect(rows.values(back) == Self.values)
    if regrouped.parts.count == 1 { #expect(rows.blocks.count == 1) }
  }

  @Test func `regrouping that would need many parts is refused`() {
    let (_, wire) = builder([6, 4])
    #expect(wire.regrouped(to: [24], limit: 5) == nil)
    #expect(wire.regrouped(to: [24], limit: 6)?.parts.count == 6)
  }

  @Test(
    arguments: [
      ([6, 4], [24]), ([2, 3, 4], [24]), ([2, 2, 2, 3], [4, 6]), ([2, 2, 3, 2], [4, 6]),
      ([3, 2, 4], [4, 6]),
    ] as [([Int], [Int])], [3, 4, 6]
  )
  func `copies in between join what no view does`(_ extents: ([Int], [Int]), limit: Int) throws {
    var (builder, wire) = builder(extents.0)
    let copied = builder.copied(wire, to: extents.1, named: "copy", limit: limit)
    let joined = try #require(copied)
    #expect(joined.shape == extents.1)
    #expect(builder.values(joined) == Self.values)
    #expect(builder.blocks.allSatisfy { $0.terms <= limit })
  }

  @Test func `a copy of what is repeated`() throws {
    var (builder, wire) = builder([6])
    let repeated = try #require(wire.viewed(through: [.label(1)], shape: [2, 6, 2]))
    let copied = builder.copied(repeated, to: [24], named: "copy", limit: 6)
    #expect(builder.values(try #require(copied)) == (0..<24).map { Self.values[$0 % 12 / 2] })
    #expect(builder.blocks.map(\.values.count).max() == 24)
  }

  @Test func `axes are transposed`() {
    let (builder, wire) = builder([2, 3, 4])
    let turned = wire.transposed([2, 0, 1])
    #expect(turned.shape == [4, 2, 3])
    let expected: [Int64] = (0..<24).map { index in
      let c = index / 6
      let a = index / 3 % 2
      let b = index % 3
      return Self.values[a * 12 + b * 4 + c]
    }
    #expect(builder.values(turned) == expected)
  }

  @Test func `a slice is no row, and reads zero beyond its own extent`() throws {
    var (builder, wire) = builder([24])
    let step = AffineIndex(steps: [AffineIndex.Step(label: 0, stride: 2)], constant: 3)
    let slice = builder.view(wire, through: [step], shape: [5], named: "slice")
    #expect(builder.values(slice) == [3, 5, 7, 9, 11].map { Self.values[$0] })
    #expect(builder.blocks.count == 1)
    // Its neighbours in the source are not zero: padding it takes rows of its own.
    let ahead = AffineIndex(steps: [AffineIndex.Step(label: 0, stride: 1)], constant: -1)
    #expect(slice.viewed(through: [ahead], shape: [7]) == nil)
    let padded = builder.view(slice, through: [ahead], shape: [7], named: "pad")
    #expect(builder.blocks.count == 2)
    #expect(builder.values(padded) == [0] + [3, 5, 7, 9, 11].map { Self.values[$0] } + [0])
    // A whole source reads zero there by itself.
    let plain = builder.view(wire, through: [ahead], shape: [26], named: "pad")
    #expect(builder.blocks.count == 2)
    #expect(builder.values(plain) == [0] + Self.values + [0])
  }

  @Test func `a split axis does not wrap around into the next row`() {
    var (builder, wire) = builder([24])
    let rows = wire.regrouped(to: [4, 6])
    let ahead = AffineIndex(steps: [AffineIndex.Step(label: 1, stride: 1)], constant: -1)
    #expect(rows?.viewed(through: [.label(0), ahead], shape: [4, 8]) == nil)
    guard let rows else { return }
    let padded = builder.view(rows, through: [.label(0), ahead], shape: [4, 8], named: "pad")
    var expected: [Int64] = []
    for row in 0..<4 {
      expected.append(0)
      expected += Self.values[row * 6..<row * 6 + 6]
      expected.append(0)
    }
    #expect(builder.values(padded) == expected)
  }

  @Test func `concatenation is a sum of views`() {
    var (builder, wire) = builder([2, 3])
    let other = builder.input(shape: [2, 2], values: [50, 51, 52, 53])
    let joined = builder.concatenated([wire, other, wire], axis: 1, named: "concat")
    #expect(joined.shape == [2, 8])
    #expect(builder.blocks.count == 2)
    let own = Self.values
    var expected: [Int64] = []
    for row in [0..<3, 3..<6] {
      expected += own[row]
      expected += row.lowerBound == 0 ? [50, 51] : [52, 53]
      expected += own[row]
    }
    #expect(builder.values(joined) == expected)
    // Terms of a product run over the parts of both factors.
    let terms = builder.terms(over: [2, 8], .inPlace(joined), .inPlace(joined), named: "square")
    #expect(terms.count == 9)
    let square = builder.block(
      "square", shape: [2, 8], relation: terms, multiplier: .identity, activation: .identity)
    #expect(builder.values(square) == builder.values(joined).map { $0 * $0 })
  }

  @Test func `rows of their own are made only where there are none`() {
    var (builder, wire) = builder([4])
    #expect(builder.materialized(wire, named: "w") == wire)
    let turned = wire.viewed(
      through: [AffineIndex(steps: [AffineIndex.Step(label: 0, stride: -1)], constant: 3)],
      shape: [4])
    #expect(turned?.source == nil)
    guard let turned else { return }
    let rows = builder.materialized(turned, named: "w")
    #expect(rows.source == .block(1))
    #expect(builder.values(rows) == Self.values.prefix(4).reversed())
  }
}

import Arguments
import ConstraintSystem
import Field

/// What a circuit's blocks and views weigh at the points of the sum-checks, as operations for the contract: the same as
/// `BlockWeights` and `functional(_:labels:sums:coefficient:of:)`, with closed forms where an axis has one, and
/// each value computed once.
struct VerifierProgram {
  let dimensions: CircuitDimensions
  let claims: ChainClaims
  var operations: [ProgramOperation] = []
  /// The end of the words in use.
  var end: Int
  /// Values that are there already, and their words.
  var known: [Key: Int] = [:]
  /// Products of coordinates and complements along the bits of a place, from the highest.
  var places: [Int: [[Bool]: Int]] = [:]

  var system: ConstraintSystem { dimensions.system }

  enum Key: Hashable {
    case constant(Fr)
    case product([Int])
    case highZero(PointPart)
    case axis([PointPart], Int)
    case place(PointPart, Int)
    case table(PointPart)
    case ones(Int)
    case times(Int, Int, Int)
    case window([LabelParts], [Int], constant: Int, extent: Int, PointPart)
    case digits(PointPart, Int, Int, Int)
    case powers(PointPart, Int, Int)
    case power(Int)
  }

  /// A block at the point of rows.
  struct PlacedBlock {
    let block: Block
    let scale: [Int]
    let sums: [[Int]]
    let indicator: Int
    let labels: [Int: LabelParts]
  }

  init(_ dimensions: CircuitDimensions) throws(ChainExportError) {
    self.dimensions = dimensions
    claims = ChainClaims(dimensions.system)
    end = ProgramWords.powers + claims.count
    _ = constant(.one)
    try emit()
    // Places are products of their own, and constants are in front of all that takes them.
    let constants = operations.filter(\.isConstant)
    operations =
      constants + [.products(placeProducts())] + operations.filter { !$0.isConstant }
    guard end <= 1 << 16 else { throw .unsupported("a circuit of so many values") }
  }

  mutating func words(_ count: Int = 1) -> Int {
    defer { end += count }
    return end
  }

  mutating func value(
    _ key: Key, words count: Int = 1, _ operation: (Int) -> ProgramOperation
  ) -> Int {
    if let word = known[key] { return word }
    let word = words(count)
    known[key] = word
    operations.append(operation(word))
    return word
  }

  mutating func constant(_ value: Fr) -> Int {
    self.value(.constant(value)) { .set(to: $0, value) }
  }

  mutating func product(_ factors: [Int]) -> Int {
    guard factors.count != 1 else { return factors[0] }
    return value(.product(factors.sorted())) {
      .sum(to: $0, coefficient: 1, factors: factors)
    }
  }

  mutating func add(to word: Int, _ coefficient: Int64, _ factors: [Int]) {
    operations.append(.sum(to: word, coefficient: coefficient, factors: factors))
  }

  /// All blocks, relations and public tensors.
  private mutating func emit() throws(ChainExportError) {
    var placed: [PlacedBlock] = []
    for block in system.blocks { placed.append(self.placed(block)) }
    for block in placed { try rows(block) }
    for block in placed { try linearTerms(block) }
    try pairs(placed)
    for (index, claimed) in claims.published.enumerated() {
      tensor(claimed.block, ProgramWords.powers + claims.firstPublic + index)
    }
  }

  private mutating func placed(_ block: Block) -> PlacedBlock {
    let first = ProgramWords.rows + dimensions.traceBits - block.bits
    let scale = place(
      PointPart(first: ProgramWords.rows, count: dimensions.traceBits - block.bits),
      index: block.offset >> block.bits)
    let parts = Self.parts(block.shape, from: first)
    let sums = zip(parts, block.shape).map { part, extent in axis([part], extent: extent) }
    var labels: [Int: LabelParts] = [:]
    for (label, (part, extent)) in zip(parts, block.shape).enumerated() {
      labels[label] = LabelParts([part], extent: extent)
    }
    return PlacedBlock(
      block: block, scale: scale, sums: sums, indicator: product(scale + sums.flatMap(\.self)),
      labels: labels)
  }

  /// The coordinates of each axis of a shape.
  static func parts(_ shape: [Int], from first: Int) -> [PointPart] {
    var next = first
    return shape.map { extent in
      defer { next += ceilLog2(extent) }
      return PointPart(first: next, count: ceilLog2(extent))
    }
  }

  private mutating func rows(_ placed: PlacedBlock) throws(ChainExportError) {
    let block = placed.block
    add(
      to: ProgramWords.tags, Table.firstFunctionTag + Int64(block.function), [placed.indicator])
    if block.shift != 0 { add(to: ProgramWords.shifts, block.shift, [placed.indicator]) }
    switch block.multiplier {
    case .constant(let value): add(to: ProgramWords.multipliers, value, [placed.indicator])
    case .tensor(let view):
      try functional(
        view, placed.labels, 1, placed.scale + [ProgramWords.powers + claims.multipliers])
    }
  }
}

import Compiler
import ConstraintSystem
import Model
import Testing

struct OrderAxesTests {
  private static func orders(_ axes: [Int]) -> [[Int]] {
    axes.isEmpty
      ? [[]]
      : axes.flatMap { first in orders(axes.filter { $0 != first }).map { [first] + $0 } }
  }

  /// Rows of 2^c cells that a cell of a padded box lies in, cell by cell.
  private static func rows(_ shape: [Int], _ commitmentRowBits: Int) -> Int {
    var rows: Set<Int> = []
    Layout.forEachRun(shape: shape) { cell, _, count in
      for one in cell..<cell + count { rows.insert(one >> commitmentRowBits) }
    }
    return rows.count
  }

  @Test(arguments: [
    [25, 5, 64], [49, 10, 1], [3, 3, 5, 7], [10, 4], [17], [9, 9, 9], [4, 8, 16], [1, 33, 1, 3],
  ])
  func `no order fills fewer rows`(shape: [Int]) {
    let bits = shape.reduce(0) { $0 + ceilLog2($1) }
    let written = Array(shape.indices)
    for commitmentRowBits in 0...bits {
      let best = AxisOrder(fewestRowsOf: shape, commitmentRowBits: commitmentRowBits)
      let counts = Self.orders(written).map { order in
        Self.rows(order.map { shape[$0] }, commitmentRowBits)
      }
      #expect(best.rows == counts.min())
      #expect(best.axes.sorted() == written)
      #expect(Self.rows(best.axes.map { shape[$0] }, commitmentRowBits) == best.rows)
      if Self.rows(shape, commitmentRowBits) == best.rows { #expect(best.axes == written) }
    }
  }

  @Test func `a wasteful axis goes outside`() {
    let order = AxisOrder(fewestRowsOf: [25, 5, 64], commitmentRowBits: 8)
    #expect(order.axes == [1, 0, 2] && order.rows == 35)
    #expect(AxisOrder.rows(of: [25, 5, 64], [0, 1, 2], commitmentRowBits: 8) == 50)
  }

  /// y[a, b, c] = x[a, b, c]·w[b, a, s]·… with a multiplier for every (a, c): every kind of label meets
  /// an order that moves it.
  private func draft() -> CircuitIR {
    let shape = [9, 3, 5]
    let input = CircuitIR.Block(
      label: BlockLabel("x"), shape: shape,
      relation: [Term(factors: [TensorAccess(.block(0), shape.indices.map { .label($0) })])],
      multiplier: .identity, function: .input(-8...8))
    var first = CircuitIR.Block(
      label: BlockLabel("y"), shape: shape,
      relation: [
        // Σ_s x[a, b, s]·w[b, c, s]
        Term(
          summed: [5],
          factors: [
            TensorAccess(.block(0), [.label(0), .label(1), .label(3)]),
            TensorAccess(.tensor(0), [.label(1), .label(2), .label(3)]),
          ]),
        Term(
          coefficient: -3, factors: [TensorAccess(.block(0), [.label(0), .fixed(2), .label(2)])]),
      ],
      multiplier: FixedPoint(
        mantissas: (0..<45).map { 3 + 2 * $0 }, shifts: (0..<45).map { 6 + Int($0 % 3) },
        axes: [0, 2]),
      function: .activation(.clamp(-100...100)))
    first.isPort = false
    var last = first
    last.label = BlockLabel("z")
    last.relation = [
      Term(factors: [TensorAccess(.block(1), [.label(0), .label(1), .label(2)])]),
      // One place further on: the window's constant stays with its axis.
      Term(
        factors: [
          TensorAccess(
            .block(1),
            [.init(steps: [.init(label: 0, stride: 1)], constant: -1), .label(1), .label(2)])
        ]),
    ]
    last.multiplier = .identity
    last.function = .activation(.clamp(-90...90))
    let values = (0..<75).map { Int64($0 * 7 % 23 - 11) }
    var recorder = CircuitRecorder()
    _ = recorder.tensor("y", as: .weight, shape: [3, 5, 5], type: .int8, values: values)
    return CircuitIR(tensors: recorder.draft.tensors, blocks: [input, first, last])
  }

  /// Sums the relations cell by cell.
  private func run(_ draft: CircuitIR, _ input: [Int64]) -> [[Int64]] {
    var results: [[Int64]] = []
    for (index, block) in draft.blocks.enumerated() {
      guard index > 0 else {
        results.append(input)
        continue
      }
      func read(_ view: TensorAccess, _ labels: [Int]) -> Int64 {
        let (shape, values) =
          switch view.source {
          case .block(let source): (draft.blocks[source].shape, results[source])
          case .tensor(let source): (draft.tensors[source].shape, draft.tensors[source].values)
          }
        var place = 0
        for (window, extent) in zip(view.windows, shape) {
          let at = window.steps.reduce(window.constant) { $0 + labels[$1.label] * $1.stride }
          guard (0..<extent).contains(at) else { return 0 }
          place = place * extent + at
        }
        return values[place]
      }
      results.append(
        (0..<block.count).map { cell in
          let own = Layout.position(cell, in: block.shape)
          var sum: Int64 = 0
          for term in block.relation {
            for step in 0..<term.summed.reduce(1, *) {
              let labels = own + Layout.position(step, in: term.summed)
              sum += term.factors.reduce(term.coefficient) { $0 * read($1, labels) }
            }
          }
          let extents = block.multiplier.axes.map { block.shape[$0] }
          let place = zip(block.multiplier.axes, extents).reduce(0) { $0 * $1.1 + own[$1.0] }
          return block.function(Int64(block.multiplier.quotient(sum, in: place))) ?? 0
        })
    }
    return results
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6])
  func `values do not change`(commitmentRowBits: Int) throws {
    let draft = draft()
    let ranges = try AnalyzeRanges.run(draft)
    let (ordered, proven) = OrderAxes.run(draft, ranges, commitmentRowBits: commitmentRowBits)
    try VerifyDraft.run(ordered, after: "OrderAxes")
    let input = (0..<135).map { Int64($0 * 5 % 17 - 8) }
    let (expected, shapes) = (run(draft, input), draft.blocks.map(\.shape))
    let orders = draft.blocks.map {
      AxisOrder(fewestRowsOf: $0.shape, commitmentRowBits: commitmentRowBits).axes
    }
    func moved(_ values: [Int64], _ index: Int) -> [Int64] {
      let order = orders[index]
      let extents = order.map { shapes[index][$0] }
      return values.indices.map { cell in
        var position = shapes[index]
        for (value, axis) in zip(Layout.position(cell, in: extents), order) {
          position[axis] = value
        }
        return values[zip(position, shapes[index]).reduce(0) { $0 * $1.1 + $1.0 }]
      }
    }
    let results = run(ordered, moved(input, 0))
    for index in expected.indices { #expect(results[index] == moved(expected[index], index)) }
    // What is proven of a class stands with the class.
    #expect(try AnalyzeRanges.run(ordered) == proven)
    if commitmentRowBits == 4 { #expect(ordered.blocks[1].shape != draft.blocks[1].shape) }
  }

  @Test func `what a port reads keeps its order`() throws {
    var draft = draft()
    draft.blocks[0].isPort = true
    draft.blocks[2].isPort = true
    let (ordered, _) = OrderAxes.run(draft, try AnalyzeRanges.run(draft), commitmentRowBits: 4)
    #expect(ordered.blocks[0].shape == [9, 3, 5] && ordered.blocks[2].shape == [9, 3, 5])
    #expect(ordered.blocks[1].shape != [9, 3, 5])
  }
}

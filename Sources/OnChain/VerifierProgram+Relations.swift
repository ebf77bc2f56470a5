import Arguments
import ConstraintSystem
import Field

extension VerifierProgram {
  /// Adds a view's functional, at the point of claims, to what its column weighs.
  mutating func functional(
    _ view: TensorAccess, _ labels: [Int: LabelParts], _ coefficient: Int64, _ given: [Int]
  ) throws(ChainExportError) {
    let (word, bits, offset, shape): (Int, Int, Int, [Int]) =
      switch view.source {
      case .block(let index):
        (
          ProgramWords.onOutput, dimensions.traceBits, system.blocks[index].offset,
          system.blocks[index].shape
        )
      case .tensor(let index):
        (
          ProgramWords.onModel, dimensions.modelBits, system.tensors[index].offset,
          system.tensors[index].shape
        )
      }
    var (coefficient, factors) = (coefficient, given)
    let read = Set(view.labels)
    for label in labels.keys.sorted() where !read.contains(label) {
      guard let weights = labels[label] else { continue }
      if weights.parts.isEmpty {
        let (product, overflow) = coefficient.multipliedReportingOverflow(
          by: Int64(weights.extent))
        guard !overflow else { throw .unsupported("a coefficient above 2^63") }
        coefficient = product
      } else {
        factors += axis(weights.parts, extent: weights.extent)
      }
    }
    let parts = columnParts(shape, bits: bits)
    factors += place(parts.high, index: offset >> parts.axes.reduce(0) { $0 + $1.count })
    for (window, (extent, part)) in zip(view.windows, zip(shape, parts.axes)) {
      factors += try axis(window, extent: extent, at: part, labels)
    }
    guard factors.count < 256 else { throw .unsupported("a view of so many axes") }
    add(to: word, coefficient, factors)
  }

  /// The coordinates of claims that a column of so many variables hangs on: those in front of a tensor, and each axis's.
  func columnParts(_ shape: [Int], bits: Int) -> (high: PointPart, axes: [PointPart]) {
    let first = ProgramWords.claims + dimensions.columnVariables - bits
    let size = shape.reduce(0) { $0 + ceilLog2($1) }
    return (
      PointPart(first: first, count: bits - size),
      Self.parts(shape, from: first + bits - size)
    )
  }

  /// Terms of one factor, and of none.
  mutating func linearTerms(_ placed: PlacedBlock) throws(ChainExportError) {
    for term in placed.block.relation {
      guard let factor = term.factors.first else {
        add(to: ProgramWords.constants, term.coefficient, [placed.indicator])
        continue
      }
      guard term.factors.count == 1 else { continue }
      var labels = placed.labels
      for (index, extent) in term.summed.enumerated() {
        labels[placed.block.shape.count + index] = LabelParts([], extent: extent)
      }
      try functional(
        factor, labels, term.coefficient, placed.scale + [ProgramWords.powers + claims.linear])
    }
  }

  /// Terms of two factors, in order.
  mutating func pairs(_ blocks: [PlacedBlock]) throws(ChainExportError) {
    let terms = blocks.flatMap { placed in
      placed.block.relation.filter { $0.factors.count == 2 }.map { (placed, $0) }
    }
    guard !terms.isEmpty else { return }
    let bits = ceilLog2(terms.count)
    let chosen = bits > 0 ? table(PointPart(first: ProgramWords.terms, count: bits)) : nil
    for (index, (placed, term)) in terms.enumerated() {
      try pair(term, of: placed, chosen.map { [$0 + index] } ?? [])
    }
  }

  private mutating func pair(
    _ term: Term, of placed: PlacedBlock, _ chosen: [Int]
  ) throws(ChainExportError) {
    let rank = placed.block.shape.count
    let (first, second) = (Set(term.factors[0].labels), Set(term.factors[1].labels))
    let kept =
      term.summed.indices.map { rank + $0 }
      + (0..<rank).filter { first.contains($0) && second.contains($0) }
    let extents = placed.block.shape + term.summed
    let total = kept.reduce(0) { $0 + ceilLog2(extents[$1]) }
    let missing = claims.pairRounds - total
    let points = Self.parts(kept.map { extents[$0] }, from: ProgramWords.pairs + missing)
    var (left, right) = ([Int: LabelParts](), [Int: LabelParts]())
    for (label, point) in zip(kept, points) {
      left[label] = LabelParts(
        [point] + (placed.labels[label]?.parts ?? []), extent: extents[label])
      right[label] = LabelParts([point], extent: extents[label])
    }
    var factors = placed.scale
    for axis in 0..<rank where !kept.contains(axis) {
      if first.contains(axis) {
        left[axis] = placed.labels[axis]
      } else if second.contains(axis) {
        right[axis] = placed.labels[axis]
      } else {
        factors += placed.sums[axis]
      }
    }
    if missing > 0 {
      factors.append(constant((0..<missing).reduce(.one) { half, _ in half * Sumcheck.half }))
    }
    let claim = ProgramWords.powers + claims.pairs
    try functional(term.factors[0], left, term.coefficient, factors + chosen + [claim])
    try functional(term.factors[1], right, 1, chosen + [claim + 1])
  }
}

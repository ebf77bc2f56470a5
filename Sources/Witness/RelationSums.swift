import Compute
import ConstraintSystem
import Field

/// Sums of terms of a relation, loop by loop.
struct RelationSums: Sendable {
  /// With what inputs say where its views go through them.
  var system: ConstraintSystem
  let cells: PackedIntegers
  /// How many of the model's cells a thread widens at a time, if it can.
  let widened: Int

  /// Products worth a thread of their own.
  private static let grain = 1 << 15

  /// The sum of some terms over a block, its padding included.
  ///
  /// - Parameters:
  ///   - outputs: y of the blocks before it, at their places in the trace.
  ///   - checked: whether every sum is tested to fit a word.
  /// - Returns: nil where one does not.
  func callAsFunction(
    _ terms: [Term], over block: Block, _ outputs: [Int64], checked: Bool
  ) -> [Int64]? {
    // Axes before the first of several indices have one, so what shares an index lies together.
    let axis = block.shape.firstIndex { $0 > 1 }
    let extent = axis.map { block.shape[$0] } ?? 1
    let width = axis.map { Layout.strides(of: block.shape)[$0] } ?? 1
    let products = terms.reduce(0) { $0 + $1.summed.reduce(block.count, *) }
    var sums = [Int64](repeating: 0, count: extent * width)
    let fits = inParallel(
      over: &sums, width: width, grain: max(1, Self.grain * extent / max(1, products))
    ) { range, sums in
      let part = axis.map { LoopNest.Part(label: $0, range: range) }
      var fits = true
      for term in terms {
        fits = accumulate(term, over: block, part, into: &sums, outputs, checked) && fits
      }
      return fits
    }
    return fits.allSatisfy(\.self) ? sums : nil
  }

  /// A bound on the magnitude of all sums of a block, by what its terms read at most.
  func bound(of block: Block) -> Double {
    block.relation.reduce(0) { sum, term in
      var bound = Double(term.coefficient.magnitude)
      for extent in term.summed { bound *= Double(extent) }
      for factor in term.factors { bound *= Double(largest(factor.source)) }
      return sum + bound
    }
  }

  /// Below it no sum of a block is wider than a word.
  static let narrow = 0x1p62

  /// A bound on the magnitude of what a view reads.
  func largest(_ source: Source) -> UInt64 {
    switch source {
    case .block(let index):
      let block = system.blocks[index]
      return system.functions[block.function].largestOutput + block.shift.magnitude
    case .tensor(let index):
      let tensor = system.tensors[index]
      let range = tensor.type.range
      guard tensor.type == .int64 else {
        return max(range.lowerBound.magnitude, range.upperBound.magnitude)
      }
      return cells.values(tensor.offset..<tensor.offset + 1 << tensor.bits)
        .reduce(0) { max($0, $1.magnitude) }
    }
  }

  /// Adds one term, the model's cells widened as they are needed.
  private func accumulate(
    _ term: Term, over block: Block, _ part: LoopNest.Part?, into sums: inout MutableSpan<Int64>,
    _ outputs: [Int64], _ checked: Bool
  ) -> Bool {
    if term.factors.isEmpty { return add(term.coefficient, over: block, part, to: &sums, checked) }
    if term.factors.contains(where: \.isIndexed) {
      return IndexedTerm(term, over: block, part, in: system)
        .accumulate(into: &sums, outputs, cells, checked)
    }
    let tensors = term.factors.map { factor -> Int? in
      if case .tensor(let index) = factor.source { index } else { nil }
    }
    let cuts = tensors.compactMap(\.self).count == 1 ? cuts(of: term, over: block, part) : [nil]
    var buffers: [[Int64]] = [[], []]
    var fits = true
    for cut in cuts {
      var origins = [0, 0]
      for (place, tensor) in tensors.enumerated() {
        guard let tensor else { continue }
        let held = cells(of: tensor, cut)
        origins[place] = held.lowerBound
        if buffers[place].count < held.count {
          buffers[place] = [Int64](repeating: 0, count: held.count)
        }
        var span = buffers[place].mutableSpan
        cells.copy(held, to: &span)
      }
      let nest = LoopNest(
        term, over: block, part, cut: cut?.part, origins: origins, in: system)
      let first = tensors[0] == nil ? outputs : buffers[0]
      let second = tensors.count > 1 && tensors[1] == nil ? outputs : buffers[1]
      fits =
        nest.accumulate(into: &sums, first.span, second.span, checked: checked) && fits
    }
    return fits
  }

  /// Adds a constant to the cells of a block, or of a part of it.
  private func add(
    _ constant: Int64, over block: Block, _ part: LoopNest.Part?, to sums: inout MutableSpan<Int64>,
    _ checked: Bool
  ) -> Bool {
    var shape = block.shape
    if let part { shape[part.label] = part.range.count }
    var fits = true
    Layout.forEachRun(shape: shape) { cell, _, count in
      for place in cell..<cell + count {
        let (sum, overflow) = sums[place].addingReportingOverflow(constant)
        sums[place] = sum
        fits = fits && !(checked && overflow)
      }
    }
    return fits
  }

  /// A part of a term that reads only some indices of its tensor's first axis, and how many cells an
  /// index has.
  private struct Cut {
    let part: LoopNest.Part
    let size: Int
  }

  /// The cells of a tensor that a cut reads.
  private func cells(of index: Int, _ cut: Cut?) -> Range<Int> {
    let tensor = system.tensors[index]
    guard let cut else { return tensor.offset..<tensor.offset + 1 << tensor.bits }
    let range = cut.part.range
    return tensor.offset + range.lowerBound * cut.size..<tensor.offset + range.upperBound * cut.size
  }

  /// Cuts a term whose only tensor is large, where one label is the index along its first axis.
  private func cuts(of term: Term, over block: Block, _ part: LoopNest.Part?) -> [Cut?] {
    for factor in term.factors {
      guard case .tensor(let index) = factor.source else { continue }
      let tensor = system.tensors[index]
      guard 1 << tensor.bits > widened,
        let axis = tensor.shape.firstIndex(where: { $0 > 1 })
      else { return [nil] }
      let (window, size) = (factor.windows[axis], Layout.strides(of: tensor.shape)[axis])
      guard window.constant == 0, window.steps.count == 1, window.steps[0].stride == 1 else {
        return [nil]
      }
      let label = window.steps[0].label
      let all = part?.label == label ? part?.range : nil
      let range = all ?? 0..<(block.shape + term.summed)[label]
      guard range.upperBound <= tensor.shape[axis] else { return [nil] }
      let count = max(1, widened / size)
      return stride(from: range.lowerBound, to: range.upperBound, by: count).map { start in
        Cut(
          part: LoopNest.Part(label: label, range: start..<min(start + count, range.upperBound)),
          size: size)
      }
    }
    return [nil]
  }
}

import ConstraintSystem
import Model

/// A block whose channels take lines of their own: its relation with the lines' factors and offsets in the
/// tensors of the model, for all channels in place or for chosen ones along a new axis.
struct ChannelMultipliers {
  private let block: CircuitIR.Block
  /// The axes of the channels.
  private let axes: [Int]
  private let extents: [Int]

  init(_ block: CircuitIR.Block, _ axes: [Int]) {
    self.block = block
    self.axes = axes
    extents = axes.map { block.shape[$0] }
  }

  /// A channel's coordinates along its axes.
  private func coordinates(_ channel: Int) -> [Int] {
    var (rest, result) = (channel, extents)
    for axis in extents.indices.reversed() {
      result[axis] = rest % extents[axis]
      rest /= extents[axis]
    }
    return result
  }

  /// Cells of the tensor that says which line reads which channel.
  private static let mostCells = 1 << 22

  /// Whether so many lines can have a block of their own: where a block is read along the channels, as it is along
  /// the positions of a window that have steps of their own, the lines choose theirs from all of them.
  func hasRoom(for lines: Int) -> Bool {
    let isReadAlong = block.relation.contains { term in
      term.factors.contains { view in
        if case .tensor = view.source { return false }
        return view.labels.contains(where: axes.contains)
      }
    }
    guard isReadAlong else { return true }
    let summed = block.relation.map(\.summed.count).max() ?? 0
    return summed + axes.count <= Limits.summedLabels
      && lines * extents.reduce(1, *) <= Self.mostCells
  }

  /// The relation of acc·m + c, line by line, over the block's own rows.
  func scaled(
    _ relation: [Term], by lines: [RoundedMultiplier], in draft: inout CircuitIR
  ) throws(ModelError) -> [Term] {
    try terms(
      relation, Rows(channels: Array(lines.indices), lines: lines, labels: axes, extents: extents),
      in: &draft)
  }

  /// A block with one row for each output of the chosen channels and line, all clamped alike: the other axes,
  /// then one for the lines.
  ///
  func parts(
    _ parts: [(channel: Int, line: RoundedMultiplier)], of relation: [Term],
    clampedTo range: ClosedRange<Int64>,
    in draft: inout CircuitIR
  ) throws(ModelError) -> CircuitIR.Block {
    let kept = block.shape.indices.filter { !axes.contains($0) }
    var rows = Rows(
      channels: parts.map(\.channel), lines: parts.map(\.line), labels: [kept.count],
      extents: [parts.count])
    rows.isPart = true
    for (place, axis) in kept.enumerated() { rows.places[axis] = place }
    return CircuitIR.Block(
      label: block.label.adding(.part), shape: kept.map { block.shape[$0] } + [parts.count],
      relation: try terms(relation, rows, in: &draft),
      multiplier: FixedPoint(
        mantissas: parts.map { _ in 1 }, shifts: parts.map(\.line.shift), axes: [kept.count]
      ).collapsed,
      function: .activation(.clamp(range)))
  }

  /// 2^s·Σ e over the parts of a channel, which the last block of the draft holds.
  func sum(of parts: [Int], _ shifts: [Int], in draft: inout CircuitIR) -> Term {
    var values = [Int64](repeating: 0, count: shifts.count * parts.count)
    for (part, channel) in parts.enumerated() {
      values[channel * parts.count + part] = 1 << Int64(shifts[channel])
    }
    draft.tensors.append(
      CircuitIR.Tensor(
        label: TensorLabel(block.label, [.place]), shape: extents + [parts.count],
        type: .fitting(values),
        values: values))
    let summed = block.shape.count
    let place = TensorAccess(.tensor(draft.tensors.count - 1), (axes + [summed]).map { .label($0) })
    let kept = block.shape.indices.filter { !axes.contains($0) }
    let part = TensorAccess(.block(draft.blocks.count - 1), (kept + [summed]).map { .label($0) })
    return Term(summed: [parts.count], factors: [place, part])
  }

  // MARK: - Terms

  /// Which channel's line stands where.
  private struct Rows {
    var channels: [Int]
    var lines: [RoundedMultiplier]
    /// Labels of the rows along which they stand, row-major, and their extents.
    var labels: [Int]
    var extents: [Int]
    /// Where the other labels of the block have gone.
    var places: [Int: Int] = [:]
    /// Whether the labels are a new axis, and the channels' own are no more.
    var isPart = false
  }

  private func terms(
    _ relation: [Term], _ rows: Rows, in draft: inout CircuitIR
  ) throws(ModelError) -> [Term] {
    var terms: [Term] = []
    for term in relation { terms.append(try scaled(term, rows, in: &draft)) }
    let offsets = rows.lines.map(\.offset)
    guard offsets.contains(where: { $0 != 0 }) else { return terms }
    // Into the bias, where there is one.
    let windows = rows.labels.map { AffineIndex.label($0) }
    for term in terms where term.factors.count == 1 && term.summed.isEmpty && term.coefficient == 1
    {
      guard case .tensor(let bias) = term.factors[0].source, term.factors[0].windows == windows
      else { continue }
      draft.tensors[bias].values = zip(draft.tensors[bias].values, offsets).map(+)
      draft.tensors[bias].type = .fitting(draft.tensors[bias].values)
      return terms
    }
    draft.tensors.append(
      CircuitIR.Tensor(
        label: TensorLabel(block.label, rows.isPart ? [.offset, .part] : [.offset]),
        shape: rows.extents, type: .fitting(offsets), values: offsets))
    return terms + [Term(factors: [TensorAccess(.tensor(draft.tensors.count - 1), windows)])]
  }

  /// A term times the lines' factors, in a new tensor.
  private func scaled(
    _ term: Term, _ rows: Rows, in draft: inout CircuitIR
  ) throws(ModelError) -> Term {
    let rank = rows.isPart ? block.shape.count - axes.count + 1 : block.shape.count
    func label(_ old: Int) -> Int {
      old < block.shape.count ? rows.places[old] ?? old : old - block.shape.count + rank
    }
    func relabelled(_ window: AffineIndex) -> AffineIndex {
      var window = window
      for step in window.steps.indices {
        window.steps[step].label = label(window.steps[step].label)
      }
      return window
    }
    var result = Term(coefficient: term.coefficient, summed: term.summed, factors: [])
    // Axes of the channels that a block is read along, in rows that no longer have them.
    var readAlong: [(axis: Int, label: Int)] = []
    let weight = term.factors.firstIndex { if case .tensor = $0.source { true } else { false } }
    for (index, view) in term.factors.enumerated() where index != weight {
      var view = view
      for window in view.windows.indices {
        guard rows.isPart else { break }
        var steps: [AffineIndex.Step] = []
        for step in view.windows[window].steps {
          guard let axis = axes.firstIndex(of: step.label) else {
            steps.append(step)
            continue
          }
          let places = Set(rows.channels.map { coordinates($0)[axis] })
          if let place = places.first, places.count == 1 {
            view.windows[window].constant += step.stride * place
          } else {
            let summed = block.shape.count + result.summed.count
            result.summed.append(extents[axis])
            readAlong.append((axis, summed))
            steps.append(AffineIndex.Step(label: summed, stride: step.stride))
          }
        }
        view.windows[window].steps = steps
      }
      view.windows = view.windows.map(relabelled)
      result.factors.append(view)
    }
    guard term.factors.count - (weight == nil ? 0 : 1) <= 1 else {
      throw .unsupported(
        node: block.name, what: "the float32 rounding of a product of two activations",
        remedy: "quantize the layer again, with another scale")
    }
    let source = weight.map { term.factors[$0] }
    let tensor = try weights(
      source, rows, along: readAlong.map { ($0.axis, label($0.label)) }, draft)
    draft.tensors.append(tensor.values)
    result.factors.insert(
      TensorAccess(
        .tensor(draft.tensors.count - 1),
        tensor.windows.map { $0.isNew ? $0.window : relabelled($0.window) }), at: 0)
    return result
  }

  /// The lines' factors times a tensor of the model (one where there is none): axes of the rows that hold
  /// lines, axes along which only a line's own channel is not zero, the tensor's other axes.
  private func weights(
    _ view: TensorAccess?, _ rows: Rows, along selected: [(axis: Int, label: Int)],
    _ draft: CircuitIR
  ) throws(ModelError) -> (values: CircuitIR.Tensor, windows: [(window: AffineIndex, isNew: Bool)])
  {
    let old: CircuitIR.Tensor
    if case .tensor(let index)? = view?.source {
      old = draft.tensors[index]
    } else {
      old = CircuitIR.Tensor(
        label: TensorLabel(block.label, [.factor]), shape: [], type: .int8, values: [1])
    }
    let strides = rowMajorStrides(old.shape)
    var rest: [Int] = []
    var along: [(stride: Int, extent: Int, constant: Int, steps: [(axis: Int, stride: Int)])] = []
    for (axis, window) in (view?.windows ?? []).enumerated() {
      let steps = window.steps.compactMap { step in
        axes.firstIndex(of: step.label).map { (axis: $0, stride: step.stride) }
      }
      if steps.isEmpty {
        rest.append(axis)
      } else {
        guard steps.count == window.steps.count else {
          throw .invalid(node: block.name, what: "its weight slides along its channels")
        }
        along.append((strides[axis], old.shape[axis], window.constant, steps))
      }
    }
    let restShape = rest.map { old.shape[$0] }
    let cells = restShape.reduce(1, *)
    // Where in the old tensor each cell of the rest lies.
    let offsets = (0..<cells).map { cell in
      var (left, offset) = (cell, 0)
      for (axis, extent) in zip(rest, restShape).reversed() {
        offset += left % extent * strides[axis]
        left /= extent
      }
      return offset
    }
    let selectedShape = selected.map { extents[$0.axis] }
    let choices = selectedShape.reduce(1, *)
    var values = [Int64](repeating: 0, count: rows.channels.count * choices * cells)
    for (row, channel) in rows.channels.enumerated() {
      let own = coordinates(channel)
      let places = along.map { axis in
        axis.steps.reduce(axis.constant) { $0 + $1.stride * own[$1.axis] }
      }
      // What the view reads beyond its extents is zero.
      guard zip(places, along).allSatisfy({ (0..<$1.extent).contains($0) }) else { continue }
      let start = zip(places, along).reduce(0) { $0 + $1.0 * $1.1.stride }
      let choice = selected.reduce(0) { $0 * extents[$1.axis] + own[$1.axis] }
      for cell in 0..<cells {
        values[(row * choices + choice) * cells + cell] =
          rows.lines[row].mantissa * old.values[start + offsets[cell]]
      }
    }
    let tensor = CircuitIR.Tensor(
      label: rows.isPart ? old.label.adding(.part) : old.label,
      shape: rows.extents + selectedShape + restShape,
      type: .fitting(values), values: values)
    let windows =
      rows.labels.map { (AffineIndex.label($0), true) }
      + selected.map { (AffineIndex.label($0.label), true) }
      + rest.compactMap { axis in view.map { ($0.windows[axis], false) } }
    return (tensor, windows)
  }
}

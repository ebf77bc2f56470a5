package import ConstraintSystem

/// A value of the network inside a circuit under construction: the sum of what its parts read.
///
/// Slices, transpositions, concatenations, paddings and the maximum of two values are wires, not
/// rows: whoever reads them reads their parts. The row-major order of the axes is the tensor's, but an
/// axis of the tensor may be several axes here, and axes of extent 1 may be missing.
package struct TensorView: Sendable, Hashable {
  /// `coefficient · view`; the view's labels are the wire's axes.
  package struct Part: Sendable, Hashable {
    package var coefficient: Int64
    package var view: TensorAccess
    /// Extents of the view's source.
    package var extents: [Int]

    package init(coefficient: Int64 = 1, view: TensorAccess, extents: [Int]) {
      self.coefficient = coefficient
      self.view = view
      self.extents = extents
    }
  }

  package var shape: [Int]
  package var parts: [Part]
  /// The number of the network's input that it is, where that has no rows and windows go through it.
  package var input: Int?

  package init(shape: [Int], parts: [Part]) {
    self.shape = shape
    self.parts = parts
  }

  /// An input of the network that windows go through.
  package init(shape: [Int], input: Int) {
    self.init(shape: shape, parts: [])
    self.input = input
  }

  /// All of a block or a tensor, as it stands.
  package init(source: Source, shape: [Int]) {
    let view = TensorAccess(source, shape.indices.map { .label($0) })
    self.init(shape: shape, parts: [Part(view: view, extents: shape)])
  }

  /// What it is the whole of, if it is nothing else.
  package var source: Source? {
    guard let part = parts.first, self == TensorView(source: part.view.source, shape: shape) else {
      return nil
    }
    return part.view.source
  }

  package var count: Int { shape.reduce(1, *) }

  /// A window for each axis that reads it at the label of the same number.
  package var inPlace: [AffineIndex] { shape.indices.map { .label($0) } }
}

// MARK: - Views of wires

extension TensorView {
  /// The wire whose value at its labels is this one's at the windows, zero outside its extents.
  ///
  /// - Parameters:
  ///   - windows: one for each axis, over the axes of the result; each axis at most once.
  ///   - shape: of the result.
  /// - Returns: nil when a part would read a neighbour where it must read zero.
  package func viewed(through windows: [AffineIndex], shape: [Int]) -> TensorView? {
    parts(through: windows, extents: shape).map { TensorView(shape: shape, parts: $0) }
  }

  /// The parts, read through windows over labels of these extents; nil as above.
  func parts(through windows: [AffineIndex], extents: [Int]) -> [Part]? {
    for axis in shape.indices {
      let reach = windows[axis].reach(extents)
      guard isZero(at: Swift.min(reach.lowerBound, 0)..<0, of: axis),
        isZero(at: shape[axis]..<Swift.max(reach.upperBound + 1, shape[axis]), of: axis)
      else { return nil }
    }
    return parts.map { part in
      var part = part
      part.view.windows = part.view.windows.map { $0.composed(with: windows) }
      return part
    }
  }

  /// Whether every part reads beyond its source wherever `axis` has one of these coordinates, all of
  /// them outside its extent.
  private func isZero(at coordinates: Range<Int>, of axis: Int) -> Bool {
    parts.allSatisfy { part in
      // Where all windows that run along this axis alone lie inside.
      var inside = coordinates
      for (window, extent) in zip(part.view.windows, part.extents) {
        guard window.through == nil, window.steps.count == 1, let step = window.steps.first,
          step.label == axis
        else {
          continue
        }
        inside = step.labels(from: window.constant, inside: extent, among: inside)
      }
      return inside.isEmpty
    }
  }

  /// Axis `k` of the result is axis `permutation[k]`.
  package func transposed(_ permutation: [Int]) -> TensorView {
    var windows = inPlace
    for (to, from) in permutation.enumerated() { windows[from] = .label(to) }
    let result = viewed(through: windows, shape: permutation.map { shape[$0] })
    return result ?? self
  }

  /// The same values in the same order over other extents.
  ///
  /// Splitting an axis is an affine window. An axis that joins several is a sum over the values of the
  /// leading ones, each part within its own run of the last.
  /// - Returns: nil when that takes more than `limit` parts, would read a neighbour where it must read
  ///   zero, or the counts differ.
  package func regrouped(to target: [Int], limit: Int = 64) -> TensorView? {
    if target == shape { return self }
    guard target.reduce(1, *) == count else { return nil }
    // One choice of windows per part of the result, over the axes seen so far.
    var choices: [[AffineIndex]] = [[]]
    for (axes, labels) in Self.stretches(shape, target) {
      let moving = axes.filter { shape[$0] > 1 }
      guard let last = moving.last else {
        choices = choices.map { $0 + axes.map { _ in .fixed(0) } }
        continue
      }
      // The place within the stretch, as a function of the labels.
      let strides = labels.map { target[($0 + 1)..<labels.upperBound].reduce(1, *) }
      let steps = zip(labels, strides).filter { target[$0.0] > 1 }.map(AffineIndex.Step.init)
      var runs = moving.dropLast().reduce(1) { $0 * shape[$1] }
      if runs > 1, areOneAxis(moving) {
        runs = 1
      } else if runs > 1 {
        let beyond = runs * shape[last]
        guard choices.count * runs * parts.count <= limit,
          isZero(at: shape[last] - beyond..<0, of: last),
          isZero(at: shape[last]..<beyond, of: last)
        else { return nil }
      }
      choices = choices.flatMap { choice in
        (0..<runs).map { run in
          var (rest, windows) = (run, [AffineIndex]())
          for axis in axes.reversed() {
            if axis == last {
              windows.append(AffineIndex(steps: steps, constant: -run * shape[axis]))
            } else {
              windows.append(.fixed(rest % shape[axis]))
              rest /= shape[axis]
            }
          }
          return choice + windows.reversed()
        }
      }
    }
    return TensorView(
      shape: target,
      parts: choices.flatMap { windows in
        parts.map { part in
          var part = part
          part.view.windows = part.view.windows.map { $0.composed(with: windows) }
          return part
        }
      })
  }

  /// Whether neighbouring axes are one axis of every part's source, cut up: then the last of them, run
  /// over all their places, reads what they all read.
  private func areOneAxis(_ axes: [Int]) -> Bool {
    parts.allSatisfy { part in
      part.view.windows.allSatisfy { window in
        let strides = axes.map { axis in
          window.steps.first { $0.label == axis }.map(\.stride) ?? 0
        }
        var expected = strides.last ?? 0
        for (axis, stride) in zip(axes, strides).reversed() {
          guard stride == expected else { return false }
          expected *= shape[axis]
        }
        return true
      }
    }
  }

  /// The shortest runs of axes of both shapes that hold equally many values.
  static func stretches(
    _ shape: [Int], _ target: [Int]
  ) -> [(axes: Range<Int>, labels: Range<Int>)] {
    var result: [(axes: Range<Int>, labels: Range<Int>)] = []
    var (from, to) = (0, 0)
    while from < shape.count || to < target.count {
      let (start, first) = (from, to)
      var (left, right) = (1, 1)
      repeat {
        if to == target.count || (from < shape.count && left <= right) {
          left *= shape[from]
          from += 1
        } else {
          right *= target[to]
          to += 1
        }
      } while left != right
      result.append((start..<from, first..<to))
    }
    return result
  }
}

extension AffineIndex {
  /// The coordinates that it takes while its labels run over their extents.
  func reach(_ extents: [Int]) -> ClosedRange<Int> {
    var (low, high) = (constant, constant)
    for step in steps {
      let last = step.stride * (extents[step.label] - 1)
      low += min(last, 0)
      high += max(last, 0)
    }
    return low...high
  }

  /// This window, its labels being the coordinates that `windows` give.
  func composed(with windows: [AffineIndex]) -> AffineIndex {
    var result = AffineIndex(steps: [], constant: constant, through: through)
    for step in steps {
      let window = windows[step.label]
      result.constant = Self.bounded(
        result.constant + Self.product(step.stride, window.constant, Self.farthestPlace),
        Self.farthestPlace)
      result.steps += window.steps.map {
        AffineIndex.Step(
          label: $0.label, stride: Self.product(step.stride, $0.stride, Self.farthestStride))
      }
    }
    return result
  }

  /// Far beyond every source: whatever lies farther reads zero as well. Views of views of single values
  /// may ask for more than an integer holds.
  private static let farthestStride = 1 << 30
  private static let farthestPlace = 1 << 52

  private static func bounded(_ value: Int, _ most: Int) -> Int {
    Swift.min(Swift.max(value, -most), most)
  }

  private static func product(_ a: Int, _ b: Int, _ most: Int) -> Int {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? (a < 0) == (b < 0) ? most : -most : bounded(product, most)
  }
}

extension AffineIndex.Step {
  /// Those of some labels whose place lies in `0..<extent`, counted from `constant`.
  fileprivate func labels(
    from constant: Int, inside extent: Int, among labels: Range<Int>
  ) -> Range<Int> {
    if stride == 0 { return (0..<extent).contains(constant) ? labels : 0..<0 }
    // 0 ≤ constant + stride·label ≤ extent − 1, counted upwards.
    let (low, high) =
      stride > 0 ? (-constant, extent - 1 - constant) : (1 + constant - extent, constant)
    let first = Self.ceiling(low, Int(stride.magnitude))
    let end = Self.ceiling(high + 1, Int(stride.magnitude))
    return first < end ? labels.clamped(to: first..<end) : 0..<0
  }

  private static func ceiling(_ value: Int, _ divisor: Int) -> Int {
    let quotient = value / divisor
    return quotient * divisor < value ? quotient + 1 : quotient
  }
}

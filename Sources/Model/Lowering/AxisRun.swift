import ConstraintSystem

/// Places of an axis, equally far apart: `first`, `first + step`, ….
struct AxisRun: Sendable, Hashable {
  var first: Int
  var step: Int
  var count: Int

  /// Places as few runs, each as long as it can be.
  static func runs(of places: [Int]) -> [AxisRun] {
    var result: [AxisRun] = []
    for place in places {
      guard var last = result.last else {
        result.append(AxisRun(first: place, step: 0, count: 1))
        continue
      }
      if last.count == 1 || place == last.first + last.count * last.step {
        if last.count == 1 { last.step = place - last.first }
        last.count += 1
        result[result.count - 1] = last
      } else {
        result.append(AxisRun(first: place, step: 0, count: 1))
      }
    }
    return result
  }
}

extension CircuitBuilder {
  /// The wire's values at runs of places along an axis, one run after the other.
  ///
  /// A run is a view that has to read zero wherever the others stand: one of all of an axis does, and one of a
  /// single place can be made to. Others become rows.
  mutating func selected(
    _ wire: TensorView, _ runs: [AxisRun], axis: Int, named name: String
  ) -> TensorView {
    let length = runs.reduce(0) { $0 + $1.count }
    // Places by themselves take no rows, and a term each.
    let isShort = wire.parts.count <= 2 && length * wire.shape[axis] <= 1 << 16
    var pieces: [TensorView] = []
    for run in runs {
      let isSplit = isShort && run.count == 2 && runs.count <= 4
      for part in isSplit ? run.single : [run] {
        var (windows, shape) = (wire.inPlace, wire.shape)
        shape[axis] = part.count
        // Of a single place the neighbours lie beyond the axis.
        let step = part.count > 1 ? part.step : isShort ? wire.shape[axis] : 1
        windows[axis] = AffineIndex(
          steps: step == 0 ? [] : [AffineIndex.Step(label: axis, stride: step)],
          constant: part.first)
        pieces.append(view(wire, through: windows, shape: shape, named: name))
      }
    }
    return pieces.count == 1
      ? pieces[0] : concatenated(pieces, axis: axis, named: name)
  }
}

extension AxisRun {
  fileprivate var single: [AxisRun] {
    (0..<count).map { AxisRun(first: first + $0 * step, step: 0, count: 1) }
  }
}

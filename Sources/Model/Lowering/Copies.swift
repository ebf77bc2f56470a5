import ConstraintSystem

/// Values at other places where no view does it: rows that copy them, one a value.
///
/// A view reads a joined axis as one term for each run of its last part, so that joining [12, 2] is 12
/// terms, and joining two such pairs 144. A copy in between makes that a sum: its rows stand over
/// axes of which some are joined already, and whoever reads it joins the rest.
extension CircuitBuilder {
  /// The wire over other extents, through copies that each read at most `limit` views.
  ///
  /// - Returns: nil where the counts differ, or an extent has a prime factor beyond `limit`.
  package mutating func copied(
    _ wire: TensorView, to target: [Int], named name: String, limit: Int = 64
  ) -> TensorView? {
    guard target.reduce(1, *) == wire.count, wire.count > 0 else { return nil }
    var current = wire
    var stretches = TensorView.stretches(wire.shape, target).map { axes, _ in
      wire.shape[axes].filter { $0 > 1 }
    }
    guard let plain = current.regrouped(to: stretches.flatMap(\.self)) else { return nil }
    current = plain
    while stretches.contains(where: { $0.count > 1 }) {
      // Joins axes from the last of a stretch on, as many as the terms allow; where only some of an
      // axis can be joined it is cut, which is a view.
      var terms = max(1, current.parts.count)
      var (cut, joined) = (stretches, stretches)
      for place in stretches.indices {
        var (rest, last) = (stretches[place], [Int]())
        while let axis = rest.last {
          let run = last.isEmpty ? axis : Self.divisor(of: axis, upTo: limit / terms)
          guard run > 1 else { break }
          if !last.isEmpty { terms *= run }
          last.insert(run, at: 0)
          rest.removeLast()
          if run < axis {
            rest.append(axis / run)
            break
          }
        }
        cut[place] = rest + last
        joined[place] = rest + [last.reduce(1, *)]
      }
      if joined != stretches,
        let next = current.regrouped(to: cut.flatMap(\.self))?
          .regrouped(to: joined.flatMap(\.self), limit: limit)
      {
        current = rows(next, named: name)
        stretches = joined.map { $0.filter { $0 > 1 } }
      } else if current.source == nil {
        current = materialized(current, named: name, as: .copy)
      } else {
        return nil
      }
    }
    return current.regrouped(to: target)
  }

  /// The largest divisor that is not beyond a bound.
  private static func divisor(of extent: Int, upTo bound: Int) -> Int {
    (1...max(1, min(bound, extent))).last { extent % $0 == 0 } ?? 1
  }

  /// The wire as rows, once for all places along axes that it does not depend on.
  private mutating func rows(_ wire: TensorView, named name: String) -> TensorView {
    let read = Set(wire.parts.flatMap(\.view.labels))
    var (small, windows) = (wire, wire.inPlace)
    for axis in wire.shape.indices where !read.contains(axis) {
      small.shape[axis] = 1
      windows[axis] = .fixed(0)
    }
    let rows = materialized(small, named: name, as: .copy)
    return rows.viewed(through: windows, shape: wire.shape) ?? rows
  }
}

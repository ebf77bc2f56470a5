/// Views that go through inputs: what a circuit is of a key and a statement together.
extension ConstraintSystem {
  /// The inputs that views go through, by number, each with the least extent that it leads along.
  ///
  /// - Complexity: linear in the circuit.
  package var indexExtents: [Int: Int] {
    var extents: [Int: Int] = [:]
    for block in blocks {
      for term in block.relation {
        for view in term.factors where view.isIndexed {
          for (window, extent) in zip(view.windows, shape(of: view.source) ?? []) {
            guard let input = window.through else { continue }
            extents[input] = min(extents[input] ?? extent, extent)
          }
        }
      }
    }
    return extents
  }

  /// What an input that has no block, or that views go through, may hold; nil of others.
  ///
  /// - Parameter extents: `indexExtents`.
  package func indexRange(of input: Int, _ extents: [Int: Int]) -> ClosedRange<Int64>? {
    let type = inputs[input].type.range ?? 0...0
    guard let extent = extents[input] else { return inputs[input].blocks.isEmpty ? type : nil }
    return 0...min(Int64(extent) - 1, type.upperBound)
  }

  /// The circuit of these inputs: what its views read is where they lead.
  ///
  /// - Parameter inputs: in order, those that views go through being within `indexRange`; others may be missing.
  package func reading(_ inputs: [CircuitIntegers?]) -> ConstraintSystem {
    let extents = indexExtents
    if extents.isEmpty { return self }
    var system = self
    for input in extents.keys where inputs.indices.contains(input) {
      system.indices[input] = inputs[input].map { $0.values.map { Int($0) } }
    }
    return system
  }

  /// Where an input leads to from a place of its integers.
  package func coordinate(through input: Int, at place: Int) -> Int {
    guard let integers = indices[input], integers.indices.contains(place) else { return 0 }
    return integers[place]
  }
}

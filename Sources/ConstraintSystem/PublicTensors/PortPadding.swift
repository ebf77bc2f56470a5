/// What stands behind a tensor that is shorter than its port along one axis. How many indices of the axis hold the
/// tensor, the count, stands in the statement, one of each inference.
///
/// Written down in docs/protocol/circuit.md#ports.
package struct PortPadding: Hashable, Sendable {
  /// Of the port's shape.
  package var axis: Int
  /// The runtime's integer in every cell whose index is the count or more.
  package var value: Int64

  package init(axis: Int, value: Int64) {
    self.axis = axis
    self.value = value
  }

  /// The same of as many tensors of a shape together.
  func batched(_ shape: [Int], _ count: Int) -> PortPadding {
    // A leading extent of one gives way, and is not the axis.
    count == 1 || shape.first == 1 ? self : PortPadding(axis: axis + 1, value: value)
  }
}

/// The cells of a padded port, row-major: of each inference `runs` runs of `capacity` indices of the axis, each of
/// `inner` cells, of which the count says how many indices are not padding.
package struct PaddedCells: Hashable, Sendable {
  package let runs: Int
  package let capacity: Int
  package let inner: Int
  /// The runtime's integer in the others.
  package let value: Int64
  /// Of each inference.
  package let counts: [Int]

  /// - Parameters:
  ///   - port: one whose shape has the axis.
  ///   - inferences: how many the port's shape is of.
  ///   - counts: of as many inferences as the tensor is of; all that there is room for unless given.
  /// - Returns: nil of a port that is not padded.
  package init?(_ port: Port, inferences: Int, counts: [Int]? = nil) {
    guard let padding = port.padding else { return nil }
    runs = port.shape[..<padding.axis].reduce(1, *) / inferences
    capacity = port.shape[padding.axis]
    inner = port.shape[(padding.axis + 1)...].reduce(1, *)
    value = padding.value
    self.counts = counts ?? [Int](repeating: capacity, count: inferences)
  }

  /// The axis of a block of the port that is the port's; nil where none is.
  package func axis(of block: Block, inferences: Int) -> Int? {
    var before = 1
    for (axis, extent) in block.shape.enumerated() {
      if before == runs * inferences, extent == capacity { return axis }
      before *= extent
    }
    return nil
  }

  /// How many cells are not padding.
  package var heldCount: Int { counts.reduce(0, +) * runs * inner }

  /// Calls `body` with the cells of each run up to the count, and those behind it.
  ///
  /// - Precondition: no count is above the capacity.
  private func forEachRun(_ body: (_ held: Range<Int>, _ rest: Range<Int>) -> Void) {
    var start = 0
    for count in counts {
      for _ in 0..<runs {
        let (middle, end) = (start + count * inner, start + capacity * inner)
        body(start..<middle, middle..<end)
        start = end
      }
    }
  }

  /// The first cell behind a count that is not padding.
  package func unpadded(_ integers: RuntimeIntegers) -> Int? {
    var found: Int?
    forEachRun { _, rest in found = found ?? rest.first { integers[$0] != value } }
    return found
  }

  /// The cells of a tensor, of any number, that are not padding.
  package func held(_ integers: RuntimeIntegers) -> [Int64] {
    let all = integers.values
    var values: [Int64] = []
    forEachRun { held, _ in values += all[held.clamped(to: all.indices)] }
    return values
  }

  /// The tensor of which these cells, `heldCount` of them, are not padding.
  package func filled(_ values: [Int64]) -> RuntimeIntegers {
    var (all, read) = ([Int64](), 0)
    forEachRun { held, rest in
      all += values[read..<read + held.count]
      all += repeatElement(value, count: rest.count)
      read += held.count
    }
    return RuntimeIntegers(all)
  }
}

extension ConstraintSystem {
  /// The padded ports, inputs first: counts stand in this order.
  package var paddedPorts: [Port] { (inputs + outputs).filter { $0.padding != nil } }

  /// Whether these are counts of the padded ports.
  ///
  /// - Parameter number: of inferences that they are of.
  package func fits(_ counts: [[Int]], inferences number: Int) -> Bool {
    let ports = paddedPorts
    return counts.count == ports.count
      && zip(ports, counts).allSatisfy { port, counts in
        let most = port.padding.map { port.shape[$0.axis] } ?? 0
        return counts.count == number && counts.allSatisfy((0...most).contains)
      }
  }

  /// The counts of tensors as long as they can be.
  package var fullCounts: [[Int]] {
    paddedPorts.compactMap { PaddedCells($0, inferences: inferences)?.counts }
  }

  /// Each port, inputs first, with its cells; nil of one that is not padded.
  ///
  /// - Parameter counts: that fit, of as many inferences as there are tensors of.
  package func withCells(_ counts: [[Int]]) -> [(port: Port, cells: PaddedCells?)] {
    var rest = counts.makeIterator()
    return (inputs + outputs).map { port in
      port.padding == nil
        ? (port, nil)
        : (port, PaddedCells(port, inferences: inferences, counts: rest.next() ?? []))
    }
  }
}

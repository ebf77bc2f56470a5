import ConstraintSystem

/// The largest or the smallest of values by comparing two at a time:
/// max(a, b) = b + relu(a − b) and min(a, b) = b − relu(b − a), a wire of what b reads and a block of differences.
package struct PairwiseExtremum {
  private let isMaximum: Bool
  private let span: Int64
  private let name: String

  /// - Parameters:
  ///   - span: the largest difference of two values.
  ///   - name: of the layer.
  package init(isMaximum: Bool, span: Int64, name: String) {
    self.isMaximum = isMaximum
    self.span = span
    self.name = name
  }

  /// Of wires over the same extents, value by value: a block for each but the first. What the wire reads
  /// may lie beyond the values' range as far as the compiler can tell: rows that hold it have that range again.
  package func of<Builder: CircuitBuilder>(
    _ wires: [TensorView], into builder: inout Builder
  ) -> TensorView {
    guard var running = wires.first else { return TensorView(shape: [0], parts: []) }
    let sign: Int64 = isMaximum ? 1 : -1
    for next in wires.dropFirst() {
      var wire = next
      if running.parts.count + wire.parts.count > Limits.viewsPerLayer {
        running = builder.materialized(running, named: name, as: .copy)
        if wire.parts.count >= Limits.viewsPerLayer {
          wire = builder.materialized(wire, named: name, as: .copy)
        }
      }
      let difference = builder.block(
        name, as: .difference, shape: wire.shape,
        relation: builder.terms(sign, over: wire.shape, .inPlace(running), named: name)
          + builder.terms(-sign, over: wire.shape, .inPlace(wire), named: name),
        multiplier: .identity, activation: .clamp(0...span))
      let change = difference.parts.map { part in
        TensorView.Part(coefficient: sign, view: part.view, extents: part.extents)
      }
      running = TensorView(shape: wire.shape, parts: wire.parts + change)
    }
    return running
  }

  /// Along some axes, which are left with extent 1.
  ///
  /// An axis of n values is halved, or cut into a few equal pieces, again and again; a value may stand in two pieces,
  /// since it is no larger than itself. So n values take about as many rows and few blocks.
  package func along<Builder: CircuitBuilder>(
    _ axes: [Int], of wire: TensorView, into builder: inout Builder
  ) -> TensorView {
    var running = wire
    for axis in axes {
      for pieces in Self.pieces(of: running.shape[axis]) {
        if running.parts.count > Self.mostParts {
          running = builder.materialized(running, named: name, as: .copy)
        }
        var shape = running.shape
        let beyond = shape[axis] - pieces.extent
        shape[axis] = pieces.extent
        let wires = (0..<pieces.count).map { piece in
          var windows = running.inPlace
          windows[axis].constant = piece * beyond / (pieces.count - 1)
          return builder.view(running, through: windows, shape: shape, named: name)
        }
        running = of(wires, into: &builder)
      }
    }
    return running
  }

  /// Views that are added up before they become rows, so that a comparison of two such sums stays far from the
  /// most that a block may read.
  private static let mostParts = 16
  private static let mostPieces = 8

  /// Into how many pieces an axis is cut and how long they are, until it has one value left: what takes the
  /// fewest rows, and of those the fewest blocks.
  package static func pieces(of extent: Int) -> [(count: Int, extent: Int)] {
    var best: [Int: (rows: Int, blocks: Int, count: Int)] = [1: (0, 0, 1)]
    func cost(_ extent: Int) -> (rows: Int, blocks: Int, count: Int) {
      if let known = best[extent] { return known }
      var result = (rows: Int.max, blocks: Int.max, count: 2)
      for count in 2...mostPieces {
        let length = (extent + count - 1) / count
        let rest = cost(length)
        let (rows, blocks) = ((count - 1) * length + rest.rows, count - 1 + rest.blocks)
        if (rows, blocks) < (result.rows, result.blocks) { result = (rows, blocks, count) }
      }
      best[extent] = result
      return result
    }
    var (pieces, rest) = ([(count: Int, extent: Int)](), extent)
    while rest > 1 {
      let count = cost(rest).count
      rest = (rest + count - 1) / count
      pieces.append((count, rest))
    }
    return pieces
  }
}

extension NodeTensors {
  /// From the largest or smallest integer of the input to the output's: as it stands, or where a
  /// QuantizeLinear after onnxruntime's float kernel has another scale, by that.
  func extremumStep(
    _ label: String, _ range: RealRange = .unbounded, isTFLite: Bool
  ) throws(ModelError) -> Requantization {
    let (input, output) = (try self.input(0, "input").affine(node), try output.affine(node))
    if isTFLite { try requireEqualQuantization(label) }
    return try Requantization(
      self, range, rescale: try rescale(input.scale, to: output.scale, by: .onnxruntime))
  }
}

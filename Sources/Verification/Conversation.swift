package import Arguments
import ConstraintSystem
import Field
import Polynomial
import Compute
package import Transcript

/// The middle of a proof, from the verifier's chair: everything between the commitments and the
/// opening, over any channel.
package enum Conversation {
  /// A public tensor with the zero point removed, on its block.
  package struct PublicTensor: Sendable {
    package let block: Int
    package let values: [Int64]
    package init(block: Int, values: [Int64]) {
      self.block = block
      self.values = values
    }
  }

  /// Runs B's end, the public tensors and C over claims of A; the prover calls the parts in turn.
  package static func verify<C: Channel>(
    _ shape: Shape, lookup: RowCheck.Lookup, publics: [PublicTensor], over channel: inout C
  ) throws(ProofError) -> ClaimBatch.Outcome {
    let rows = try RowCheck.verify(shape, lookup: lookup, over: &channel)
    var claims = rows.claims
    claims += try Relations.verify(shape, rows: rows, over: &channel)
    claims += publicClaims(shape, publics, over: &channel)
    return try ClaimBatch.verify(claims, shape: shape, rows: rows, over: &channel)
  }

  /// One claim per public tensor: its extension at a random point is that of the y it stands for.
  package static func publicClaims<C: Channel>(
    _ shape: Shape, _ publics: [PublicTensor], over channel: inout C
  ) -> [Claim] {
    publics.map { tensor in
      let block = shape.system.blocks[tensor.block]
      let point = channel.challenges(block.bits, .publicPoint)
      var position = 0
      let axes = zip(block.shape, block.axisBits).map { extent, bits in
        let part = point[position..<position + bits]
        position += bits
        Meter.count(overKey: extent)
        return TensorWeights.Axis(bits: bits, weights: Equality.prefix(part, count: extent))
      }
      return Claim(
        Form(value(tensor.values, weighedBy: axes.map(\.weights))),
        [Functional(.output, .tensor(TensorWeights(offset: block.offset, axes: axes)))])
    }
  }

  /// Σ Π_axes weight · cell, one axis after another, the last first.
  ///
  /// - Complexity: a product with an integer for each cell, and one of field elements for each run of them
  ///   along the last axis.
  private static func value(_ cells: [Int64], weighedBy axes: [[Fr]]) -> Fr {
    guard let last = axes.last, !last.isEmpty else { return cells.first.map { Fr($0) } ?? .zero }
    var values = stride(from: 0, to: cells.count, by: last.count).map { start in
      var sum = SmallAccumulator()
      for (weight, cell) in zip(last, cells[start...]) { sum.add(weight, small: cell) }
      return sum.value
    }
    for weights in axes.dropLast().reversed() {
      values = stride(from: 0, to: values.count, by: weights.count).map { start in
        var sum = FrAccumulator()
        for (place, weight) in weights.enumerated() { sum.add(weight, values[start + place]) }
        return sum.value
      }
    }
    return values.first ?? .zero
  }

  /// The messages and pad products of every proof under a key.
  package static func plan(_ shape: Shape) -> PadPlan {
    var channel = PlanningChannel()
    let drawn = channel.challenges(2, .lookup)
    let system = shape.system
    let ports = (system.inputs + system.outputs).filter { $0.visibility == .public }
    // What is asked for does not depend on the values, of which there may be millions.
    let publics = ports.map { PublicTensor(block: $0.block, values: []) }
    guard
      let lookup = RowCheck.Lookup(
        alpha: drawn[0], beta: drawn[1], parameters: system.parameters),
      (try? verify(shape, lookup: lookup, publics: publics, over: &channel)) != nil
    else { preconditionFailure("planning reads no proof, so nothing can be refused") }
    return channel.plan
  }
}

package import ConstraintSystem
import Field
import Compute
import Polynomial
package import Transcript

/// A tensor that the statement tells: the y of a block.
package struct PublicTensor: Sendable {
  package let block: Int
  package let values: CircuitIntegers

  package init(block: Int, values: CircuitIntegers) {
    self.block = block
    self.values = values
  }
}

// Public tensors: the y of a block are the values that the statement tells.
//
//   known       the values, absorbed before any challenge;  y, committed to before the points
//   V → P       a point of the block's variables, per tensor;  the prover has nothing to answer
//   owes        per tensor the claim returned: the extension of y there is that of the values,
//               which the verifier computes
//   soundness   n / |F| for a block of n variables: where y and the values differ, so do their
//               extensions at a random point but for that
package enum PublicTensorArgument {
  package static func verify<C: Channel>(
    _ shape: CircuitDimensions, tensors: [PublicTensor], over channel: inout C
  ) -> [LinearClaim] {
    tensors.map { tensor in
      let block = shape.system.blocks[tensor.block]
      let point = channel.challenges(block.bits, .publicPoint)
      var position = 0
      let axes = zip(block.shape, block.axisBits).map { extent, bits in
        let part = point[position..<position + bits]
        position += bits
        OperationCounter.count(overKey: extent)
        return TensorWeights.Axis(bits: bits, weights: Equality.prefix(part, count: extent))
      }
      return LinearClaim(
        MaskedValue(value(tensor.values.values, weighedBy: axes.map(\.weights))),
        [LinearFunctional(.output, .tensor(TensorWeights(offset: block.offset, axes: axes)))])
    }
  }

  /// Draws the points that the verifier draws.
  package static func prove(
    _ shape: CircuitDimensions, tensors: [PublicTensor], over channel: inout ProverChannel
  ) {
    for tensor in tensors {
      _ = channel.challenges(shape.system.blocks[tensor.block].bits, .publicPoint)
    }
  }

  /// Σ Π_axes weight · cell, one axis after another, the last first.
  ///
  /// - Complexity: a product with an integer for each cell, and one of field elements for each run
  ///   of them along the last axis.
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
}

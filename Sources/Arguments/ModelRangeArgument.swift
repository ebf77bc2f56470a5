import ConstraintSystem
import Field
import Compute
import Polynomial
package import Transcript

// Model ranges: every cell of a tensor of the model is the number that its digits make.
//
//   known       the model's rows, committed to in the key;  the digits, committed to before x;  that every
//               digit is an integer of its range, by the row argument
//   V → P       x;  the prover has nothing to answer
//   owes        per tensor the claim returned: Σᵢ xⁱ·(cellᵢ − Σⱼ 2^(12j)·digit_{j,i}) = 0, i row-major
//   soundness   (cells of a tensor) / |F|: a cell that is another field element than its digits make leaves a
//               polynomial in x that is not zero
//
// Written down in docs/protocol/key-proofs.md#claims.
package enum ModelRangeArgument {
  package static func verify<C: Channel>(
    _ shape: CircuitDimensions, over channel: inout C
  ) -> [LinearClaim] {
    guard !shape.ranges.isEmpty else { return [] }
    let x = channel.challenge(.modelRanges)
    let system = shape.system
    return shape.ranges.map { range in
      let tensor = system.tensors[range.tensor]
      let axes = TensorWeights.powers(of: x, over: tensor.shape)
      var functionals = [
        LinearFunctional(.model, .tensor(TensorWeights(offset: tensor.offset, axes: axes)))
      ]
      for (place, block) in range.digits.enumerated() {
        functionals.append(
          LinearFunctional(
            .output, .tensor(TensorWeights(offset: system.blocks[block].offset, axes: axes)),
            coefficient: -Fr(UInt64(1) << UInt64(place * ModelRange.digitBits))))
      }
      return LinearClaim(.zero, functionals)
    }
  }

  /// Draws the challenge that the verifier draws.
  package static func prove(_ shape: CircuitDimensions, over channel: inout ProverChannel) {
    if !shape.ranges.isEmpty { _ = channel.challenge(.modelRanges) }
  }
}

extension TensorWeights {
  /// xⁱ for the cells of a tensor, i row-major without padding, axis by axis.
  ///
  /// - Complexity: a product for each index of each axis.
  static func powers(of x: Fr, over shape: [Int]) -> [Axis] {
    var (axes, base) = ([Axis](), x)
    for extent in shape.reversed() {
      var weights = [Fr.one]
      while weights.count < extent { weights.append((weights.last ?? .one) * base) }
      base *= weights.last ?? .one
      OperationCounter.count(overKey: extent + 1)
      axes.append(Axis(bits: ceilLog2(extent), weights: weights))
    }
    return axes.reversed()
  }
}

import ConstraintSystem
import Field
import Compute
import Polynomial
package import Transcript

// Model ranges: every cell of a tensor of the model is the number that its digits make; a sign is 2·digit − 1,
// and of a one-hot tensor each row along the last axis sums to one.
//
//   known       the model's rows, committed to in the key;  the digits, committed to before x;  that every
//               digit is an integer of its range, by the row argument
//   V → P       x;  the prover has nothing to answer
//   owes        per tensor the claim returned: Σᵢ xⁱ·(cellᵢ − Σⱼ 2^(12j)·digit_{j,i}) = 0, i row-major;
//               of signs Σᵢ xⁱ·(cellᵢ − 2·digitᵢ) = −Σᵢ xⁱ;  of a one-hot tensor besides
//               Σᵣ xʳ·Σₖ cell_{r,k} = Σᵣ xʳ over its rows r
//   soundness   (cells of a tensor) / |F| a claim: a cell that is another field element than its digits make, or
//               a row with another sum, leaves a polynomial in x that is not zero
//
// Written down in docs/protocol/key-proofs.md#claims.
package enum ModelRangeArgument {
  package static func verify<C: Channel>(
    _ shape: CircuitDimensions, over channel: inout C
  ) -> [LinearClaim] {
    guard !shape.ranges.isEmpty else { return [] }
    let x = channel.challenge(.modelRanges)
    let system = shape.system
    return shape.ranges.flatMap { range in
      let tensor = system.tensors[range.tensor]
      let axes = TensorWeights.powers(of: x, over: tensor.shape)
      var functionals = [
        LinearFunctional(.model, .tensor(TensorWeights(offset: tensor.offset, axes: axes)))
      ]
      let isSign = tensor.type == .sign
      for (place, block) in range.digits.enumerated() {
        let unit = isSign ? 2 : UInt64(1) << UInt64(place * ModelRange.digitBits)
        functionals.append(
          LinearFunctional(
            .output, .tensor(TensorWeights(offset: system.blocks[block].offset, axes: axes)),
            coefficient: -Fr(unit)))
      }
      let value = isSign ? MaskedValue(-total(axes)) : .zero
      let claim = LinearClaim(value, functionals)
      return tensor.type == .oneHot ? [claim, rows(of: tensor, x)] : [claim]
    }
  }

  /// Each row of a tensor along its last axis sums to one.
  private static func rows(of tensor: ModelTensor, _ x: Fr) -> LinearClaim {
    let powers = TensorWeights.powers(of: x, over: Array(tensor.shape.dropLast()))
    var axes = powers
    if let last = tensor.shape.last {
      axes.append(
        TensorWeights.Axis(bits: ceilLog2(last), weights: [Fr](repeating: .one, count: last)))
    }
    let weights = TensorWeights(offset: tensor.offset, axes: axes)
    return LinearClaim(
      MaskedValue(total(powers)), [LinearFunctional(.model, .tensor(weights))])
  }

  /// The sum of all weights.
  private static func total(_ axes: [TensorWeights.Axis]) -> Fr {
    OperationCounter.count(overKey: axes.count)
    return axes.reduce(.one) { $0 * $1.weights.reduce(.zero, +) }
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

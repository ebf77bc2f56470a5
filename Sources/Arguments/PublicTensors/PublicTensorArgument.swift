package import ConstraintSystem
import Field
import Polynomial
package import Transcript

/// A tensor that the statement tells: the y of a block.
///
/// Written down in docs/protocol/arguments.md#public-tensors.
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
//   known       the values, each one that its block can have, absorbed before any challenge;  y, committed
//               to before x
//   words       cells side by side are one number to a base B, of `PublicWords`
//   V → P       x;  the prover has nothing to answer
//   owes        per tensor the claim returned: Σ_w xʷ Σᵢ Bⁱ·y_{w,i} is what the verifier computes of the
//               values
//   soundness   (words of a tensor) / |F|: where y and the values differ, so does a word, and then the sums
//               do at a random x but for that. A word that is right has its cells right: the differences of
//               two cells that a block can have are below B in magnitude, so that Σᵢ Bⁱ·δᵢ is zero in F,
//               being below p, only if it is of integers, and then every δᵢ is from the least i on
package enum PublicTensorArgument {
  package static func verify<C: Channel>(
    _ shape: CircuitDimensions, tensors: [PublicTensor], over channel: inout C
  ) -> [LinearClaim] {
    guard !tensors.isEmpty else { return [] }
    let x = channel.challenge(.publicWords)
    return tensors.map { tensor in
      let block = shape.system.blocks[tensor.block]
      let words = PublicWords(block, of: shape.system)
      let axes = words.weights(at: x)
      return LinearClaim(
        MaskedValue(words.value(tensor.values.values, at: x, weighedBy: axes)),
        [LinearFunctional(.output, .tensor(TensorWeights(offset: block.offset, axes: axes)))])
    }
  }

  /// Draws the challenge that the verifier draws.
  package static func prove(tensors: [PublicTensor], over channel: inout ProverChannel) {
    if !tensors.isEmpty { _ = channel.challenge(.publicWords) }
  }
}

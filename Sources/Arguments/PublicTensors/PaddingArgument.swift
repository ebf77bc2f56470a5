package import ConstraintSystem
import Compute
import Field
import Polynomial
package import Transcript

/// The counts of a block of a padded port whose tensor the statement does not tell.
///
/// Written down in docs/protocol/arguments.md#padding.
package struct PaddedTensor: Sendable {
  package let block: Int
  /// The block's axis that is padded.
  package let axis: Int
  /// Of each inference, how many indices of the axis are not padding.
  package let counts: [Int]
  /// y of the others.
  package let value: Int64

  /// - Parameters:
  ///   - cells: of a port of a valid circuit, which has the block.
  ///   - value: y of what is padding.
  package init?(_ block: Int, _ cells: PaddedCells, in system: ConstraintSystem, value: Int64) {
    guard let axis = cells.axis(of: system.blocks[block], inferences: system.inferences) else {
      return nil
    }
    self.block = block
    self.axis = axis
    counts = cells.counts
    self.value = value
  }
}

// Padding: of a port that is hidden, the y of a block behind the count is what the key says.
//
//   known       counts, absorbed before any challenge;  y, committed to before x
//   V → P       x;  the prover has nothing to answer
//   owes        per block the claim returned: Σᵢ xⁱ·yᵢ = value · Σᵢ xⁱ over the cells i behind the counts, row-major
//   soundness   (cells of a block) / |F|: a cell there that is not the value leaves a polynomial in x that is
//               not zero
//
// Of a public port the whole tensor is known, padding included: PublicTensorArgument says it all.
package enum PaddingArgument {
  package static func verify<C: Channel>(
    _ shape: CircuitDimensions, tensors: [PaddedTensor], over channel: inout C
  ) -> [LinearClaim] {
    guard !tensors.isEmpty else { return [] }
    let x = channel.challenge(.padding)
    return tensors.map { tensor in
      let block = shape.system.blocks[tensor.block]
      let powers = TensorWeights.powers(of: x, over: block.shape)
      var (sum, functionals) = (Fr.zero, [LinearFunctional]())
      for (inference, count) in tensor.counts.enumerated()
      where count < block.shape[tensor.axis] {
        var axes = powers
        if tensor.counts.count > 1 {
          axes[0].first = inference
          axes[0].weights = [powers[0].weights[inference]]
        }
        axes[tensor.axis].first = count
        axes[tensor.axis].weights = Array(powers[tensor.axis].weights[count...])
        sum += axes.reduce(.one) { $0 * $1.weights.reduce(.zero, +) }
        OperationCounter.count(overKey: axes.count)
        functionals.append(
          LinearFunctional(.output, .tensor(TensorWeights(offset: block.offset, axes: axes))))
      }
      return LinearClaim(MaskedValue(sum * Fr(tensor.value)), functionals)
    }
  }

  /// Draws the challenge that the verifier draws.
  package static func prove(tensors: [PaddedTensor], over channel: inout ProverChannel) {
    if !tensors.isEmpty { _ = channel.challenge(.padding) }
  }
}

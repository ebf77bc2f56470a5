import ConstraintSystem
import Model

extension TFLiteDraft {
  /// Computes a node that no input of the network has a part in: weights that are stored in fewer bits.
  ///
  /// - Returns: whether the node is done with.
  mutating func folds(_ node: Draft) throws(ModelError) -> Bool {
    guard node.type == "DEQUANTIZE", node.outputs.count == 1, let input = node.inputs.first ?? nil,
      let reals = tensors[input].reals
    else { return false }
    let output = node.outputs[0]
    try settle(output, tensors[input].shape)
    (tensors[output].type, tensors[output].constant) = (.float32, .real(reals))
    return true
  }
}

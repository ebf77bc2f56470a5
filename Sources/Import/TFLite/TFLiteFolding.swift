import ConstraintSystem
import Model

extension TFLiteDraft {
  /// Computes a node that no input of the network has a part in: weights that are stored in fewer bits.
  ///
  /// - Returns: whether the node is done with.
  /// - Throws: where nodes would make more numbers than the size of the file allows.
  mutating func folds(_ node: Draft) throws(ModelError) -> Bool {
    guard node.type == "DEQUANTIZE", node.outputs.count == 1, let input = node.inputs.first ?? nil,
      let count = tensors[input].constant?.count
    else { return false }
    try spend(2 * count, at: node)
    guard let reals = tensors[input].reals else { return false }
    let output = node.outputs[0]
    try settle(output, tensors[input].shape)
    (tensors[output].type, tensors[output].constant) = (.float32, .real(reals))
    return true
  }

  /// Counts numbers before they are read or made.
  private mutating func spend(_ count: Int, at node: Draft) throws(ModelError) {
    guard count <= budget else {
      // Whatever comes next is refused before it is computed.
      budget = 0
      throw .unsupported(
        node: node.name, what: "the constants that are computed hold too many numbers",
        remedy: "store results as constants")
    }
    budget -= count
  }
}

import ConstraintSystem

/// What is true or false in a quantized graph has no scale in its file: it is 1 or 0 at a scale of 1, also where
/// it is moved to other places.
package enum AnnotateTruths {
  package static func run(_ graph: inout Graph) {
    let isQuantized = graph.tensors.contains { $0.quantization != nil && $0.constant == nil }
    guard isQuantized else { return }
    var truths: Set<Int> = []
    for node in graph.nodes {
      guard let output = node.outputs.first, graph.tensors[output].quantization == nil else {
        continue
      }
      let isMoved =
        node.operator.passesIntegers
        && (node.inputs.first ?? nil).map(truths.contains) ?? false
      guard node.operator.makesTruth || isMoved else { continue }
      graph.tensors[output].type = .uint8
      graph.tensors[output].quantization = .truth
      truths.insert(output)
    }
  }
}

import ConstraintSystem

/// A stretch of a float graph that computes a function of one value of one tensor, by itself, becomes one table:
/// Gelu as exporters write it (Div, Erf, Add, Mul, Mul), x · Sigmoid(x), HardSwish from Clip, and the like.
///
/// Sums, products with constants and clamps alone stay what they are: layers take them in.
package enum FuseElementwise {
  /// Of an expression; longer ones stay separate.
  private static let largest = 64

  package static func run(_ graph: inout Graph) {
    var found: [Int: (root: Int, expression: Expression, nodes: Set<Int>)] = [:]
    var readers: [Int: Set<Int>] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for input in node.inputs.compactMap(\.self) { readers[input, default: []].insert(index) }
    }
    for (index, node) in graph.nodes.enumerated() {
      // Its operands are looked at only where it is one that has an expression at all.
      guard node.operator.expression(node.inputs.map { _ in .x }) != nil,
        let output = node.outputs.first, graph.tensors[output].quantization == nil
      else { continue }
      // The tensor that it is a function of: what its operands go back to, or an operand itself.
      let activations = Set(
        node.inputs.compactMap(\.self).filter { graph.tensors[$0].constant == nil })
      let roots = Set(activations.map { found[$0]?.root ?? $0 })
      for root in roots.count == 1 ? [roots, activations] : [activations] where root.count == 1 {
        guard let tensor = root.first, graph.tensors[tensor].quantization == nil else { continue }
        var nodes: Set<Int> = [index]
        let operands = node.inputs.compactMap { input -> Expression? in
          guard let input else { return nil }
          if input == tensor { return .x }
          if let values = graph.tensors[input].reals {
            return values.count == 1 ? .constant(values[0]) : nil
          }
          guard let inner = found[input], inner.root == tensor else { return nil }
          nodes.formUnion(inner.nodes)
          return inner.expression
        }
        guard operands.count == node.inputs.count,
          let expression = node.operator.expression(operands), expression.size <= largest,
          graph.tensors[output].shape == graph.tensors[tensor].shape
        else { continue }
        found[output] = (tensor, expression, nodes)
        break
      }
    }
    for (index, node) in graph.nodes.enumerated().reversed() {
      guard let output = node.outputs.first, let (root, expression, nodes) = found[output],
        nodes.count > 1, !expression.isPiecewiseLinear,
        // Nobody else reads what is inside.
        nodes.allSatisfy({ inner in
          inner == index
            || graph.nodes[inner].outputs.allSatisfy {
              !graph.outputs.contains($0) && nodes.isSuperset(of: readers[$0] ?? [])
            }
        })
      else { continue }
      graph.nodes[index] = Node(
        name: node.name, operator: Elementwise(expression), inputs: [root], outputs: node.outputs)
      for inner in nodes { for output in graph.nodes[inner].outputs { found[output] = nil } }
    }
    graph.removeDeadNodes()
  }
}

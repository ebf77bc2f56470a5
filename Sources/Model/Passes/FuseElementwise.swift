import ConstraintSystem

/// A stretch of a graph that computes a function of one value of one tensor, by itself, becomes one table: Gelu
/// as exporters write it (Div, Erf, Add, Mul, Mul), x · Sigmoid(x), HardSwish from Clip, Where(x > 0, x, 0.1·x),
/// and the like.
///
/// In float, sums, products with constants and clamps alone stay what they are: layers take them in. Between a
/// DequantizeLinear and a QuantizeLinear such a stretch is a function of one byte in single precision, whatever
/// it is made of; an operator that reads integers alone stays, since runtimes have their own for it. So it is between
/// QONNX's quantizers, where layers have taken in before what they take in.
package enum FuseElementwise {
  /// Of an expression; longer ones stay separate.
  private static let largest = 64

  private struct Stretch {
    /// The tensor that it is a function of.
    var root: Int
    var expression: Expression
    var nodes: Set<Int>
    /// Whether a node of it reads a constant of reals.
    var readsReals: Bool
  }

  package static func run(_ graph: inout Graph) {
    let found = stretches(graph)
    var readers: [Int: Set<Int>] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for input in node.inputs.compactMap(\.self) { readers[input, default: []].insert(index) }
    }
    var taken: Set<Int> = []
    for (index, node) in graph.nodes.enumerated().reversed() {
      guard !taken.contains(index), let output = node.outputs.first, let stretch = found[output],
        isTable(stretch, in: graph),
        // Nobody else reads what is inside.
        stretch.nodes.allSatisfy({ inner in
          inner == index
            || graph.nodes[inner].outputs.allSatisfy {
              !graph.outputs.contains($0) && stretch.nodes.isSuperset(of: readers[$0] ?? [])
            }
        })
      else { continue }
      graph.nodes[index] = Node(
        name: node.name, operator: Elementwise(stretch.expression), inputs: [stretch.root],
        outputs: node.outputs)
      taken.formUnion(stretch.nodes)
    }
    graph.removeDeadNodes()
  }

  /// Whether it is one that its operators have no rows of their own for, or more of them.
  private static func isTable(_ stretch: Stretch, in graph: Graph) -> Bool {
    guard stretch.nodes.count > 1 || stretch.readsReals else { return false }
    return !stretch.expression.isPiecewiseLinear
      || graph.tensors[stretch.root].quantization != nil || graph.arithmetic == .exact
  }

  /// By tensor, what it is a function of one value of.
  private static func stretches(_ graph: Graph) -> [Int: Stretch] {
    var found: [Int: Stretch] = [:]
    for (index, node) in graph.nodes.enumerated() {
      // Its operands are looked at only where it is one that has an expression at all.
      guard node.operator.expression(node.inputs.map { _ in .x }) != nil,
        let output = node.outputs.first
      else { continue }
      let activations = Set(
        node.inputs.compactMap(\.self).filter { graph.tensors[$0].constant == nil })
      // What is inside of a stretch is no integer of the network.
      var inner: [Int: Stretch] = [:]
      for tensor in activations where graph.tensors[tensor].quantization == nil {
        inner[tensor] = found[tensor]
      }
      // The tensor that it is a function of: what its operands go back to, or an operand itself.
      let roots = Set(activations.map { inner[$0]?.root ?? $0 })
      for root in roots.count == 1 ? [roots, activations] : [activations] where root.count == 1 {
        guard let tensor = root.first,
          graph.tensors[output].shape == graph.tensors[tensor].shape,
          let stretch = stretch(index, of: tensor, inner, in: graph)
        else { continue }
        found[output] = stretch
        break
      }
    }
    return found
  }

  private static func stretch(
    _ index: Int, of root: Int, _ inner: [Int: Stretch], in graph: Graph
  ) -> Stretch? {
    let node = graph.nodes[index]
    var stretch = Stretch(root: root, expression: .x, nodes: [index], readsReals: false)
    var operands: [Expression] = []
    for input in node.inputs {
      guard let input else { return nil }
      if input == root {
        operands.append(.x)
      } else if let values = graph.tensors[input].reals {
        guard values.count == 1 else { return nil }
        operands.append(.constant(values[0]))
        if graph.tensors[input].quantization == nil { stretch.readsReals = true }
      } else if let part = inner[input], part.root == root {
        operands.append(part.expression)
        stretch.nodes.formUnion(part.nodes)
        stretch.readsReals = stretch.readsReals || part.readsReals
      } else {
        return nil
      }
    }
    guard let expression = node.operator.expression(operands), expression.size <= largest else {
      return nil
    }
    stretch.expression = expression
    return stretch
  }
}

import ConstraintSystem

/// The way from a tensor that is proven to an output of the network: the nodes that are computed in public
/// after the proof.
struct FinalChain {
  /// The proven tensor.
  private(set) var source: Int
  /// What a user gets of it, in order.
  private(set) var steps: [FinalStep] = []
  /// A function of the reals of `source`, before the steps.
  private var function: Expression?
  /// Of the node that it begins with.
  private var functionNode = ""
  /// Of a function: each is taken 256 times.
  private static let largest = 1 << 10
  /// In nodes, of which some are no step.
  private static let longest = 1 << 7

  /// - Parameters:
  ///   - makers: by tensor, the first node that writes it.
  ///   - isQuantized: whether what is proven of the graph is quantized already, so that what is still in
  ///     reals cannot be.
  init(
    to output: Int, in graph: Graph, _ makers: [Int: Int], isQuantized: Bool
  ) throws(ModelError) {
    source = output
    // The chain up to the last node that cannot be proven: those before it can.
    var ends = self
    var length = 0
    while let index = makers[source], graph.isInPlace(graph.nodes[index]) {
      let node = graph.nodes[index]
      let isReal = isQuantized && graph.tensors[source].isReal
      guard let mustBePublic = try prepend(node, in: graph, isReal: isReal) else { break }
      length += 1
      guard steps.count <= Limits.finalSteps, length <= Self.longest else {
        if mustBePublic { throw .finalSteps }
        break
      }
      if mustBePublic { ends = self }
    }
    self = ends
  }

  /// Puts a node before the chain.
  ///
  /// - Parameter isReal: whether what it makes cannot be proven for being in reals.
  /// - Returns: whether it cannot be proven; nil where it can be no public step.
  private mutating func prepend(
    _ node: Node, in graph: Graph, isReal: Bool
  ) throws(ModelError) -> Bool? {
    guard let first = node.inputs.first, let input = first else { return nil }
    let tensors = graph.tensors(of: node)
    if let own = try node.operator.finalSteps(tensors) {
      if function != nil, own == [.dequantize] {
        steps = try functionSteps(of: graph.tensors[input], at: node.name) + steps
        function = nil
      } else {
        try flushFunction()
        steps = own + steps
      }
      source = input
      return true
    }
    if isReal, let (own, activation) = expression(of: node, in: graph) {
      if function == nil { functionNode = node.name }
      guard own.size * (function?.size ?? 1) <= Self.largest else {
        throw .unsupported(
          node: node.name, what: "a function of more than \(Self.largest) steps",
          remedy: "leave it to who reads the output")
      }
      function = function?.substituting(own) ?? own
      source = activation
      guard graph.tensors[activation].quantization != nil else { return true }
      steps = try functionSteps(of: graph.tensors[activation], at: node.name) + steps
      function = nil
      return true
    }
    guard let own = try node.operator.followingSteps(tensors) else { return nil }
    // Moving values and taking a function of each are done in either order.
    if function != nil, own.contains(where: { !$0.movesValues }) { try flushFunction() }
    steps = own + steps
    source = input
    return isReal
  }

  /// What a node makes of each value of the one activation that it reads, and which that is.
  private func expression(of node: Node, in graph: Graph) -> (Expression, activation: Int)? {
    let activations = Set(
      node.inputs.compactMap(\.self).filter { graph.tensors[$0].constant == nil })
    guard let activation = activations.first, activations.count == 1,
      let output = node.outputs.first,
      graph.tensors[output].shape == graph.tensors[activation].shape
    else { return nil }
    var operands: [Expression] = []
    for input in node.inputs {
      guard let input else { return nil }
      if input == activation {
        operands.append(.x)
      } else if let values = graph.tensors[input].reals, values.count == 1 {
        operands.append(.constant(values[0]))
      } else {
        return nil
      }
    }
    return node.operator.expression(operands).map { ($0, activation) }
  }

  /// The function of a quantized tensor: by name, or as the real that each of its integers becomes.
  private func functionSteps(
    of tensor: Tensor, at node: String
  ) throws(ModelError) -> [FinalStep] {
    guard let function else { return [] }
    if let named = function.finalStep { return [.dequantize, named] }
    let affine = try tensor.affine(node)
    var images: [Float] = []
    for integer in affine.range {
      let image = function(affine.dequantize(integer))
      guard !image.isNaN else {
        throw .unsupported(
          node: functionNode, what: "a function that has no value at \(affine.dequantize(integer))",
          remedy: "clip its input to where it has one")
      }
      images.append(image)
    }
    return [.table(images)]
  }

  /// The function behind a step that makes reals.
  private mutating func flushFunction() throws(ModelError) {
    guard let function else { return }
    guard let named = function.finalStep else {
      throw .unsupported(
        node: functionNode, what: "a function of reals that a last step makes",
        remedy: "leave it to who reads the output; Sigmoid and Tanh are possible there")
    }
    steps = [named] + steps
    self.function = nil
  }
}

extension Graph {
  /// Whether any of its tensors is quantized: it is then no network to be quantized here.
  var isQuantized: Bool { tensors.contains { $0.quantization != nil } }
}

extension Tensor {
  /// Whether its values are reals that stand for no integers.
  var isReal: Bool { type == .float32 && quantization == nil }
}

extension Expression {
  /// The step that has it by name.
  fileprivate var finalStep: FinalStep? {
    switch self {
    case .lookup(.logistic, .x): .sigmoid
    case .lookup(.tanh, .x): .tanh
    default: nil
    }
  }
}

extension FinalStep {
  fileprivate var movesValues: Bool {
    switch self {
    case .reshape, .transpose: true
    default: false
    }
  }
}

package import ConstraintSystem

/// A quantized graph, split at its public ends: what is proven are integers; quantizing a float
/// input comes before it, softmax, argmax and dequantization of the output come after it.
package struct IntegerNetwork: Sendable {
  /// From integer inputs to integer outputs; every activation is quantized.
  package var graph: Graph
  /// What the model itself takes, per input: `float32` where it quantizes its own input.
  package var inputTypes: [ElementType]
  /// What the model itself gives, per output.
  package var outputTypes: [ElementType]
  /// An only output has the proven tensor's name, each of several the name that the model has for it.
  package var outputNames: [String]
  /// Public steps on each output, in order.
  package var finalSteps: [[FinalStep]]

  /// - Throws: when an activation is not quantized, an operator does not handle its tensors, or a
  ///   last step stands elsewhere.
  package init(_ whole: Graph) throws(ModelError) {
    try whole.verify()
    var graph = whole
    graph.annotateSums()
    inputTypes = graph.inputs.map { whole.tensors[$0].type }
    outputTypes = graph.outputs.map { whole.tensors[$0].type }
    finalSteps = try Self.cutEnd(&graph)
    graph.removeDeadNodes()
    try Self.cutStart(&graph)
    let named = graph.outputs.count == 1 ? graph.outputs : whole.outputs
    outputNames = named.map { whole.tensors[$0].name }
    let throughs = graph.indexInputs
    for index in graph.inputs + graph.outputs where !throughs.contains(index) {
      _ = try graph.tensors[index].affine("")
    }
    let problems = Self.refusals(in: graph)
    guard problems.isEmpty else { throw .nodes(problems, supported: []) }
    self.graph = graph
  }

  /// The tensors that a network's last steps are computed from; those of a network whose last steps are
  /// refused are its outputs.
  package static func provenOutputs(of graph: Graph) -> [Tensor] {
    var proven = graph
    _ = try? cutEnd(&proven)
    return proven.outputs.map { graph.tensors[$0] }
  }

  /// Moves each output to before its last steps, which nothing may read by then but other outputs' steps:
  /// what else stands behind them finds a node that cannot be proven.
  ///
  /// - Returns: the steps of each output, in order.
  static func cutEnd(_ graph: inout Graph) throws(ModelError) -> [[FinalStep]] {
    let (makers, isQuantized) = (graph.firstMakers, graph.isQuantized)
    var all: [[FinalStep]] = []
    // Of a graph that is only looked at there may be more, and each takes a walk.
    for (place, output) in graph.outputs.enumerated().prefix(ModelLimits.ends) {
      let end = try FinalChain(to: output, in: graph, makers, isQuantized: isQuantized)
      graph.outputs[place] = end.source
      all.append(end.steps)
    }
    return all
  }

  /// Starts the network after a float input's quantization.
  static func cutStart(_ graph: inout Graph) throws(ModelError) {
    let floats = Set(graph.inputs.filter { graph.tensors[$0].type == .float32 })
    var readers: [Int: [Int]] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for input in Set(node.inputs.compactMap(\.self)) where floats.contains(input) {
        readers[input, default: []].append(index)
      }
    }
    var removed: Set<Int> = []
    var renamed: [Int: Int] = [:]
    // Inputs before one that is refused are cut off all the same.
    defer {
      graph.remove(removed)
      for node in graph.nodes.indices {
        graph.nodes[node].inputs = graph.nodes[node].inputs.map { input in
          input.map { renamed[$0] ?? $0 }
        }
      }
      graph.outputs = graph.outputs.map { renamed[$0] ?? $0 }
    }
    for (position, input) in graph.inputs.enumerated() where floats.contains(input) {
      let readers = readers[input] ?? []
      let tensors = Set(readers.map { graph.tensors[graph.nodes[$0].outputs[0]].quantization })
      guard let first = readers.first, tensors.count == 1, tensors.first != .some(nil),
        readers.allSatisfy({ type(of: graph.nodes[$0].operator).end == .input })
      else {
        throw .unsupported(
          node: "", what: "input \"\(graph.tensors[input].name)\" is float and not quantized",
          remedy: "calibration inputs (--calibrate) quantize it")
      }
      let output = graph.nodes[first].outputs[0]
      graph.inputs[position] = output
      removed.formUnion(readers)
      for reader in readers { renamed[graph.nodes[reader].outputs[0]] = output }
    }
  }

  /// Integers for a float input, by ONNX QuantizeLinear; as they are for one that says where tensors are read.
  ///
  /// - Throws: for NaN, and for an input of another length.
  package func quantize(_ reals: [Float], input: Int) throws(ModelError) -> [Int64] {
    let tensor = graph.tensors[graph.inputs[input]]
    guard reals.count == tensor.count else {
      throw .invalid(
        node: "", what: "input \"\(tensor.name)\" takes \(tensor.count) values, not \(reals.count)")
    }
    if graph.indexInputs.contains(graph.inputs[input]) {
      return try reals.map { real throws(ModelError) in
        guard let integer = Int64(exactly: real) else {
          throw .invalid(
            node: "", what: "input \"\(tensor.name)\" holds \(real), which is no integer")
        }
        return integer
      }
    }
    let affine = try tensor.affine("")
    var result: [Int64] = []
    result.reserveCapacity(reals.count)
    for (position, real) in reals.enumerated() {
      guard let value = affine.quantize(real) else {
        throw .invalid(
          node: "", what: "input \"\(tensor.name)\" holds NaN at position \(position)")
      }
      result.append(value)
    }
    return result
  }

  /// What a user gets to see of an output's integers.
  package func finalValues(
    _ integers: [Int64], output: Int = 0
  ) throws(ModelError) -> FinalValues {
    let tensor = graph.tensors[graph.outputs[output]]
    let affine = try tensor.affine("")
    guard
      let values = FinalValues.applying(
        finalSteps[output], to: RuntimeIntegers(integers), shape: tensor.shape, type: tensor.type,
        scale: Double(affine.scale), zeroPoint: affine.zeroPoint)
    else {
      throw .invalid(node: "", what: "the last steps do not fit the output")
    }
    return values
  }
}

extension Graph {
  /// Whether a node has one output and its tensors are there: graphs with refused nodes are not verified.
  func isInPlace(_ node: Node) -> Bool {
    node.outputs.count == 1
      && (node.inputs.compactMap(\.self) + node.outputs).allSatisfy(tensors.indices.contains)
  }

  /// Drops nodes whose output nothing reads.
  package mutating func removeDeadNodes() {
    var isRead = [Bool](repeating: false, count: tensors.count)
    for output in outputs where isRead.indices.contains(output) { isRead[output] = true }
    var dead: Set<Int> = []
    for index in nodes.indices.reversed() {
      guard nodes[index].outputs.contains(where: { isRead.indices.contains($0) && isRead[$0] })
      else {
        dead.insert(index)
        continue
      }
      for input in nodes[index].inputs.compactMap(\.self)
      where isRead.indices.contains(input) { isRead[input] = true }
    }
    remove(dead)
  }

  mutating func remove(_ removed: Set<Int>) {
    guard !removed.isEmpty else { return }
    nodes = nodes.indices.filter { !removed.contains($0) }.map { nodes[$0] }
  }

  /// By tensor, the first node that writes it.
  var firstMakers: [Int: Int] {
    var makers: [Int: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where makers[output] == nil { makers[output] = index }
    }
    return makers
  }
}

extension ModelError {
  static let finalSteps = ModelError.unsupported(
    node: "", what: "a network that ends in more than \(Limits.finalSteps) public steps",
    remedy: "leave out those that change nothing")
}

import ConstraintSystem
package import Model

/// Lets every operator of a quantized network say itself in rows and relations.
package enum LowerGraph {
  /// - Parameter keepsValues: whether the tensors of the model have their values, and no shapes alone.
  /// - Throws: when an output is not computed; `ModelError.nodes` where operators refuse their tensors.
  package static func run(
    _ network: IntegerNetwork, keepsValues: Bool = true
  ) throws(ModelError) -> LoweredNetwork {
    let graph = network.graph
    var recorder = CircuitRecorder(keepsValues: keepsValues)
    var wires: [Int: TensorView] = [:]
    var inputs: [LoweredNetwork.Port] = []
    let throughs = graph.indexInputs
    for (place, (index, userType)) in zip(graph.inputs, network.inputTypes).enumerated() {
      let tensor = graph.tensors[index]
      if throughs.contains(index) {
        wires[index] = TensorView(shape: tensor.shape, input: place)
        inputs.append(
          LoweredNetwork.Port(
            name: tensor.name, blocks: [], shape: tensor.shape, type: tensor.type, scale: 1,
            zeroPoint: 0, userType: userType))
        continue
      }
      let affine = try tensor.affine("")
      let range =
        (affine.range.lowerBound - affine.zeroPoint)...(affine.range.upperBound - affine.zeroPoint)
      let wire = recorder.input(tensor.name, shape: tensor.shape, range: range)
      wires[index] = wire
      inputs.append(try port(tensor, wire, userType))
    }
    var problems: [NodeProblem] = []
    for node in graph.nodes {
      let operands = node.inputs.map { $0.flatMap { wires[$0] } }
      let tensors = graph.tensors(of: node)
      do throws(ModelError) {
        wires[node.outputs[0]] = try node.operator.lower(
          operands, tensors, named: node.name, into: &recorder)
      } catch {
        problems.append(error.problem(node: node.name, type: node.operator.label))
        // What is after it is asked as well.
        wires[node.outputs[0]] = recorder.input(
          node.name, shape: tensors.output.shape, range: 0...0)
      }
    }
    guard problems.isEmpty else { throw .nodes(problems, supported: []) }
    var outputs: [LoweredNetwork.Port] = []
    for (place, index) in graph.outputs.enumerated() {
      guard var wire = wires[index] else {
        throw .invalid(
          node: "", what: "output \"\(graph.tensors[index].name)\" is written by nothing")
      }
      wire = recorder.materialized(wire, named: graph.tensors[index].name)
      // Another output may be of the same tensor.
      wires[index] = wire
      var output = try port(graph.tensors[index], wire, network.outputTypes[place])
      output.name = network.outputNames[place]
      output.finalSteps = network.finalSteps[place]
      outputs.append(output)
    }
    return LoweredNetwork(
      name: graph.name, draft: recorder.draft, inputs: inputs, outputs: outputs)
  }

  private static func port(
    _ tensor: Tensor, _ wire: TensorView, _ userType: ElementType
  ) throws(ModelError) -> LoweredNetwork.Port {
    let affine = try tensor.affine("")
    guard case .block(let block)? = wire.source else {
      throw .invalid(node: "", what: "output \"\(tensor.name)\" is a constant")
    }
    return LoweredNetwork.Port(
      name: tensor.name, blocks: [block], shape: tensor.shape, type: tensor.type,
      scale: Double(affine.scale), zeroPoint: affine.zeroPoint, userType: userType)
  }
}

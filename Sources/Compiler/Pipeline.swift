import Compute
import ConstraintSystem
package import Model
import Witness

/// From a quantized network to the circuit that proves it.
package enum Compiler {
  /// Compiles a graph whose activations are quantized.
  ///
  /// - Throws: for what no circuit is made of: operators, sizes, scales, named as in the user's file.
  package static func compile(
    _ graph: Graph, _ options: CompilerOptions = CompilerOptions()
  ) throws(ModelError) -> CompiledCircuit {
    var network = try LowerGraph.run(try IntegerNetwork(graph))
    for (port, tensor) in graph.inputs.enumerated() {
      network.inputs[port].name = graph.tensors[tensor].name
    }
    for (port, tensor) in graph.outputs.enumerated() {
      network.outputs[port].name = graph.tensors[tensor].name
    }
    return try compile(network, options)
  }

  /// The passes in order, what each leaves verified before the next. Every one works on what the ones
  /// before it proved; none assumes.
  package static func compile(
    _ network: LoweredNetwork, _ options: CompilerOptions = CompilerOptions()
  ) throws(ModelError) -> CompiledCircuit {
    var network = network
    if options.input != .public, let port = network.inputs.first(where: \.blocks.isEmpty) {
      throw .unsupported(
        node: "",
        what:
          "input \"\(port.name)\" says where the network reads, and so is part of what a proof states",
        remedy: "compile the model with public inputs")
    }
    try VerifyDraft.run(network.draft, after: "LowerGraph", allowsFloatSteps: true)
    network = SeparateCommitted.run(network, options)
    try VerifyDraft.run(network.draft, after: "SeparateCommitted", allowsFloatSteps: true)
    network.draft = ReduceMultipliers.run(network.draft)
    try VerifyDraft.run(network.draft, after: "ReduceMultipliers", allowsFloatSteps: true)
    try Job.advance(to: 0.2, else: ModelError.cancelled)
    let fitted = try FitFloatSteps.run(network.draft, try AnalyzeRanges.run(network.draft))
    network.move(to: fitted.draft, fitted.places)
    try VerifyDraft.run(network.draft, after: "FitFloatSteps")
    try Job.advance(to: 0.6, else: ModelError.cancelled)
    network.draft = DropUnreadTensors.run(network.draft)
    try VerifyDraft.run(network.draft, after: "DropUnreadTensors")
    let shortened = ShortenMultipliers.run(network.draft, try AnalyzeRanges.run(network.draft))
    network.draft = shortened.draft
    let ranges = shortened.ranges
    try VerifyDraft.run(network.draft, after: "ShortenMultipliers")
    for block in (network.inputs + network.outputs).flatMap(\.blocks) {
      network.draft.blocks[block].isPort = true
    }
    let committed =
      (options.input == .committed ? network.inputs.flatMap(\.blocks) : [])
      + (options.output == .committed ? network.outputs.flatMap(\.blocks) : [])
    try Job.advance(to: 0.7, else: ModelError.cancelled)
    let choice = try ChooseParameters.run(
      network.draft, ranges, committed: committed, publicBytes: network.publicBytes(options),
      options: options)
    let split = SaturateWideQuotients.run(network.draft, ranges, choice.splits)
    network.move(to: split.draft, split.places)
    try VerifyDraft.run(network.draft, after: "SaturateWideQuotients")
    try Job.advance(to: 0.85, else: ModelError.cancelled)
    let ordered = OrderAxes.run(
      network.draft, split.ranges, commitmentRowBits: choice.parameters.commitmentRowBits)
    network.draft = ordered.draft
    try VerifyDraft.run(network.draft, after: "OrderAxes")
    try Job.advance(to: 0.95, else: ModelError.cancelled)
    let (system, values) = LayOut.run(network, ordered.ranges, choice.parameters, options)
    try VerifyCircuit.run(system, ordered.ranges)
    return CompiledCircuit(
      system: system, values: values, cells: try cells(system, values),
      labels: network.draft.blocks.map(\.label),
      report: CompilationReport(system, network.draft, ordered.ranges, choice.estimate),
      notes: fitted.notes)
  }

  private static func cells(
    _ system: ConstraintSystem, _ values: [[Int64]]
  ) throws(ModelError) -> ModelCells {
    do {
      return try ModelCells(system, values: values)
    } catch {
      throw .invalid(node: system.name, what: "\(error)")
    }
  }
}

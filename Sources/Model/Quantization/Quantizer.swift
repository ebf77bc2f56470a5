import ConstraintSystem
import Compute

/// Quantizes a float network after training, from inputs that show its ranges.
///
/// Weights: int8, symmetric, one scale per output, s_w = max|w| / 127. Activations: int8, one scale
/// and zero point per tensor, from the lowest and highest value that calibration shows, zero
/// included, after fused activations; those of a softmax lie between 0 and 1. Biases: int32 at s_x·s_w. The last
/// steps (Softmax, ArgMax) stay in float, after the proof.
/// Source: [Jacob18, §2, §3]; per-channel weights as in the TFLite int8 specification.
package enum Quantizer {
  /// - Parameters:
  ///   - graph: float, as a reader gives it.
  ///   - calibration: per sample one value list per network input.
  ///   - multiplierBits: 4 to 31; shorter multipliers make cheaper proofs and, below about 10 bits,
  ///     a visible error, which the report shows.
  /// - Throws: when there is no sample, a layer has no integer form, or a value is not finite.
  /// - Complexity: two passes over the samples in float, one in integers.
  package static func quantize(
    _ graph: Graph, calibration: [[[Float]]], multiplierBits: Int = 31
  ) throws(ModelError) -> (graph: Graph, report: QuantizationReport) {
    let calibrated = try Calibrated(graph, calibration)
    return try Job.part(0.2...1) { () throws(ModelError) in
      try calibrated.networks(multiplierBits: [multiplierBits])[0]
    }
  }

  /// A float network with the ranges that calibration shows, quantized up to the lengths of multipliers.
  struct Calibrated {
    private let interpreter: Interpreter
    private let samples: [[[Float]]]
    private let ranges: [ClosedRange<Float>]
    private let graph: Graph

    init(_ graph: Graph, _ samples: [[[Float]]]) throws(ModelError) {
      guard !samples.isEmpty else {
        throw .unsupported(
          node: "", what: "no calibration inputs", remedy: "give at least one typical input")
      }
      if let tensor = graph.tensors.first(where: { $0.quantization != nil }) {
        throw .unsupported(
          node: "", what: "the model is quantized already (\"\(tensor.name)\")",
          remedy: "compile it without calibration")
      }
      let interpreter = try Interpreter(graph)
      let ranges = try Job.part(0...0.2) { () throws(ModelError) in
        try observe(interpreter, samples)
      }
      let result = try quantize(graph, ranges: ranges, multiplierBits: 31) {
        (_, error) throws(ModelError) in throw error
      }
      try result.verify()
      (self.interpreter, self.samples, self.ranges) = (interpreter, samples, ranges)
      self.graph = result
    }

    /// One network for each length of multipliers, in order; the float one runs once for all of them.
    func networks(
      multiplierBits lengths: [Int]
    ) throws(ModelError) -> [(graph: Graph, report: QuantizationReport)] {
      var (graphs, networks) = ([Graph](), [IntegerNetwork]())
      for bits in lengths {
        guard (4...31).contains(bits) else {
          throw .unsupported(
            node: "", what: "multipliers of \(bits) bits", remedy: "4 to 31 bits are possible")
        }
        var graph = graph
        graph.arithmetic = .integer(bits: bits)
        graphs.append(graph)
        networks.append(try IntegerNetwork(graph))
      }
      let reports = try QuantizationReport.compare(interpreter, networks, samples, ranges: ranges)
      return zip(graphs, reports).map { (graph: $0, report: $1) }
    }
  }

  /// A network whose values are taken to lie between −1 and 1: its integers mean nothing, and show
  /// whether every node has an integer form. Nil where the network has none as a whole.
  package static func trial(
    _ graph: Graph, multiplierBits: Int = 31
  ) -> (graph: Graph, problems: [NodeProblem])? {
    var problems: [NodeProblem] = []
    let ranges = graph.tensors.map { _ in Float(-1)...1 }
    do throws(ModelError) {
      let result = try quantize(graph, ranges: ranges, multiplierBits: multiplierBits) {
        node, error in
        problems.append(error.problem(node: node.name, type: node.operator.label))
      }
      return (result, problems)
    } catch {
      return nil
    }
  }

  /// - Parameters:
  ///   - ranges: of the values of each tensor.
  ///   - refused: told of a node whose constants have no integer form.
  private static func quantize(
    _ graph: Graph, ranges: [ClosedRange<Float>], multiplierBits: Int,
    refused: (Node, ModelError) throws(ModelError) -> Void
  ) throws(ModelError) -> Graph {
    let proven = try provenNodes(graph)
    var ranges = withTables(ranges, graph)
    for index in proven {
      if let known = graph.nodes[index].operator.outputRange,
        let output = graph.nodes[index].outputs.first, ranges.indices.contains(output)
      {
        ranges[output] = known
      }
    }
    var result = graph
    result.arithmetic = .integer(bits: multiplierBits)
    for index in proven {
      try annotateOutput(of: graph.nodes[index], ranges, in: &result)
    }
    let all = try quantizeInputs(ranges, in: &result)
    unifyKept(all, in: &result)
    // The inputs' quantizers came in before the nodes.
    let made = result.nodes.count - graph.nodes.count
    for index in proven {
      do throws(ModelError) {
        try quantizeConstants(index + made, in: &result)
      } catch {
        try refused(graph.nodes[index], error)
      }
    }
    closeOutputs(proven, in: &result)
    return result
  }

  /// What an input chooses from a constant may be any of its values, whichever calibration chose.
  private static func withTables(
    _ ranges: [ClosedRange<Float>], _ graph: Graph
  ) -> [ClosedRange<Float>] {
    var ranges = ranges
    for node in graph.nodes {
      guard node.inputs.indices.contains(where: { node.operator.readsThrough(operand: $0) }),
        let output = node.outputs.first
      else { continue }
      for input in node.inputs {
        guard let input, case .real(let values)? = graph.tensors[input].constant,
          let range = range(of: values, ranges[output])
        else { continue }
        ranges[output] = range
      }
    }
    return ranges
  }

  /// Lowest and highest value of each tensor over all samples, zero included.
  static func observe(
    _ interpreter: Interpreter, _ samples: [[[Float]]]
  ) throws(ModelError) -> [ClosedRange<Float>] {
    var ranges = [ClosedRange<Float>](
      repeating: 0...0, count: interpreter.graph.tensors.count)
    for (place, sample) in samples.enumerated() {
      try Job.advance(to: Double(place) / Double(samples.count), else: ModelError.cancelled)
      try interpreter.trace(reals: sample) { (index, values) throws(ModelError) in
        guard let range = Self.range(of: values.elements, ranges[index]) else {
          let what =
            values.elements.contains(where: \.isNaN) ? "has no value" : "overflows in float"
          throw .unsupported(
            node: "",
            what: "\"\(interpreter.graph.tensors[index].name)\" \(what) on calibration input "
              + "\(place + 1)",
            remedy: "leave that input out, or clip what the tensor is computed from")
        }
        ranges[index] = range
      }
    }
    return ranges
  }

  /// A range and all of the values; nil where one is not finite.
  private static func range(
    of values: [Float], _ known: ClosedRange<Float>
  ) -> ClosedRange<Float>? {
    let parts = inParallel(count: values.count, grain: 1 << 14) { part in
      var (lowest, highest, isFinite) = (known.lowerBound, known.upperBound, true)
      let values = values.span
      for index in part {
        let value = values[index]
        lowest = min(lowest, value)
        highest = max(highest, value)
        isFinite = isFinite && value.isFinite
      }
      return (lowest: lowest, highest: highest, isFinite: isFinite)
    }
    var range = known
    for part in parts {
      guard part.isFinite else { return nil }
      range = min(range.lowerBound, part.lowest)...max(range.upperBound, part.highest)
    }
    return range
  }

  /// Nodes up to the last steps, which are computed from the proven outputs. One that a proven node reads
  /// as well is among them, to be refused by name.
  private static func provenNodes(_ graph: Graph) throws(ModelError) -> [Int] {
    var isRead = [Bool](repeating: false, count: graph.tensors.count)
    let makers = graph.firstMakers
    for output in graph.outputs {
      let source = try FinalChain(to: output, in: graph, makers, isQuantized: false).source
      if isRead.indices.contains(source) { isRead[source] = true }
    }
    var proven: [Int] = []
    for (index, node) in graph.nodes.enumerated().reversed()
    where node.outputs.contains(where: { isRead.indices.contains($0) && isRead[$0] }) {
      proven.append(index)
      for case let input? in node.inputs where isRead.indices.contains(input) {
        isRead[input] = true
      }
    }
    return proven.reversed()
  }

  /// An int8 scale and zero point that hold a range and represent zero exactly. A tensor that was never anything
  /// but zero is taken to lie between 0 and 1.
  static func affine(_ range: ClosedRange<Float>) -> Quantization {
    let range = range == 0...0 ? 0...1 : range
    // Steps below 2^-60 are noise; above 2^60 they overflow products of scales.
    let span = Double(range.upperBound) - Double(range.lowerBound)
    let scale = Float(min(max(span / 255, 0x1p-60), 0x1p60))
    let zero = (-128 - Double(range.lowerBound) / Double(scale)).rounded()
    return Quantization(scales: [scale], zeroPoints: [Int64(min(max(zero, -128), 127))])
  }

  private static func annotateOutput(
    of node: Node, _ ranges: [ClosedRange<Float>], in graph: inout Graph
  ) throws(ModelError) {
    guard let output = node.outputs.first, ranges.indices.contains(output) else { return }
    graph.tensors[output].type = .int8
    graph.tensors[output].quantization = affine(ranges[output])
  }

  /// A float input keeps its type; what the network reads is its quantization.
  ///
  /// - Returns: the ranges of all tensors, those that were made here after the others.
  private static func quantizeInputs(
    _ ranges: [ClosedRange<Float>], in graph: inout Graph
  ) throws(ModelError) -> [ClosedRange<Float>] {
    var ranges = ranges
    var made: [Int: Int] = [:]
    var quantizers: [Node] = []
    let throughs = graph.indexInputs
    for input in graph.inputs where !throughs.contains(input) {
      var tensor = graph.tensors[input]
      guard tensor.type == .float32 else {
        throw .unsupported(
          node: "", what: "input \"\(tensor.name)\" of a float model holds \(tensor.type)",
          remedy: "export the model with float32 inputs")
      }
      tensor.name += ".quantized"
      tensor.type = .int8
      tensor.quantization = affine(ranges[input])
      graph.tensors.append(tensor)
      ranges.append(ranges[input])
      made[input] = graph.tensors.count - 1
      quantizers.append(
        Node(
          name: tensor.name, operator: Quantize(isTFLite: false), inputs: [input],
          outputs: [graph.tensors.count - 1]))
    }
    for index in graph.nodes.indices {
      graph.nodes[index].inputs = graph.nodes[index].inputs.map { input in
        input.map { made[$0] ?? $0 }
      }
    }
    graph.nodes = quantizers.reversed() + graph.nodes
    return ranges
  }

  /// Operators that keep the integers as they stand share one scale between all that they read and write:
  /// that of all their values. What is true or false is 1 or 0 at a scale of 1.
  private static func unifyKept(_ ranges: [ClosedRange<Float>], in graph: inout Graph) {
    var group = Array(graph.tensors.indices)
    func root(_ tensor: Int) -> Int {
      var tensor = tensor
      while group[tensor] != tensor {
        // Halves the way for whoever comes next.
        group[tensor] = group[group[tensor]]
        tensor = group[tensor]
      }
      return tensor
    }
    func isQuantized(_ tensor: Int) -> Bool {
      graph.tensors[tensor].quantization != nil && graph.tensors[tensor].constant == nil
    }
    // Whose values are 0 and 1, and whose only pass through.
    var (truths, isPassed) = (Set<Int>(), Set<Int>())
    for node in graph.nodes {
      let type = type(of: node.operator)
      guard let output = node.outputs.first, isQuantized(output) else { continue }
      if node.operator.passesIntegers { isPassed.insert(output) }
      if node.operator.makesTruth { truths.insert(output) }
      for (place, input) in node.inputs.enumerated() where type.sharesScale(operand: place) {
        if let input, isQuantized(input) { group[root(input)] = root(output) }
      }
    }
    var united: [Int: ClosedRange<Float>] = [:]
    var (hasTruths, hasOthers) = (Set<Int>(), Set<Int>())
    for tensor in graph.tensors.indices where isQuantized(tensor) {
      let place = root(tensor)
      if truths.contains(tensor) {
        hasTruths.insert(place)
      } else if !isPassed.contains(tensor) {
        hasOthers.insert(place)
      }
      let own = truths.contains(tensor) ? 0...1 : ranges[tensor]
      let known = united[place] ?? own
      united[place] =
        min(known.lowerBound, own.lowerBound)...max(known.upperBound, own.upperBound)
    }
    for tensor in graph.tensors.indices where isQuantized(tensor) {
      let place = root(tensor)
      guard let range = united[place] else { continue }
      let isTruth = hasTruths.contains(place) && !hasOthers.contains(place)
      graph.tensors[tensor].quantization = isTruth ? .truth : affine(range)
    }
  }

  /// A network that ends in proven tensors gives its user reals, as before.
  private static func closeOutputs(_ proven: [Int], in graph: inout Graph) {
    var made: [Int: Int] = [:]
    for (place, output) in graph.outputs.enumerated()
    where graph.tensors[output].quantization != nil {
      if let known = made[output] {
        graph.outputs[place] = known
        continue
      }
      var real = graph.tensors[output]
      real.type = .float32
      real.quantization = nil
      graph.tensors[output].name += ".quantized"
      graph.tensors.append(real)
      made[output] = graph.tensors.count - 1
      graph.outputs[place] = graph.tensors.count - 1
      graph.nodes.append(
        Node(
          name: real.name + ".dequantize", operator: Dequantize(), inputs: [output],
          outputs: [graph.tensors.count - 1]))
    }
  }
}

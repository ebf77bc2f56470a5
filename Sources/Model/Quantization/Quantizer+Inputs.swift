import ConstraintSystem

/// Inputs of a network of QONNX's that no quantizer makes integers of: those of typical inputs are asked for.
extension Quantizer {
  /// Float inputs that are read as reals, or by a quantizer whose rule whoever hands an input over does not
  /// know: QuantizeLinear's is the one.
  package static func openInputs(of graph: Graph) -> [Int] {
    guard graph.arithmetic == .exact else { return [] }
    var isOpen: Set<Int> = []
    var quantizations: [Int: Quantization] = [:]
    for node in graph.nodes {
      for input in node.inputs.compactMap(\.self) where graph.inputs.contains(input) {
        guard graph.tensors[input].type == .float32, let output = node.outputs.first else {
          continue
        }
        guard type(of: node.operator).end == .input,
          let quantization = graph.tensors[output].quantization, quantization.isLinear,
          quantizations.updateValue(quantization, forKey: input) ?? quantization == quantization
        else {
          isOpen.insert(input)
          continue
        }
      }
    }
    return graph.inputs.filter(isOpen.contains)
  }

  /// Gives such inputs eight bits.
  ///
  /// - Parameters:
  ///   - graph: of exact arithmetic.
  ///   - samples: per sample one value list per network input.
  package static func quantizeInputs(
    of graph: Graph, by samples: [[[Float]]]
  ) -> Graph {
    var result = graph
    for input in openInputs(of: graph) {
      guard let place = graph.inputs.firstIndex(of: input) else { continue }
      quantize(input, grid(samples.flatMap { $0[place] }), in: &result)
    }
    return result
  }

  /// As with values between −1 and 1.
  package static func withTrialInputs(_ graph: Graph) -> Graph {
    var result = graph
    for input in openInputs(of: graph) { quantize(input, affine(-1...1), in: &result) }
    return result
  }

  /// The steps in which values stand where they are few and stand in even ones, such as those of pixels; else
  /// 255 steps of their range.
  private static func grid(_ values: [Float]) -> Quantization {
    let (low, high) = (min(values.min() ?? 0, 0), max(values.max() ?? 0, 0))
    let distinct = Set(values + [0]).sorted()
    let gaps = zip(distinct.dropFirst(), distinct).map { Double($0) - Double($1) }
    guard distinct.count <= 256, let gap = gaps.min(), gap > 0 else { return affine(low...high) }
    let largest = Double(max(-low, high))
    let scale = largest / (largest / gap).rounded()
    let steps = distinct.map { Double($0) / scale }
    guard steps.allSatisfy({ abs($0 - $0.rounded()) < 1e-4 }),
      (Double(high) / scale).rounded() - (Double(low) / scale).rounded() <= 255,
      Float(scale).isNormal
    else { return affine(low...high) }
    let lowest = Int64((Double(low) / scale).rounded())
    return Quantization(scales: [Float(scale)], zeroPoints: [-128 - lowest])
  }

  private static func quantize(_ input: Int, _ quantization: Quantization, in graph: inout Graph) {
    var tensor = graph.tensors[input]
    tensor.name += ".quantized"
    tensor.type = .int8
    tensor.quantization = quantization
    graph.tensors.append(tensor)
    let made = graph.tensors.count - 1
    for index in graph.nodes.indices {
      graph.nodes[index].inputs = graph.nodes[index].inputs.map { $0 == input ? made : $0 }
    }
    let quantizer = Node(
      name: tensor.name, operator: Quantize(isTFLite: false), inputs: [input], outputs: [made])
    graph.nodes.insert(quantizer, at: 0)
  }
}

extension Quantization {
  /// Whether integers are those of QuantizeLinear, but for fewer of them.
  var isLinear: Bool {
    guard let rule else { return true }
    return rule.rounding == .halfEven && !rule.isSign && rule.cutBits == 0
      && zeroPoints.allSatisfy { $0.isMultiple(of: 2) }
  }
}

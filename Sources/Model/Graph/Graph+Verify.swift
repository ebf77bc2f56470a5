import ConstraintSystem

/// What a reader accepts of a model's size before it allocates anything by it.
package enum ModelLimits {
  package static let rank = 8
  package static let elements = 1 << 28
  package static let tensors = 1 << 17
  package static let nodes = 1 << 14
  /// Inputs of a network, and outputs; operands of a node, and outputs.
  package static let ends = Limits.ports
  package static let operands = 1 << 10
  /// Of a tensor that is computed: what a trace holds.
  package static let activation = 1 << Limits.traceBits

  /// How many numbers may be read, and made, of the constants of a file of so many bytes, all nodes
  /// together: nodes may share them, and a small file must not ask for work without end.
  package static func constants(bytes: Int) -> Int { 1 << 22 + 8 * bytes }
}

extension Graph {
  /// Refuses nodes that read the same constants over and over.
  ///
  /// - Parameter bytes: of the file.
  package func limitReads(bytes: Int) throws(ModelError) {
    let limit = ModelLimits.constants(bytes: bytes)
    var count = 0
    for node in nodes {
      for input in node.inputs.compactMap(\.self) where tensors.indices.contains(input) {
        guard let own = tensors[input].constant?.count else { continue }
        count += own
        guard count <= limit else { throw .sharedConstants(node: node.name, limit: limit) }
      }
    }
  }
}

extension ModelError {
  package static func sharedConstants(node: String, limit: Int) -> ModelError {
    .unsupported(
      node: node, what: "with it the nodes read more than \(limit) numbers of constants",
      remedy: "let fewer nodes share large constants")
  }
}

extension Graph {
  /// Checks what everything after an importer relies on: indices in range, one producer per tensor,
  /// evaluation order, positive static extents of bounded product, as many constants as extents
  /// say, constants within their types, quantizations that are numbers.
  package func verify() throws(ModelError) {
    guard tensors.count <= ModelLimits.tensors, nodes.count <= ModelLimits.nodes else {
      throw .unsupported(
        node: "", what: "\(tensors.count) tensors and \(nodes.count) nodes", remedy: "")
    }
    for tensor in tensors { try tensor.verify() }
    var isKnown = tensors.map { $0.constant != nil }
    for input in inputs {
      guard isKnown.indices.contains(input) else {
        throw .invalid(node: "", what: "an input is tensor \(input) of \(tensors.count)")
      }
      guard !isKnown[input] else {
        throw .invalid(
          node: "", what: "input \"\(tensors[input].name)\" stands twice or is a constant")
      }
      isKnown[input] = true
    }
    for node in nodes {
      for input in node.inputs.compactMap(\.self) {
        guard isKnown.indices.contains(input), isKnown[input] else {
          throw .invalid(node: node.name, what: "it reads a tensor that nothing before it writes")
        }
      }
      guard node.outputs.count == 1, let output = node.outputs.first,
        isKnown.indices.contains(output), !isKnown[output]
      else {
        throw .invalid(node: node.name, what: "it must write one tensor that nothing else writes")
      }
      isKnown[output] = true
      let shape: [Int]
      do throws(ModelError) {
        shape = try node.operator.outputShape(node.inputs.map { $0.map { tensors[$0] } })
      } catch { throw error.at(node.name) }
      guard shape == tensors[output].shape else {
        throw .invalid(
          node: node.name,
          what: "its output has shape \(shape), and the model says \(tensors[output].shape)")
      }
    }
    guard !outputs.isEmpty, !inputs.isEmpty else {
      throw .invalid(node: "", what: "a network needs an input and an output")
    }
    for output in outputs {
      if isKnown.indices.contains(output), tensors[output].constant != nil {
        throw .unsupported(
          node: "", what: "the output \"\(tensors[output].name)\" is a constant of the model",
          remedy: "leave it out: there is nothing to prove of it")
      }
      guard isKnown.indices.contains(output), isKnown[output], tensors[output].constant == nil
      else {
        throw .invalid(node: "", what: "an output of the network is written by nothing")
      }
    }
  }

  /// The tensors of a node that `verify` has accepted.
  package func tensors(of node: Node) -> NodeTensors {
    NodeTensors(
      node: node.name, inputs: node.inputs.map { $0.map { tensors[$0] } },
      output: tensors[node.outputs[0]], arithmetic: arithmetic)
  }
}

extension Tensor {
  /// Extents, constants and quantization by themselves.
  package func verify() throws(ModelError) {
    let place = "tensor \"\(name)\""
    guard shape.count <= ModelLimits.rank else {
      throw .unsupported(
        node: "", what: "\(place) has \(shape.count) axes", remedy: "at most \(ModelLimits.rank)")
    }
    let most = constant == nil ? ModelLimits.activation : ModelLimits.elements
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent > 0 else {
        throw .unsupported(
          node: "", what: "\(place) has shape \(shape)",
          remedy: "export the model with static shapes")
      }
      guard !overflow, product <= most else {
        throw .unsupported(
          node: "", what: "\(place) has shape \(shape)", remedy: "at most \(most) elements")
      }
      count = product
    }
    switch constant {
    case .integer(let values)?:
      guard let range = type.range, values.count == count, range.holds(values) else {
        throw .invalid(
          node: "", what: "\(place) does not hold \(count) values of type \(type)")
      }
    case .real(let values)?:
      guard type == .float32, values.count == count else {
        throw .invalid(
          node: "", what: "\(place) does not hold \(count) values of type \(type)")
      }
      guard values.areFinite else {
        throw .invalid(node: "", what: "\(place) holds NaN or infinite values")
      }
    case nil: break
    }
    try quantization?.verify(of: self)
  }
}

extension ClosedRange<Int64> {
  /// Whether all values lie in it, which is that of some number of bits; without a branch for each, for there
  /// are millions.
  fileprivate func holds(_ values: [Int64]) -> Bool {
    let width = UInt64(bitPattern: upperBound &- lowerBound)
    precondition(width & (width &+ 1) == 0, "the range of an element type")
    let span = values.span
    var outside: UInt64 = 0
    for index in span.indices {
      outside |= UInt64(bitPattern: span[index] &- lowerBound) & ~width
    }
    return outside == 0
  }
}

extension [Float] {
  /// Whether none is infinite or NaN.
  fileprivate var areFinite: Bool {
    let span = self.span
    var largest: Int32 = 0
    for index in span.indices {
      largest = Swift.max(largest, Int32(bitPattern: span[index].magnitude.bitPattern))
    }
    return largest < Int32(bitPattern: Float.infinity.bitPattern)
  }
}

extension Quantization {
  fileprivate func verify(of tensor: Tensor) throws(ModelError) {
    let place = "tensor \"\(tensor.name)\""
    guard let range = tensor.type.range else {
      throw .invalid(node: "", what: "\(place) is quantized and holds \(tensor.type)")
    }
    guard !scales.isEmpty, zeroPoints.count == 1 || zeroPoints.count == scales.count else {
      throw .invalid(
        node: "", what: "\(place) has \(scales.count) scales and \(zeroPoints.count) zero points")
    }
    for scale in scales where !(scale.isNormal && scale > 0) {
      throw .invalid(
        node: "", what: "\(place) has scale \(scale); a scale is a positive, normal number")
    }
    for zero in zeroPoints where !range.contains(zero) {
      throw .invalid(
        node: "", what: "\(place) has zero point \(zero), which \(tensor.type) does not hold")
    }
    if scales.count > 1 {
      guard let axis, tensor.shape.indices.contains(axis), tensor.shape[axis] == scales.count
      else {
        throw .invalid(
          node: "", what: "\(place) of shape \(tensor.shape) has \(scales.count) scales")
      }
    }
  }
}

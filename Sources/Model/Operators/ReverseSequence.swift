import ConstraintSystem

/// ONNX ReverseSequence with constant lengths: of each sequence of a batch the first places run backwards.
///
/// A run of places of a sequence takes a row a value where it is neither all of the axis nor a place or two.
package struct ReverseSequence: MovingOperator {
  package static let onnx = [ONNXForm("ReverseSequence", since: 10)]

  package var lengths: [Int]
  package var time: Int64
  package var batch: Int64

  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    time = try attributes.integer("time_axis", default: 0)
    batch = try attributes.integer("batch_axis", default: 1)
    lengths = []
    for length in try node.integers(1, "lengths") {
      guard length >= 0, length <= Int64(ModelLimits.activation) else {
        throw .invalid(node: node.name, what: "a sequence of \(length) places")
      }
      lengths.append(Int(length))
    }
    try attributes.finish()
  }

  package var label: String { "ReverseSequence" }

  private func axes(_ shape: [Int]) throws(ModelError) -> (time: Int, batch: Int) {
    let (time, batch) = (
      try SourceShapes.axis(time, of: shape), try SourceShapes.axis(batch, of: shape)
    )
    guard time != batch, lengths.count == shape[batch],
      lengths.allSatisfy({ $0 <= shape[time] })
    else {
      throw .invalid(node: "", what: "\(lengths.count) sequences of a shape of \(shape)")
    }
    return (time, batch)
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    let shape = try SourceShapes.first(inputs)
    _ = try axes(shape)
    return shape
  }

  package func places(_ input: [Int]) throws(ModelError) -> [Int]? {
    let (time, batch) = try axes(input)
    let strides = input.indices.map { input[($0 + 1)...].reduce(1, *) }
    return (0..<input.reduce(1, *)).map { cell in
      let place = cell / strides[time] % input[time]
      let length = lengths[cell / strides[batch] % input[batch]]
      return place < length ? cell + (length - 1 - 2 * place) * strides[time] : cell
    }
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let tensor = try tensors.input(0, "input")
    let (time, batch) = try axes(tensor.shape)
    let x = try builder.aligned(inputs.operand(0, tensors), to: tensor, at: tensors.node)
    func turned(_ wire: TensorView, _ length: Int) -> TensorView {
      let rest = tensor.shape[time] - length
      let runs = [
        AxisRun(first: length - 1, step: -1, count: length),
        AxisRun(first: length, step: 1, count: rest),
      ]
      return builder.selected(wire, runs.filter { $0.count > 0 }, axis: time, named: name)
    }
    guard let first = lengths.first, lengths.contains(where: { $0 != first }) else {
      return turned(x, lengths.first ?? 0)
    }
    guard lengths.count <= Limits.viewsPerLayer / 2 else {
      throw .unsupported(
        node: tensors.node, what: "\(lengths.count) sequences of different lengths",
        remedy: "at most \(Limits.viewsPerLayer / 2)")
    }
    var wires: [TensorView] = []
    for (place, length) in lengths.enumerated() {
      let one = AxisRun(first: place, step: 1, count: 1)
      wires.append(
        turned(builder.selected(x, [one], axis: batch, named: name), length))
    }
    return builder.concatenated(wires, axis: batch, named: name)
  }
}

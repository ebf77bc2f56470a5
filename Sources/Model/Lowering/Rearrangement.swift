package import ConstraintSystem

/// Values at other places: each axis of the input read through a window over the output's axes.
package struct Rearrangement: Sendable {
  /// Extents of the output's axes, some of which may be cut in several, in order.
  package var axes: [Int]
  /// One per axis of the input; what lies outside it reads the fill.
  package var windows: [AffineIndex]

  /// The values in the output's order.
  package func callAsFunction<Element>(_ x: Values<Element>, fill: Element) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(axes.reduce(1, *))
    var labels = axes.map { _ in 0 }
    for _ in 0..<axes.reduce(1, *) {
      var (cell, isInside) = (0, true)
      for (window, extent) in zip(windows, x.shape) {
        let place = window.steps.reduce(window.constant) { $0 + $1.stride * labels[$1.label] }
        isInside = isInside && place >= 0 && place < extent
        cell = cell * extent + place
      }
      result.append(isInside ? x.elements[cell] : fill)
      for axis in axes.indices.reversed() {
        labels[axis] += 1
        if labels[axis] < axes[axis] { break }
        labels[axis] = 0
      }
    }
    return result
  }
}

/// An operator whose output holds its input's integers at other places: a view, no rows.
package protocol Rearranging: MovingOperator {
  /// Which input it moves.
  var source: Int { get }
  /// - Returns: the output's extents and where its values come from.
  func rearrangement(
    _ input: [Int]
  ) throws(ModelError) -> (shape: [Int], from: Rearrangement)
}

extension Rearranging {
  package static var keepsIntegers: Bool { true }
  package var source: Int { 0 }

  package func places(_ input: [Int]) throws(ModelError) -> [Int]? {
    let cells = Values(shape: input, elements: Array(0..<input.reduce(1, *)))
    return try rearrangement(input).from(cells, fill: -1)
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    guard inputs.indices.contains(source), let input = inputs[source] else {
      throw .invalid(node: "", what: "its input is missing")
    }
    return try rearrangement(input.shape).shape
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) {
    try tensors.requireEqualQuantization(label, input: source)
    _ = try tensors.output.affine(tensors.node)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(source, tensors)
    let (shape, from) = try rearrangement(x.shape)
    return Values(shape: shape, elements: from(x, fill: 0))
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let x: Values<Int64> = try inputs.operand(source, tensors)
    let (shape, from) = try rearrangement(x.shape)
    let zero = try tensors.output.affine(tensors.node).zeroPoint
    return Values(shape: shape, elements: from(x, fill: zero))
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let tensor = try tensors.input(source, "input")
    let x = try builder.aligned(inputs.operand(source, tensors), to: tensor, at: tensors.node)
    let (_, from) = try rearrangement(tensor.shape)
    return builder.view(x, through: from.windows, shape: from.axes, named: name)
  }
}

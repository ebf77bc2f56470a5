/// One real made of all values over some axes, said in a float network with operators that there are
/// (`expansion(_:)`); between quantized tensors it is refused.
package protocol RealReduction: UnprovenOperator {
  var axes: ReducedAxes { get }

  init(_ axes: ReducedAxes)

  /// - Parameter values: one or more.
  func reduced(_ values: [Double]) -> Double
}

extension RealReduction {
  package init(_ node: SourceNode) throws(ModelError) {
    var attributes = AttributeReader(node)
    self.init(try ReducedAxes(&attributes))
    try attributes.finish()
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try axes.outputShape(inputs)
  }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let x: Values<Float> = try inputs.operand(0, tensors)
    let elements = try axes.groups(in: x.shape).map { cells in
      Float(reduced(cells.map { Double(x.elements[$0]) }))
    }
    return Values(shape: tensors.output.shape, elements: elements)
  }

  package func refusal(_ tensors: NodeTensors) -> ModelError {
    .unsupported(
      node: tensors.node, what: "\(label) between quantized tensors",
      remedy: "give the float model with calibration inputs")
  }
}

import ConstraintSystem

/// ONNX ReduceProd, TFLite REDUCE_PROD: the product over some axes, which stay with extent 1 or go.
///
/// In a float network an axis is halved again and again, the halves multiplied value by value, by operators that
/// there are; each product has a range of its own. Between quantized tensors it is refused: no runtime has it.
package struct ReduceProduct: RealReduction {
  package static let onnx = [ONNXForm("ReduceProd", since: 1)]
  package static let tflite = [ReducedAxes.tflite("REDUCE_PROD")]

  package var axes: ReducedAxes

  package init(_ axes: ReducedAxes) { self.axes = axes }

  package var label: String { "ReduceProd" }

  package func reduced(_ values: [Double]) -> Double { values.reduce(1, *) }

  package func expansion(_ tensors: NodeTensors) throws(ModelError) -> Expansion? {
    let shape = try tensors.input(0, "input").shape
    var (expansion, running) = (Expansion(), Expansion.Operand.input(0))
    func slice(_ axis: Int, _ range: Range<Int>, of operand: Expansion.Operand) -> Expansion.Operand
    {
      expansion.add(
        Slice([
          axis: Slice.Bounds(start: Int64(range.lowerBound), end: Int64(range.upperBound))
        ]), operand)
    }
    for axis in try axes.places(in: shape) {
      var (extent, rest) = (shape[axis], [Expansion.Operand]())
      while extent > 1 {
        let half = extent / 2
        if extent % 2 == 1 { rest.append(slice(axis, extent - 1..<extent, of: running)) }
        running = expansion.add(
          Multiply(), slice(axis, 0..<half, of: running),
          slice(axis, half..<2 * half, of: running))
        extent = half
      }
      for factor in rest { running = expansion.add(Multiply(), running, factor) }
    }
    if expansion.steps.isEmpty || !axes.keepsAxes {
      expansion.add(Reshape(to: tensors.output.shape), running)
    }
    return expansion
  }
}

import Platform

/// ONNX ReduceLogSumExp: the logarithm of the sum of exponentials over some axes, which stay with extent 1 or go.
///
/// In a float network it is m + log Σ exp(x − m) with m the largest value, by operators that there are. Between
/// quantized tensors it is refused: nobody's integers are those of float32 exponentials.
package struct LogSumExp: RealReduction {
  package static let onnx = [ONNXForm("ReduceLogSumExp", since: 1)]

  package var axes: ReducedAxes

  package init(_ axes: ReducedAxes) { self.axes = axes }

  package var label: String { "ReduceLogSumExp" }

  package func reduced(_ values: [Double]) -> Double {
    let largest = values.reduce(-Double.infinity, max)
    return largest + Platform.log(values.reduce(0) { $0 + Platform.exp($1 - largest) })
  }

  package func expansion(_ tensors: NodeTensors) throws(ModelError) -> Expansion? {
    var kept = axes
    kept.keepsAxes = true
    var expansion = Expansion()
    let largest = expansion.add(ReduceExtremum(isMaximum: true, kept), .input(0))
    let below = expansion.add(Add(isDifference: true), .input(0), largest)
    let powers = expansion.add(Elementwise(.function(.exponential, .x)), below)
    let logarithm = expansion.add(
      ReduceSum(MeasuredSum(.values, .logarithm), kept, label: "ReduceLogSum"), powers)
    let sum = expansion.add(Add(), logarithm, largest)
    if !axes.keepsAxes { expansion.add(Reshape(to: tensors.output.shape), sum) }
    return expansion
  }
}

import ConstraintSystem

/// ONNX Sum and Mean of several tensors, extents broadcast as in ONNX; any of them may be a constant.
///
/// Integers: operands of one scale are summed, and their sum goes through the exact real, ties to even; of others
/// each, zero point removed, is multiplied by s_i/s_y (a mean's share of it) in steps of 2^−shift, of which one
/// rounding is left. onnxruntime adds reals in single precision, whose own rounding decides some ties.
/// Rows: one a value.
package struct Sum: Operator {
  package static let onnx = [ONNXForm("Sum", since: 8), ONNXForm("Mean", since: 8)]
  package static let constants = ConstantOperands.likeActivations

  private let isMean: Bool
  private let count: Int

  package init(_ node: SourceNode) throws(ModelError) {
    let attributes = AttributeReader(node)
    isMean = node.type == "Mean"
    count = node.inputs.count
    try attributes.finish()
  }

  package var label: String { isMean ? "Mean" : "Sum" }
  package var takesRows: Bool { true }

  package func expression(_ operands: [Expression]) -> Expression? {
    guard operands.count == count, let first = operands.first else { return nil }
    let sum = operands.dropFirst().reduce(first) { .sum($0, $1) }
    return isMean ? .pair(.quotient, sum, .constant(Float(count))) : sum
  }

  package func outputShape(_ inputs: [Tensor?]) throws(ModelError) -> [Int] {
    try Broadcast.outputShape(inputs, of: label, count: nil)
  }

  package func check(_ tensors: NodeTensors) throws(ModelError) { _ = try step(tensors) }

  package func real(
    _ inputs: [Values<Float>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Float> {
    let operands: [[Float]] = try Broadcast.expand(inputs, tensors)
    var sums = operands[0]
    for operand in operands.dropFirst() {
      for (cell, value) in operand.enumerated() { sums[cell] += value }
    }
    return Values(
      shape: tensors.output.shape, elements: isMean ? sums.map { $0 / Float(count) } : sums)
  }

  package func integer(
    _ inputs: [Values<Int64>?], _ tensors: NodeTensors
  ) throws(ModelError) -> Values<Int64> {
    let step = try step(tensors)
    let operands: [[Int64]] = try Broadcast.expand(inputs, tensors)
    return Values(
      shape: tensors.output.shape,
      elements: operands[0].indices.map { cell in
        step.requantization.finish(
          operands.indices.reduce(0) { sum, index in
            sum + (operands[index][cell] - step.zeroPoints[index]) * step.multipliers[index]
          })
      })
  }

  package func lower<Builder: CircuitBuilder>(
    _ inputs: [TensorView?], _ tensors: NodeTensors, named name: String, into builder: inout Builder
  ) throws(ModelError) -> TensorView {
    let step = try step(tensors)
    let (shape, readings) = try builder.elementwise(
      inputs, tensors, zeroPoints: step.zeroPoints, named: name)
    let relation = builder.multiples(step.multipliers, of: readings, over: shape, named: name)
    guard relation.count <= Limits.viewsPerLayer else {
      throw .unsupported(
        node: tensors.node, what: "a sum of \(relation.count) views",
        remedy: "at most \(Limits.viewsPerLayer) are added at once")
    }
    return builder.block(
      name, shape: shape, relation: relation, scaling: Scaling(step.requantization.rescale),
      activation: step.requantization.activation)
  }

  private struct Step {
    /// The operands' zero points.
    var zeroPoints: [Int64]
    var multipliers: [Int64]
    /// From the sum of the multiples to the output.
    var requantization: Requantization
  }

  /// Bits of the largest multiplier but one: as many as single precision has, and what a network needs that was
  /// quantized here.
  private static let (runtimeBits, ownBits) = (24, 20)

  private func step(_ tensors: NodeTensors) throws(ModelError) -> Step {
    guard tensors.arithmetic != .exact else {
      throw .unsupported(
        node: tensors.node, what: "\(label) of several tensors between QONNX's quantizers",
        remedy: "use Add, with a quantizer behind each")
    }
    let output = try tensors.output.affine(tensors.node)
    var operands: [AffineQuantization] = []
    for index in tensors.inputs.indices {
      operands.append(try tensors.input(index, "operand \(index)").affine(tensors.node))
    }
    let zeroPoints = operands.map(\.zeroPoint)
    let share = isMean ? operands.count : 1
    if tensors.arithmetic == .float32, let first = operands.first,
      operands.allSatisfy({ $0.scale == first.scale }),
      let step = FloatStep.realMean(of: share, first, output, countsZero: false)
    {
      return Step(
        zeroPoints: zeroPoints, multipliers: operands.map { _ in 1 },
        requantization: try Requantization(tensors, .unbounded, rescale: .float(step)))
    }
    let ratios = operands.map { Double($0.scale) / Double(output.scale) / Double(share) }
    guard let largest = ratios.max(), largest >= 0x1p-16, largest < 0x1p16 else {
      throw .unsupported(
        node: tensors.node, what: "the ratios of its scales are \(ratios)",
        remedy: "input scale over output scale must lie between 2^-16 and 2^16")
    }
    let bits = tensors.arithmetic == .float32 ? Self.runtimeBits : Self.ownBits
    let shift = bits - Int(largest.exponent)
    return Step(
      zeroPoints: zeroPoints,
      multipliers: ratios.map {
        Int64(($0 * Double(sign: .plus, exponent: shift, significand: 1)).rounded())
      },
      requantization: try Requantization(
        tensors, .unbounded, rescale: Rescale(mantissa: 1, shift: shift)))
  }
}

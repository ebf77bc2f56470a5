import Model

extension ReduceSum: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([1, 2, 3, 2])
    // Of values from 0 on.
    let positive = Tensor.activation([1, 2, 3, 2], zero: -128)
    return [
      .onnx("ReduceSum", [x, .list([-2])], .activation([1, 2, 1, 2], scale: 0.0911)) {
        $0.optional = [1]
      },
      .onnx(
        "ReduceSum", opset: 11, ["axes": .integers([0, 2]), "keepdims": .integer(0)], [x],
        .activation([2, 2], scale: 0.0911)
      ) { $0.detail = "axes as an attribute" },
      .onnx("ReduceL1", [x, .list([1, 2])], .activation([1, 1, 1, 2], scale: 0.17, zero: -128)) {
        $0.optional = [1]
      },
      .onnx("ReduceL1", [positive, .list([2])], .activation([1, 2, 1, 2], scale: 0.17)) {
        ($0.isFixed, $0.optional, $0.detail) = (true, [1], "no value below zero")
      },
      .onnx("ReduceSumSquare", [x, .list([2])], .activation([1, 2, 1, 2], scale: 0.3, zero: -128)) {
        $0.optional = [1]
      },
      // The table of all sums of two squares.
      .onnx("ReduceL2", [x, .list([3])], .activation([1, 2, 3, 1], scale: 0.0371, zero: -128)) {
        ($0.isFixed, $0.detail) = (true, "two values")
      },
      .onnx("ReduceL2", [x, .list([1, 2])], .activation([1, 1, 1, 2], scale: 0.0671, zero: -128)) {
        // A root near zero is steeper than a table of shifted sums is fine.
        ($0.arithmetic, $0.optional, $0.slack) = (.integer(bits: 31), [1], 2)
      },
      .onnx(
        "ReduceLogSum", [positive, .list([2])], .activation([1, 2, 1, 2], scale: 0.0211, zero: 30)
      ) { ($0.isFixed, $0.hasFloatForm, $0.optional) = (true, false, [1]) },
      .onnx("GlobalLpPool", ["p": .integer(1)], [x], .activation([1, 2, 1, 1], scale: 0.17)) {
        $0.ranks = 3...8
      },
      .onnx("GlobalLpPool", [x], .activation([1, 2, 1, 1], scale: 0.0671, zero: -128)) {
        ($0.arithmetic, $0.ranks, $0.slack) = (.integer(bits: 31), 3...8, 2)
      },
      .tflite("SUM", [x, .list([1, 2])], .activation([1, 2], scale: 0.0911, zero: -9)),
      .tflite("SUM", ["keep_dims": .integer(1)], [x, .list([1, 2])], .activation([1, 1, 1, 2])) {
        ($0.keepsScale, $0.detail) = (true, "one scale")
      },
    ]
  }
}

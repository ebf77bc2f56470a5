import ConstraintSystem
import Model

extension ArgMax: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([2, 4])
    return [
      .tflite("ARG_MAX", [x, .list([1], [])], Tensor(name: "", shape: [2], type: .int64)),
      .onnx("ArgMax", ["axis": .integer(-1)], [x], Tensor(name: "", shape: [2, 1], type: .int64)),
      .onnx(
        "ArgMax", ["axis": .integer(0), "keepdims": .integer(0)], [x],
        Tensor(name: "", shape: [4], type: .int64)),
    ]
  }
}

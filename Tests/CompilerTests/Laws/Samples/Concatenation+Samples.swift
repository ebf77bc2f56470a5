import ConstraintSystem
import Model

extension Concatenation: SampledOperator {
  static var samples: [OperatorSample] {
    let a = Tensor.activation([1, 2, 3])
    return [
      .tflite(
        "CONCATENATION", ["axis": .integer(1)],
        [
          .activation([1, 2, 3], zero: 131, .uint8),
          .activation([1, 1, 3], scale: 0.0717, zero: 5, .uint8),
        ], .activation([1, 3, 3], scale: 0.1043, zero: 140, .uint8)
      ) { ($0.isFixed, $0.detail) = (true, "uint8") },
      .tflite("CONCATENATION", ["axis": .integer(-1)], [a, a], .activation([1, 2, 6])) {
        ($0.keepsScale, $0.detail) = (true, "one scale")
      },
      .tflite(
        "PACK", ["axis": .integer(-2), "values_count": .integer(2)], [a, a],
        .activation([1, 2, 2, 3])
      ) { $0.keepsScale = true },
      .onnx(
        "Concat", ["axis": .integer(1)], [a, .constant([1, 1, 3])],
        .activation([1, 3, 3], scale: 0.1043)),
    ]
  }
}

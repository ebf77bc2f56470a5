import Model

extension Reverse: SampledOperator {
  static var samples: [OperatorSample] {
    let x = Tensor.activation([2, 3, 4])
    return [.tflite("REVERSE_V2", [x, .list([1, -1])], x) { $0.ranks = 2...8 }]
  }
}

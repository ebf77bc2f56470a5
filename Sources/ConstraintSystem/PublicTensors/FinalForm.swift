/// What a public last step reads and makes, but for the values.
///
/// Written down in docs/protocol/last-steps.md#forms.
package struct FinalForm: Hashable, Sendable {
  /// Each extent 1 or more.
  package var shape: [Int]
  /// `float32` for reals.
  package var type: ElementType
  /// What integers stand for: real = scale · (integer − zeroPoint).
  package var scale: Double
  package var zeroPoint: Int64

  package init(shape: [Int], type: ElementType, scale: Double = 1, zeroPoint: Int64 = 0) {
    self.shape = shape
    self.type = type
    self.scale = scale
    self.zeroPoint = zeroPoint
  }

  /// Of an output before its last steps.
  package init(_ port: Port) {
    self.init(shape: port.shape, type: port.type, scale: port.scale, zeroPoint: port.zeroPoint)
  }

  /// What the values are read as by steps on reals.
  package var isReal: Bool { type == .float32 }

  fileprivate func quantized(_ output: FinalQuantization) -> FinalForm? {
    output.isSound
      ? FinalForm(
        shape: shape, type: output.type, scale: output.scale, zeroPoint: output.zeroPoint) : nil
  }

  fileprivate var asReals: FinalForm { FinalForm(shape: shape, type: .float32) }
}

extension FinalStep {
  /// What the step makes of values of a form.
  ///
  /// - Returns: nil where it does not fit them: a step on integers that are reals, an axis that the
  ///   shape lacks, a scale that is none.
  package func form(of input: FinalForm) -> FinalForm? {
    switch self {
    case .softmax(let beta, let output):
      guard FinalQuantization.isScale(beta), !input.shape.isEmpty else { return nil }
      guard let output else { return input.asReals }
      return input.isReal ? nil : input.quantized(output)
    case .logSoftmax(let output):
      guard !input.shape.isEmpty else { return nil }
      guard let output else { return input.asReals }
      return input.isReal ? nil : input.quantized(output)
    case .argMax(let axis):
      guard input.shape.indices.contains(axis) else { return nil }
      var shape = input.shape
      shape.remove(at: axis)
      return FinalForm(shape: shape, type: .int64)
    case .quantizedSoftmax(let output):
      return input.isReal || input.shape.isEmpty || input.type.byteRange == nil
        || output.type.byteRange == nil ? nil : input.quantized(output)
    case .dequantize: return input.isReal ? nil : input.asReals
    case .quantize(let output): return input.isReal ? input.quantized(output) : nil
    case .requantize(let output):
      return input.isReal || output.scale != input.scale ? nil : input.quantized(output)
    case .sigmoid, .tanh: return input.asReals
    case .table(let values):
      guard input.type.byteRange?.count == values.count, values.allSatisfy({ !$0.isNaN }) else {
        return nil
      }
      return input.asReals
    case .reshape(let shape):
      guard let count = Self.count(shape), count == input.shape.reduce(1, *) else { return nil }
      var form = input
      form.shape = shape
      return form
    case .transpose(let permutation):
      guard permutation.sorted() == Array(input.shape.indices) else { return nil }
      var form = input
      form.shape = permutation.map { input.shape[$0] }
      return form
    }
  }
}

extension FinalStep {
  /// Values of a shape that a port may have; nil for another.
  private static func count(_ shape: [Int]) -> Int? {
    guard shape.count <= Limits.rank else { return nil }
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow else { return nil }
      count = product
    }
    return count
  }
}

extension ElementType {
  /// The integers of a type of eight bits.
  var byteRange: ClosedRange<Int64>? { bytes == 1 ? range : nil }
}

extension FinalQuantization {
  /// Whether a number can be multiplied by in single precision, as last steps do.
  static func isScale(_ scale: Double) -> Bool { scale > 0 && Float(scale).isFinite }

  fileprivate var isSound: Bool {
    guard let range = type.range else { return false }
    return Self.isScale(scale) && range.contains(zeroPoint)
  }
}

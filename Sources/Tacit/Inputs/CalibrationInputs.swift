import Model
import TacitVerifier

/// Arrays from a file, made into the reals that a float network is quantized by.
enum CalibrationInputs {
  /// The reals of each sample, per input: read by the rule that a proof's inputs are read by.
  static func samples(
    _ calibration: NamedArrays, of inputs: [Tensor]
  ) throws(TacitError) -> [[[Float]]] {
    var samples: [[[Float]]] = []
    let arrays = try calibration.ordered(inputs.map { ($0.name, $0.shape) })
    for (tensor, (array, _)) in zip(inputs, arrays) {
      guard calibration.reading.takesReals(of: TensorType(tensor.type)) else {
        throw .input(
          "\(TextPiece.quoted(tensor.name.utf8)) is float, and integers stand for reals only once there is a scale, "
            + "which calibration is to find; give reals")
      }
      let count = try InputTensors.inferences(array, of: tensor.shape, named: tensor.name)
      if samples.isEmpty { samples = Array(repeating: [], count: count) }
      guard samples.count == count else {
        throw .input("its arrays have \(samples.count) and \(count) rows")
      }
      let reals = array.reals
      for sample in 0..<count {
        let row = Array(reals[sample * tensor.count..<(sample + 1) * tensor.count])
        guard row.allSatisfy(\.isFinite) else {
          throw .input(
            "row \(sample) of \(TextPiece.quoted(tensor.name.utf8)) holds NaN or infinite values")
        }
        samples[sample].append(row)
      }
    }
    return samples
  }

  static func reports(
    _ calibration: NamedArrays, of inputs: [Tensor]
  ) throws(TacitError) -> [InputReport] {
    let arrays = try calibration.ordered(inputs.map { ($0.name, $0.shape) })
    return zip(inputs, arrays).map { tensor, given in
      InputReport(
        name: tensor.name, arrayName: given.name, meaning: .reals, values: given.array.count,
        raised: 0, lowered: 0)
    }
  }
}

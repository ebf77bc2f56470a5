import ConstraintSystem
import Model
import TacitVerifier

/// Arrays from a file, made into the reals that a float network is quantized by.
enum CalibrationInputs {
  /// The reals of each sample, per input: read by the rule that a proof's inputs are read by.
  static func samples(
    _ calibration: NamedArrays, of inputs: [Tensor]
  ) throws(CalibrationFault) -> [[[Float]]] {
    var samples: [[[Float]]] = []
    let arrays = try ordered(calibration, inputs)
    for (tensor, (array, _)) in zip(inputs, arrays) {
      // A float model has no inputs of integers but those that say where it reads.
      guard tensor.type != .float32 || calibration.reading.takesReals(of: .float32) else {
        throw .integers(input: tensor.name)
      }
      let count: Int
      do throws(InputFault) {
        count = try InputTensors.inferences(array, of: tensor.shape, named: tensor.name)
      } catch {
        throw .arrays(error)
      }
      if samples.isEmpty { samples = Array(repeating: [], count: count) }
      guard samples.count == count else {
        throw .sampleCounts(samples.count, count)
      }
      let reals = array.reals
      for sample in 0..<count {
        let row = Array(reals[sample * tensor.count..<(sample + 1) * tensor.count])
        guard row.allSatisfy(\.isFinite) else {
          throw .notFinite(input: tensor.name, sample: sample)
        }
        samples[sample].append(row)
      }
    }
    return samples
  }

  static func reports(
    _ calibration: NamedArrays, of inputs: [Tensor]
  ) throws(CalibrationFault) -> [InputReport] {
    let arrays = try ordered(calibration, inputs)
    return zip(inputs, arrays).map { tensor, given in
      InputReport(
        name: tensor.name, arrayName: given.name,
        meaning: tensor.type == .float32 ? .reals : .integers(TensorType(tensor.type)),
        values: given.array.count,
        raised: 0, lowered: 0)
    }
  }
  private static func ordered(
    _ calibration: NamedArrays, _ inputs: [Tensor]
  ) throws(CalibrationFault) -> [NamedArrays.Given] {
    do throws(InputFault) {
      return try calibration.ordered(inputs.map { ($0.name, $0.shape) })
    } catch {
      throw .arrays(error)
    }
  }
}

import ConstraintSystem
import Model

/// The classes that calibration inputs are of, by their indices among the network's outputs.
struct Labels {
  let classes: [Int]

  /// - Parameters:
  ///   - array: one integer for each sample, in any shape.
  ///   - graph: the float network.
  init(_ array: NumericArray, of graph: Graph, samples: Int) throws(LabelFault) {
    let shape = IntegerNetwork.provenOutputs(of: graph).first?.shape ?? []
    let count = shape.reduce(1, *)
    guard count > 1, shape.max() == count else { throw .noClasses(shape: shape) }
    guard array.count == samples else { throw .count(array.count, samples: samples) }
    let values: [Double] =
      switch array.values {
      case .real(let values): values
      case .integer(let values): values.map { Double($0) }
      }
    var classes: [Int] = []
    for (place, value) in values.enumerated() {
      guard let index = Int(exactly: value), (0..<count).contains(index) else {
        throw .notAClass(label: place, value: value, classes: count)
      }
      classes.append(index)
    }
    self.classes = classes
  }

  /// How many samples the float network and the integer one put where their labels do.
  func accuracy(_ report: QuantizationReport) -> ModelReport.Quantization.Accuracy {
    let both = zip(classes, report.classes)
    return ModelReport.Quantization.Accuracy(
      float: both.count { $0 == $1.float }, quantized: both.count { $0 == $1.integer })
  }
}

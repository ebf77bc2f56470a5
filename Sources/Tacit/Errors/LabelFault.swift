/// Why labels do not serve to say how accurate a model is on its calibration inputs.
public enum LabelFault: Error, Hashable, Sendable {
  /// There are no calibration inputs that they could be of: the model is quantized already, or none
  /// were given.
  case withoutInputs
  /// Another number of labels than of calibration inputs.
  case count(Int, samples: Int)
  /// A label, counted from 0, that is no index of a class: an integer from 0 up.
  case notAClass(label: Int, value: Double, classes: Int)
  /// The network's output is no list of classes' values, of which the largest tells the class.
  case noClasses(shape: [Int])
}

extension LabelFault: CustomStringConvertible {
  /// The fault in plain words, on one line that is harmless to print.
  public var description: String {
    switch self {
    case .withoutInputs:
      "labels say what the calibration inputs are, and there are none; a model that is quantized "
        + "already is measured by its outputs (tacit run)"
    case .count(let count, let samples):
      "there are \(count) labels and \(samples) calibration inputs; give one label for each"
    case .notAClass(let label, let value, let classes):
      "label \(label) is \(value); a label is the index of a class, from 0 to \(classes - 1)"
    case .noClasses(let shape):
      "the network's output, of shape \(shape), is no list of classes; labels are for networks whose "
        + "largest output is the class"
    }
  }
}

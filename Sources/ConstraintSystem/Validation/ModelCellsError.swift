/// Why values are not those of a circuit's model.
package enum ModelCellsError: Error, Hashable, Sendable {
  case tensorCount(expected: Int, actual: Int)
  case valueCount(tensor: String, expected: Int, actual: Int)
  case outOfType(tensor: String, position: [Int], value: Int64, type: ModelTensor.StoredType)
}

extension ModelCellsError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tensorCount(let expected, let actual):
      "the circuit has \(expected) model tensors, values were given for \(actual)"
    case .valueCount(let tensor, let expected, let actual):
      "model tensor \(tensor) has \(expected) values, \(actual) were given"
    case .outOfType(let tensor, let position, _, .oneHot):
      "model tensor \(tensor) at \(position): the row from there on is not one 1 among zeros"
    case .outOfType(let tensor, let position, let value, let type):
      "model tensor \(tensor) at \(position): \(value) is no \(type)"
    }
  }
}

import Checker
import TacitVerifier

/// What `check` found.
public struct CheckReport: Hashable, Sendable {
  /// How many were checked at once.
  public let inferences: Int
  /// Rows of the trace whose constraints were evaluated, padding included.
  public let rows: Int
  /// In order of rows; empty when all constraints hold.
  public let violations: [ConstraintViolation]
}

/// A constraint that does not hold, or commitments that are not those of the weights.
public struct ConstraintViolation: Hashable, Sendable {
  /// As in the model file; nil for what is no layer's.
  public let layer: String?
  /// Of a layer's value, an index for each axis; nil for rows that hold no value.
  public let position: [Int]?
  /// Of the trace; nil for what is no row's.
  public let row: Int?
  /// Which of several inferences, counted from 0; nil where there is one, or for what is no
  /// inference's.
  public let inference: Int?
  private let sentence: String

  init(_ violation: Violation) {
    switch violation.place {
    case .cell(let layer, let position, let row):
      (self.layer, self.position, self.row) = (layer, position, row)
    case .padding(let layer, let row): (self.layer, position, self.row) = (layer, nil, row)
    case .gap(let row): (layer, position, self.row) = (nil, nil, row)
    case .table, .column: (layer, position, row) = (nil, nil, nil)
    }
    inference = violation.inference
    sentence = "\(violation)"
  }

  init(_ fault: KeyFault) {
    (layer, position, row, inference) = (nil, nil, nil, nil)
    sentence = "\(fault)"
  }
}

extension ConstraintViolation: CustomStringConvertible {
  /// Place and fault in plain words, on one line that is harmless to print.
  public var description: String { sentence }
}

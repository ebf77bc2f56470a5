package import BigInteger
import ConstraintSystem

/// One constraint that a witness breaks.
package struct Violation: Hashable, Sendable {
  package enum Place: Hashable, Sendable {
    /// A cell of a block, by its index tuple.
    case cell(layer: String, position: [Int], row: Int)
    /// A row that pads an axis of a block.
    case padding(layer: String, row: Int)
    /// A row of no block.
    case gap(row: Int)
    /// A row of the table.
    case table(tag: Int64, input: Int64, output: Int64)
    /// A whole column.
    case column(Column)
  }

  package enum Column: Hashable, Sendable {
    case accumulator, output, quotient, multiplicity, model
    /// rem_k, k from 1.
    case limb(Int)
  }

  package enum Fault: Hashable, Sendable {
    /// acc is not what the block's relation gives.
    case relation(expected: Integer, actual: Integer)
    /// acc·M less the remainder is no multiple of 2^S.
    case rowEquation(product: Integer, remainder: Integer)
    /// q as committed is not what the row's equation makes it.
    case quotient(expected: Integer, actual: Int64)
    /// A limb outside its range.
    case limb(Int, expected: ClosedRange<Int64>, actual: Int64)
    /// y is not the function's value at q; expected is nil when q is outside its domain.
    case function(String, quotient: Integer, expected: Int64?, actual: Int64)
    /// The table's row is looked up more or less often than claimed.
    case multiplicity(expected: Int64, actual: Int64)
    /// A cell of a gap or padding row that is not zero.
    case idle(Column, actual: Int64)
    /// A column of another length than the circuit's.
    case length(expected: Int, actual: Int)
  }

  package var place: Place
  package var fault: Fault
  /// From 0; nil where the witness is of one, or the place is no inference's.
  package var inference: Int?

  package init(_ place: Place, _ fault: Fault, inference: Int? = nil) {
    self.place = place
    self.fault = fault
    self.inference = inference
  }
}

extension Violation.Column: CustomStringConvertible {
  package var description: String {
    switch self {
    case .accumulator: "acc"
    case .output: "y"
    case .quotient: "q"
    case .multiplicity: "m"
    case .model: "the model"
    case .limb(let index): "rem\(index)"
    }
  }
}

extension Violation.Place: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cell(let layer, let position, let row): "layer \(layer) at \(position), row \(row)"
    case .padding(let layer, let row): "padding of layer \(layer), row \(row)"
    case .gap(let row): "gap, row \(row)"
    case .table(let tag, let input, let output): "table row (\(tag), \(input), \(output))"
    case .column(let column): "column \(column)"
    }
  }
}

extension Violation.Fault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .relation(let expected, let actual):
      "acc is \(actual), its relation gives \(expected)"
    case .rowEquation(let product, let remainder):
      "acc·M is \(product), which less the remainder \(remainder) is no multiple of 2^S"
    case .quotient(let expected, let actual): "q is \(actual), it has to be \(expected)"
    case .limb(let index, let expected, let actual):
      "rem\(index) is \(actual), outside \(expected.lowerBound)…\(expected.upperBound)"
    case .function(let name, let quotient, let expected?, let actual):
      "y is \(actual), \(name) of q = \(quotient) is \(expected)"
    case .function(let name, let quotient, nil, let actual):
      "q = \(quotient) (y is \(actual)) is outside the domain of \(name)"
    case .multiplicity(let expected, let actual):
      "it is looked up \(expected) times, its multiplicity is \(actual)"
    case .idle(let column, let actual): "\(column) is \(actual), it has to be 0"
    case .length(let expected, let actual): "it has \(actual) cells, \(expected) are needed"
    }
  }
}

extension Violation: CustomStringConvertible {
  package var description: String {
    "\(inference.map { "inference \($0), " } ?? "")\(place): \(fault)".printable
  }
}

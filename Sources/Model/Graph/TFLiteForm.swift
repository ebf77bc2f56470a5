/// A builtin operator of TFLite, and the table of its options as the schema has it.
package struct TFLiteForm: Sendable {
  /// How a field of a table of options is stored.
  package enum Kind: Sendable {
    /// `ActivationFunctionType`, read as its name.
    case activation
    /// `FullyConnectedOptionsWeightsFormat`, read as its name.
    case weightsFormat
    /// `Padding`, read as its name.
    case padding
    /// `MirrorPadMode`, read as ONNX's name for it.
    case mirror
    /// `TensorType`, read as its name.
    case type
    /// A bool with its default, read as 0 or 1.
    case flag(Bool)
    /// An int with its default.
    case integer(Int32)
    case real
    /// A vector of ints.
    case integers
  }
  package typealias Fields = [(name: String, kind: Kind)]

  /// As in `BuiltinOperator`: `FULLY_CONNECTED`.
  package var name: String
  /// The table's number in the union `BuiltinOptions`, and its fields in the schema's order; nil
  /// where the operator has no options.
  package var options: (union: UInt8, fields: Fields)?
  /// The places in a file of the operands as operators take them; nil where they are in that order.
  package var operands: [Int]?

  /// An operator without options.
  package init(_ name: String, operands: [Int]? = nil) {
    self.name = name
    self.operands = operands
  }

  package init(
    _ name: String, options union: UInt8, _ fields: Fields = [], operands: [Int]? = nil
  ) {
    self.name = name
    self.operands = operands
    options = (union, fields)
  }
}

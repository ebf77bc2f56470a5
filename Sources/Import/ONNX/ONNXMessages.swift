// The part of ONNX's model format that is read. Messages, fields and their numbers are those of
// onnx/onnx.proto of ONNX 1.23 (Apache-2.0), whose text says what they mean; a test compares them.
//
// A field that is not listed is skipped. One that only ever has to be well formed is read and dropped.

package struct ModelProto: WireMessage, Sendable {
  package var graph: GraphProto?
  package var opsetImport: [OperatorSetIdProto] = []
  package var functions: [FunctionProto] = []

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    // producer_name, producer_version
    case (2, .bytes), (3, .bytes): _ = try reader.text()
    case (7, .bytes): try reader.merge(into: &graph)
    case (8, .bytes): try reader.append(to: &opsetImport)
    case (25, .bytes): try reader.append(to: &functions)
    default: try reader.skip(field)
    }
  }
}

package struct OperatorSetIdProto: WireMessage, Sendable {
  package var domain = ""
  package var version: Int64 = 0

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    case (1, .bytes): domain = try reader.text()
    case (2, .varint): version = Int64(bitPattern: try reader.varint())
    default: try reader.skip(field)
    }
  }
}

package struct GraphProto: WireMessage, Sendable {
  package var node: [NodeProto] = []
  package var name = ""
  package var initializer: [TensorProto] = []
  package var input: [ValueInfoProto] = []
  package var output: [ValueInfoProto] = []
  package var valueInfo: [ValueInfoProto] = []
  /// These are refused by name, whatever they hold.
  package var sparseInitializers = 0

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    case (1, .bytes): try reader.append(to: &node)
    case (2, .bytes): name = try reader.text()
    case (5, .bytes): try reader.append(to: &initializer)
    case (11, .bytes): try reader.append(to: &input)
    case (12, .bytes): try reader.append(to: &output)
    case (13, .bytes): try reader.append(to: &valueInfo)
    case (15, .bytes):
      var sparse = SparseTensorProto()
      try reader.merge(into: &sparse)
      sparseInitializers += 1
    default: try reader.skip(field)
    }
  }
}

/// Nodes that stand for one of a domain and a name of their own.
package struct FunctionProto: WireMessage, Sendable {
  package var name = ""
  package var input: [String] = []
  package var output: [String] = []
  package var node: [NodeProto] = []
  package var opsetImport: [OperatorSetIdProto] = []
  package var domain = ""
  /// Attributes that a node may leave out, and what they are then.
  package var attributeProto: [AttributeProto] = []
  /// Tells functions of one name apart.
  package var overload = ""

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    case (1, .bytes): name = try reader.text()
    case (4, .bytes): input.append(try reader.text())
    case (5, .bytes): output.append(try reader.text())
    case (7, .bytes): try reader.append(to: &node)
    case (9, .bytes): try reader.append(to: &opsetImport)
    case (10, .bytes): domain = try reader.text()
    case (11, .bytes): try reader.append(to: &attributeProto)
    case (13, .bytes): overload = try reader.text()
    default: try reader.skip(field)
    }
  }
}

package struct NodeProto: WireMessage, Sendable {
  package var input: [String] = []
  package var output: [String] = []
  package var name = ""
  package var opType = ""
  package var attribute: [AttributeProto] = []
  package var domain = ""
  package var overload = ""

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    case (1, .bytes): input.append(try reader.text())
    case (2, .bytes): output.append(try reader.text())
    case (3, .bytes): name = try reader.text()
    case (4, .bytes): opType = try reader.text()
    case (5, .bytes): try reader.append(to: &attribute)
    case (7, .bytes): domain = try reader.text()
    case (8, .bytes): overload = try reader.text()
    default: try reader.skip(field)
    }
  }
}

package struct AttributeProto: WireMessage, Sendable {
  package var name = ""
  package var f: Float = 0
  package var i: Int64 = 0
  package var s: ArraySlice<UInt8> = []
  package var t: TensorProto?
  /// A branch.
  package var g: GraphProto?
  package var floats: [Float] = []
  package var ints: [Int64] = []
  package var type: Int32 = 0
  /// In a function: of which attribute of the node that calls it this is the value.
  package var refAttrName = ""

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    case (1, .bytes): name = try reader.text()
    case (2, .fourBytes): f = Float(bitPattern: try reader.fourBytes())
    case (3, .varint): i = Int64(bitPattern: try reader.varint())
    case (4, .bytes): s = try reader.bytes()
    case (5, .bytes): try reader.merge(into: &t)
    case (6, .bytes): try reader.merge(into: &g)
    case (7, .fourBytes), (7, .bytes): try reader.append(field.form, to: &floats)
    case (8, .varint), (8, .bytes): try reader.append(field.form, to: &ints)
    case (20, .varint): type = Int32(truncatingIfNeeded: try reader.varint())
    case (21, .bytes): refAttrName = try reader.text()
    default: try reader.skip(field)
    }
  }
}

package struct TensorProto: WireMessage, Sendable {
  package var dims: [Int64] = []
  package var dataType: Int32 = 0
  package var floatData: [Float] = []
  /// Numbers of 32 bits, or what is left of others in 32 bits.
  package var int32Data: [Int64] = []
  package var int64Data: [Int64] = []
  package var doubleData: [Double] = []
  /// The bits of numbers without a sign.
  package var uint64Data: [Int64] = []
  package var name = ""
  /// Nil where the file does not have it, which an empty one is not.
  package var rawData: ArraySlice<UInt8>?
  /// Where another file holds the data.
  package var externalData: [StringStringEntryProto] = []
  package var dataLocation: Int32 = 0

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    case (1, .varint), (1, .bytes): try reader.append(field.form, to: &dims)
    case (2, .varint): dataType = Int32(truncatingIfNeeded: try reader.varint())
    case (4, .fourBytes), (4, .bytes): try reader.append(field.form, to: &floatData)
    case (5, .varint), (5, .bytes):
      let known = int32Data.count
      try reader.append(field.form, to: &int32Data)
      for place in known..<int32Data.count {
        int32Data[place] = Int64(Int32(truncatingIfNeeded: int32Data[place]))
      }
    case (7, .varint), (7, .bytes): try reader.append(field.form, to: &int64Data)
    case (8, .bytes): name = try reader.text()
    case (9, .bytes): rawData = try reader.bytes()
    case (10, .eightBytes), (10, .bytes): try reader.append(field.form, to: &doubleData)
    case (11, .varint), (11, .bytes): try reader.append(field.form, to: &uint64Data)
    case (13, .bytes): try reader.append(to: &externalData)
    case (14, .varint): dataLocation = Int32(truncatingIfNeeded: try reader.varint())
    default: try reader.skip(field)
    }
  }
}

package struct ValueInfoProto: WireMessage, Sendable {
  package var name = ""
  package var type: TypeProto?

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    case (1, .bytes): name = try reader.text()
    case (2, .bytes): try reader.merge(into: &type)
    default: try reader.skip(field)
    }
  }
}

package struct TypeProto: WireMessage, Sendable {
  package struct Tensor: WireMessage, Sendable {
    package var elemType: Int32 = 0
    package var shape: TensorShapeProto?

    package init() {}

    package mutating func read(
      _ field: WireReader.Field, from reader: inout WireReader
    ) throws(WireError) {
      switch (field.number, field.form) {
      case (1, .varint): elemType = Int32(truncatingIfNeeded: try reader.varint())
      case (2, .bytes): try reader.merge(into: &shape)
      default: try reader.skip(field)
      }
    }
  }

  package var tensorType: Tensor?

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    case (1, .bytes): try reader.merge(into: &tensorType)
    default: try reader.skip(field)
    }
  }
}

package struct TensorShapeProto: WireMessage, Sendable {
  package struct Dimension: WireMessage, Sendable {
    package enum Value: Hashable, Sendable {
      case dimValue(Int64)
      case dimParam(String)
    }
    /// Of the two the one that was given last.
    package var value: Value?

    package init() {}

    package mutating func read(
      _ field: WireReader.Field, from reader: inout WireReader
    ) throws(WireError) {
      switch (field.number, field.form) {
      case (1, .varint): value = .dimValue(Int64(bitPattern: try reader.varint()))
      case (2, .bytes): value = .dimParam(try reader.text())
      default: try reader.skip(field)
      }
    }
  }

  package var dim: [Dimension] = []

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    case (1, .bytes): try reader.append(to: &dim)
    default: try reader.skip(field)
    }
  }
}

/// Read only for what it must be to be well formed.
private struct SparseTensorProto: WireMessage {
  private var values: TensorProto?

  mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    case (1, .bytes): try reader.merge(into: &values)
    default: try reader.skip(field)
    }
  }
}

package struct StringStringEntryProto: WireMessage, Sendable {
  package var key = ""
  package var value = ""

  package init() {}

  package mutating func read(
    _ field: WireReader.Field, from reader: inout WireReader
  ) throws(WireError) {
    switch (field.number, field.form) {
    case (1, .bytes): key = try reader.text()
    case (2, .bytes): value = try reader.text()
    default: try reader.skip(field)
    }
  }
}

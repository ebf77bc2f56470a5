/// What the cells of a committed tensor mean, and where they stand in its rows.
///
/// One commitment for two tensors of one identity is one tensor, value by value. Without the same identity it
/// says little: the same cells in another order, shape or scale are other reals.
///
/// Written down in docs/protocol/ties.md#identity-of-a-tensor.
package struct TensorIdentity: Hashable, Sendable {
  package var scheme: ProofScheme
  package var type: ElementType
  /// real = scale · (integer − zeroPoint).
  package var scale: Double
  package var zeroPoint: Int64
  /// N. Where it is more than one it leads `shape` and `layout`.
  package var inferences: Int
  /// As in the user's model, without extents of one: a batch of one changes nothing.
  package var shape: [Int]
  /// For each block that holds the tensor its extents, likewise: axes in the order of the cells, each padded
  /// to a power of two.
  package var layout: [[Int]]
  /// s_j of each block: the tensor's integers, less the zero point, are Σ 2^{s_j}·cell.
  package var shifts: [Int]
  /// log₂ of the cells in a row.
  package var rowBits: Int

  package init(
    scheme: ProofScheme, type: ElementType, scale: Double, zeroPoint: Int64, inferences: Int,
    shape: [Int], layout: [[Int]], shifts: [Int], rowBits: Int
  ) {
    self.scheme = scheme
    self.type = type
    self.scale = scale
    self.zeroPoint = zeroPoint
    self.inferences = inferences
    self.shape = shape
    self.layout = layout
    self.shifts = shifts
    self.rowBits = rowBits
  }

  /// In what this is another than `other`, for people; empty where they are one.
  package func differences(from other: TensorIdentity) -> [String] {
    func told<Part: Equatable>(_ name: String, _ own: Part, _ its: Part) -> String? {
      own == its ? nil : "\(name) \(own), not \(its)"
    }
    return [
      told("scheme", scheme, other.scheme), told("type", type, other.type),
      told("scale", scale, other.scale), told("zero point", zeroPoint, other.zeroPoint),
      told("number of inferences", inferences, other.inferences),
      told("shape", shape, other.shape), told("order of values", layout, other.layout),
      told("limbs", shifts, other.shifts),
      told("row length", 1 << rowBits, 1 << other.rowBits),
    ].compactMap(\.self)
  }
}

extension ConstraintSystem {
  /// Of a port of a key's circuit, in a proof of `inferences` inferences.
  ///
  /// - Precondition: the port is committed, so that rows have one length whatever the number of inferences.
  package func identity(of port: Port, inferences: Int) -> TensorIdentity {
    func extents(_ shape: [Int]) -> [Int] { ([inferences] + shape).filter { $0 != 1 } }
    return TensorIdentity(
      scheme: parameters.scheme, type: port.type, scale: port.scale, zeroPoint: port.zeroPoint,
      inferences: inferences, shape: extents(port.shape),
      layout: port.blocks.map { extents(blocks[$0].shape) },
      shifts: PortLimbs(port, of: self).shifts, rowBits: parameters.commitmentRowBits)
  }
}

extension TensorIdentity {
  package func write(to writer: inout ByteWriter) {
    func write(_ extents: [Int], to writer: inout ByteWriter) {
      writer.write(list: extents) { $0.write(unsigned: UInt64($1)) }
    }
    writer.write(scheme.rawValue)
    writer.write(type.rawValue)
    writer.write(scale)
    writer.write(signed: zeroPoint)
    writer.write(unsigned: UInt64(inferences))
    write(shape, to: &writer)
    writer.write(list: layout) { write($1, to: &$0) }
    for shift in shifts { writer.write(UInt8(shift)) }
    writer.write(UInt8(rowBits))
  }

  package init(decoding reader: inout ByteReader) throws(FormatError) {
    func extent(
      _ part: String, _ reader: inout ByteReader
    ) throws(FormatError) -> Int {
      let at = reader.position
      let value = try reader.unsigned(part)
      guard let extent = Int(exactly: value), extent > 0 else {
        throw .outOfRange(part: part, at: at, value: "\(value)")
      }
      return extent
    }
    func extents(_ part: String, _ reader: inout ByteReader) throws(FormatError) -> [Int] {
      try reader.list(part, limit: Limits.rank + 1) { reader throws(FormatError) in
        try extent(part, &reader)
      }
    }
    scheme = try reader.scheme()
    type = try reader.code("type of a tensor")
    scale = try reader.double("scale of a tensor")
    zeroPoint = try reader.signed("zero point of a tensor")
    inferences = try extent("number of inferences", &reader)
    shape = try extents("shape of a tensor", &reader)
    layout = try reader.list("order of a tensor", limit: Limits.portLimbs) {
      reader throws(FormatError) in try extents("order of a tensor", &reader)
    }
    shifts = []
    for _ in layout { shifts.append(Int(try reader.byte("limb of a tensor"))) }
    let at = reader.position
    let bits = Int(try reader.byte("row length"))
    guard scheme.commitmentRowBits.contains(bits) else {
      throw .outOfRange(part: "row length", at: at, value: "2^\(bits)")
    }
    rowBits = bits
  }
}

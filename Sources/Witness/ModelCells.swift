package import ConstraintSystem
package import Field

/// The model polynomial's cells: every tensor's values at their padded places, zeros between.
package struct ModelCells: Hashable, Sendable {
  /// `system.usedModelCells` of them.
  package let cells: PackedIntegers

  /// Cells as they stand, in a prover's hands; nothing is checked.
  package init(cells: [Int64]) { self.cells = PackedIntegers(cells) }

  /// Places each tensor's values, given row-major without padding.
  package init(_ system: ConstraintSystem, values: [[Int64]]) throws(ModelCellsError) {
    guard values.count == system.tensors.count else {
      throw .tensorCount(expected: system.tensors.count, actual: values.count)
    }
    for (tensor, values) in zip(system.tensors, values) {
      guard values.count == tensor.count else {
        throw .valueCount(tensor: tensor.name, expected: tensor.count, actual: values.count)
      }
      if let index = tensor.firstFault(in: values) {
        throw .outOfType(
          tensor: tensor.name, position: Layout.position(index, in: tensor.shape),
          value: values[index], type: tensor.type)
      }
    }
    cells = Self.placed(system) { tensor, index, run in
      for step in run.indices { run[step] = values[tensor][index + step] }
    }
  }

  /// Runs along the tensors' last axes at their places, in the order of the column.
  ///
  /// - Parameter fill: writes the values from `index` on, row-major without padding.
  private static func placed(
    _ system: ConstraintSystem,
    fill: (_ tensor: Int, _ index: Int, _ run: inout MutableSpan<Int64>) -> Void
  ) -> PackedIntegers {
    var builder = PackedIntegers.Builder()
    var buffer: [Int64] = []
    let tensors = system.tensors
    for tensor in tensors.indices.sorted(by: { tensors[$0].offset < tensors[$1].offset }) {
      Layout.forEachRun(shape: tensors[tensor].shape) { cell, index, count in
        builder.pad(to: tensors[tensor].offset + cell)
        if buffer.count != count { buffer = [Int64](repeating: 0, count: count) }
        var run = buffer.mutableSpan
        fill(tensor, index, &run)
        builder.append(run.span)
      }
    }
    builder.pad(to: system.usedModelCells)
    return builder.finish()
  }

  /// The values of one tensor, row-major without padding.
  package func values(of tensor: Int, in system: ConstraintSystem) -> [Int64] {
    let tensor = system.tensors[tensor]
    let padded = cells.values(tensor.offset..<tensor.offset + 1 << tensor.bits)
    return Layout.values(of: padded, shape: tensor.shape, offset: 0)
  }

  /// Every tensor's values in turn, little-endian in the tensor's stored type.
  package func write(to writer: inout ByteWriter, in system: ConstraintSystem) {
    for (index, tensor) in system.tensors.enumerated() {
      let (values, width) = (values(of: index, in: system), tensor.type.bytes)
      var bytes: [UInt8] = []
      bytes.reserveCapacity(values.count * width)
      for value in values {
        for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
      }
      writer.write(raw: bytes)
    }
  }

  /// Reads what `write` wrote, for a validated system.
  package init(
    decoding reader: inout ByteReader, for system: ConstraintSystem
  ) throws(FormatError) {
    let needed = system.tensors.reduce(0) { $0 + $1.count * $1.type.bytes }
    guard needed <= reader.remaining else {
      throw .truncated(
        part: "model values", at: reader.position, needed: needed, available: reader.remaining)
    }
    var raw: [ArraySlice<UInt8>] = []
    for tensor in system.tensors {
      raw.append(try reader.take(tensor.count * tensor.type.bytes, "values of \(tensor.name)"))
    }
    cells = Self.placed(system) { tensor, index, run in
      let (values, width) = (raw[tensor], system.tensors[tensor].type.bytes)
      let bytes = values.span
      let unused = UInt64(64 - 8 * width)
      for step in run.indices {
        var value: UInt64 = 0
        for byte in 0..<width {
          value |= UInt64(bytes[(index + step) * width + byte]) << UInt64(8 * byte)
        }
        run[step] = Int64(bitPattern: value << unused) >> Int64(unused)
      }
    }
    for (index, tensor) in system.tensors.enumerated() where tensor.type.isPartOfItsBytes {
      let values = values(of: index, in: system)
      if let fault = tensor.firstFault(in: values) {
        throw .outOfRange(
          part: "values of \(tensor.name)", at: reader.position, value: "\(values[fault])")
      }
    }
  }
}

import ConstraintSystem
import Field
import TestSupport
import Testing
import Witness

struct ModelCellsTests {
  private let circuit = Circuits.convnet()

  @Test func `values lie at their padded places`() throws {
    let cells = try circuit.cells
    #expect(cells.cells.count == circuit.system.usedModelCells)
    for (index, tensor) in circuit.system.tensors.enumerated() {
      #expect(cells.values(of: index, in: circuit.system) == circuit.values[index])
      // cw [3, 2, 3, 3] is padded to [4, 2, 4, 4].
      if tensor.name == "cw" {
        #expect(cells.cells[tensor.offset + 2 * 32 + 16 + 4 + 2] == circuit.values[index][50])
        #expect(cells.cells[tensor.offset + 3] == 0)
      }
    }
    #expect(cells.cells.count { $0 != 0 } == circuit.values.joined().count { $0 != 0 })
  }

  @Test func `the stored form holds each value once`() throws {
    var circuit = Circuits.mlp()
    circuit.system.tensors[1].type = .int16
    circuit.system.tensors[4].type = .int32
    circuit.values[1] = [-32768, 32767, -1, 0, 1, 256]
    circuit.values[4] = [.init(Int32.min), .init(Int32.max), -1, 65536]
    circuit.values[5] = [.min, .max, -1, 1]
    let cells = try circuit.cells
    var writer = ByteWriter()
    cells.write(to: &writer, in: circuit.system)
    #expect(writer.bytes.count == 48 + 12 + 48 + 24 + 16 + 32)
    #expect(writer.bytes[48..<54] == [0, 0x80, 0xff, 0x7f, 0xff, 0xff])
    var reader = ByteReader(writer.bytes)
    #expect(try ModelCells(decoding: &reader, for: circuit.system) == cells)
    try reader.finish()
    for count in 0..<writer.bytes.count {
      var short = ByteReader(Array(writer.bytes[..<count]))
      #expect(throws: FormatError.self) {
        try ModelCells(decoding: &short, for: circuit.system)
      }
    }
  }

  @Test func `values of wrong number or type are refused`() throws {
    var values = circuit.values
    values[0][53] = 128
    let error = ModelCellsError.outOfType(
      tensor: "cw", position: [2, 1, 2, 2], value: 128, type: .int8)
    #expect(throws: error) { try ModelCells(circuit.system, values: values) }
    #expect(error.description == "model tensor cw at [2, 1, 2, 2]: 128 is no int8")
    values[0].removeLast()
    #expect(throws: ModelCellsError.valueCount(tensor: "cw", expected: 54, actual: 53)) {
      try ModelCells(circuit.system, values: values)
    }
    values.removeLast()
    #expect(throws: ModelCellsError.tensorCount(expected: 7, actual: 6)) {
      try ModelCells(circuit.system, values: values)
    }
  }
}

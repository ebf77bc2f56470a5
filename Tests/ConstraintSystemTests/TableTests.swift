import ConstraintSystem
import Testing

struct TableTests {
  private let functions: [TableFunction] = [
    .identity(-3...4), .clamp(width: 5, domain: -4...9), .clamp(width: 5, domain: 2...3),
    .clamp(width: 5, domain: 7...9), .clamp(width: 5, domain: -9...(-2)),
    TableFunction(name: "values", body: .values(lowest: -1, [7, -7, 0])),
  ]

  @Test func `functions are what their names say`() {
    for input in Int64(-20)...20 {
      let clamped = min(max(input, 0), 5)
      #expect(functions[0](input) == ((-3...4).contains(input) ? input : nil))
      for (index, domain) in [(1, -4...9), (2, 2...3), (3, 7...9), (4, -9...(-2))]
        as [(Int, ClosedRange<Int64>)]
      {
        #expect(functions[index](input) == (domain.contains(input) ? clamped : nil))
        #expect(functions[index].domain == domain)
      }
      #expect(functions[5](input) == [-1: 7, 0: -7, 1: 0][input])
    }
    #expect(functions.map(\.isIdentity) == [true, false, true, false, false, false])
    for input in [Int64.min, .max] {
      for function in functions { #expect(function(input) == nil) }
    }
  }

  @Test func `the rows are the zero triple, a limb's range and the functions`() {
    let table = Table(limbBits: 3, functions: functions)
    var rows: [[Int64]] = []
    table.forEachRow { rows.append([$0, $1, $2]) }
    #expect(rows.count == table.count && table.count <= 1 << table.bits)
    #expect(table.count > 1 << (table.bits - 1))
    #expect(rows[0] == [0, 0, 0])
    #expect(Set(rows).count == rows.count)
    for value in Int64(-2)...10 {
      let row = table.position(limb: value)
      #expect((row != nil) == (0..<8).contains(value))
      if let row { #expect(rows[row] == [1, value, 0]) }
    }
    for (index, function) in functions.enumerated() {
      #expect(function.outputs.count == function.count)
      for (step, input) in function.domain.enumerated() {
        let output = function.outputs[step]
        #expect(function(input) == output)
        #expect(rows[table.starts[index] + step] == [table.tag(index), input, output])
        #expect(
          table.position(function: index, input: input, output: output)
            == table.starts[index] + step)
        #expect(table.position(function: index, input: input, output: output + 1) == nil)
      }
    }
    #expect(table.position(function: 6, input: 0, output: 0) == nil)
  }
}

struct LayoutTests {
  @Test func `packed items are aligned and leave no gap`() {
    for bits in [[0], [3, 1, 4, 1, 5], [2, 2, 2], []] as [[Int]] {
      let offsets = Layout.pack(bits: bits)
      let places = zip(offsets, bits).map { $0..<($0 + 1 << $1) }
      for (offset, bits) in zip(offsets, bits) { #expect(offset % (1 << bits) == 0) }
      let cells = places.flatMap { Array($0) }
      #expect(cells.sorted() == Array(0..<cells.count))
    }
  }

  @Test func `runs cover the extents`() {
    for shape in [[], [5], [3, 5], [2, 3, 3], [1, 6, 1]] as [[Int]] {
      var cells: [Int] = []
      var indices: [Int] = []
      Layout.forEachRun(shape: shape) { cell, index, count in
        cells += cell..<(cell + count)
        indices += index..<(index + count)
      }
      let count = shape.reduce(1, *)
      #expect(indices == Array(0..<count))
      let strides = Layout.strides(of: shape)
      let expected = (0..<count).map { index in
        zip(Layout.position(index, in: shape), strides).reduce(0) { $0 + $1.0 * $1.1 }
      }
      #expect(cells == expected)
    }
  }

  @Test func `ceilings of logarithms`() {
    #expect([0, 1, 2, 3, 4, 5, 8, 9, 1 << 40].map(ceilLog2) == [0, 0, 1, 2, 2, 3, 3, 4, 40])
  }
}

import BigInteger
import Checker
import ConstraintSystem
import Field
import TestSupport
import Testing
import Witness

struct CheckerTests {
  private typealias Column = Violation.Column

  private let circuits = Circuits.all.map(\.circuit)

  @Test func `an honest witness breaks nothing`() throws {
    for circuit in circuits {
      let violations = Checker.check(circuit.system, try circuit.cells, try circuit.execute())
      #expect(violations == [])
    }
  }

  @Test(arguments: [1, 3]) func `what an input says is read where it says`(count: Int) throws {
    let words = try Circuits.words().batched(count)
    #expect(Checker.check(words.system, try words.cells, try words.execute()) == [])
    let circuit = try Circuits.embedding().batched(count)
    var trace = try circuit.execute()
    #expect(Checker.check(circuit.system, try circuit.cells, trace) == [])
    let last = circuit.inputs[0].count - 1
    trace.indices[0]?[last] = 1
    let violations = Checker.check(circuit.system, try circuit.cells, trace)
    #expect(!violations.isEmpty)
    for violation in violations {
      guard case .relation = violation.fault, case .cell("e", let position, _) = violation.place
      else {
        Issue.record("\(violation)")
        continue
      }
      #expect(position[0] == last % 4)
      #expect(violation.inference == (count == 1 ? nil : count - 1))
    }
  }

  /// A column as an accessor.
  private func columns(_ system: ConstraintSystem) -> [(Column, WritableKeyPath<Trace, [Int64]>)] {
    [
      (.accumulator, \.accumulators), (.output, \.outputs),
      (.limb(1), \.limbs[0]), (.limb(2), \.limbs[1]),
    ]
  }

  /// Where a row is, worked out from shapes: its layer and position, or nil where it has none.
  private func place(of row: Int, in system: ConstraintSystem) -> Violation.Place {
    for block in system.blocks where row >= block.offset && row < block.offset + 1 << block.bits {
      var place = row - block.offset
      var position: [Int] = []
      for bits in block.axisBits.reversed() {
        position.insert(place % (1 << bits), at: 0)
        place >>= bits
      }
      return zip(position, block.shape).allSatisfy({ $0 < $1 })
        ? .cell(layer: block.name, position: position, row: row)
        : .padding(layer: block.name, row: row)
    }
    return .gap(row: row)
  }

  @Test(arguments: [1, -1, 1 << 20, .min] as [Int64])
  func `every changed cell is named`(change: Int64) throws {
    // The larger circuits once are enough.
    for circuit in circuits where change == 1 || circuit.system.usedRows < 64 {
      let (system, cells, honest) = (circuit.system, try circuit.cells, try circuit.execute())
      for (column, path) in columns(system) {
        for row in 0..<system.usedRows {
          var trace = honest
          trace[keyPath: path][row] &+= change
          let here = place(of: row, in: system)
          let faults = Checker.check(system, cells, trace).filter { $0.place == here }.map(\.fault)
          guard case .cell = here else {
            #expect(faults == [.idle(column, actual: change)])
            continue
          }
          #expect(faults.contains { Self.fits($0, column) }, "\(system.name) \(column) \(row)")
        }
      }
    }
  }

  /// Whether a fault is what a lie in the column has to cause in its own row.
  private static func fits(_ fault: Violation.Fault, _ column: Column) -> Bool {
    switch (fault, column) {
    case (.relation, .accumulator), (.rowEquation, .accumulator): true
    case (.function, .output): true
    // Of an input block, whose acc is its y.
    case (.relation, .output): true
    case (.rowEquation, .limb), (.limb, .limb): true
    default: false
    }
  }

  @Test func `expected and actual are told`() throws {
    let circuit = Circuits.mlp()
    let (system, cells, honest) = (circuit.system, try circuit.cells, try circuit.execute())
    let row = system.blocks[1].offset + 2
    let at = Violation.Place.cell(layer: "l0", position: [2], row: row)
    var trace = honest
    trace.accumulators[row] += 5
    let acc = honest.accumulators[row]
    let violations = Checker.check(system, cells, trace)
    // The relation, that no q makes the row's equation, and the lookup that is missing.
    #expect(violations.count == 3)
    #expect(
      violations.first
        == Violation(at, .relation(expected: Integer(acc), actual: Integer(acc + 5))))
    #expect(
      violations.first?.description
        == "layer l0 at [2], row \(row): acc is \(acc + 5), its relation gives \(acc)")
    trace = honest
    trace.outputs[row] = 99
    let q = try #require(try NaiveRows(circuit).quotient(honest, 1, [2]))
    #expect(
      Checker.check(system, cells, trace).contains(
        Violation(
          at,
          .function(
            "clamp15", quotient: Integer(q), expected: honest.outputs[row], actual: 99))
      ))
  }

  @Test func `a wrong y breaks the layers that read it`() throws {
    let circuit = Circuits.convnet()
    let (system, cells) = (circuit.system, try circuit.cells)
    var trace = try circuit.execute()
    trace.outputs[system.blocks[0].offset] += 1
    let layers = Set(
      Checker.check(system, cells, trace).compactMap { violation in
        if case .cell(let layer, _, _) = violation.place { return layer }
        return nil
      })
    #expect(layers == ["x", "conv", "res"])
  }

  /// A remainder of 2^(S−1) with q one less satisfies the row equation, and only the range of the
  /// last limb forbids it: rounding down where the definition rounds up.
  @Test func `a tie rounded down is named`() throws {
    var circuit = Circuits.elementwise()
    // 40 · acc = 128 mod 256 has acc = 16 among its solutions; q = 3 for 2.5 rounded up.
    circuit.inputs[0] = [4] + Array(repeating: 0, count: 14)
    circuit.inputs[1] = [4] + Array(repeating: 0, count: 14)
    let (system, cells, honest) = (circuit.system, try circuit.cells, try circuit.execute())
    let row = system.blocks[3].offset
    #expect(honest.accumulators[row] == 16 && honest.outputs[row] == 3)
    #expect(honest.limbs.map { $0[row] } == [0, -8])
    var trace = honest
    trace.outputs[row] = 2
    trace.limbs[1][row] = 8
    let start = system.table.starts[2] + 128
    trace.multiplicities[start + 3] -= 1
    trace.multiplicities[start + 2] += 1
    trace.multiplicities[1] -= 1
    let at = Violation.Place.cell(layer: "qk", position: [0, 0], row: row)
    #expect(
      Checker.check(system, cells, trace) == [
        Violation(at, .limb(2, expected: -8...7, actual: 8))
      ])
  }

  @Test func `every changed multiplicity is named`() throws {
    let circuit = Circuits.tiny()
    let (system, cells, honest) = (circuit.system, try circuit.cells, try circuit.execute())
    for row in honest.multiplicities.indices {
      var trace = honest
      trace.multiplicities[row] += 1
      let violations = Checker.check(system, cells, trace)
      #expect(violations.count == 1)
      #expect(
        violations.first?.fault
          == .multiplicity(
            expected: honest.multiplicities[row], actual: honest.multiplicities[row] + 1))
    }
  }

  @Test func `every changed model value that is used is named`() throws {
    for circuit in [Circuits.mlp(), Circuits.depthwise(), Circuits.convnet()] {
      let trace = try circuit.execute()
      for (index, tensor) in circuit.system.tensors.enumerated() {
        for place in 0..<tensor.count {
          var changed = circuit
          changed.values[index][place] += changed.values[index][place] == 127 ? -1 : 1
          guard
            try changed.execute().accumulators != trace.accumulators
              || tensor.name.contains("M")
          else { continue }
          #expect(!Checker.check(circuit.system, try changed.cells, trace).isEmpty)
        }
      }
    }
  }

  @Test func `model padding is not read`() throws {
    let circuit = Circuits.convnet()
    let honest = try circuit.cells
    var cells = [Int64](repeating: 77, count: honest.cells.count)
    for tensor in circuit.system.tensors {
      Layout.forEachRun(shape: tensor.shape) { cell, _, count in
        for place in (tensor.offset + cell)..<(tensor.offset + cell + count) {
          cells[place] = honest.cells[place]
        }
      }
    }
    #expect(cells != Array(honest.cells))
    let trace = try circuit.execute()
    #expect(Checker.check(circuit.system, ModelCells(cells: cells), trace) == [])
    #expect(
      try Trace.execute(circuit.system, ModelCells(cells: cells), inputs: circuit.inputs) == trace)
  }

  @Test func `all violations are reported`() throws {
    let circuit = Circuits.mlp()
    let (system, cells) = (circuit.system, try circuit.cells)
    var trace = try circuit.execute()
    for row in system.blocks[2].offset..<(system.blocks[2].offset + 4) {
      trace.accumulators[row] += 1
    }
    let places = Checker.check(system, cells, trace).compactMap { violation in
      if case .relation = violation.fault { return violation.place }
      return nil
    }
    #expect(places.count == 4 && Set(places).count == 4)
  }

  @Test func `columns of wrong length are named`() throws {
    let circuit = Circuits.tiny()
    let (system, cells, honest) = (circuit.system, try circuit.cells, try circuit.execute())
    for (column, path) in columns(system) + [(.multiplicity, \.multiplicities)] {
      var trace = honest
      trace[keyPath: path].removeLast()
      let count = honest[keyPath: path].count
      #expect(
        Checker.check(system, cells, trace) == [
          Violation(.column(column), .length(expected: count, actual: count - 1))
        ])
    }
    var trace = honest
    trace.limbs.append([1])
    #expect(
      Checker.check(system, cells, trace) == [
        Violation(.column(.limb(3)), .length(expected: 0, actual: 1))
      ])
    let short = ModelCells(cells: Array(cells.cells.dropLast()))
    #expect(Checker.check(system, short, honest).count == 1)
  }

  /// Where words overflow the sum goes on over GMP, and a sum that would be right modulo 2^64 is wrong.
  @Test func `sums are exact beyond a word`() throws {
    let circuit = Circuits.mlp()
    let (system, honest) = (circuit.system, try circuit.execute())
    var cells = Array(try circuit.cells.cells)
    let input = honest.outputs[system.blocks[0].offset]
    let weight = system.tensors[0].offset
    cells[weight] &+= Int64.min
    let expected = Integer(honest.accumulators[system.blocks[1].offset])
    let violations = Checker.check(system, ModelCells(cells: cells), honest)
    guard case .relation(let told, let actual)? = violations.first?.fault else {
      Issue.record("\(violations)")
      return
    }
    #expect(actual == expected)
    let change = Integer(cells[weight]) - Integer(try circuit.cells.cells[weight])
    #expect(told - expected == Integer(input) * change)
  }
}

package import ConstraintSystem
package import Witness

/// Toy circuits, one gadget in each, and the lies that a prover may tell of its advice.
package enum GadgetCircuits {
  package static let all: [(name: String, circuit: Circuit)] = [
    ("quotient", quotient()), ("square root", squareRoot()), ("maximum", maximum()),
    ("rectangle", rectangle()), ("table", maximumByTable()), ("masked", masked()),
    ("first maximum", firstMaximum()),
  ]

  private static func labels(_ labels: Int...) -> [AffineIndex] { labels.map { .label($0) } }

  private static func circuit(_ name: String) -> Circuit {
    Circuit(name, limbs: 2, limbBits: 6, quotientBits: 9, commitmentRowBits: 3)
  }

  /// R_i = ⌊64 / (Σ_j x_ij + shift)⌋, and y_ij = ⌊x_ij·R_i / 4 + ½⌋.
  package static func quotient(shift: Int64 = 10) -> Circuit {
    var circuit = circuit("quotient")
    let input = circuit.function(.identity(-4...7))
    let x = circuit.input(
      "x", [2, 3], function: input, values: [1, -2, 7, -4, 3, 0])
    let limbs = circuit.advice("R", [2], bits: [3, 3])
    let (remainder, rest) = (
      circuit.check("remainder", [2], width: 8), circuit.check("rest", [2], width: 8)
    )
    let denominator = Term(summed: [3], factors: [TensorAccess(x, labels(0, 1))])
    circuit.declare(
      .quotient(
        Quotient(
          numerator: [Term(coefficient: 64, factors: [])],
          denominator: [denominator, Term(coefficient: shift, factors: [])], limbs: limbs,
          remainder: remainder, rest: rest)))
    let wide = circuit.function(.identity(-128...127))
    let y = circuit.block(
      "y", [2, 3], function: wide, .constant(1 << 10),
      limbs.enumerated().map { place, limb in
        Term(
          coefficient: 1 << Int64(3 * place),
          factors: [TensorAccess(x, labels(0, 1)), TensorAccess(.block(limb), labels(0))])
      })
    circuit.output(y)
    circuit.place()
    return circuit
  }

  /// σ_i = ⌊√(3·Σ_j x_ij² − (Σ_j x_ij)² + offset)⌋.
  package static func squareRoot(offset: Int64 = 1) -> Circuit {
    var circuit = circuit("square root")
    let input = circuit.function(.identity(-4...7))
    let x = circuit.input("x", [2, 3], function: input, values: [1, -2, 7, -4, 3, 0])
    let limbs = circuit.advice("root", [2], bits: [3, 2])
    let (remainder, rest) = (
      circuit.check("remainder", [2], width: 8), circuit.check("rest", [2], width: 8)
    )
    let view = TensorAccess(x, labels(0, 1))
    circuit.declare(
      .squareRoot(
        SquareRoot(
          radicand: [
            Term(coefficient: 3, summed: [3], factors: [view, view]),
            Term(
              coefficient: -1, summed: [3, 3], factors: [view, TensorAccess(x, labels(0, 2))]),
            Term(coefficient: offset, factors: []),
          ], limbs: limbs, remainder: remainder, rest: rest)))
    circuit.number("y", [2], limbs, bits: [3, 2])
    circuit.place()
    return circuit
  }

  /// m_i = max_j x_ij of five values in a rectangle of six places.
  package static func maximum() -> Circuit { maximum(of: 5, [3, -8, 7, 7, 1, -4, -2, -5, -2, -8]) }

  /// Of six values.
  package static func rectangle() -> Circuit {
    maximum(of: 6, [3, -8, 7, 7, 1, 2, -4, -2, -5, -2, -8, -2])
  }

  private static func maximum(of count: Int, _ values: [Int64]) -> Circuit {
    var circuit = circuit("maximum")
    let input = circuit.function(.identity(-8...7))
    let x = circuit.input("x", [2, count], function: input, values: values)
    var gadget = circuit.pointer(over: [Term(factors: [TensorAccess(x, labels(0, 1))])], count)
    gadget.bound = .within(circuit.check("bound", [2, count], width: 5))
    circuit.declare(.maximum(gadget))
    let wide = circuit.function(.identity(-128...127))
    circuit.output(
      circuit.block(
        "y", [2], function: wide, circuit.one,
        [Term(factors: [TensorAccess(.block(gadget.largest), labels(0))])]))
    circuit.place()
    return circuit
  }

  /// y_ij = f(m_i − x_ij), whose table is all that bounds m.
  package static func maximumByTable() -> Circuit {
    var circuit = circuit("table")
    let input = circuit.function(.identity(-8...7))
    let x = circuit.input(
      "x", [2, 5], function: input, values: [3, -8, 7, 7, 1, -4, -2, -5, -2, -8])
    var gadget = circuit.pointer(over: [Term(factors: [TensorAccess(x, labels(0, 1))])], 5)
    let falling = circuit.function(
      TableFunction(name: "falling", body: .values(lowest: 0, (0..<16).map { 100 / ($0 + 1) })))
    let y = circuit.block("y", [2, 5], function: falling, circuit.one, [])
    if case .block(let index) = y { gadget.bound = .domain(of: index) }
    circuit.declare(.maximum(gadget))
    // A row without an image has a y that no statement tells.
    circuit.output(y, visibility: .private)
    circuit.place()
    return circuit
  }

  /// m_i over the places whose mask is 1.
  package static func masked() -> Circuit {
    var circuit = circuit("masked")
    let input = circuit.function(.identity(-8...7))
    let bit = circuit.function(.identity(0...1))
    let x = circuit.input(
      "x", [2, 5], function: input, values: [3, -8, 7, 7, 1, -4, -2, -5, -2, -8])
    let allowed = circuit.input(
      "mask", [2, 5], function: bit, values: [1, 1, 0, 0, 1, 0, 0, 1, 0, 1])
    var gadget = circuit.pointer(
      over: [Term(factors: [TensorAccess(x, labels(0, 1))])], 5,
      mask: [Term(factors: [TensorAccess(allowed, labels(0, 1))])])
    gadget.bound = .within(circuit.check("bound", [2, 5], width: 5))
    circuit.declare(.maximum(gadget))
    let wide = circuit.function(.identity(-128...127))
    circuit.output(
      circuit.block(
        "y", [2], function: wide, circuit.one,
        [Term(factors: [TensorAccess(.block(gadget.largest), labels(0))])]))
    circuit.place()
    return circuit
  }

  /// The index of the first largest of five values.
  package static func firstMaximum() -> Circuit {
    var circuit = circuit("first maximum")
    let input = circuit.function(.identity(-8...7))
    let x = circuit.input(
      "x", [2, 5], function: input, values: [3, -8, 7, 7, 1, -4, -2, -5, -2, -8])
    let places = circuit.given("u", [2, 5], range: 0...1)
    let one = circuit.check("one", [2], width: nil).block
    let bound = circuit.check("bound", [2, 5], width: 5)
    circuit.declare(
      .firstMaximum(
        FirstMaximum(
          values: [Term(factors: [TensorAccess(x, labels(0, 1))])], places: places, one: one,
          bound: bound)))
    let after = AffineIndex(
      steps: [.init(label: 1, stride: 1), .init(label: 2, stride: 1)], constant: 1)
    let wide = circuit.function(.identity(-128...127))
    circuit.output(
      circuit.block(
        "y", [2], function: wide, circuit.one,
        [
          Term(
            summed: [5, 4], factors: [TensorAccess(.block(places), labels(0) + [after])])
        ]))
    circuit.place()
    return circuit
  }
}

extension Circuit {
  /// Relations that are not known before the gadget is declared.
  private mutating func open(_ name: String, _ shape: [Int], _ function: Int, _ width: Int?) -> Int
  {
    let scale = Int64(system.parameters.scaleBits - (width ?? 0))
    guard case .block(let index) = block(name, shape, function: function, .constant(1 << scale), [])
    else { return 0 }
    return index
  }

  /// A block of values of a range, given by the prover.
  package mutating func given(_ name: String, _ shape: [Int], range: ClosedRange<Int64>) -> Int {
    open(name, shape, function(.identity(range)), nil)
  }

  /// Limbs of numbers.
  package mutating func advice(_ name: String, _ shape: [Int], bits: [Int]) -> [Int] {
    bits.enumerated().map { place, bits in
      given("\(name).\(place)", shape, range: 0...(1 << Int64(bits)) - 1)
    }
  }

  /// A check of a width, or that a sum is zero.
  package mutating func check(_ name: String, _ shape: [Int], width: Int?) -> WidthCheck {
    let zero = system.functions.firstIndex(of: .zero) ?? function(.zero)
    return WidthCheck(block: open(name, shape, zero, width), width: width ?? 0)
  }

  /// The blocks of a pointer into rows of five or six values, three columns; its bound is none yet.
  package mutating func pointer(
    over values: [Term], _ count: Int, mask: [Term]? = nil
  ) -> Maximum {
    let rows = given("u", [2, 2], range: 0...1)
    let columns = given("v", [2, 3], range: 0...1)
    let picked = given("t", [2, 2], range: -8...7)
    let largest = given("m", [2], range: -8...7)
    let chosen = mask.map { _ in given("s", [2, 2], range: 0...1) }
    let oneRow = check("one row", [2], width: nil).block
    let oneColumn = check("one column", [2], width: nil).block
    let beyond = count < 6 ? check("beyond", [2], width: nil).block : nil
    return Maximum(
      values: values,
      mask: mask.map {
        Maximum.Mask(
          terms: $0, picked: chosen ?? 0, check: check("allowed", [2], width: nil).block)
      },
      rows: rows, columns: columns, picked: picked, largest: largest, oneRow: oneRow,
      oneColumn: oneColumn, beyond: beyond, bound: .domain(of: 0))
  }

  /// Takes a gadget up, and gives its blocks what it makes them.
  package mutating func declare(_ gadget: Gadget) {
    system.gadgets.append(gadget)
    guard let parts = try? gadget.kind.parts(in: system) else { return }
    for part in parts { system.blocks[part.block].relation = part.relation }
  }

  /// An output that is a number in limbs.
  package mutating func number(_ name: String, _ shape: [Int], _ limbs: [Int], bits: [Int]) {
    let wide = function(.identity(-128...127))
    var (step, terms) = (Int64(0), [Term]())
    for (limb, bits) in zip(limbs, bits) {
      terms.append(
        Term(
          coefficient: 1 << step,
          factors: [TensorAccess(.block(limb), shape.indices.map { .label($0) })]))
      step += Int64(bits)
    }
    output(block(name, shape, function: wide, one, terms))
  }

  package func block(named name: String) -> Int? {
    system.blocks.firstIndex { $0.name == name }
  }
}

/// Other advice than the honest one, or inputs that there is none for, and the checks that refuse it.
package struct GadgetLie: Sendable {
  package let name: String
  package let circuit: Circuit
  /// Values of inputs and advice, by block name.
  package let values: [String: [Int64]]
  /// Names of the blocks that break; none for one that is allowed.
  package let broken: Set<String>

  package static let all: [GadgetLie] = [
    lie("R + 1", in: GadgetCircuits.quotient(), ["R.0": [5, 7], "R.1": [0, 0]], ["remainder"]),
    lie("R − 1", in: GadgetCircuits.quotient(), ["R.0": [3, 6], "R.1": [0, 0]], ["rest"]),
    // 64 / 16 leaves nothing: E is D, and D − 1 − E one below zero.
    lie(
      "R − 1 where nothing is left", in: GadgetCircuits.quotient(),
      ["R.0": [3, 7], "R.1": [0, 0]], ["rest"]),
    lie(
      "a denominator of zero", in: GadgetCircuits.quotient(shift: -6),
      ["x": [1, -2, 7, 7, 3, 0], "R.0": [5, 0], "R.1": [3, 2]], ["rest"]),
    lie(
      "a negative denominator", in: GadgetCircuits.quotient(shift: -7),
      ["x": [1, -2, 7, 7, 3, 0], "R.0": [3, 5], "R.1": [0, 2]], ["rest"]),
    lie(
      "σ + 1", in: GadgetCircuits.squareRoot(), ["root.0": [4, 0], "root.1": [1, 1]],
      ["remainder"]),
    lie(
      "σ − 1", in: GadgetCircuits.squareRoot(), ["root.0": [2, 7], "root.1": [1, 0]], ["rest"]),
    // Of 9 and 25 nothing is left, so that one less is as near as one can be.
    lie(
      "σ − 1 of squares", in: GadgetCircuits.squareRoot(),
      ["x": [0, 0, 2, 0, 2, 4], "root.0": [2, 4], "root.1": [0, 0]], ["rest"]),
    lie(
      "a root of less than zero", in: GadgetCircuits.squareRoot(offset: -9),
      ["x": [1, 1, 1, 0, 0, 0], "root.0": [0, 0], "root.1": [0, 0]], ["remainder"]),
    lie(
      "another largest value", in: GadgetCircuits.maximum(),
      ["u": [0, 1, 1, 0], "v": [1, 0, 0, 0, 1, 0]],
      []),
    lie(
      "a value that is not the largest", in: GadgetCircuits.maximum(),
      ["u": [0, 1, 0, 1], "v": [0, 1, 0, 1, 0, 0]], ["bound"]),
    lie(
      "a place beyond the last", in: GadgetCircuits.maximum(),
      ["x": [3, -8, 7, 7, 1, -4, -2, -5, -2, -8], "u": [0, 1, 0, 1], "v": [1, 0, 0, 0, 0, 1]],
      ["beyond"]),
    lie("no row", in: GadgetCircuits.maximum(), ["u": [1, 0, 0, 0]], ["one row"]),
    lie(
      "no column", in: GadgetCircuits.maximum(), ["u": [1, 0, 0, 1], "v": [0, 0, 1, 0, 0, 0]],
      ["one column"]),
    lie(
      "a value that is not the largest, in a table", in: GadgetCircuits.maximumByTable(),
      ["u": [0, 1, 1, 0], "v": [0, 1, 0, 0, 1, 0]], ["y"]),
    lie(
      "a masked place", in: GadgetCircuits.masked(),
      ["u": [1, 0, 1, 0], "v": [0, 0, 1, 0, 1, 0]], ["allowed"]),
    lie(
      "an allowed place that is not the largest", in: GadgetCircuits.masked(),
      ["u": [1, 0, 0, 1], "v": [0, 1, 0, 0, 1, 0]], ["bound"]),
    lie(
      "the second largest value's place", in: GadgetCircuits.firstMaximum(),
      ["u": [0, 0, 0, 1, 0, 0, 1, 0, 0, 0]], ["bound"]),
    lie(
      "no place", in: GadgetCircuits.firstMaximum(),
      ["x": [7, 0, 0, 0, 0, -1, -1, -1, -1, -1], "u": [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]], ["one"]),
  ]

  private static func lie(
    _ name: String, in circuit: Circuit, _ values: [String: [Int64]], _ broken: Set<String>
  ) -> GadgetLie {
    GadgetLie(name: name, circuit: circuit, values: values, broken: broken)
  }

  /// A trace that is honest but for the lie.
  ///
  /// - Parameter circuit: this one, or one without a check.
  package func trace(of circuit: Circuit) throws -> Trace {
    let (system, rows) = (circuit.system, try NaiveRows(circuit))
    let column = [Int64](repeating: 0, count: system.usedRows)
    // Where there is no honest advice every value is the lie's.
    var trace =
      (try? self.circuit.execute())
      ?? Trace(
        accumulators: column, limbs: Array(repeating: column, count: system.parameters.limbs),
        outputs: column, multiplicities: [Int64](repeating: 0, count: system.table.count))
    rows.give(&trace, given)
    return trace
  }

  /// By block.
  private var given: [Int: [Int64]] {
    var given: [Int: [Int64]] = [:]
    for (name, values) in values {
      if let block = circuit.block(named: name) { given[block] = values }
    }
    return given
  }
}

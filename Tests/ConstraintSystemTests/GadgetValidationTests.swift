import ConstraintSystem
import TestSupport
import Testing

/// Keys whose gadgets leave a prover a choice, each refused on load.
struct GadgetValidationTests {
  struct Attack: Sendable, CustomTestStringConvertible {
    let name: String
    let circuit: ConstraintSystem
    let error: KeyError
    var testDescription: String { name }

    init(
      _ name: String, _ circuit: Circuit, _ error: (ConstraintSystem) -> KeyError,
      _ change: (inout ConstraintSystem) -> Void
    ) {
      var system = circuit.system
      change(&system)
      (self.name, self.circuit, self.error) = (name, system, error(circuit.system))
    }
  }

  @Test(arguments: attacks) func `a hostile key is refused`(attack: Attack) {
    #expect(throws: attack.error) { try attack.circuit.validate() }
    #expect(attack.error.description.hasPrefix("the key's circuit is refused: "))
  }

  @Test func `gadgets are what their bytes say`() throws {
    for (_, circuit) in GadgetCircuits.all {
      try circuit.system.validate()
      let bytes = circuit.system.encoded()
      var reader = ByteReader(bytes)
      let decoded = try ConstraintSystem(decoding: &reader)
      try reader.finish()
      #expect(decoded == circuit.system)
      #expect(decoded.encoded() == bytes)
      // Whatever else the bytes are, reading and validating them ends.
      for place in bytes.indices {
        for change: UInt8 in [1, 0x80, 0xff] {
          var other = bytes
          other[place] &+= change
          var reader = ByteReader(other)
          if let system = try? ConstraintSystem(decoding: &reader) { _ = try? system.validate() }
        }
        var reader = ByteReader(Array(bytes[..<place]))
        #expect(throws: FormatError.self) { try ConstraintSystem(decoding: &reader) }
      }
    }
  }

  private static func block(_ name: String, _ system: ConstraintSystem) -> Int {
    system.blocks.firstIndex { $0.name == name } ?? -1
  }

  private static func change<Kind>(
    _ gadget: inout Gadget, _ kind: Kind.Type, _ body: (inout Kind) -> Void
  ) where Kind: GadgetKind {
    guard var own = gadget.kind as? Kind else { return }
    body(&own)
    switch own {
    case let own as Quotient: gadget = .quotient(own)
    case let own as SquareRoot: gadget = .squareRoot(own)
    case let own as Maximum: gadget = .maximum(own)
    case let own as FirstMaximum: gadget = .firstMaximum(own)
    default: break
    }
  }

  static let attacks: [Attack] = advice + checks + readers

  private static let advice: [Attack] = [
    Attack(
      "advice in no gadget", GadgetCircuits.quotient(),
      {
        let block = block("R.0", $0)
        return .readsLater(.init(block: block, term: 0, factor: 0), source: block)
      }
    ) { $0.gadgets = [] },
    Attack(
      "an output that is advice in no gadget", GadgetCircuits.firstMaximum(),
      {
        let block = block("u", $0)
        return .readsLater(.init(block: block, term: 0, factor: 0), source: block)
      }
    ) {
      $0.gadgets = []
      $0.outputs[0].blocks = [block("u", $0)]
      $0.outputs[0].shape = [2, 5]
    },
    Attack(
      "advice in two gadgets", GadgetCircuits.quotient(),
      { .gadget(1, .shared(block("R.0", $0))) }
    ) { $0.gadgets.append($0.gadgets[0]) },
    Attack(
      "a block of two parts", GadgetCircuits.quotient(),
      { .gadget(0, .shared(block("R.0", $0))) }
    ) { system in
      change(&system.gadgets[0], Quotient.self) { $0.limbs[1] = $0.limbs[0] }
    },
    Attack(
      "an input that is advice", GadgetCircuits.quotient(),
      { .gadget(0, .port(block("R.0", $0))) }
    ) {
      var port = $0.inputs[0]
      (port.blocks, port.shape) = ([block("R.0", $0)], [2])
      $0.inputs.append(port)
    },
    Attack(
      "a limb that is no power of two", GadgetCircuits.quotient(),
      { .gadget(0, .function(block("R.0", $0))) }
    ) {
      $0.functions.append(.identity(0...8))
      $0.blocks[block("R.0", $0)].function = $0.functions.count - 1
    },
    Attack(
      "a limb that begins below zero", GadgetCircuits.quotient(),
      { .gadget(0, .function(block("R.0", $0))) }
    ) {
      $0.functions.append(.identity(-4...3))
      $0.blocks[block("R.0", $0)].function = $0.functions.count - 1
    },
    Attack(
      "a limb whose bits the next one has too", GadgetCircuits.quotient(),
      { .gadget(0, .relation(block("remainder", $0))) }
    ) {
      $0.functions.append(.identity(0...15))
      $0.blocks[block("R.0", $0)].function = $0.functions.count - 1
    },
    Attack(
      "advice that is scaled", GadgetCircuits.quotient(),
      { .gadget(0, .multiplier(block("R.0", $0))) }
    ) { $0.blocks[block("R.0", $0)].multiplier = .constant(1 << 11) },
    Attack(
      "a pointer of more than ones and zeros", GadgetCircuits.maximum(),
      { .gadget(0, .function(block("v", $0))) }
    ) {
      $0.functions.append(.identity(-1...1))
      $0.blocks[block("v", $0)].function = $0.functions.count - 1
    },
    Attack(
      "a pointer through a table", GadgetCircuits.maximum(),
      { .gadget(0, .function(block("v", $0))) }
    ) {
      $0.functions.append(.clamp(width: 0, domain: 0...1))
      $0.blocks[block("v", $0)].function = $0.functions.count - 1
    },
    Attack(
      "a pointer that is shifted", GadgetCircuits.maximum(),
      { .gadget(0, .function(block("v", $0))) }
    ) { $0.blocks[block("v", $0)].shift = 1 },
    Attack("no limb", GadgetCircuits.quotient(), { _ in .gadget(0, .noAdvice) }) { system in
      change(&system.gadgets[0], Quotient.self) { $0.limbs = [] }
    },
  ]

  private static let checks: [Attack] = [
    // By its bytes 512 terms, by what they ask for the square of a half.
    Attack(
      "a mask of many terms", GadgetCircuits.masked(), { _ in .gadget(0, .form) }
    ) { system in
      change(&system.gadgets[0], Maximum.self) { gadget in
        gadget.values = [Term](repeating: gadget.values[0], count: Limits.termsPerBlock)
        if let mask = gadget.mask?.terms {
          gadget.mask?.terms = [Term](repeating: mask[0], count: Limits.termsPerBlock)
        }
      }
    },
    Attack(
      "a check that is an output", GadgetCircuits.quotient(),
      { .gadget(0, .port(block("y", $0))) }
    ) { system in
      let y = block("y", system)
      change(&system.gadgets[0], Quotient.self) { $0.rest.block = y }
    },
    Attack(
      "a check that is a block with another relation", GadgetCircuits.squareRoot(),
      { .gadget(0, .relation($0.blocks.count)) }
    ) { system in
      var open = system.blocks[block("rest", system)]
      (open.name, open.offset) = ("open", system.usedRows)
      open.relation = [Term(coefficient: 1, factors: [])]
      system.blocks.append(open)
      let last = system.blocks.count - 1
      change(&system.gadgets[0], SquareRoot.self) { $0.rest.block = last }
    },
    Attack(
      "a check that does not exist", GadgetCircuits.quotient(),
      { _ in .gadget(0, .unknownBlock(99)) }
    ) { system in change(&system.gadgets[0], Quotient.self) { $0.rest.block = 99 } },
    Attack(
      "a check whose relation is another", GadgetCircuits.squareRoot(),
      { .gadget(0, .relation(block("rest", $0))) }
    ) { $0.blocks[block("rest", $0)].relation[0].coefficient += 1 },
    Attack(
      "a check without its constant", GadgetCircuits.squareRoot(),
      { .gadget(0, .relation(block("rest", $0))) }
    ) { $0.blocks[block("rest", $0)].relation.removeLast() },
    Attack(
      "a check of fewer cells", GadgetCircuits.quotient(),
      { .gadget(0, .shape(block("rest", $0))) }
    ) { $0.blocks[block("rest", $0)].shape = [1] },
    Attack(
      "a check of another width", GadgetCircuits.quotient(),
      { .gadget(0, .multiplier(block("rest", $0))) }
    ) { $0.blocks[block("rest", $0)].multiplier = .constant(1) },
    Attack(
      "a check that is scaled by a tensor", GadgetCircuits.quotient(),
      { .gadget(0, .multiplier(block("rest", $0))) }
    ) {
      $0.tensors.append(ModelTensor(name: "M", shape: [2], type: .int8))
      $0.blocks[block("rest", $0)].multiplier = .tensor(TensorAccess(.tensor(0), [.label(0)]))
    },
    Attack(
      "a check wider than a remainder", GadgetCircuits.quotient(),
      { .gadget(0, .width(block("rest", $0), 13)) }
    ) { system in
      let rest = block("rest", system)
      change(&system.gadgets[0], Quotient.self) { $0.rest.width = 13 }
      let last = system.blocks[rest].relation.count - 1
      system.blocks[rest].relation[last].coefficient = -(1 << 12)
    },
    Attack(
      "a check of no width", GadgetCircuits.quotient(),
      { .gadget(0, .width(block("remainder", $0), 0)) }
    ) { system in change(&system.gadgets[0], Quotient.self) { $0.remainder.width = 0 } },
    Attack(
      "a check that admits other quotients", GadgetCircuits.quotient(),
      { .gadget(0, .function(block("rest", $0))) }
    ) {
      $0.functions.append(.identity(-1...0))
      $0.blocks[block("rest", $0)].function = $0.functions.count - 1
    },
    Attack(
      "a check that shifts", GadgetCircuits.quotient(),
      { .gadget(0, .function(block("rest", $0))) }
    ) { $0.blocks[block("rest", $0)].shift = 1 },
    Attack(
      "inner rows that are rounded", GadgetCircuits.maximum(),
      { .gadget(0, .multiplier(block("m", $0))) }
    ) { $0.blocks[block("m", $0)].multiplier = .constant(1 << 11) },
    Attack(
      "inner rows that are clamped", GadgetCircuits.maximum(),
      { .gadget(0, .function(block("m", $0))) }
    ) {
      $0.functions.append(.clamp(width: 3, domain: -8...7))
      $0.blocks[block("m", $0)].function = $0.functions.count - 1
    },
    Attack(
      "inner rows that are shifted", GadgetCircuits.maximum(),
      { .gadget(0, .function(block("m", $0))) }
    ) { $0.blocks[block("m", $0)].shift = 1 },
    Attack(
      "a rescaled difference", GadgetCircuits.maximumByTable(),
      { .gadget(0, .multiplier(block("y", $0))) }
    ) { $0.blocks[block("y", $0)].multiplier = .constant(1 << 11) },
    Attack(
      "a table that begins below zero", GadgetCircuits.maximumByTable(),
      { .gadget(0, .function(block("y", $0))) }
    ) { $0.blocks[block("y", $0)].shift = 1 },
    Attack(
      "places beyond the last that no check keeps from", GadgetCircuits.maximum(),
      { .gadget(0, .shape(block("u", $0))) }
    ) { system in change(&system.gadgets[0], Maximum.self) { $0.beyond = nil } },
    Attack(
      "a rectangle too small", GadgetCircuits.maximum(), { .gadget(0, .shape(block("u", $0))) }
    ) {
      $0.blocks[block("v", $0)].shape = [2, 2]
    },
    Attack(
      "a rectangle too small that had no places beyond", GadgetCircuits.rectangle(),
      { .gadget(0, .shape(block("u", $0))) }
    ) {
      $0.blocks[block("v", $0)].shape = [2, 2]
    },
    Attack(
      "a check that admits two quotients", GadgetCircuits.quotient(),
      { .gadget(0, .function(block("rest", $0))) }
    ) {
      let rest = block("rest", $0)
      let shift = $0.blocks[rest].shift
      $0.functions.append(.identity(shift...shift + 1))
      $0.blocks[rest].function = $0.functions.count - 1
    },
    Attack(
      "a check before the advice", GadgetCircuits.firstMaximum(),
      { .gadget(0, .order(block("x", $0))) }
    ) { system in change(&system.gadgets[0], FirstMaximum.self) { $0.one = 0 } },
    Attack(
      "inner rows before the advice", GadgetCircuits.maximum(),
      { .gadget(0, .order(block("x", $0))) }
    ) { system in change(&system.gadgets[0], Maximum.self) { $0.picked = 0 } },
    Attack(
      "a sum that reads the model", GadgetCircuits.quotient(), { _ in .gadget(0, .form) }
    ) { system in
      system.tensors.append(ModelTensor(name: "w", shape: [2], type: .int8))
      let cell = Term(factors: [TensorAccess(.tensor(0), [.label(0)])])
      change(&system.gadgets[0], Quotient.self) { $0.numerator.append(cell) }
    },
    Attack(
      "a sum that goes through an input", GadgetCircuits.quotient(), { _ in .gadget(0, .form) }
    ) { system in
      change(&system.gadgets[0], Quotient.self) {
        $0.denominator[0].factors[0].windows[0].through = 0
      }
    },
    Attack(
      "a denominator of products", GadgetCircuits.quotient(), { _ in .gadget(0, .form) }
    ) { system in
      change(&system.gadgets[0], Quotient.self) {
        $0.denominator[0].factors.append($0.denominator[0].factors[0])
      }
    },
    Attack(
      "a coefficient that no word holds", GadgetCircuits.quotient(), { _ in .gadget(0, .form) }
    ) { system in change(&system.gadgets[0], Quotient.self) { $0.denominator[0].coefficient = .min }
    },
    Attack(
      "a sum of its own advice", GadgetCircuits.quotient(),
      {
        .readsLater(
          .init(block: block("R.0", $0), term: 0, factor: 0), source: block("R.0", $0))
      }
    ) { system in
      let own = Term(factors: [TensorAccess(.block(block("R.0", system)), [.label(0)])])
      change(&system.gadgets[0], Quotient.self) { $0.numerator = [own] }
    },
    Attack(
      "a label that is none", GadgetCircuits.quotient(),
      { .unknownLabel(.init(block: block("R.0", $0), term: 0, factor: 0), label: .max) }
    ) { system in
      change(&system.gadgets[0], Quotient.self) {
        $0.denominator[0].factors[0].windows[0] = .label(.max)
      }
    },
  ]

  private static let readers: [Attack] = [
    Attack(
      "a reader of what is not unique", GadgetCircuits.maximum(),
      { .readsGadget(.init(block: block("y", $0), term: 0, factor: 0), source: block("t", $0)) }
    ) {
      $0.blocks[block("y", $0)].relation = [
        Term(factors: [TensorAccess(.block(block("t", $0)), [.label(0), .fixed(0)])])
      ]
    },
    Attack(
      "a reader of advice by a product", GadgetCircuits.maximum(),
      { .readsGadget(.init(block: block("y", $0), term: 1, factor: 1), source: block("u", $0)) }
    ) {
      $0.blocks[block("y", $0)].relation.append(
        Term(factors: [
          TensorAccess(.block(0), [.label(0), .fixed(0)]),
          TensorAccess(.block(block("u", $0)), [.label(0), .fixed(0)]),
        ]))
    },
    Attack(
      "a reader of a check", GadgetCircuits.quotient(),
      { .readsGadget(.init(block: block("y", $0), term: 0, factor: 0), source: block("rest", $0)) }
    ) {
      $0.blocks[block("y", $0)].relation = [
        Term(factors: [TensorAccess(.block(block("rest", $0)), [.label(0)])])
      ]
    },
    Attack(
      "an output of what is not unique", GadgetCircuits.maximum(),
      { .gadget(0, .port(block("u", $0))) }
    ) {
      $0.outputs[0].blocks = [block("u", $0)]
      $0.outputs[0].shape = [2, 2]
    },
  ]

  /// Blocks of one shape, each 16 bits of a number.
  private struct Limbs: GadgetSurroundings {
    func shape(ofBlock index: Int) -> [Int] { [2] }
    func given(ofBlock index: Int) -> ClosedRange<Int64>? { 0...65_535 }
  }

  @Test func `a number of more bits than a word is refused`() throws {
    func gadget(_ limbs: Int) -> Quotient {
      let check = WidthCheck(block: 9, width: 1)
      return Quotient(
        numerator: [], denominator: [], limbs: Array(0..<limbs), remainder: check, rest: check)
    }
    #expect(try gadget(3).parts(in: Limbs()).count == 5)
    #expect(throws: GadgetFault.limbs(4)) { try gadget(4).parts(in: Limbs()) }
  }

  /// Coefficients and extents within all limits whose sums are not: 2^60·2^16·2^28·2^34.
  @Test func `sums that could wrap are refused`() throws {
    var circuit = Circuit("wide", limbs: 2, limbBits: 6, quotientBits: 17, commitmentRowBits: 11)
    let input = circuit.function(.identity(0...65_535))
    let x = circuit.input(
      "x", [1 << 10, 1 << 10], function: input, visibility: .private, values: [])
    circuit.system.inputs[0].type = .int32
    let limbs = circuit.advice("R", [2], bits: [3])
    let (remainder, rest) = (
      circuit.check("remainder", [2], width: 8), circuit.check("rest", [2], width: 8)
    )
    func gadget(_ coefficient: Int64, _ summed: [Int]) -> Gadget {
      let views = [
        TensorAccess(x, [.label(1), .label(2)]), TensorAccess(x, [.label(2), .label(1)]),
      ]
      return .quotient(
        Quotient(
          numerator: [Term(coefficient: coefficient, summed: summed, factors: views)],
          denominator: [Term(coefficient: 1, factors: [])], limbs: limbs, remainder: remainder,
          rest: rest))
    }
    circuit.declare(gadget(1 << 60, [1 << 14, 1 << 14]))
    circuit.output(
      circuit.block(
        "y", [2], function: input, circuit.one,
        [Term(factors: [TensorAccess(.block(limbs[0]), [.label(0)])])]), visibility: .private)
    circuit.place()
    // 60 + 28 + 32 bits are below, 80 such terms are not.
    try circuit.system.validate()
    var wide = circuit
    wide.system.gadgets = []
    if case .quotient(var own) = circuit.system.gadgets[0] {
      own.numerator = [Term](repeating: own.numerator[0], count: 80)
      wide.declare(.quotient(own))
    }
    #expect(throws: KeyError.interval(block: remainder.block)) {
      try wide.system.validate()
    }
  }
}

import ConstraintSystem
import TestSupport
import Testing

/// A valid circuit, one thing changed, and the reason for which it is refused.
struct ValidationTests {
  struct Lie: Sendable, CustomTestStringConvertible {
    let name: String
    let circuit: ConstraintSystem
    let error: KeyError
    var testDescription: String { name }

    init(
      _ name: String, _ error: KeyError, _ base: ConstraintSystem = Circuits.mlp().system,
      _ change: (inout ConstraintSystem) -> Void
    ) {
      var circuit = base
      change(&circuit)
      (self.name, self.circuit, self.error) = (name, circuit, error)
    }
  }

  @Test func `the toy circuits are valid`() throws {
    for (_, circuit) in Circuits.all { try circuit.system.validate() }
    for circuit in [Circuits.embedding(), Circuits.words(), Circuits.sequence()] {
      try circuit.system.validate()
      _ = try circuit.system.batched(5)
    }
    var committed = Circuits.mlp(input: .committed, output: .private).system
    try committed.validate()
    committed.outputs[0].finalSteps = [
      .softmax(beta: 1, output: nil), .argMax(axis: 0), .dequantize,
    ]
    try committed.validate()
  }

  @Test(arguments: lies) func `a lie is refused`(lie: Lie) {
    #expect(throws: lie.error) { try lie.circuit.validate() }
    #expect(lie.error.description.hasPrefix("the key's circuit is refused: "))
  }

  /// Each inference is within all limits, and 4,096 of them have more rows than a trace.
  @Test func `a batch beyond the rows of a trace is refused`() throws {
    var circuit = Circuit("long", limbs: 2, limbBits: 4, quotientBits: 9, commitmentRowBits: 11)
    let identity = circuit.function(.identity(-128...127))
    let x = circuit.input("x", [1 << 13], function: identity, visibility: .private, values: [])
    circuit.output(
      circuit.block(
        "y", [4], function: identity, circuit.one,
        [Term(factors: [TensorAccess(x, [.label(0)])])]), visibility: .private)
    circuit.place()
    try circuit.system.validate()
    _ = try circuit.system.batched(4)
    #expect(throws: KeyError.self) { try circuit.system.batched(4096) }
  }

  /// Each sum of squares is from 2^120 to 2^122, and zero where the views read beyond their source: 15 of them less 17
  /// are below 2^126 unless the 15 can be zero.
  @Test func `sums of what is never zero are bounded as if it were`() throws {
    var circuit = Circuit("far", limbs: 2, limbBits: 6, quotientBits: 17, commitmentRowBits: 11)
    let bit = circuit.function(.identity(0...1))
    let far = circuit.function(
      TableFunction(
        name: "far",
        body: .segments([
          .init(input: 0, count: 1, output: 1 << 16, slope: 0),
          .init(input: 1, count: 1, output: 1 << 17, slope: 0),
        ])))
    let shape = [1 << 10, 1 << 10]
    let x = circuit.input("x", shape, function: bit, visibility: .private, values: [])
    let y = circuit.block(
      "y", shape, function: far, circuit.one,
      [Term(factors: [TensorAccess(x, [.label(0), .label(1)])])]
    )
    func squares(_ coefficient: Int64) -> Term {
      Term(
        coefficient: coefficient, summed: [1 << 14, 1 << 14],
        factors: [
          TensorAccess(y, [.label(1), .label(2)]), TensorAccess(y, [.label(2), .label(1)]),
        ])
    }
    circuit.output(
      circuit.block(
        "z", [2], function: bit, circuit.one,
        [Term](repeating: squares(1 << 60), count: 15)
          + [Term](repeating: squares(-1 << 60), count: 17)), visibility: .private)
    circuit.place()
    #expect(throws: KeyError.interval(block: 2)) { try circuit.system.validate() }
    circuit.system.blocks[2].relation.removeLast(2)
    try circuit.system.validate()
  }

  private static let weights = KeyError.Place(block: 1, term: 0, factor: 0)
  private static let activations = KeyError.Place(block: 1, term: 0, factor: 1)
  private static func through(_ input: Int) -> AffineIndex {
    AffineIndex(steps: [.init(label: 0, stride: 1)], constant: 0, through: input)
  }
  private static func window(_ label: Int, stride: Int = 1, constant: Int = 0) -> AffineIndex {
    AffineIndex(steps: [.init(label: label, stride: stride)], constant: constant)
  }

  static let lies: [Lie] =
    sizes + functions + places + steps + relations + views + ports + indices + limbs
    + padding

  private static let sizes: [Lie] = [
    Lie("no limbs", .parameter(.limbs, value: 0, allowed: Limits.limbs)) {
      $0.parameters.limbs = 0
    },
    Lie("wide limbs", .parameter(.limbBits, value: 17, allowed: Limits.limbBits)) {
      $0.parameters.limbBits = 17
    },
    Lie("wide quotients", .parameter(.quotientBits, value: 18, allowed: Limits.quotientBits)) {
      $0.parameters.quotientBits = 18
    },
    Lie("long rows", .parameter(.commitmentRowBits, value: 13, allowed: Limits.commitmentRowBits)) {
      $0.parameters.commitmentRowBits = 13
    },
    Lie("large scale", .parameter(.scaleBits, value: 64, allowed: Limits.scaleBits)) {
      ($0.parameters.limbs, $0.parameters.limbBits) = (4, 16)
    },
    Lie("many functions", .tooMany(.functions, limit: Limits.functions)) {
      $0.functions = Array(repeating: .identity(0...0), count: Limits.functions + 1)
    },
    Lie("many tensors", .tooMany(.tensors, limit: Limits.tensors)) {
      $0.tensors = Array(repeating: $0.tensors[0], count: Limits.tensors + 1)
    },
    Lie("many blocks", .tooMany(.blocks, limit: Limits.blocks)) {
      $0.blocks = Array(repeating: $0.blocks[0], count: Limits.blocks + 1)
    },
    Lie("many inputs", .tooMany(.ports, limit: Limits.ports)) {
      $0.inputs = Array(repeating: $0.inputs[0], count: Limits.ports + 1)
    },
    Lie("many outputs", .tooMany(.ports, limit: Limits.ports)) {
      $0.outputs = Array(repeating: $0.outputs[0], count: Limits.ports + 1)
    },
    Lie("many terms", .tooMany(.terms, limit: Limits.termsPerBlock)) {
      $0.blocks[1].relation = Array(
        repeating: $0.blocks[1].relation[0], count: Limits.termsPerBlock + 1)
    },
    Lie("many gadgets", .tooMany(.gadgets, limit: Limits.gadgets)) {
      let gadget = FirstMaximum(
        values: [], places: 0, one: 0, bound: WidthCheck(block: 0, width: 1))
      $0.gadgets = Array(repeating: .firstMaximum(gadget), count: Limits.gadgets + 1)
    },
    Lie("many final steps", .tooMany(.finalSteps, limit: Limits.finalSteps)) {
      $0.outputs[0].finalSteps = Array(repeating: .dequantize, count: Limits.finalSteps + 1)
    },
    Lie("long name", .nameTooLong(.tensor(1), bytes: 258)) {
      $0.tensors[1].name = String(repeating: "é", count: 129)
    },
  ]

  private static let functions: [Lie] = [
    Lie("no values", .emptyFunction(1)) { $0.functions[1].body = .values(lowest: 0, []) },
    Lie("no segments", .emptyFunction(1)) { $0.functions[1].body = .segments([]) },
    Lie("overlapping segments", .functionSegment(1, segment: 1)) {
      $0.functions[1].body = .segments([
        .init(input: 0, count: 4, output: 0, slope: 1),
        .init(input: 3, count: 4, output: 0, slope: 0),
      ])
    },
    Lie("empty segment", .functionSegment(1, segment: 0)) {
      $0.functions[1].body = .segments([.init(input: 0, count: 0, output: 0, slope: 1)])
    },
    Lie("steep segment", .functionSegment(1, segment: 0)) {
      $0.functions[1].body = .segments([.init(input: 0, count: 2, output: 0, slope: 2)])
    },
    Lie("large input", .functionValue(1)) {
      $0.functions[1].body = .values(lowest: .max, [0])
    },
    Lie("large segment", .functionValue(1)) {
      $0.functions[1].body = .segments([.init(input: 0, count: .max, output: 0, slope: 0)])
    },
    Lie("large output", .functionValue(1)) {
      $0.functions[1].body = .segments([
        .init(input: 0, count: 2, output: Limits.functionValue, slope: 1)
      ])
    },
    Lie("a segment far below", .functionValue(1)) {
      $0.functions[1].body = .segments([
        .init(input: -Limits.functionValue - 1, count: 1, output: 0, slope: 0)
      ])
    },
    Lie("a segment beyond words", .functionValue(1)) {
      $0.functions[1].body = .segments([.init(input: 2, count: .max, output: 0, slope: 0)])
    },
    Lie("an output far below", .functionValue(1)) {
      $0.functions[1].body = .segments([
        .init(input: 0, count: 1, output: -Limits.functionValue - 1, slope: 0)
      ])
    },
    Lie("values far below", .functionValue(1)) {
      $0.functions[1].body = .values(lowest: -Limits.functionValue - 1, [0])
    },
    Lie("large table", .tooMany(.tableRows, limit: 1 << Limits.tableBits)) {
      $0.functions += Array(repeating: .identity(-65536...65535), count: 8)
    },
  ]

  private static let places: [Lie] = [
    Lie("extent of zero", .shape(.block(2), [0])) { $0.blocks[2].shape = [0] },
    Lie("negative extent", .shape(.tensor(0), [-1, 8])) { $0.tensors[0].shape = [-1, 8] },
    Lie("huge extents", .shape(.tensor(0), [.max, .max])) { $0.tensors[0].shape = [.max, .max] },
    Lie("many cells", .shape(.block(2), [1 << 24, 2])) { $0.blocks[2].shape = [1 << 24, 2] },
    Lie("many axes", .shape(.block(2), Array(repeating: 1, count: 9))) {
      $0.blocks[2].shape = Array(repeating: 1, count: 9)
    },
    Lie("misaligned", .misaligned(.block(1), offset: 12, size: 8)) { $0.blocks[1].offset = 12 },
    Lie("negative offset", .misaligned(.block(1), offset: -8, size: 8)) {
      $0.blocks[1].offset = -8
    },
    Lie("beyond the end", .beyondEnd(.block(1), limit: 1 << 24)) { $0.blocks[1].offset = 1 << 24 },
    Lie("overlapping blocks", .overlap(.block(0), .block(2))) { $0.blocks[2].offset = 4 },
    Lie("overlapping tensors", .overlap(.tensor(0), .tensor(1))) {
      $0.tensors[1].offset = $0.tensors[0].offset
    },
    Lie("a desert", .gaps(.tensor(5))) { $0.tensors[5].offset = 1 << 27 },
  ]

  private static let steps: [Lie] = [
    Lie("unknown function", .unknownFunction(block: 1, function: 2)) { $0.blocks[1].function = 2 },
    Lie("no such function", .unknownFunction(block: 0, function: -1)) {
      $0.blocks[0].function = -1
    },
    Lie("large shift", .shift(block: 1, .min)) { $0.blocks[1].shift = .min },
    Lie("large shift upwards", .shift(block: 1, .max)) { $0.blocks[1].shift = .max },
    Lie("a quotient one above its bits", .quotientRange(block: 1, 1...256, bits: 9)) {
      $0.blocks[1].shift = -129
    },
    Lie("quotients of too many bits", .quotientRange(block: 1, -136 - 121...127 - 129, bits: 9)) {
      $0.blocks[1].shift = 129
    },
    Lie("negative multiplier", .multiplierConstant(block: 1, -1)) {
      $0.blocks[1].multiplier = .constant(-1)
    },
    Lie("large multiplier", .multiplierConstant(block: 1, 1 << 62)) {
      $0.blocks[1].multiplier = .constant(1 << 62)
    },
    Lie("multiplier from a block", .multiplierView(block: 1)) {
      $0.blocks[1].multiplier = .tensor(TensorAccess(.block(0), [.label(0)]))
    },
    Lie("multiplier through a stride", .multiplierView(block: 1)) {
      $0.blocks[1].multiplier = .tensor(TensorAccess(.tensor(2), [window(0, stride: 2)]))
    },
    Lie("multiplier through an input", .multiplierView(block: 1)) {
      $0.blocks[1].multiplier = .tensor(TensorAccess(.tensor(2), [through(0)]))
    },
    Lie("multiplier that stands apart", .multiplierView(block: 1)) {
      $0.blocks[1].multiplier = .tensor(TensorAccess(.tensor(2), [window(0, constant: 1)]))
    },
    Lie("multiplier of another extent", .multiplierView(block: 1)) {
      $0.blocks[1].multiplier = .tensor(TensorAccess(.tensor(5), [.label(0)]))
    },
    Lie("multiplier of unknown label", .unknownLabel(KeyError.Place(block: 1), label: 1)) {
      $0.blocks[1].multiplier = .tensor(TensorAccess(.tensor(2), [.label(1)]))
    },
  ]

  private static let relations: [Lie] = [
    Lie("no relation", .noTerms(block: 1)) { $0.blocks[1].relation = [] },
    Lie("a sum of no view", .unusedLabel(block: 1, term: 1, label: 1)) {
      $0.blocks[1].relation[1] = Term(summed: [2], factors: [])
    },
    Lie("three views", .factors(block: 1, term: 1, count: 3)) {
      let view = $0.blocks[1].relation[1].factors[0]
      $0.blocks[1].relation[1].factors = [view, view, view]
    },
    Lie("coefficient of zero", .coefficient(block: 1, term: 0, 0)) {
      $0.blocks[1].relation[0].coefficient = 0
    },
    Lie("large coefficient", .coefficient(block: 1, term: 0, .min)) {
      $0.blocks[1].relation[0].coefficient = .min
    },
    Lie("large positive coefficient", .coefficient(block: 1, term: 0, .max)) {
      $0.blocks[1].relation[0].coefficient = .max
    },
    Lie("sums far beyond what a row is for", .interval(block: 1)) {
      $0.tensors[0].type = .int64
      $0.blocks[1].relation[0].coefficient = 1 << 60
    },
    // Each of them just 2^126: their sum is more than a word holds.
    Lie("terms that are just at the bound", .interval(block: 1)) {
      $0.tensors[0].type = .int64
      $0.blocks[1].relation = [Int64](repeating: -1 << 60, count: 2).map {
        Term(
          coefficient: $0, summed: [8],
          factors: [TensorAccess(.tensor(0), [.label(0), .label(1)])])
      }
    },
    // y of the block before is from −100 to −85, and 0 to 15 without its shift.
    Lie("sums that a shift makes large", .interval(block: 2)) {
      $0.tensors[3].type = .int64
      $0.blocks[1].shift = 100
      $0.blocks[2].relation[0].coefficient = 1 << 54
    },
    Lie("sum over nothing", .summedLabels(block: 1, term: 0, [0])) {
      $0.blocks[1].relation[0].summed = [0]
    },
    Lie("sum over too much", .summedLabels(block: 1, term: 0, [.max])) {
      $0.blocks[1].relation[0].summed = [.max]
    },
    Lie("label that none reads", .unusedLabel(block: 1, term: 0, label: 2)) {
      $0.blocks[1].relation[0].summed = [8, 2]
    },
    Lie("large contraction", .contraction(block: 1, term: 0, bits: 32)) {
      $0.blocks[1].relation[0].summed = [1 << 16, 1 << 16]
      $0.blocks[1].relation[0].factors[1].windows = [window(2)]
    },
    Lie(
      "a sum far longer than what it reads", .summedLabels(block: 1, term: 0, [1 << 13, 1 << 14])
    ) {
      $0.blocks[1].relation[0].summed = [1 << 13, 1 << 14]
      $0.blocks[1].relation[0].factors[1].windows = [
        AffineIndex(steps: [.init(label: 1, stride: 1), .init(label: 2, stride: 1)], constant: 0)
      ]
    },
    Lie("much work in all", .tooMany(.products, limit: Int(Limits.products))) {
      $0.blocks[1].relation[0].summed = [1 << 20, 1 << 20]
      $0.blocks[1].relation[0].factors[1].windows = [window(2)]
    },
  ]

  private static let views: [Lie] = [
    Lie("unknown tensor", .unknownSource(weights, .tensor(6))) {
      $0.blocks[1].relation[0].factors[0].source = .tensor(6)
    },
    Lie("unknown block", .unknownSource(activations, .block(-1))) {
      $0.blocks[1].relation[0].factors[1].source = .block(-1)
    },
    Lie("reads itself", .readsLater(activations, source: 1)) {
      $0.blocks[1].relation[0].factors[1].source = .block(1)
    },
    Lie("reads a later block", .readsLater(activations, source: 2)) {
      $0.blocks[1].relation[0].factors[1].source = .block(2)
    },
    Lie("too few windows", .rank(weights, windows: 1, rank: 2)) {
      $0.blocks[1].relation[0].factors[0].windows.removeLast()
    },
    Lie("unknown label", .unknownLabel(weights, label: 2)) {
      $0.blocks[1].relation[0].factors[0].windows[1] = .label(2)
    },
    Lie("negative label", .unknownLabel(weights, label: -1)) {
      $0.blocks[1].relation[0].factors[0].windows[1] = .label(-1)
    },
    Lie("a label twice", .repeatedLabel(weights, label: 0)) {
      $0.blocks[1].relation[0].factors[0].windows[1] = .label(0)
    },
    Lie("stride of zero", .stride(weights, 0)) {
      $0.blocks[1].relation[0].factors[0].windows[1] = window(1, stride: 0)
    },
    Lie("large stride", .stride(weights, .min)) {
      $0.blocks[1].relation[0].factors[0].windows[1] = window(1, stride: .min)
    },
    Lie("large offset", .constant(weights, .max)) {
      $0.blocks[1].relation[0].factors[0].windows[1] = window(1, constant: .max)
    },
  ]

  /// Views through inputs. Of the embedding block 0 reads tensor 0 along axis 0 through input 0 of four integers.
  private static let lookup = KeyError.Place(block: 0, term: 0, factor: 0)
  private static func lookup(
    _ name: String, _ error: KeyError, _ change: (inout ConstraintSystem) -> Void
  ) -> Lie { Lie(name, error, Circuits.embedding().system, change) }

  /// Of the dense layers block 1 reads its biases once more, through the input of eight integers.
  private static func hidden(
    _ name: String, input: Visibility = .public, _ change: (inout ConstraintSystem) -> Void
  ) -> Lie {
    var base = Circuits.mlp(input: input).system
    base.blocks[1].relation.append(Term(factors: [TensorAccess(.tensor(1), [through(0)])]))
    return Lie(name, .indexPort(.init(block: 1, term: 2, factor: 0), input: 0), base, change)
  }

  private static let indices: [Lie] = [
    hidden("through a hidden input", input: .private) { _ in },
    hidden("through an input with a zero point") {
      ($0.inputs[0].type, $0.inputs[0].zeroPoint) = (.int16, 1)
    },
    lookup("through no input", .unknownIndex(lookup, input: 9)) {
      $0.blocks[0].relation[0].factors[0].windows[0].through = 9
    },
    lookup("through input −1", .unknownIndex(lookup, input: -1)) {
      $0.blocks[0].relation[0].factors[0].windows[0].through = -1
    },
    lookup("hidden indices", .noBlock(.input(0))) { $0.inputs[0].visibility = .private },
    lookup("indices with a zero point", .noBlock(.input(0))) { $0.inputs[0].zeroPoint = 1 },
    lookup("real indices", .portType(.input(0), .float32)) { $0.inputs[0].type = .float32 },
    lookup("too many indices", .indexPort(lookup, input: 0)) {
      $0.inputs[0].shape = [Limits.stride + 1]
    },
    lookup("no indices", .portShape(.input(0), [0], cells: 1 << Limits.traceBits)) {
      $0.inputs[0].shape = [0]
    },
    lookup("an output without a block", .noBlock(.output(0))) { $0.outputs[0].blocks = [] },
    lookup("a place before the first", .indexPlaces(lookup, input: 0, -1...2, count: 4)) {
      $0.blocks[0].relation[0].factors[0].windows[0].constant = -1
    },
    lookup("a place behind the last", .indexPlaces(lookup, input: 0, 0...6, count: 4)) {
      $0.blocks[0].relation[0].factors[0].windows[0].steps[0].stride = 2
    },
    lookup("places backwards from the first", .indexPlaces(lookup, input: 0, -3...0, count: 4)) {
      $0.blocks[0].relation[0].factors[0].windows[0].steps[0].stride = -1
    },
    lookup("a place beyond words", .constant(lookup, .max)) {
      $0.blocks[0].relation[0].factors[0].windows[0].constant = .max
    },
    lookup("places by a large stride", .stride(lookup, .max)) {
      $0.blocks[0].relation[0].factors[0].windows[0].steps[0].stride = .max
    },
    lookup("places by an unknown label", .unknownLabel(lookup, label: 9)) {
      $0.blocks[0].relation[0].factors[0].windows[0].steps[0].label = 9
    },
    lookup(
      "more integers without a block than a trace has rows",
      .portShape(.input(2), [1 << 25], cells: 1 << Limits.traceBits)
    ) {
      $0.inputs.append($0.inputs[0])
      $0.inputs[2].shape = [1 << 25]
    },
    lookup(
      "in a product", .indexedProduct(.init(block: 1, term: 0, factor: 1))
    ) { $0.blocks[1].relation[0].factors[1].windows[0].through = 0 },
    lookup("a label twice", .repeatedLabel(lookup, label: 0)) {
      $0.blocks[0].relation[0].factors[0].windows[1] = .label(0)
    },
  ]

  private static func wide(
    _ name: String, _ error: KeyError, _ change: (inout ConstraintSystem) -> Void
  ) -> Lie { Lie(name, error, Circuits.words().system, change) }

  private static let limbs: [Lie] = [
    wide("a lower limb with a sign", .limb(.input(0), 0, -1...255)) {
      $0.functions[0] = .identity(-1...255)
    },
    wide("a lower limb that leaves a value out", .limb(.input(0), 0, 0...254)) {
      $0.functions[0] = .identity(0...254)
    },
    wide("a lower limb of one value", .limb(.input(0), 0, 0...0)) {
      $0.functions[0] = .identity(0...0)
    },
    wide(
      "a top limb beyond the type",
      .inputRange(input: 0, -2_147_483_648...2_164_260_863, type: .int32)
    ) {
      $0.functions[1] = .identity(-128...128)
    },
    wide("blocks exchanged", .limb(.input(0), 0, -128...127)) { $0.inputs[0].blocks.reverse() },
    wide("limbs of more bits than a word", .limb(.output(0), 6, 0...511)) {
      $0.functions.append(.identity(0...511))
      $0.blocks[4].function = 2
      $0.outputs[0].blocks = Array(repeating: 4, count: 8)
    },
    wide("limbs that are a word with the zero point", .limb(.output(0), 6, 0...511)) {
      $0.functions.append(.identity(0...511))
      $0.blocks[4].function = 2
      $0.outputs[0].blocks = Array(repeating: 4, count: 7)
      $0.outputs[0].zeroPoint = 1
    },
    wide("limbs of two shapes", .limbShape(.input(0), 1, [3, 1])) {
      $0.blocks[1].shape = [3, 1]
    },
    wide("a block twice", .repeatedInput(block: 0)) { $0.inputs[0].blocks[1] = 0 },
    wide("many limbs", .limbs(.input(0), count: 9)) {
      $0.inputs[0].blocks = Array(repeating: 0, count: 9)
    },
  ]

  private static func padded(
    _ name: String, _ item: KeyError.Item = .input(0), _ change: (inout ConstraintSystem) -> Void
  ) -> Lie { Lie(name, .padding(item), Circuits.sequence().system, change) }

  private static let padding: [Lie] = [
    padded("padded along no axis") { $0.inputs[0].padding?.axis = 3 },
    padded("padded along axis −1") { $0.inputs[0].padding?.axis = -1 },
    padded("padded along an axis of one") { $0.inputs[0].padding?.axis = 0 },
    padded("padded along an axis that the block has elsewhere") { $0.inputs[0].shape = [4, 8] },
    padded("padded along an axis of another extent than the block's") {
      $0.inputs[0].shape = [1, 16, 2]
    },
    Lie(
      "indices padded along an axis of one", .padding(.input(1)), Circuits.embedding().system
    ) { $0.inputs[1].padding = PortPadding(axis: 1, value: 0) },
    padded("padded with what no block has") { $0.inputs[0].padding?.value = 98 },
    padded("padded with what no cell of an output has", .output(1)) {
      $0.outputs[1].padding?.value = 101
    },
    Lie(
      "indices padded with a place that is not there", .padding(.input(0)),
      Circuits.embedding().system
    ) { $0.inputs[0].padding = PortPadding(axis: 0, value: 5) },
  ]

  private static let ports: [Lie] = [
    Lie("no output", .noOutput) { $0.outputs = [] },
    Lie("output of no block", .unknownBlock(.output(0), block: 3)) { $0.outputs[0].blocks = [3] },
    Lie("input of no block", .unknownBlock(.input(0), block: -1)) { $0.inputs[0].blocks = [-1] },
    Lie("one block, two inputs", .repeatedInput(block: 0)) { $0.inputs.append($0.inputs[0]) },
    Lie("input with a coefficient", .inputRelation(block: 0)) {
      $0.blocks[0].relation[0].coefficient = 2
    },
    Lie("input from another block", .inputRelation(block: 1)) {
      ($0.inputs[0].blocks, $0.inputs[0].shape) = ([1], [6])
    },
    Lie("input that is no input", .readsLater(.init(block: 0, term: 0, factor: 0), source: 0)) {
      $0.inputs = []
    },
    Lie("input that is scaled", .inputMultiplier(block: 0)) {
      $0.blocks[0].multiplier = .constant(255)
    },
    Lie("input that is clamped", .inputFunction(block: 0)) { $0.blocks[0].function = 1 },
    Lie("input that is shifted", .inputFunction(block: 0)) { $0.blocks[0].shift = 1 },
    Lie("input beyond its type", .inputRange(input: 0, -127...128, type: .int8)) {
      $0.inputs[0].zeroPoint = 1
    },
    Lie("input below its type", .inputRange(input: 0, -129...126, type: .int8)) {
      $0.inputs[0].zeroPoint = -1
    },
    Lie("shape of other size", .portShape(.input(0), [3, 3], cells: 8)) {
      $0.inputs[0].shape = [3, 3]
    },
    Lie("shape that overflows", .portShape(.output(0), [.max, .max], cells: 4)) {
      $0.outputs[0].shape = [.max, .max]
    },
    Lie("quantized float", .portType(.output(0), .float32)) { $0.outputs[0].type = .float32 },
    Lie("scale of zero", .portScale(.output(0), 0)) { $0.outputs[0].scale = 0 },
    Lie("infinite scale", .portScale(.output(0), .infinity)) { $0.outputs[0].scale = .infinity },
    Lie("zero point beyond the type", .portZeroPoint(.output(0), 128)) {
      $0.outputs[0].zeroPoint = 128
    },
    Lie(
      "zero point far below", .portZeroPoint(.output(0), -Limits.functionValue - 1)
    ) {
      ($0.outputs[0].type, $0.outputs[0].zeroPoint) = (.int32, -Limits.functionValue - 1)
    },
    Lie("zero point far above", .portZeroPoint(.output(0), Limits.functionValue + 1)) {
      ($0.outputs[0].type, $0.outputs[0].zeroPoint) = (.int32, Limits.functionValue + 1)
    },
    Lie("committed beside others", .committedTooSmall(.output(0), cells: 4, row: 8)) {
      $0.outputs[0].visibility = .committed
    },
    Lie("no such axis", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [.argMax(axis: 1)]
    },
    Lie("beta of zero", .finalStep(1, output: 0)) {
      $0.outputs[0].finalSteps = [.dequantize, .softmax(beta: 0, output: nil)]
    },
    Lie("a short table", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [.table([1, 2, 3])]
    },
    Lie("a table without a number", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [.table(Array(repeating: .nan, count: 256))]
    },
    Lie("a table of reals", .finalStep(1, output: 0)) {
      $0.outputs[0].finalSteps = [.sigmoid, .table(Array(repeating: 1, count: 256))]
    },
    Lie("other extents", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [.reshape([2, 3])]
    },
    Lie("extents beyond words", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [.reshape([.max, .max])]
    },
    Lie("axes of no permutation", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [.transpose([1])]
    },
    Lie("integers quantized", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [
        .quantize(FinalQuantization(type: .int8, scale: 1, zeroPoint: 0))
      ]
    },
    Lie("a zero point of another type", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [
        .requantize(
          FinalQuantization(type: .uint8, scale: $0.outputs[0].scale, zeroPoint: -1))
      ]
    },
    Lie("another scale", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [
        .requantize(
          FinalQuantization(type: .uint8, scale: $0.outputs[0].scale / 2, zeroPoint: 0))
      ]
    },
    Lie("a quantized softmax of words", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [
        .quantizedSoftmax(output: FinalQuantization(type: .int32, scale: 1, zeroPoint: 0))
      ]
    },
    Lie("a quantized softmax of what were words", .finalStep(0, output: 0)) {
      $0.outputs[0].type = .int32
      $0.outputs[0].finalSteps = [
        .quantizedSoftmax(output: FinalQuantization(type: .int8, scale: 1, zeroPoint: 0))
      ]
    },
    Lie("a zero point above the type", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [
        .quantizedSoftmax(output: FinalQuantization(type: .uint8, scale: 1, zeroPoint: 256))
      ]
    },
    Lie("an axis that is gone", .finalStep(1, output: 0)) {
      $0.outputs[0].finalSteps = [.argMax(axis: 0), .argMax(axis: 0)]
    },
    Lie("reals twice", .finalStep(1, output: 0)) {
      $0.outputs[0].finalSteps = [.dequantize, .dequantize]
    },
    Lie("a step of the second output", .finalStep(0, output: 1)) {
      $0.outputs.append($0.outputs[0])
      $0.outputs[1].finalSteps = [.argMax(axis: 1)]
    },
    Lie("final float", .finalStep(0, output: 0)) {
      $0.outputs[0].finalSteps = [
        .softmax(beta: 1, output: FinalQuantization(type: .float32, scale: 1, zeroPoint: 0))
      ]
    },
  ]
}

import ConstraintSystem
package import Model

/// What a proof of a network will take, before the network is compiled.
package struct CircuitForecast: Sendable, Hashable {
  package enum Basis: Sendable, Hashable {
    /// The circuit, which was made: this is what compiling says.
    case circuit
    /// The circuit of a trial quantization. Calibration finds other ranges, on which it depends how
    /// many rows are split and how long multipliers are.
    case trial
    /// The shapes of the network's layers, where a circuit takes longer than a moment to make.
    case shapes
  }

  package var basis: Basis
  /// Rows that hold a value.
  package var rows: Int
  /// Of a proof's statement: the tensors of the network's ends, which are public where nothing else is
  /// chosen.
  package var publicBytes: Int
  /// Of a proof's body, and of its time.
  package var estimate: CostModel.Estimate

  /// - Parameters:
  ///   - graph: every node of which is well.
  ///   - options: by what scheme it is proven.
  /// - Returns: nil where a network that calibration is to quantize has no integers in a trial.
  /// - Throws: what compiling says of a network that is quantized, and small.
  /// - Complexity: linear in the network's file and in the rows of its layers.
  package init?(
    _ graph: Graph, _ options: CompilerOptions = CompilerOptions()
  ) throws(ModelError) {
    guard graph.tensors.allSatisfy({ $0.quantization == nil }) else {
      let isOpen = !Quantizer.openInputs(of: graph).isEmpty
      let network = try IntegerNetwork(Quantizer.withTrialInputs(graph))
      let shapes = try LowerGraph.run(network, keepsValues: false)
      try self.init(network, shapes, options, basis: isOpen ? .trial : .circuit)
      return
    }
    guard let trial = Quantizer.trial(graph, multiplierBits: Self.multiplierBits),
      let network = try? IntegerNetwork(trial.graph),
      let shapes = try? LowerGraph.run(network, keepsValues: false),
      // Made-up ranges may be ones that no circuit has.
      let forecast = (try? CircuitForecast(network, shapes, options, basis: .trial))
        ?? CircuitForecast(shapes, options, isTrial: true)
    else { return nil }
    self = forecast
  }

  private init?(
    _ network: IntegerNetwork, _ shapes: LoweredNetwork, _ options: CompilerOptions, basis: Basis
  ) throws(ModelError) {
    guard shapes.draft.isMadeInAMoment else {
      self.init(shapes, options, isTrial: basis == .trial)
      return
    }
    let report = try Compiler.compile(try LowerGraph.run(network), options).report
    self.init(
      basis: basis, rows: report.usedRows, publicBytes: shapes.publicBytes(options),
      estimate: report.estimate)
  }
}

extension CircuitForecast {
  /// Bits of multipliers in a network that is quantized here, about.
  private static let multiplierBits = 10
  /// What S becomes then, and what it is where a runtime's float32 steps are followed.
  private static let shortScales = 18...24
  private static let runtimeScales = 33...40
  /// Quotients of a block reach this much further than its clamp, about.
  private static let overshoot: Int64 = 8

  /// What a circuit of such shapes asks of a proof, with quotients of a usual width and no split rows.
  ///
  /// - Returns: nil where no parameters fit.
  private init?(_ network: LoweredNetwork, _ options: CompilerOptions, isTrial: Bool) {
    var draft = network.draft
    for block in (network.inputs + network.outputs).flatMap(\.blocks) {
      draft.blocks[block].isPort = true
    }
    for index in draft.blocks.indices {
      guard let scaling = draft.blocks[index].floatScaling else { continue }
      draft.blocks[index].floatScaling = nil
      draft.blocks[index].multiplier = FixedPoint(
        mantissas: scaling.steps.map { _ in 2 }, shifts: scaling.steps.map { _ in 1 },
        axes: scaling.axes)
    }
    let ranges = draft.blocks.map { block in
      let quotients = block.usualQuotients(overshoot: Self.overshoot)
      return BlockRanges(
        accumulators: [quotients], quotients: quotients,
        outputs: block.function.image(of: quotients) ?? quotients)
    }
    let functions = TableFunctions(zip(draft.blocks, ranges).map { ($0.function, $1.quotients) })
    var workload = CostModel.Workload(draft, ranges, functions)
    workload.publicBytes = network.publicBytes(options)
    let choice = CostModel(workload, scheme: options.scheme).cheapest(
      scales: isTrial ? Self.shortScales : Self.runtimeScales,
      commitmentRowBits: options.scheme.commitmentRowBits.upperBound, powers: options.powers)
    guard let choice else { return nil }
    self.init(
      basis: .shapes, rows: draft.blocks.reduce(0) { $0 + $1.count },
      publicBytes: workload.publicBytes, estimate: choice.estimate)
  }

  private init(basis: Basis, rows: Int, publicBytes: Int, estimate: CostModel.Estimate) {
    self.basis = basis
    self.rows = rows
    self.publicBytes = publicBytes
    self.estimate = estimate
  }
}

extension LoweredNetwork {
  /// Of the tensors at its ends that are public.
  func publicBytes(_ options: CompilerOptions) -> Int {
    func bytes(_ ports: [Port]) -> Int {
      ports.reduce(0) { $0 + $1.shape.reduce(1, *) * $1.type.bytes }
    }
    return (options.input == .public ? bytes(inputs) : 0)
      + (options.output == .public ? bytes(outputs) : 0)
  }
}

extension CircuitIR {
  /// Whether compiling takes a fraction of a second, by numbers that bound its work.
  fileprivate var isMadeInAMoment: Bool {
    guard blocks.count <= 256 else { return false }
    var (products, steps) = (0, 0)
    for block in blocks {
      steps += block.steps
      for term in block.relation { products += (block.shape + term.summed).reduce(1, *) }
      guard products <= 1 << 23, steps <= 1 << 12 else { return false }
    }
    return tensors.reduce(0) { $0 + $1.shape.reduce(1, *) } <= 1 << 20
  }
}

extension CircuitIR.Block {
  /// The quotients of a layer's values, about: its clamp and as much again on either side, so many times.
  fileprivate func usualQuotients(overshoot: Int64) -> ClosedRange<Int64> {
    switch function {
    case .input(let range): return range
    case .zero, .bound: return function.declared ?? 0...0
    case .activation(.clamp(let range)):
      let reach = (range.upperBound - range.lowerBound) * overshoot / 2
      return range.lowerBound - reach...range.upperBound + reach
    case .activation(.lookup(_, let lowest, let values)):
      return lowest...lowest + Int64(max(values.count, 1)) - 1
    case .activation(.identity), .excess: return -1 << 9...1 << 9
    }
  }
}

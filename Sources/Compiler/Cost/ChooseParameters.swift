package import ConstraintSystem
package import Model

/// Chooses S, K, b, d and L for all blocks, and which blocks are split in two rows, by the cost model.
///
/// A wider table costs multiplicities, hash-table rows and rounds; a split block costs its rows twice.
/// The candidates split the widest block, the two widest, and so on (see `Candidates.counts`), each with one
/// coarse cell size for all; the cheapest of them and of all (K, b, L) wins.
package enum ChooseParameters {
  package struct Choice: Sendable {
    package var parameters: Parameters
    /// How blocks are split, by index.
    package var splits: [Int: Saturation]
    package var estimate: CostModel.Estimate
  }

  /// - Parameters:
  ///   - committed: blocks whose tensors lie alone in their commitment rows.
  ///   - publicBytes: of the public tensors.
  ///   - options: by what scheme, over how many generators.
  package static func run(
    _ draft: CircuitIR, _ ranges: [BlockRanges], committed: [Int], publicBytes: Int = 0,
    options: CompilerOptions = CompilerOptions()
  ) throws(ModelError) -> Choice {
    let scales = try scales(draft)
    let commitmentRowBits = committed.reduce(options.scheme.commitmentRowBits.upperBound) {
      min($0, draft.blocks[$1].shape.reduce(0) { $0 + ceilLog2($1) })
    }
    guard commitmentRowBits >= options.scheme.commitmentRowBits.lowerBound else {
      let smallest = committed.min { draft.blocks[$0].count < draft.blocks[$1].count } ?? 0
      throw .unsupported(
        node: draft.blocks[smallest].name,
        what:
          "a committed tensor of fewer than 2^\(options.scheme.commitmentRowBits.lowerBound) values",
        remedy: "make it public or private")
    }
    // Multipliers may be so short that S could be less than a coarse cell needs.
    let largestStep = min(max(scales.lowerBound, Candidates.usefulStep), scales.upperBound)
    var candidates = Candidates(draft, ranges, largestStep: largestStep)
    var best: Choice?
    for count in candidates.counts {
      guard let candidate = candidates.splitting(count) else { continue }
      var workload = candidate.workload
      workload.publicBytes = publicBytes
      let model = CostModel(workload, scheme: options.scheme)
      let steps = candidate.splits.values.flatMap(\.steps)
      let least = max(scales.lowerBound, steps.max() ?? 0)
      guard
        let (parameters, estimate) = model.cheapest(
          scales: least...scales.upperBound, commitmentRowBits: commitmentRowBits,
          powers: options.powers)
      else { continue }
      if estimate.score < best?.estimate.score ?? .infinity {
        best = Choice(parameters: parameters, splits: candidate.splits, estimate: estimate)
      }
    }
    guard let best else {
      if options.powers < 1 << options.scheme.commitmentRowBits.upperBound {
        throw .unsupported(
          node: "", what: "a proof that takes more than the \(options.powers) powers of the file",
          remedy: "import more powers of the ceremony")
      }
      throw tooWide(draft, ranges)
    }
    return best
  }

  /// What S may be: no less than any shift, and every M = m·2^(S−s) below 2^62.
  private static func scales(_ draft: CircuitIR) throws(ModelError) -> ClosedRange<Int> {
    var least = 1
    var greatest = Limits.scaleBits.upperBound
    for block in draft.blocks {
      let multiplier = block.multiplier
      for (mantissa, shift) in zip(multiplier.mantissas, multiplier.shifts) where mantissa > 0 {
        least = max(least, shift)
        let width = Int64.bitWidth - mantissa.leadingZeroBitCount
        greatest = min(greatest, Limits.multiplierBits - width + shift)
      }
    }
    guard
      Limits.limbs.contains(where: { limbs in
        Limits.limbBits.contains { (least...max(least, greatest)).contains(limbs * $0) }
      }), least <= greatest
    else {
      let layers = draft.blocks.filter { ($0.multiplier.shifts.max() ?? 0) == least }
      throw .unsupported(
        node: layers.first?.name ?? "",
        what: "a ratio of scales of about 2^\(31 - least) "
          + "beside others that are much larger",
        remedy: "quantize again with scales that are nearer to each other")
    }
    return least...greatest
  }

  private static func tooWide(_ draft: CircuitIR, _ ranges: [BlockRanges]) -> ModelError {
    let widest = ranges.indices.max {
      ranges[$0].quotients.count < ranges[$1].quotients.count
    }
    guard let widest else { return .invalid(node: "", what: "the network has no layer") }
    let range = ranges[widest].quotients
    return .unsupported(
      node: draft.blocks[widest].name,
      what: "its values range over \(range.lowerBound)…\(range.upperBound), "
        + "more than \(Limits.quotientBits.upperBound) bits, and are not clamped",
      remedy: "quantize activations to int8 or uint8")
  }
}

/// What splitting the `count` widest blocks gives.
private struct Candidates {
  let draft: CircuitIR
  let ranges: [BlockRanges]
  let largestStep: Int
  /// Blocks that can be split, the widest range of quotients first.
  let widest: [Int]
  private let table: TableRows
  private var plans: [Plan: Saturation] = [:]

  private struct Plan: Hashable {
    var block: Int
    var cell: Int
    var including: ClosedRange<Int64>?
  }

  /// A coarse cell of so many bits of an accumulator leaves a small table of any.
  static let usefulStep = 24
  /// How many blocks to split: any number of up to so many, and beyond it as many numbers, evenly spread,
  /// so that a network of hundreds of layers takes time in proportion to them.
  private static let mostCounts = 64

  var counts: [Int] {
    let all = widest.count
    guard all > Self.mostCounts else { return Array(0...all) }
    let spread = (1...Self.mostCounts).map { step in
      Self.mostCounts + (all - Self.mostCounts) * step / Self.mostCounts
    }
    return Array(0...Self.mostCounts) + Set(spread).subtracting([Self.mostCounts]).sorted()
  }

  /// Coarse cells of 2^cell quotients.
  private static let cells = 0...15
  /// A function narrower than this is not worth a second row.
  private static let narrow = 256

  init(_ draft: CircuitIR, _ ranges: [BlockRanges], largestStep: Int) {
    self.draft = draft
    self.ranges = ranges
    self.largestStep = largestStep
    table = TableRows(draft.blocks.map(\.function))
    func excess(_ index: Int) -> Int {
      guard let bounds = draft.blocks[index].function.bounds else { return 0 }
      return ranges[index].quotients.union(bounds).count - bounds.count
    }
    widest = draft.blocks.indices.filter { excess($0) > Self.narrow }
      .sorted { (excess($1), $0) < (excess($0), $1) }
  }

  /// The cell size with the smallest table; nil when rows would not fit their columns.
  mutating func splitting(
    _ count: Int
  ) -> (workload: CostModel.Workload, splits: [Int: Saturation])? {
    var tried: [(rows: Int, splits: [Int: Saturation])] = []
    for cell in count == 0 ? 0...0 : Self.cells {
      // Each block with bounds of its own, then all with one function.
      guard let own = plans(count, cell, including: nil) else { continue }
      let common = own.values.map(\.kept).reduce(nil) { $0?.union($1) ?? $1 }
      for splits in [own, plans(count, cell, including: common)].compactMap(\.self) {
        tried.append((table.rows(ranges, splits), splits))
      }
    }
    // Drafts are made of the first that fits alone: there are many blocks and many ways.
    for index in tried.indices.sorted(by: { (tried[$0].rows, $0) < (tried[$1].rows, $1) }) {
      let splits = tried[index].splits
      let (draft, ranges, _) = SaturateWideQuotients.run(draft, ranges, splits)
      let functions = TableFunctions(zip(draft.blocks, ranges).map { ($0.function, $1.quotients) })
      precondition(functions.rows == tried[index].rows, "rows are counted as they are made")
      let workload = CostModel.Workload(draft, ranges, functions)
      if Limits.quotientBits.contains(workload.quotientBits),
        ranges.allSatisfy({ Self.isNarrow($0.outputs) })
      {
        return (workload, splits)
      }
    }
    return nil
  }

  /// Whether y has at most 16 bits.
  private static func isNarrow(_ outputs: ClosedRange<Int64>) -> Bool {
    max(signedBits(outputs.lowerBound), signedBits(outputs.upperBound)) <= 16
  }

  private mutating func plans(
    _ count: Int, _ cell: Int, including: ClosedRange<Int64>?
  ) -> [Int: Saturation]? {
    var result: [Int: Saturation] = [:]
    for index in widest.prefix(count) {
      let key = Plan(block: index, cell: cell, including: including)
      if plans[key] == nil, let bounds = draft.blocks[index].function.bounds {
        plans[key] = Saturation(
          bounds: bounds, multiplier: draft.blocks[index].multiplier,
          accumulators: ranges[index].accumulators, cell: cell, largestStep: largestStep,
          including: including)
      }
      guard let plan = plans[key] else { return nil }
      result[index] = plan
    }
    return result
  }
}

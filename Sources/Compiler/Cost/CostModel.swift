package import ConstraintSystem
import Platform
package import ProofSizes

/// What the compiler expects a proof to cost: the basis of its choices, and part of its report.
///
/// Lengths are exact, as `ProofSize` has them. Times follow from counts of operations. Choices are
/// ranked by the work of portable Swift, so that a model compiles to the same circuit everywhere;
/// the times that are told are those of the vector kernels on two cores, with unit costs fitted by
/// hand to the benchmark's models. `make bench` measures.
package struct CostModel: Sendable {
  /// What a draft asks of a proof, whatever its parameters.
  package struct Workload: Sendable, Hashable {
    /// What the trace holds: the blocks.
    package var blocks: [Box]
    /// Rows of the table's functions.
    package var functionRows: Int
    /// Bits of a quotient and of an accumulator, signs included.
    package var quotientBits: Int
    package var accumulatorBits: Int
    /// What the model holds.
    package var tensors: [Box]
    /// Whether some block's M comes from the model, and some term has one view.
    package var hasModelMultipliers: Bool
    package var hasLinearTerms: Bool
    /// Two-view terms, the bits of their longest contraction, and all their products.
    package var products: Int
    package var contractionBits: Int
    package var multiplications: Int
    /// Views of relations and multipliers, and blocks of public ports; bytes of the public tensors.
    package var views: Int
    package var publicBytes: Int
  }

  /// A padded box of cells.
  package struct Box: Sendable, Hashable {
    package var shape: [Int]
    /// Whether its axes stay as they are; else they are stored in their `AxisOrder`.
    package var keepsOrder: Bool

    var cells: Int { shape.reduce(1, *) }
    var bits: Int { shape.reduce(0) { $0 + ceilLog2($1) } }
  }

  package struct Estimate: Sendable, Hashable {
    package var proofBytes: Int
    package var proveMilliseconds: Double
    package var verifyMilliseconds: Double
    /// On a chain, where the scheme is for one.
    package var chain: ChainCost?
    /// What is minimized.
    package var score: Double
  }

  /// Unit costs, ns.
  struct Rates: Sendable {
    var groupAddition: Double
    /// Of the tables of multiples, which a process makes once.
    var doubling: Double
    var fieldMultiplication: Double
    /// One product of B's contractions: a small integer times a field element.
    var contraction: Double
    /// A cell of the model in C, from its weights to the last fold.
    var modelCell: Double
    /// Whatever the circuit.
    var base: Double
    /// A point of the verifier's multi-scalar multiplication, and what does not depend on points.
    var verifierPoint: Double
    var verifierBase: Double
    /// Of a check of two pairings.
    var pairings: Double

    /// One core in Swift alone.
    static let portable = Rates(
      groupAddition: 130, doubling: 120, fieldMultiplication: 18, contraction: 8, modelCell: 12,
      base: 0, verifierPoint: 5_500, verifierBase: 1_500_000, pairings: 2_500_000)
    /// Two cores with AVX-512, all tables made.
    static let vector = Rates(
      groupAddition: 32, doubling: 0, fieldMultiplication: 2.8, contraction: 0.25, modelCell: 4,
      base: 1e6, verifierPoint: 1_800, verifierBase: 600_000, pairings: 2_000_000)
  }

  // Group additions for a scalar times a generator with tables: of few bits, 8 at a time; of the
  // field's width, where a multiplicity's reciprocal needs its own too.
  static func additions(bits: Int) -> Double { Double((bits + 7) / 8) }
  static let wideAdditions = 28.0
  /// A product in portable Swift, on two cores.
  static let scalarMultiplication = 9.0

  // Weights of the score: a millisecond of proving in Swift counts 1.
  static let kilobyteWeight = 5.0
  /// Of a thousand rows beyond their time: they are memory, and fewer inferences fit in one proof. Only a block
  /// that is split has more.
  static let rowsWeight = 8.0
  static let verifyWeight = 4.0
  /// Of a thousand gas, which are worth about a millisecond of two cores with vector kernels: rows as long as
  /// there are powers would take a small network many times its proving for a few thousand gas.
  static let gasWeight = 4.0

  package let workload: Workload
  package let scheme: ProofScheme
  private let cells: Int
  private let usedRows: Int
  private let modelCells: Int
  /// Rows of 2^c cells that are committed, by c: of a trace column, and of the model.
  private let traceRows: [Int: Int]
  private let modelRows: [Int: Int]

  package init(_ workload: Workload, scheme: ProofScheme = .transparent) {
    self.workload = workload
    self.scheme = scheme
    cells = workload.blocks.reduce(0) { $0 + $1.cells }
    usedRows = workload.blocks.reduce(0) { $0 + 1 << $1.bits }
    modelCells = workload.tensors.reduce(0) { $0 + 1 << $1.bits }
    var (traceRows, modelRows) = ([Int: Int](), [Int: Int]())
    // Deep networks have few kinds of boxes.
    let (blocks, tensors) = (Self.kinds(workload.blocks), Self.kinds(workload.tensors))
    for bits in scheme.commitmentRowBits {
      traceRows[bits] = Self.commitmentRows(blocks, commitmentRowBits: bits)
      modelRows[bits] = Self.commitmentRows(tensors, commitmentRowBits: bits)
    }
    (self.traceRows, self.modelRows) = (traceRows, modelRows)
  }

  /// How many there are of each.
  private static func kinds(_ boxes: [Box]) -> [Box: Int] {
    boxes.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// Rows of 2^c cells that hold a cell of a box: boxes smaller than a row lie close together.
  private static func commitmentRows(_ boxes: [Box: Int], commitmentRowBits: Int) -> Int {
    var (rows, small) = (0, 0)
    for (box, count) in boxes {
      if box.bits < commitmentRowBits {
        small += count << box.bits
      } else if box.keepsOrder {
        rows +=
          count
          * AxisOrder.rows(
            of: box.shape, Array(box.shape.indices), commitmentRowBits: commitmentRowBits)
      } else {
        rows +=
          count * AxisOrder(fewestRowsOf: box.shape, commitmentRowBits: commitmentRowBits).rows
      }
    }
    return rows + (small + (1 << commitmentRowBits) - 1) >> commitmentRowBits
  }

  /// Rows of the table, of limbs of b bits.
  private func tableRows(limbBits: Int) -> Int { 1 + (1 << limbBits) + workload.functionRows }

  /// What the argument sends for one choice of K, b and L.
  package func argument(limbs: Int, limbBits: Int, commitmentRowBits: Int) -> ArgumentSize {
    let (traceBits, tableBits) = (ceilLog2(usedRows), ceilLog2(tableRows(limbBits: limbBits)))
    let parameters = Parameters(
      limbs: limbs, limbBits: limbBits, quotientBits: workload.quotientBits,
      commitmentRowBits: commitmentRowBits, scheme: scheme)
    return ArgumentSize(
      limbs: limbs, traceBits: traceBits, tableBits: tableBits,
      columnBits: max(
        traceBits + parameters.slotBits, tableBits, ceilLog2(modelCells), commitmentRowBits),
      hasModelMultipliers: workload.hasModelMultipliers, hasLinearTerms: workload.hasLinearTerms,
      contractions: workload.products, contractionBits: workload.contractionBits,
      pairsLookups: scheme.pairsLookups)
  }

  /// The cost of one choice of K, b and L.
  package func estimate(limbs: Int, limbBits: Int, commitmentRowBits: Int) -> Estimate {
    let k = Double(limbs)
    let length = 1 << commitmentRowBits
    let argument = argument(limbs: limbs, limbBits: limbBits, commitmentRowBits: commitmentRowBits)
    let modelRows = modelRows[commitmentRowBits] ?? 0
    let witnessRows = argument.committedRows(
      traceRows: traceRows[commitmentRowBits] ?? 0, tableCells: tableRows(limbBits: limbBits),
      commitmentRowBits: commitmentRowBits)
    let opening =
      scheme.usesPowers
      ? OpeningSize(byQuotients: argument.opened)
      : OpeningSize(rowLength: length, opened: argument.opened, folded: argument.folded)
    let bytes = ProofSize(rows: witnessRows, messages: argument.messages, opening: opening).bytes
    let innerProduct = InnerProductSize(length: length + argument.folded)
    let (pads, halvings) = (argument.pads, innerProduct.rounds)
    // Rows of field elements beside the mask: the halvings' L and R, or S and the quotients.
    let openingCells = scheme.usesPowers ? 3 * length : halvings * innerProduct.length

    let used = Double(cells)
    let hit =
      Self.distinct(draws: k * used, of: Double(1 << limbBits))
      + Self.distinct(draws: used, of: Double(workload.functionRows))
    let inverses =
      scheme.pairsLookups
      ? used * Double(argument.slots) : min(used, Double(1 << argument.inverseBits))
    let group =
      hit * (1 + Self.wideAdditions) + inverses * Self.wideAdditions
      + Double(length + 2 * pads + witnessRows + openingCells) * Self.wideAdditions
    func nanoseconds(_ rates: Rates) -> Double {
      rates.base + used * row(limbs: limbs, limbBits: limbBits, rates)
        + group * rates.groupAddition
        + Double(1 << argument.tableBits) * 20 * rates.fieldMultiplication
        + Double(modelCells) * rates.modelCell
        + (scheme.usesPowers ? 0 : Double(length + pads) * 254 * rates.doubling)
        + Double(workload.multiplications) * rates.contraction
    }
    let points =
      witnessRows + modelRows
      + (scheme.usesPowers ? opening.points : length + pads + 2 * halvings)
    func verifying(_ rates: Rates) -> Double {
      (rates.verifierBase + Double(points) * rates.verifierPoint
        + (scheme.usesPowers ? rates.pairings : 0)) / 1e6
    }

    let chain =
      scheme.usesPowers
      ? ChainCost(
        rows: witnessRows, modelRows: modelRows, scalars: argument.messages + opening.scalars,
        views: workload.views, publicBytes: workload.publicBytes) : nil
    let score =
      nanoseconds(.portable) / 1e6 + Self.rowsWeight * used / 1000 + Self.kilobyteWeight
      * Double(bytes) / 1024 + Self.verifyWeight * verifying(.portable)
      + Self.gasWeight * (chain?.gas ?? 0) / 1000
    return Estimate(
      proofBytes: bytes, proveMilliseconds: nanoseconds(.vector) / 1e6,
      verifyMilliseconds: verifying(.vector), chain: chain, score: score)
  }

  /// What a row costs its prover, in ns: its cells' commitments and its part of every sum-check.
  func row(limbs: Int, limbBits: Int, _ rates: Rates) -> Double {
    let k = Double(limbs)
    if scheme.pairsLookups { return pairs(limbs: limbs, limbBits: limbBits, rates) }
    let group = k * Self.additions(bits: limbBits) + 1
    // The row argument, the fractions, the claims.
    let field = (2 * k + 4) * (k + 1) + k + 3 + 3 * k + 20 + 15
    return group * rates.groupAddition + field * rates.fieldMultiplication
  }

  /// The same where look-ups are paired: q is committed to, and no loop over rows is one of vectors.
  private func pairs(limbs: Int, limbBits: Int, _ rates: Rates) -> Double {
    let k = Double(limbs)
    let group = k * Self.additions(bits: limbBits) + Self.additions(bits: workload.quotientBits) + 1
    let slots = Double((limbs + 2) / 2)
    // The inverses and the round over each slot, the rounds over rows, the claims.
    let field = 20 * slots + 40 + 15
    return group * rates.groupAddition + field * Self.scalarMultiplication
  }

  /// How many of `count` values are met in as many draws, were all alike.
  private static func distinct(draws: Double, of count: Double) -> Double {
    count * (1 - exp(-draws / max(count, 1)))
  }

  /// The cheapest choice of K, b and L; nil when none is possible.
  ///
  /// - Parameters:
  ///   - scales: what S = K·b may be.
  ///   - commitmentRowBits: the greatest c, where a committed tensor has to fill whole rows.
  ///   - powers: how many generators there are where they come from a file.
  package func cheapest(
    scales: ClosedRange<Int>, commitmentRowBits: Int, powers: Int = .max
  ) -> (parameters: Parameters, estimate: Estimate)? {
    var best: (parameters: Parameters, estimate: Estimate)?
    for limbs in Limits.limbs {
      for limbBits in Limits.limbBits {
        guard scales.contains(limbs * limbBits),
          1 + (1 << limbBits) + workload.functionRows <= 1 << Limits.tableBits
        else { continue }
        for bits in scheme.commitmentRowBits
        where bits <= commitmentRowBits && holds(limbs, limbBits, bits, powers: powers) {
          let estimate = estimate(limbs: limbs, limbBits: limbBits, commitmentRowBits: bits)
          if estimate.score < best?.estimate.score ?? .infinity {
            let parameters = Parameters(
              limbs: limbs, limbBits: limbBits, quotientBits: workload.quotientBits,
              commitmentRowBits: bits, scheme: scheme)
            best = (parameters, estimate)
          }
        }
      }
    }
    return best
  }

  /// Whether there are generators for rows of 2^bits cells, and for the pads, which begin at the first one too.
  private func holds(_ limbs: Int, _ limbBits: Int, _ bits: Int, powers: Int) -> Bool {
    guard scheme.usesPowers else { return true }
    let argument = argument(limbs: limbs, limbBits: limbBits, commitmentRowBits: bits)
    return max(1 << bits, argument.pads) <= powers
  }
}

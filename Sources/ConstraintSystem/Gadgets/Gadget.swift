/// Rows that a prover fills as it likes, its *advice*, and rows beside them that leave one way to fill them, or
/// leave one value to what may be read of them.
///
/// Every other block of a circuit is a function of the blocks before it, so that outputs are one of inputs
/// whoever made the key. Advice is not, and a key's maker is trusted by nobody: so a gadget is *declared* in the
/// key, and whoever loads it derives from the declaration what each of the gadget's blocks has to be.
///
///   inputs   forms: sums of terms over views of earlier blocks, none of the model
///   advice   `acc = y` on itself, M = 2^S, the identity on its range: a small integer (`GadgetPart.Rule.advice`)
///   inner    copies of a sum: acc = y
///   checks   rows that look up nothing but q = 0 (`within`, `zero`)
///   exports  the blocks that others may read, of which the inputs leave one value
///
/// **Lemma** of each kind, in its file: for all integer values of the inputs, all values of the rest that satisfy
/// every check have the same exports.
///
/// **Theorem.** Two satisfying traces with the same inputs and model agree on every block but those of gadgets that
/// are not exported, if
/// each advice block is of one gadget, what is not exported is read by its gadget alone and is no port, and blocks
/// stand in the order inputs, advice, inner, checks. Proof by induction over blocks: an ordinary one as ever; at the first that reads an export all inputs of the
/// gadget agree, so by the lemma the export does.
///
/// **Integers.** A row states acc·M = q·2^S + rem in the field, and a check says something of integers only where
/// |acc|·M + 2^(S−1) < p. All that checks read are y of blocks, which are outputs of table functions; their sums'
/// intervals are computed exactly and are below 2^126 (`checkIntervals`), M is at most 2^60. A model's cell may
/// be any field element, so no check reads one.
///
/// Neither comparison nor sign needs a gadget, nor a floor that depends on a sign (a quotient rounded twice): rows of
/// the sign of a sum, a clamp to 0…1, are ordinary, and so are rows that read them.
///
/// Written down in docs/protocol/gadgets.md#theorem.
package enum Gadget: Hashable, Sendable {
  case quotient(Quotient)
  case squareRoot(SquareRoot)
  case maximum(Maximum)
  case firstMaximum(FirstMaximum)

  #if hasFeature(Embedded)
    // Without existentials the gadget itself passes on what is asked of its kind.
    package var kind: Gadget { self }
  #else
    package var kind: any GadgetKind {
      switch self {
      case .quotient(let gadget): gadget
      case .squareRoot(let gadget): gadget
      case .maximum(let gadget): gadget
      case .firstMaximum(let gadget): gadget
      }
    }
  #endif

  /// The same gadget of blocks at other places, its forms' views read otherwise.
  package func mapped(
    blocks: @escaping (Int) -> Int, views: @escaping (TensorAccess) -> TensorAccess
  ) -> Gadget {
    let map = GadgetMap(block: blocks, view: views)
    return switch self {
    case .quotient(let gadget): .quotient(gadget.mapped(map))
    case .squareRoot(let gadget): .squareRoot(gadget.mapped(map))
    case .maximum(let gadget): .maximum(gadget.mapped(map))
    case .firstMaximum(let gadget): .firstMaximum(gadget.mapped(map))
    }
  }
}

/// What a gadget asks of the blocks around it: of a circuit's, or of a draft's.
package protocol GadgetSurroundings {
  func shape(ofBlock index: Int) -> [Int]
  /// The values that a block's function is the identity on; nil for another function.
  func given(ofBlock index: Int) -> ClosedRange<Int64>?
}

extension ConstraintSystem: GadgetSurroundings {
  package func shape(ofBlock index: Int) -> [Int] { blocks[index].shape }
  package func given(ofBlock index: Int) -> ClosedRange<Int64>? {
    let block = blocks[index]
    guard functions.indices.contains(block.function), block.shift == 0,
      functions[block.function].isIdentity
    else { return nil }
    return functions[block.function].domain
  }
}

/// What a kind of gadget says of itself. Only `blocks`, `exports` and `forms` may be asked before these were
/// found to be in order.
package protocol GadgetKind: Hashable, Sendable {
  /// Which of the circuit's blocks it holds.
  var blocks: GadgetBlocks { get }
  /// The advice and inner blocks that others may read.
  var exports: [Int] { get }
  /// Its axes: it finds one value for each index tuple.
  func cells(in system: some GadgetSurroundings) -> [Int]
  /// The sums that the advice follows from.
  ///
  /// - Precondition: its blocks exist.
  func forms(in system: some GadgetSurroundings) -> [GadgetForm]
  /// What each of its blocks has to be.
  ///
  /// - Precondition: its forms are well formed.
  func parts(in system: some GadgetSurroundings) throws(GadgetFault) -> [GadgetPart]
  /// The honest advice.
  ///
  /// - Parameter values: of each form, row-major without padding.
  /// - Returns: of each advice block, likewise.
  func advice(
    from values: [[Int64]], in system: some GadgetSurroundings
  ) throws(AdviceError) -> [[Int64]]
}

/// The blocks of a gadget by what they are to it.
package struct GadgetBlocks: Hashable, Sendable {
  package var advice: [Int]
  package var inner: [Int] = []
  package var checks: [Int]
  /// Ordinary blocks whose functions' domains are checks, not the gadget's own.
  package var others: [Int] = []

  package var own: [Int] { advice + inner + checks }
}

/// A sum over labels of `shape`, of y of blocks.
package struct GadgetForm: Hashable, Sendable {
  package var terms: [Term]
  package var shape: [Int]
  /// Views of a term, at most.
  package var mostFactors: Int
}

/// What a block of a gadget has to be.
package struct GadgetPart: Hashable, Sendable {
  package enum Rule: Hashable, Sendable {
    /// The identity on a range; nil where `GadgetLimbs` has looked at it.
    case advice(ClosedRange<Int64>?)
    /// y = acc.
    case inner
    /// acc = 0.
    case zero
    /// 0 ≤ acc + 2^(width − 1) < 2^width. The relation has the constant.
    case within(Int)
    /// acc ≥ 0, by the least q that the block's function is defined on.
    case natural
  }
  package var block: Int
  package var shape: [Int]
  package var rule: Rule
  package var relation: [Term]
}

/// A check that 0 ≤ e < 2^width: rows of one block with acc = e − 2^(width−1) and M = 2^(S−width), whose q
/// is 0, so that acc·M lies in −2^(S−1) ..< 2^(S−1).
package struct WidthCheck: Hashable, Sendable {
  package var block: Int
  /// From 1 to S.
  package var width: Int

  package init(block: Int, width: Int) {
    self.block = block
    self.width = width
  }

  func part(_ shape: [Int], _ terms: [Term]) throws(GadgetFault) -> GadgetPart {
    guard (1...Limits.scaleBits.upperBound).contains(width) else { throw .width(block, width) }
    return GadgetPart(
      block: block, shape: shape, rule: .within(width),
      relation: terms + [Term(coefficient: -(1 << Int64(width - 1)), factors: [])])
  }
}

/// Why a gadget is refused; numbers are blocks.
package enum GadgetFault: Error, Hashable, Sendable {
  case unknownBlock(Int)
  case noAdvice
  /// It has two parts, or is of two gadgets.
  case shared(Int)
  /// It is an input or output.
  case port(Int)
  case order(Int)
  case shape(Int)
  case relation(Int)
  case multiplier(Int)
  case function(Int)
  case width(Int, Int)
  /// A form reads the model, or its terms are none that the gadget may have.
  case form
  case limbs(Int)
}

/// Why there is no advice.
package struct AdviceError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    /// A denominator below one.
    case denominator(Int64)
    case negativeQuotient(Int64)
    case radicand(Int64)
    /// A value that the limbs do not hold.
    case wide(Int64, bits: Int)
    /// No place is allowed.
    case nothingAllowed
  }
  /// Of the gadget's cells, row-major.
  package var index: Int
  package var reason: Reason
}

extension AdviceError.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .denominator(let value): "it divides by \(value); a denominator has to be 1 or more"
    case .negativeQuotient(let value): "its quotient is \(value), below zero"
    case .radicand(let value): "it takes the root of \(value), which is below zero"
    case .wide(let value, let bits): "its value \(value) needs more than \(bits) bits"
    case .nothingAllowed: "it takes the largest of no values: all of them are masked"
    }
  }
}

/// What a circuit argument sends under pads, and how many products of pads it asks for, from a few
/// numbers of its circuit.
///
/// There is a property for each part of the argument. A test compares them with what the verifier's
/// code asks for, label by label.
package struct ArgumentSize: Sendable, Hashable {
  /// K.
  package var limbs: Int
  /// n and k: variables of the trace and of the table.
  package var traceBits: Int
  package var tableBits: Int
  /// Variables of the longest column.
  package var columnBits: Int
  /// Whether some block's M is a tensor of the model.
  package var hasModelMultipliers: Bool
  /// Whether some term has one view.
  package var hasLinearTerms: Bool
  /// Terms of two views, and the variables of the longest of their sums.
  package var contractions: Int
  package var contractionBits: Int
  /// Whether look-ups are argued over in pairs; else the rows' fractions are added up before inverses are
  /// committed to.
  package var pairsLookups: Bool

  package init(
    limbs: Int, traceBits: Int, tableBits: Int, columnBits: Int, hasModelMultipliers: Bool,
    hasLinearTerms: Bool, contractions: Int, contractionBits: Int, pairsLookups: Bool = false
  ) {
    self.limbs = limbs
    self.traceBits = traceBits
    self.tableBits = tableBits
    self.columnBits = columnBits
    self.hasModelMultipliers = hasModelMultipliers
    self.hasLinearTerms = hasLinearTerms
    self.contractions = contractions
    self.contractionBits = contractionBits
    self.pairsLookups = pairsLookups
  }

  /// t: levels of the fractional sum-check.
  package var treeLevels: Int { pairsLookups ? 0 : max(0, traceBits - tableBits) }
  /// Pairs of look-ups of a row.
  package var slots: Int { (limbs + 2) / 2 }
  /// Variables of h.
  package var inverseBits: Int {
    pairsLookups ? traceBits + Self.bits(slots) : traceBits - treeLevels
  }

  // MARK: Padded scalars

  /// Rounds of degree two over the table, or over h where that is longer; h, D and N.
  package var inverseArgument: Int { pairsLookups ? 0 : 2 * tableBits + 3 }

  /// Rounds of degree three over h, or over the table where that is longer; h, both sides of a slot, the product
  /// of h and the first, acc and M's model part.
  package var pairs: Int {
    pairsLookups ? 3 * max(inverseBits, tableBits) + 5 + multiplierClaims : 0
  }

  /// A level has rounds of degree two over its own variables; u, N and the two Ds of its children.
  package var fractions: Int {
    pairsLookups ? 0 : (inverseBits..<traceBits).reduce(0) { $0 + 2 * $1 + 4 }
  }

  /// Rounds of degree K + 2 over the trace; acc, the limbs, φ₀ and M's model part; products of
  /// fingerprints.
  package var rowCheck: Int {
    pairsLookups
      ? 0 : (limbs + 2) * traceBits + limbs + 2 + multiplierClaims + fingerprintProducts
  }

  /// The linear part; rounds of degree two over the longest sum and then over the terms; what all A and all
  /// B come to.
  package var relations: Int {
    (hasLinearTerms ? 1 : 0) + 2 * (contractionBits + termBits) + 2 * mergedTerms
  }

  /// ⌈log₂ T⌉.
  private var termBits: Int { Self.bits(contractions) }

  private static func bits(_ count: Int) -> Int {
    count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
  }
  /// One product for all terms of two views, where there are any.
  private var mergedTerms: Int { min(1, contractions) }

  /// Rounds of degree two over the longest column.
  package var claims: Int { 2 * columnBits }

  /// All scalars that are sent under a pad.
  package var messages: Int { inverseArgument + fractions + rowCheck + pairs + relations + claims }

  private var multiplierClaims: Int { hasModelMultipliers ? 1 : 0 }

  /// The first product of two fingerprints and then, for every further one, their sum's and their
  /// product's, the last of which is not needed: the row argument sends them where there are more than
  /// two.
  private var fingerprintProducts: Int { 2 * (limbs - 1) }

  // MARK: Pads

  /// Products of pads: h·D; two for each level; acc·M; those of fingerprints; that of the terms. Of pairs those
  /// of h and the two sides of a slot.
  package var products: Int {
    let lookups = pairsLookups ? 2 : 1 + 2 * treeLevels + max(1, fingerprintProducts)
    return lookups + multiplierClaims + mergedTerms
  }

  /// Pads that occur in a product: of h and D; of a level's four claims; of the limbs and φ₀; of
  /// acc and M if that is a claim; of the products sent but the last; of what all A and all B come to. Of pairs
  /// those of h, of the two sides and of the product that is sent.
  package var multiplied: Int {
    let lookups =
      pairsLookups ? 4 : 2 + 4 * treeLevels + limbs + 1 + max(0, fingerprintProducts - 1)
    return lookups + 2 * multiplierClaims + 2 * mergedTerms
  }

  /// Cells of the commitment to the pads: they, their products and the mask.
  package var pads: Int { messages + products + 1 }
  /// Of these, the cells that an opening shows one by one, and those of which it shows one inner
  /// product.
  package var opened: Int { multiplied + products + 1 }
  package var folded: Int { messages - multiplied }

  // MARK: Commitments

  /// Rows of the witness that are committed to: of K limbs, y, h, the multiplicities and g; of pairs q too.
  ///
  /// - Parameters:
  ///   - traceRows: of a column of the trace, those that hold a cell.
  ///   - tableCells: of a column of the table.
  ///   - commitmentRowBits: c.
  package func committedRows(traceRows: Int, tableCells: Int, commitmentRowBits: Int) -> Int {
    let table = (tableCells + 1 << commitmentRowBits - 1) >> commitmentRowBits
    // Sums of fractions are everywhere, fractions of rows where the rows are.
    let inverses = treeLevels == 0 ? traceRows : 1 << max(0, inverseBits - commitmentRowBits)
    if pairsLookups {
      // Slots that are shorter than a row share it.
      let apart = traceBits >= commitmentRowBits
      let cells = slots << traceBits + 1 << commitmentRowBits - 1
      return (limbs + 2) * traceRows + (apart ? slots * traceRows : cells >> commitmentRowBits)
        + 2 * table
    }
    return (limbs + 1) * traceRows + inverses + 2 * table
  }
}

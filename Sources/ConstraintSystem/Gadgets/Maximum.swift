/// m = max x_j over L values, by a pointer: place a·C + c of a rectangle of A rows and C columns that covers
/// them, A = ⌈L/C⌉, as two one-hot vectors of the prover's choice.
///
///   advice   u_a, v_c ∈ {0, 1}
///   inner    t_a = Σ_c v_c·x_(aC+c)   and   m = Σ_a u_a·t_a,   the export
///            with a mask: s_a = Σ_c v_c·mask_(aC+c)
///   zero     Σ u − 1,   Σ v − 1
///            where A·C > L: u_(A−1)·Σ v_c over the columns beyond L
///            with a mask: Σ_a u_a·s_a − 1
///   bound    m − x_j ≥ 0 for all j;   with a mask: mask_j·(m − x_j) ≥ 0
///
/// The bound is rows of its own (`within`), or of an ordinary block whose function begins at q = 0 and whose acc is
/// that difference as it is, with M = 2^S: an exponential's table, say. A rescaled difference would not do, as
/// rounding hides its sign.
///
/// **Lemma.** By the first rows the pointer is one place, and below L: m is one of the x. By the bound no x is above m, so m is
/// the largest, one number. Where several x are, u, v and t are not unique, and m alone is exported. With a mask
/// the place is one whose mask is 1, and m at least every x of such a place: m is the largest of
/// those, whatever integers the mask holds elsewhere. With none allowed nothing passes.
///
/// The rows beyond L matter: a view reads zero there, which is above x where all x are negative.
///
/// Written down in docs/protocol/gadgets.md#maximum.
package struct Maximum: GadgetKind {
  /// How no x is above m.
  package enum Bound: Hashable, Sendable {
    case within(WidthCheck)
    /// A block that is not the gadget's own.
    case domain(of: Int)

    var block: Int {
      switch self {
      case .within(let check): check.block
      case .domain(let block): block
      }
    }
  }
  /// Rows of a mask.
  package struct Mask: Hashable, Sendable {
    /// Over the same labels as `values`; 1 where a place is allowed.
    package var terms: [Term]
    /// s, and the check that the pointer's mask is 1.
    package var picked: Int
    package var check: Int

    package init(terms: [Term], picked: Int, check: Int) {
      self.terms = terms
      self.picked = picked
      self.check = check
    }
  }

  /// x, over the gadget's axes and a last one of L: terms of one view at most.
  package var values: [Term]
  package var mask: Mask?
  /// u and v: the gadget's axes, and one of A or C.
  package var rows: Int
  package var columns: Int
  /// t, and m.
  package var picked: Int
  package var largest: Int
  package var oneRow: Int
  package var oneColumn: Int
  /// Where A·C > L.
  package var beyond: Int?
  package var bound: Bound

  package init(
    values: [Term], mask: Mask? = nil, rows: Int, columns: Int, picked: Int, largest: Int,
    oneRow: Int, oneColumn: Int, beyond: Int? = nil, bound: Bound
  ) {
    self.values = values
    self.mask = mask
    self.rows = rows
    self.columns = columns
    self.picked = picked
    self.largest = largest
    self.oneRow = oneRow
    self.oneColumn = oneColumn
    self.beyond = beyond
    self.bound = bound
  }

  package var blocks: GadgetBlocks {
    var checks = [oneRow, oneColumn] + (beyond.map { [$0] } ?? [])
    checks += mask.map { [$0.check] } ?? []
    var others: [Int] = []
    switch bound {
    case .within(let check): checks.append(check.block)
    case .domain(let block): others.append(block)
    }
    return GadgetBlocks(
      advice: [rows, columns], inner: [picked, largest] + (mask.map { [$0.picked] } ?? []),
      checks: checks, others: others)
  }
  package var exports: [Int] { [largest] }

  package func cells(in system: some GadgetSurroundings) -> [Int] {
    Array(system.shape(ofBlock: bound.block).dropLast())
  }

  package func forms(in system: some GadgetSurroundings) -> [GadgetForm] {
    let shape = system.shape(ofBlock: bound.block)
    return [values, mask?.terms].compactMap(\.self).map {
      GadgetForm(terms: $0, shape: shape, mostFactors: 1)
    }
  }

  package func parts(in system: some GadgetSurroundings) throws(GadgetFault) -> [GadgetPart] {
    let shape = system.shape(ofBlock: bound.block)
    guard let count = shape.last, let rowCount = system.shape(ofBlock: rows).last,
      let columnCount = system.shape(ofBlock: columns).last
    else { throw .shape(bound.block) }
    let outer = Array(shape.dropLast())
    let rank = outer.count
    let (cells, isWide) = rowCount.multipliedReportingOverflow(by: columnCount)
    guard !isWide, cells >= count, cells - count < columnCount else { throw .shape(rows) }

    let (u, v) = (
      TensorAccess.block(rows, rank: rank + 1), TensorAccess.block(columns, rank: rank + 1)
    )
    /// Σ_c v_c·x_(aC+c) over rows.
    func picking(_ terms: [Term]) -> [Term] {
      terms.map { term in
        Term(
          coefficient: term.coefficient, summed: [columnCount] + term.summed,
          factors: term.factors.map {
            $0.relabelled { $0 <= rank ? $0 : $0 + 1 }
              .cut(rank, into: rank, rank + 1, stride: columnCount)
          } + [.block(columns, rank: rank, .label(rank + 1))])
      }
    }
    /// Σ_a u_a of what a block has for rows.
    func chosen(_ block: Int) -> [Term] {
      [Term(summed: [rowCount], factors: [u, .block(block, rank: rank + 1)])]
    }
    func zero(_ block: Int, _ terms: [Term]) -> GadgetPart {
      GadgetPart(block: block, shape: outer, rule: .zero, relation: terms)
    }
    func hot(_ block: Int, _ view: TensorAccess, _ count: Int) -> GadgetPart {
      GadgetPart(
        block: block, shape: outer + [count], rule: .advice(0...1),
        relation: [Term(factors: [view])])
    }
    var parts = [
      hot(rows, u, rowCount), hot(columns, v, columnCount),
      GadgetPart(
        block: picked, shape: outer + [rowCount], rule: .inner, relation: picking(values)),
      GadgetPart(block: largest, shape: outer, rule: .inner, relation: chosen(picked)),
      zero(oneRow, [Term(summed: [rowCount], factors: [u])] + .constant(-1)),
      zero(oneColumn, [Term(summed: [columnCount], factors: [v])] + .constant(-1)),
    ]
    guard (beyond != nil) == (cells > count) else { throw .shape(rows) }
    if let beyond {
      let last = AffineIndex(
        steps: [.init(label: rank, stride: 1)], constant: columnCount - (cells - count))
      parts.append(
        zero(
          beyond,
          [
            Term(
              summed: [cells - count],
              factors: [
                .block(rows, rank: rank, .fixed(rowCount - 1)), .block(columns, rank: rank, last),
              ])
          ]))
    }
    if let mask {
      parts.append(
        GadgetPart(
          block: mask.picked, shape: outer + [rowCount], rule: .inner,
          relation: picking(mask.terms)))
      parts.append(zero(mask.check, chosen(mask.picked) + .constant(-1)))
    }
    var difference = try [Term(factors: [.block(largest, rank: rank)])] + values.negated
    if let mask { difference = try mask.terms.times(difference, rank: rank + 1) }
    switch bound {
    case .within(let check): parts.append(try check.part(shape, difference))
    case .domain(let block):
      parts.append(
        GadgetPart(block: block, shape: shape, rule: .natural, relation: difference))
    }
    return parts
  }

  /// The first place of the largest value.
  package func advice(
    from values: [[Int64]], in system: some GadgetSurroundings
  ) throws(AdviceError) -> [[Int64]] {
    let count = system.shape(ofBlock: bound.block).last ?? 1
    let rowCount = system.shape(ofBlock: rows).last ?? 1
    let columnCount = system.shape(ofBlock: columns).last ?? 1
    let cells = values[0].count / count
    var result = [
      [Int64](repeating: 0, count: cells * rowCount),
      [Int64](repeating: 0, count: cells * columnCount),
    ]
    for cell in 0..<cells {
      let places = (0..<count).filter { values.count < 2 || values[1][cell * count + $0] == 1 }
      guard let place = values[0].firstLargest(of: places, from: cell * count) else {
        throw AdviceError(index: cell, reason: .nothingAllowed)
      }
      result[0][cell * rowCount + place / columnCount] = 1
      result[1][cell * columnCount + place % columnCount] = 1
    }
    return result
  }

  func mapped(_ map: GadgetMap) -> Maximum {
    var result = self
    result.values = map(values)
    result.mask = mask.map {
      Mask(terms: map($0.terms), picked: map.block($0.picked), check: map.block($0.check))
    }
    result.rows = map.block(rows)
    result.columns = map.block(columns)
    result.picked = map.block(picked)
    result.largest = map.block(largest)
    result.oneRow = map.block(oneRow)
    result.oneColumn = map.block(oneColumn)
    result.beyond = beyond.map(map.block)
    switch bound {
    case .within(let check): result.bound = .within(map(check))
    case .domain(let block): result.bound = .domain(of: map.block(block))
    }
    return result
  }
}

extension [Int64] {
  /// The first of some places, counted from an index, that holds the largest value among them.
  func firstLargest(of places: [Int], from start: Int) -> Int? {
    places.max { (self[start + $0], -$0) < (self[start + $1], -$1) }
  }
}

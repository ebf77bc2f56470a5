package import ConstraintSystem

/// Rows of a gadget: what they look up.
package enum GadgetRows: Sendable, Hashable {
  /// An integer of a range, that the prover gives or that is a copy of a sum.
  case given(ClosedRange<Int64>)
  /// Nothing but zero, of a sum over 2^width.
  case check(width: Int)
  /// y = values[q], where no q is below zero.
  case bound(name: String, values: [Int16])
}

/// Gadgets as operators have them: sums in, wires out. A wire of several limbs is a sum of parts like any other, so
/// that who reads it multiplies and adds as ever.
///
/// Sums are terms over a shape, as `terms(over:_:named:)` makes them.
extension CircuitBuilder {
  /// Limbs of this many bits at most: their identity is part of the table.
  private static var limbBits: Int { 12 }

  /// ⌊numerator / denominator⌋ over a shape.
  ///
  /// - Parameters:
  ///   - numerator: terms of two views at most, which give at least zero.
  ///   - denominator: terms of one view at most. An input that makes it less than one has no proof.
  ///   - bits: of the quotient.
  ///   - remainderBits: of denominator − 1.
  package mutating func quotient(
    _ layer: String, of numerator: [Term], by denominator: [Term], over shape: [Int], bits: Int,
    remainderBits: Int
  ) -> TensorView {
    let limbs = limbs(layer, shape, bits: bits)
    declare(
      .quotient(
        Quotient(
          numerator: numerator, denominator: denominator, limbs: limbs.blocks,
          remainder: check(layer, shape, width: max(1, remainderBits)),
          rest: check(layer, shape, width: max(1, remainderBits)))))
    return limbs.number
  }

  /// ⌊2^power / denominator⌋ over a shape: one for all values that are divided by it.
  ///
  /// A value num·factor / denominator is then a row acc = num·R with the multiplier factor / 2^power, exactly
  /// rounded where num·factor·2·denominator is below 2^power.
  package mutating func reciprocal(
    _ layer: String, of denominator: [Term], over shape: [Int], power: Int, bits: Int,
    remainderBits: Int
  ) -> TensorView {
    quotient(
      layer, of: [Term(coefficient: 1 << Int64(power), factors: [])], by: denominator, over: shape,
      bits: bits, remainderBits: remainderBits)
  }

  /// ⌊√radicand⌋ over a shape.
  ///
  /// - Parameters:
  ///   - radicand: terms of two views at most, which give at least zero.
  ///   - bits: of the root.
  package mutating func squareRoot(
    _ layer: String, of radicand: [Term], over shape: [Int], bits: Int
  ) -> TensorView {
    let limbs = limbs(layer, shape, bits: bits)
    declare(
      .squareRoot(
        SquareRoot(
          radicand: radicand, limbs: limbs.blocks,
          remainder: check(layer, shape, width: bits + 1),
          rest: check(layer, shape, width: bits + 1))))
    return limbs.number
  }

  /// The largest of the values along the last axis of a shape.
  ///
  /// - Parameters:
  ///   - values: terms of one view at most over the shape.
  ///   - mask: likewise, 1 where a value counts; 0 elsewhere.
  ///   - range: of values, and of what stands for them beyond the last.
  package mutating func maximum(
    _ layer: String, of values: [Term], mask: [Term]? = nil, over shape: [Int],
    range: ClosedRange<Int64>
  ) -> TensorView {
    var gadget = pointer(layer, values, mask, shape, range)
    let width = Int64.bitWidth - (range.upperBound - range.lowerBound).leadingZeroBitCount
    gadget.bound = .within(check(layer, shape, width: max(1, width)))
    declare(.maximum(gadget))
    return TensorView(source: .block(gadget.largest), shape: Array(shape.dropLast()))
  }

  /// The largest of the values along the last axis of a shape, and images[largest − value] of each: the table bounds
  /// the values by itself, so that no row but the image's is spent on one.
  ///
  /// - Parameter images: as many as the range has values, so that every difference has one. Differences where a
  ///   mask is 0 are 0.
  package mutating func differences(
    _ layer: String, from values: [Term], mask: [Term]? = nil, over shape: [Int],
    range: ClosedRange<Int64>, name: String, images: [Int16]
  ) -> (largest: TensorView, images: TensorView) {
    var gadget = pointer(layer, values, mask, shape, range)
    let images = rows(layer, as: nil, shape: shape, of: .bound(name: name, values: images))
    gadget.bound = .domain(of: images)
    declare(.maximum(gadget))
    return (
      TensorView(source: .block(gadget.largest), shape: Array(shape.dropLast())),
      TensorView(source: .block(images), shape: shape)
    )
  }

  /// 1 at the first place of the largest value along the last axis of a shape, 0 elsewhere.
  package mutating func firstMaximum(
    _ layer: String, of values: [Term], over shape: [Int], range: ClosedRange<Int64>
  ) -> TensorView {
    let places = rows(layer, as: .advice, shape: shape, of: .given(0...1))
    let one = rows(layer, as: .check, shape: Array(shape.dropLast()), of: .check(width: 0))
    let width = Int64.bitWidth - (range.upperBound - range.lowerBound).leadingZeroBitCount
    declare(
      .firstMaximum(
        FirstMaximum(
          values: values, places: places, one: one,
          bound: check(layer, shape, width: max(1, width)))))
    return TensorView(source: .block(places), shape: shape)
  }

  private mutating func check(_ layer: String, _ shape: [Int], width: Int) -> WidthCheck {
    WidthCheck(
      block: rows(layer, as: .check, shape: shape, of: .check(width: width)), width: width)
  }

  /// A number of the prover's, as limbs of one width.
  private mutating func limbs(
    _ layer: String, _ shape: [Int], bits: Int
  ) -> (blocks: [Int], number: TensorView) {
    let count = max(1, (bits + Self.limbBits - 1) / Self.limbBits)
    let width = max(1, (bits + count - 1) / count)
    let blocks = (0..<count).map { _ in
      rows(layer, as: .advice, shape: shape, of: .given(0...(1 << Int64(width)) - 1))
    }
    let parts = blocks.enumerated().map { place, block in
      TensorView.Part(
        coefficient: 1 << Int64(place * width),
        view: TensorAccess(.block(block), shape.indices.map { .label($0) }), extents: shape)
    }
    return (blocks, TensorView(shape: shape, parts: parts))
  }

  /// Everything of a pointer to the maximum but its bound, over a rectangle near a square.
  private mutating func pointer(
    _ layer: String, _ values: [Term], _ mask: [Term]?, _ shape: [Int], _ range: ClosedRange<Int64>
  ) -> Maximum {
    let (outer, count) = (Array(shape.dropLast()), shape.last ?? 1)
    // Columns of the square, or as few more as divide the count.
    let root = Int(SquareRoot.root(Int64(max(count, 1) - 1))) + 1
    let columns = (root...max(root, min(count, 2 * root))).first { count % $0 == 0 } ?? root
    let rowCount = (count + columns - 1) / columns
    let picked = outer + [rowCount]
    let all = min(0, range.lowerBound)...max(0, range.upperBound)
    func zero(_ builder: inout Self) -> Int {
      builder.rows(layer, as: .check, shape: outer, of: .check(width: 0))
    }
    let u = rows(layer, as: .advice, shape: picked, of: .given(0...1))
    let v = rows(layer, as: .advice, shape: outer + [columns], of: .given(0...1))
    let t = rows(layer, as: .advice, shape: picked, of: .given(all))
    let m = rows(layer, as: .advice, shape: outer, of: .given(all))
    let s = mask.map { _ in rows(layer, as: .advice, shape: picked, of: .given(0...1)) }
    let (oneRow, oneColumn) = (zero(&self), zero(&self))
    let beyond = rowCount * columns > count ? zero(&self) : nil
    var chosen: Maximum.Mask?
    if let mask, let s {
      chosen = Maximum.Mask(terms: mask, picked: s, check: zero(&self))
    }
    return Maximum(
      values: values, mask: chosen, rows: u, columns: v, picked: t, largest: m, oneRow: oneRow,
      oneColumn: oneColumn, beyond: beyond, bound: .domain(of: 0))
  }
}

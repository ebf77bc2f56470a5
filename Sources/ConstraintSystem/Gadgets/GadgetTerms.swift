/// Where the blocks of a gadget have gone, and how its forms' views read.
struct GadgetMap {
  var block: (Int) -> Int
  var view: (TensorAccess) -> TensorAccess

  func callAsFunction(_ terms: [Term]) -> [Term] {
    terms.map { term in
      Term(coefficient: term.coefficient, summed: term.summed, factors: term.factors.map(view))
    }
  }

  func callAsFunction(_ check: WidthCheck) -> WidthCheck {
    WidthCheck(block: block(check.block), width: check.width)
  }
}

/// Arithmetic of forms, whose terms' labels and strides were bounded.
extension [Term] {
  static func constant(_ value: Int64) -> [Term] { [Term(coefficient: value, factors: [])] }

  /// Every term times a number.
  func scaled(_ factor: Int64) throws(GadgetFault) -> [Term] {
    var result = self
    for index in indices {
      result[index].coefficient = try Self.product(self[index].coefficient, factor)
    }
    return result
  }

  var negated: [Term] {
    get throws(GadgetFault) { try scaled(-1) }
  }

  /// Products of terms of one view at most, over a block of some rank: the other's summed labels after one's own.
  ///
  /// No more than a block can have are made, as a hostile declaration's forms could ask for the square of its bytes.
  func times(_ other: [Term], rank: Int) throws(GadgetFault) -> [Term] {
    guard count * other.count <= Limits.termsPerBlock else { throw .form }
    var result: [Term] = []
    for term in self {
      for second in other {
        let moved = second.factors.map { $0.relabelled { $0 < rank ? $0 : $0 + term.summed.count } }
        result.append(
          Term(
            coefficient: try Self.product(term.coefficient, second.coefficient),
            summed: term.summed + second.summed, factors: term.factors + moved))
      }
    }
    return result
  }

  private static func product(_ a: Int64, _ b: Int64) throws(GadgetFault) -> Int64 {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    if overflow { throw .form }
    return product
  }
}

extension TensorAccess {
  func relabelled(_ label: (Int) -> Int) -> TensorAccess {
    TensorAccess(
      source,
      windows.map { window in
        AffineIndex(
          steps: window.steps.map { .init(label: label($0.label), stride: $0.stride) },
          constant: window.constant)
      })
  }

  /// The view where a label is `stride` times one label and another one: what lies along it as a rectangle.
  func cut(_ label: Int, into rows: Int, _ columns: Int, stride: Int) -> TensorAccess {
    TensorAccess(
      source,
      windows.map { window in
        AffineIndex(
          steps: window.steps.flatMap { step -> [AffineIndex.Step] in
            guard step.label == label else { return [step] }
            return [
              .init(label: rows, stride: step.stride * stride),
              .init(label: columns, stride: step.stride),
            ]
          }, constant: window.constant)
      })
  }

  /// A block at labels of the same number, then as given.
  static func block(_ index: Int, rank: Int, _ last: AffineIndex...) -> TensorAccess {
    TensorAccess(.block(index), (0..<rank).map { .label($0) } + last)
  }
}

/// A natural number as limbs, the least first: advice blocks of one shape, each the identity on
/// 0 ..< 2^b for a b of its own, at steps of these bits. A number has one such form, so that each limb is as unique
/// as the number.
struct GadgetLimbs {
  let blocks: [Int]
  /// Bits below each limb, and of all.
  private(set) var steps: [Int] = []
  private(set) var bits = 0
  private let rank: Int

  init(_ blocks: [Int], in system: some GadgetSurroundings) throws(GadgetFault) {
    self.blocks = blocks
    guard let first = blocks.first, blocks.count <= Limits.gadgetLimbs else {
      throw .limbs(blocks.count)
    }
    rank = system.shape(ofBlock: first).count
    for block in blocks {
      guard let range = system.given(ofBlock: block) else { throw .function(block) }
      let width = ceilLog2(range.count)
      guard range.lowerBound == 0, width >= 1, range.count == 1 << width else {
        throw .function(block)
      }
      steps.append(bits)
      bits += width
    }
    guard bits <= Limits.coefficientBits else { throw .limbs(blocks.count) }
  }

  /// The number.
  var terms: [Term] {
    zip(blocks, steps).map {
      Term(coefficient: 1 << Int64($1), factors: [.block($0, rank: rank)])
    }
  }

  func parts(in system: some GadgetSurroundings) -> [GadgetPart] {
    blocks.map { block in
      GadgetPart(
        block: block, shape: system.shape(ofBlock: blocks[0]), rule: .advice(nil),
        relation: [Term(factors: [.block(block, rank: rank)])])
    }
  }

  /// A number's limbs; nil for one that has none.
  func values(_ number: Int64) -> [Int64]? {
    guard number >= 0, number >> Int64(bits) == 0 else { return nil }
    return zip(steps, steps.dropFirst() + [bits]).map { start, end in
      number >> Int64(start) & (1 << Int64(end - start) - 1)
    }
  }

  /// The limbs of numbers, block by block.
  func values(
    of numbers: [Int64]
  ) throws(AdviceError) -> [[Int64]] {
    var result = blocks.map { _ in [Int64]() }
    for (index, number) in numbers.enumerated() {
      guard let limbs = values(number) else {
        throw AdviceError(index: index, reason: .wide(number, bits: bits))
      }
      for (place, limb) in limbs.enumerated() { result[place].append(limb) }
    }
    return result
  }
}

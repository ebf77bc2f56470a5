import ConstraintSystem

/// When which advice can be found: when the first of a gadget's blocks is reached, all of its inputs are known.
struct AdvicePlan: Sendable {
  /// By the block at which it is.
  private(set) var due: [Int: Gadget] = [:]
  /// All blocks that hold advice.
  private(set) var blocks = Set<Int>()

  init(_ system: ConstraintSystem) {
    for gadget in system.gadgets {
      let advice = gadget.kind.blocks.advice
      blocks.formUnion(advice)
      if let first = advice.min() { due[first] = gadget }
    }
  }
}

/// Why a gadget has no advice.
enum AdviceFailure: Error {
  /// A sum that no word holds.
  case overflow
  case none(AdviceError, shape: [Int])
}

extension RelationSums {
  /// What the honest prover fills a gadget's blocks with: by its declaration alone, exact or an error.
  ///
  /// - Parameter outputs: y of the blocks before it, at their places in the trace.
  /// - Returns: of each advice block, row-major without padding.
  func advice(
    of gadget: Gadget, _ outputs: [Int64]
  ) throws(AdviceFailure) -> [(block: Int, values: [Int64])] {
    var values: [[Int64]] = []
    let forms = gadget.kind.forms(in: system)
    for form in forms {
      let rows = Block(
        name: "", shape: form.shape, function: 0, shift: 0, multiplier: .constant(0),
        relation: form.terms)
      guard
        let sums = self(
          form.terms, over: rows, outputs, checked: bound(of: rows) >= Self.narrow)
      else { throw .overflow }
      values.append(Layout.values(of: sums, shape: form.shape, offset: 0))
    }
    do throws(AdviceError) {
      return Array(zip(gadget.kind.blocks.advice, try gadget.kind.advice(from: values, in: system)))
    } catch {
      throw .none(error, shape: gadget.kind.cells(in: system))
    }
  }
}

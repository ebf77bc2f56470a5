/// An operator said with others: steps in order, the last of which makes its output.
package struct Expansion: Sendable {
  package enum Operand: Sendable {
    /// An operand of the operator.
    case input(Int)
    /// What a step makes.
    case step(Int)
  }
  package struct Step: Sendable {
    package var `operator`: any Operator
    package var operands: [Operand]
  }
  package private(set) var steps: [Step] = []

  package init() {}

  /// - Returns: what the step makes.
  @discardableResult
  package mutating func add(_ made: any Operator, _ operands: Operand...) -> Operand {
    steps.append(Step(operator: made, operands: operands))
    return .step(steps.count - 1)
  }
}

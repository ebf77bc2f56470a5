import ConstraintSystem
import Platform

/// A function of one real value. What is true or false in it is 1 or 0.
package indirect enum Expression: Sendable, Hashable {
  case x
  case constant(Float)
  case sum(Expression, Expression)
  case difference(Expression, Expression)
  case product(Expression, Expression)
  case pair(Pair, Expression, Expression)
  /// The second where the first is not zero, else the third.
  case choice(Expression, Expression, Expression)
  case clamp(RealRange, Expression)
  case lookup(Lookup.Function, Expression)
  case function(Elementwise.Function, Expression)

  /// A function of two values that layers do not take in.
  package enum Pair: Sendable, Hashable {
    case quotient, power
    case maximum, minimum
    case greater, greaterOrEqual, less, lessOrEqual, equal
    case and, or, exclusiveOr

    package func callAsFunction(_ a: Float, _ b: Float) -> Float {
      switch self {
      case .quotient: a / b
      case .power: Platform.pow(a, b)
      case .maximum: max(a, b)
      case .minimum: min(a, b)
      case .greater: a > b ? 1 : 0
      case .greaterOrEqual: a >= b ? 1 : 0
      case .less: a < b ? 1 : 0
      case .lessOrEqual: a <= b ? 1 : 0
      case .equal: a == b ? 1 : 0
      case .and: a != 0 && b != 0 ? 1 : 0
      case .or: a != 0 || b != 0 ? 1 : 0
      case .exclusiveOr: (a != 0) != (b != 0) ? 1 : 0
      }
    }

    fileprivate var isTruth: Bool {
      switch self {
      case .quotient, .power, .maximum, .minimum: false
      case .greater, .greaterOrEqual, .less, .lessOrEqual, .equal, .and, .or, .exclusiveOr: true
      }
    }
  }

  package func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .x: x
    case .constant(let value): value
    case .sum(let a, let b): a(x) + b(x)
    case .difference(let a, let b): a(x) - b(x)
    case .product(let a, let b): a(x) * b(x)
    case .pair(let pair, let a, let b): pair(a(x), b(x))
    case .choice(let condition, let a, let b): condition(x) != 0 ? a(x) : b(x)
    case .clamp(let range, let a): range.clamp(a(x))
    case .lookup(let function, let a): function(a(x))
    case .function(let function, let a): function(a(x))
    }
  }

  /// Whether it is no more than a multiple, a sum or a clamp, which layers take in.
  var isPiecewiseLinear: Bool {
    switch self {
    case .x, .constant: true
    case .sum(let a, let b), .difference(let a, let b): a.isPiecewiseLinear && b.isPiecewiseLinear
    case .product(let a, let b):
      a.isPiecewiseLinear && b.isPiecewiseLinear && (a.isConstant || b.isConstant)
    case .clamp(_, let a): a.isPiecewiseLinear
    case .pair, .choice, .lookup, .function: false
    }
  }

  /// Whether it is 1 or 0, for what is true and what is not.
  var isTruth: Bool {
    switch self {
    case .pair(let pair, _, _): pair.isTruth
    case .function(.not, _), .function(.isNotZero, _): true
    default: false
    }
  }

  private var isConstant: Bool {
    if case .constant = self { true } else { false }
  }
}

extension Operator {
  /// What it clamps its operand to where it does nothing else.
  var clamp: RealRange? {
    if case .clamp(let range, .x)? = expression([.x]) { range } else { nil }
  }
}

extension Expression {
  /// The function after another.
  func substituting(_ inner: Expression) -> Expression {
    func after(_ outer: Expression) -> Expression { outer.substituting(inner) }
    return switch self {
    case .x: inner
    case .constant: self
    case .sum(let a, let b): .sum(after(a), after(b))
    case .difference(let a, let b): .difference(after(a), after(b))
    case .product(let a, let b): .product(after(a), after(b))
    case .pair(let pair, let a, let b): .pair(pair, after(a), after(b))
    case .choice(let condition, let a, let b): .choice(after(condition), after(a), after(b))
    case .clamp(let range, let a): .clamp(range, after(a))
    case .lookup(let function, let a): .lookup(function, after(a))
    case .function(let function, let a): .function(function, after(a))
    }
  }

  /// How many steps it takes: what it costs to evaluate.
  var size: Int {
    switch self {
    case .x, .constant: 1
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b),
      .pair(_, let a, let b):
      1 + a.size + b.size
    case .choice(let condition, let a, let b): 1 + condition.size + a.size + b.size
    case .clamp(_, let a), .lookup(_, let a), .function(_, let a): 1 + a.size
    }
  }
}

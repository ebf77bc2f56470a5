import ConstraintSystem

/// A function of one real value.
package indirect enum Expression: Sendable, Hashable {
  case x
  case constant(Float)
  case sum(Expression, Expression)
  case difference(Expression, Expression)
  case product(Expression, Expression)
  case clamp(RealRange, Expression)
  case lookup(Lookup.Function, Expression)
  case function(Elementwise.Function, Expression)

  package func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .x: x
    case .constant(let value): value
    case .sum(let a, let b): a(x) + b(x)
    case .difference(let a, let b): a(x) - b(x)
    case .product(let a, let b): a(x) * b(x)
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
    case .lookup, .function: false
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
    switch self {
    case .x: inner
    case .constant: self
    case .sum(let a, let b): .sum(a.substituting(inner), b.substituting(inner))
    case .difference(let a, let b): .difference(a.substituting(inner), b.substituting(inner))
    case .product(let a, let b): .product(a.substituting(inner), b.substituting(inner))
    case .clamp(let range, let a): .clamp(range, a.substituting(inner))
    case .lookup(let function, let a): .lookup(function, a.substituting(inner))
    case .function(let function, let a): .function(function, a.substituting(inner))
    }
  }

  /// How many steps it takes: what it costs to evaluate.
  var size: Int {
    switch self {
    case .x, .constant: 1
    case .sum(let a, let b), .difference(let a, let b), .product(let a, let b):
      1 + a.size + b.size
    case .clamp(_, let a), .lookup(_, let a), .function(_, let a): 1 + a.size
    }
  }
}

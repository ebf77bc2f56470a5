// A gadget passes on what is asked of its kind: Embedded Swift has no value that is any of them.

extension Gadget: GadgetKind {
  package var blocks: GadgetBlocks {
    switch self {
    case .quotient(let kind): kind.blocks
    case .squareRoot(let kind): kind.blocks
    case .maximum(let kind): kind.blocks
    case .firstMaximum(let kind): kind.blocks
    }
  }

  package var exports: [Int] {
    switch self {
    case .quotient(let kind): kind.exports
    case .squareRoot(let kind): kind.exports
    case .maximum(let kind): kind.exports
    case .firstMaximum(let kind): kind.exports
    }
  }

  package func cells(in system: some GadgetSurroundings) -> [Int] {
    switch self {
    case .quotient(let kind): kind.cells(in: system)
    case .squareRoot(let kind): kind.cells(in: system)
    case .maximum(let kind): kind.cells(in: system)
    case .firstMaximum(let kind): kind.cells(in: system)
    }
  }

  package func forms(in system: some GadgetSurroundings) -> [GadgetForm] {
    switch self {
    case .quotient(let kind): kind.forms(in: system)
    case .squareRoot(let kind): kind.forms(in: system)
    case .maximum(let kind): kind.forms(in: system)
    case .firstMaximum(let kind): kind.forms(in: system)
    }
  }

  package func parts(in system: some GadgetSurroundings) throws(GadgetFault) -> [GadgetPart] {
    switch self {
    case .quotient(let kind): try kind.parts(in: system)
    case .squareRoot(let kind): try kind.parts(in: system)
    case .maximum(let kind): try kind.parts(in: system)
    case .firstMaximum(let kind): try kind.parts(in: system)
    }
  }

  package func advice(
    from values: [[Int64]], in system: some GadgetSurroundings
  ) throws(AdviceError) -> [[Int64]] {
    switch self {
    case .quotient(let kind): try kind.advice(from: values, in: system)
    case .squareRoot(let kind): try kind.advice(from: values, in: system)
    case .maximum(let kind): try kind.advice(from: values, in: system)
    case .firstMaximum(let kind): try kind.advice(from: values, in: system)
    }
  }
}

// How cases are written in messages: Embedded Swift does not know their names.

extension ElementType: CustomStringConvertible {
  package var description: String { TensorType(self).rawValue }
}

extension Source: CustomStringConvertible {
  package var description: String {
    switch self {
    case .block(let index): "block(\(index))"
    case .tensor(let index): "tensor(\(index))"
    }
  }
}

extension Label: CustomStringConvertible {
  package var description: String { "message \(rawValue)" }
}

import Synchronization

/// What evaluations of a node make of a constant, kept from one to the next.
final class NodeStore: Sendable {
  private let made = Mutex<(any Sendable)?>(nil)

  /// What is kept, or else what is made and kept from now on.
  func value<Value: Sendable>(_ make: () -> Value) -> Value {
    made.withLock { made in
      if let known = made as? Value { return known }
      let value = make()
      made = value
      return value
    }
  }
}

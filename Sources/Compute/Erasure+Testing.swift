import Synchronization

/// What only tests ask of erasure: to see memory that held a secret before it is given back.
extension Erasure {
  /// Memory of a secret, after it was overwritten.
  package struct Remains: Hashable, Sendable {
    /// Where it lies.
    package var address: UInt
    package var count: Int
    package var isZero: Bool

    package init(address: UInt, count: Int, isZero: Bool) {
      self.address = address
      self.count = count
      self.isZero = isZero
    }
  }

  private static let observers = Mutex<[Int: @Sendable (Remains) -> Void]>([:])

  /// Does something, and tells of all memory that is overwritten meanwhile, by any thread.
  package static func observe<Value>(
    _ observer: @escaping @Sendable (Remains) -> Void, during work: () throws -> Value
  ) rethrows -> Value {
    let number = observers.withLock { observers in
      let number = (observers.keys.max() ?? 0) + 1
      observers[number] = observer
      isObserved.store(true, ordering: .relaxed)
      return number
    }
    defer {
      observers.withLock { observers in
        observers[number] = nil
        isObserved.store(!observers.isEmpty, ordering: .relaxed)
      }
    }
    return try work()
  }

  static func tell(_ bytes: UnsafeRawBufferPointer) {
    let remains = unsafe Remains(
      address: UInt(bitPattern: bytes.baseAddress), count: bytes.count,
      isZero: bytes.allSatisfy { $0 == 0 })
    for observer in observers.withLock({ Array($0.values) }) { observer(remains) }
  }
}

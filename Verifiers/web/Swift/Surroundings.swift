// What the verifier takes from a system, where there is one thread and no system.

/// A value that one thread at a time may touch: there is one.
struct Mutex<Value>: @unchecked Sendable {
  private let place: UnsafeMutablePointer<Value>

  init(_ value: Value) {
    place = .allocate(capacity: 1)
    place.initialize(to: value)
  }

  func withLock<Result>(_ body: (inout Value) -> Result) -> Result { body(&place.pointee) }
}

/// How a value is seen by other threads, of which there are none.
enum MemoryOrder { case relaxed }

/// A value that threads may change at once: there is one.
final class Atomic<Value>: @unchecked Sendable {
  private var value: Value

  init(_ value: Value) { self.value = value }

  func load(ordering: MemoryOrder) -> Value { value }
  func store(_ value: Value, ordering: MemoryOrder) { self.value = value }
}

extension Atomic where Value: FixedWidthInteger {
  func add(_ other: Value, ordering: MemoryOrder) { value &+= other }

  @discardableResult
  func wrappingAdd(
    _ other: Value, ordering: MemoryOrder
  ) -> (oldValue: Value, newValue: Value) {
    let old = value
    value &+= other
    return (old, value)
  }
}

enum DispatchQueue {
  static func concurrentPerform(iterations: Int, execute: (Int) -> Void) {
    for index in 0..<iterations { execute(index) }
  }
}

enum Machine {
  static let processors = 1
  static func variable(_ name: String) -> String? { nil }
}

/// Work that nobody can cancel, on the one thread.
struct Job: Sendable {
  static let current: Job? = nil
  static let isCancelled = false
  let threads = 1

  static func check<Failure: Error>(else failure: @autoclosure () -> Failure) throws(Failure) {}
  static func report(_ fraction: Double) {}
  static func advance<Failure: Error>(
    to fraction: Double, else failure: @autoclosure () -> Failure
  ) throws(Failure) {}
  static func part<Value, Failure>(
    _ share: ClosedRange<Double>, _ work: () throws(Failure) -> Value
  ) throws(Failure) -> Value { try work() }
  static func piece<Value>(_ job: Job?, of pieces: Int, _ work: () -> Value) -> Value { work() }
}


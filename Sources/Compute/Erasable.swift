import CKernels
import Synchronization

/// What can be overwritten where it lies: plain numbers, and arrays of them.
package protocol Erasable: Sendable {
  /// Overwrites values, and the memory that they have for themselves.
  static func erase(_ values: UnsafeMutableBufferPointer<Self>)
}

extension Erasable where Self: BitwiseCopyable {
  package static func erase(_ values: UnsafeMutableBufferPointer<Self>) {
    // SAFETY: such values are their bytes, and zeros are a value of each type that is erased.
    unsafe Erasure.erase(UnsafeMutableRawBufferPointer(values))
  }
}

extension Int8: Erasable {}
extension UInt8: Erasable {}
extension Int64: Erasable {}

extension Array: Erasable where Element: Erasable {
  /// An array that someone else holds as well is left to whoever that is: it is a copy that is overwritten.
  package static func erase(_ values: UnsafeMutableBufferPointer<Self>) {
    for index in values.indices {
      let held = unsafe values[index].withUnsafeBufferPointer { $0.baseAddress }
      unsafe values[index].withUnsafeMutableBufferPointer { own in
        if unsafe held != UnsafePointer(own.baseAddress) { Erasure.leave(own.count) }
        unsafe Element.erase(own)
      }
    }
  }
}

/// The account of what was overwritten.
package enum Erasure {
  private static let erased = Atomic<Int>(0)
  private static let left = Atomic<Int>(0)
  /// Whether anyone looks on; see `Erasure+Testing`.
  static let isObserved = Atomic<Bool>(false)

  package struct Counts: Hashable, Sendable {
    /// Bytes that were overwritten.
    package var bytes: Int
    /// Elements of arrays that another owner still held, and which were therefore left.
    package var left: Int

    package static func - (a: Counts, b: Counts) -> Counts {
      Counts(bytes: a.bytes - b.bytes, left: a.left - b.left)
    }
  }

  /// Everything since the process began.
  package static var counts: Counts {
    Counts(bytes: erased.load(ordering: .relaxed), left: left.load(ordering: .relaxed))
  }

  fileprivate static func leave(_ elements: Int) { left.add(elements, ordering: .relaxed) }

  fileprivate static func erase(_ bytes: UnsafeMutableRawBufferPointer) {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return }
    unsafe tacit_erase(start, bytes.count)
    erased.add(bytes.count, ordering: .relaxed)
    if isObserved.load(ordering: .relaxed) { unsafe tell(UnsafeRawBufferPointer(bytes)) }
  }
}

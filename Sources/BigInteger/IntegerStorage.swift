import CGMP

/// The one owner of a GMP integer: initialized with the object, cleared with it.
///
/// GMP is handed the same number as operand and result (`mpz_add(x, x, y)`). Passing a stored property
/// twice that way overlaps two accesses, so the number stands in memory of its own and its address is read.
@safe
final class IntegerStorage: @unchecked Sendable {
  // SAFETY: written only by `Integer`, and only while the storage is fresh or uniquely referenced;
  // shared storage is read only, which is what makes it Sendable.
  let number: UnsafeMutablePointer<tacit_mpz>

  init() {
    // SAFETY: mpz_init makes the fresh memory a valid zero.
    unsafe number = UnsafeMutablePointer<tacit_mpz>.allocate(capacity: 1)
    unsafe tacit_mpz_init(number)
  }

  deinit {
    // SAFETY: initialized in init, and the last reference is gone.
    unsafe tacit_mpz_clear(number)
    unsafe number.deallocate()
  }
}

/// How `Integer` reaches GMP. Every address handed out lives until the closure returns, because the
/// storage behind it is held for the whole call; no function of GMP keeps one.
extension Integer {
  typealias Operation = (
    UnsafeMutablePointer<tacit_mpz>, UnsafePointer<tacit_mpz>, UnsafePointer<tacit_mpz>
  ) -> Void

  /// A new integer, zero until `body` sets it.
  @unsafe
  init(_ body: (UnsafeMutablePointer<tacit_mpz>) -> Void) {
    storage = IntegerStorage()
    // SAFETY: the storage is fresh, nothing else refers to it.
    withExtendedLifetime(storage) { unsafe body(storage.number) }
  }

  @unsafe
  func read<Result>(_ body: (UnsafePointer<tacit_mpz>) -> Result) -> Result {
    withExtendedLifetime(storage) { unsafe body(UnsafePointer(storage.number)) }
  }

  /// `operation(result, a, b)` into a new integer.
  @unsafe
  static func result(_ operation: Operation, _ a: Integer, _ b: Integer) -> Integer {
    unsafe Integer { result in
      unsafe a.read { a in unsafe b.read { b in unsafe operation(result, a, b) } }
    }
  }

  /// `self = operation(self, other)`, in place when no copy shares the storage.
  @unsafe
  mutating func apply(_ operation: Operation, _ other: Integer) {
    guard isKnownUniquelyReferenced(&storage) else {
      self = unsafe Integer.result(operation, self, other)
      return
    }
    let number = unsafe storage.number
    unsafe other.read { other in
      withExtendedLifetime(storage) { unsafe operation(number, UnsafePointer(number), other) }
    }
  }
}

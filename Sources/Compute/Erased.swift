/// A secret whose memory is overwritten with zeros when its last owner goes.
///
/// Copies share it until one of them is written to. What is read of it is a value as any other, which Swift may copy:
/// what an array leaves behind when it grows, what temporary arrays, registers and the stack held is not overwritten.
/// docs/security.md says where secrets are.
///
/// - Complexity: an allocation when it is made, and a pass over its bytes in the end.
@propertyWrapper
package struct Erased<Value: Erasable>: Sendable {
  /// Its one owner is that of the secret.
  ///
  /// SAFETY: it is written through the only reference that there is, so that no two threads write.
  @usableFromInline
  final class Storage: @unchecked Sendable {
    @usableFromInline var value: Value

    @usableFromInline
    init(_ value: Value) { self.value = value }

    deinit {
      unsafe withUnsafeMutablePointer(to: &value) {
        unsafe Value.erase(UnsafeMutableBufferPointer(start: $0, count: 1))
      }
    }
  }

  @usableFromInline var storage: Storage

  @inlinable
  package init(wrappedValue: Value) { storage = Storage(wrappedValue) }

  @inlinable package var wrappedValue: Value {
    _read { yield storage.value }
    _modify {
      if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
      yield &storage.value
    }
  }
}

extension Erased: Equatable where Value: Equatable {
  package static func == (a: Self, b: Self) -> Bool { a.wrappedValue == b.wrappedValue }
}

extension Erased: Hashable where Value: Hashable {
  package func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}

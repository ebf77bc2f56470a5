import Compute
import Synchronization
import Testing

/// Memory of secrets is zero when it is given back.
struct ErasureTests {
  /// What was overwritten while something was done, by any thread.
  private static func remains(
    _ work: (_ seen: Seen) throws -> Void
  ) rethrows -> [UInt: Erasure.Remains] {
    let seen = Seen()
    try Erasure.observe({ seen.add($0) }, during: { try work(seen) })
    return seen.all
  }

  private final class Seen: Sendable {
    private let found = Mutex<[UInt: Erasure.Remains]>([:])
    var all: [UInt: Erasure.Remains] { found.withLock { $0 } }
    func add(_ remains: Erasure.Remains) { found.withLock { $0[remains.address] = remains } }
  }

  private static func address<Element>(_ array: [Element]) -> UInt {
    unsafe array.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
  }

  private static func secret(_ count: Int) -> Erased<[UInt8]> {
    Erased(wrappedValue: (0..<count).map { UInt8($0 % 255 + 1) })
  }

  @Test func `an array is overwritten when its last owner goes, and not before`() throws {
    var address: UInt = 0
    let remains = Self.remains { seen in
      var owners = [Self.secret(1000)]
      owners.append(owners[0])
      address = Self.address(owners[0].wrappedValue)
      owners.removeLast()
      #expect(seen.all[address] == nil)
      #expect(owners[0].wrappedValue.allSatisfy { $0 != 0 })
      owners.removeLast()
    }
    #expect(remains[address] == Erasure.Remains(address: address, count: 1000, isZero: true))
  }

  @Test func `a copy that is written to is a secret of its own`() {
    var addresses: [UInt] = []
    let remains = Self.remains { _ in
      let first = Self.secret(500)
      var second = first
      second.wrappedValue[0] = 77
      #expect(first.wrappedValue[0] == 1)
      addresses = [Self.address(first.wrappedValue), Self.address(second.wrappedValue)]
    }
    #expect(Set(addresses).count == 2)
    for address in addresses { #expect(remains[address]?.isZero == true) }
  }

  @Test func `arrays of arrays and single numbers are overwritten`() {
    var addresses: [UInt] = []
    let remains = Self.remains { _ in
      let columns = Erased<[[Int64]]>(
        wrappedValue: (0..<3).map { [Int64](repeating: 5, count: 90 + $0) })
      addresses = columns.wrappedValue.map(Self.address)
      let number = Erased<Int64>(wrappedValue: -1)
      #expect(number.wrappedValue == -1)
    }
    for (place, address) in addresses.enumerated() {
      #expect(
        remains[address]
          == Erasure.Remains(address: address, count: 8 * (90 + place), isZero: true))
    }
    #expect(remains.values.contains { $0.count == 8 && $0.isZero })
  }

  /// The value of an array does not change because another owner of its memory is done with it.
  @Test func `an array that someone else holds stays as it is`() {
    let held = [UInt8](repeating: 9, count: 300)
    let before = Erasure.counts
    let remains = Self.remains { _ in
      let owner = Erased(wrappedValue: held)
      #expect(owner.wrappedValue == held)
    }
    #expect(held == [UInt8](repeating: 9, count: 300))
    #expect(remains[Self.address(held)] == nil)
    #expect((Erasure.counts - before).left >= 300)
  }

  @Test func `what is overwritten is counted`() {
    let before = Erasure.counts
    do { _ = Self.secret(4000) }
    #expect((Erasure.counts - before).bytes >= 4000)
  }
}

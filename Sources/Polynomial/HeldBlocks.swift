/// Which groups of eight rows of a column hold anything. Only these are kept in memory, one after
/// the other; all other rows are zero.
package struct HeldBlocks: Sendable, Equatable {
  package static let height = 8

  /// Numbers of the groups within the column, ascending: the j-th lies at rows 8j of memory.
  package let numbers: [UInt32]

  /// The groups that any of some runs of rows reaches into; the runs ascend.
  package init(covering runs: some Sequence<Range<Int>>) {
    var numbers: [UInt32] = []
    var next = 0
    for run in runs where !run.isEmpty {
      let end = (run.upperBound - 1) / Self.height + 1
      for group in max(run.lowerBound / Self.height, next)..<max(end, next) {
        numbers.append(UInt32(truncatingIfNeeded: group))
      }
      next = max(next, end)
    }
    self.numbers = numbers
  }

  private init(numbers: [UInt32]) {
    self.numbers = numbers
  }

  /// These groups and of each its sibling, numbers 2j and 2j + 1 together: rows in twos are as many
  /// rows of twice the width, of `halved`, in the same memory.
  package var paired: HeldBlocks {
    var pairs: [UInt32] = []
    pairs.reserveCapacity(numbers.count + 2)
    for number in numbers where pairs.last.map({ $0 < number }) ?? true {
      pairs.append(number & ~1)
      pairs.append(number | 1)
    }
    return HeldBlocks(numbers: pairs)
  }

  /// The groups of rows in twos, of groups in twos.
  package var halved: HeldBlocks {
    HeldBlocks(numbers: stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] / 2 })
  }

  package var count: Int { numbers.count }
  /// Rows of memory.
  package var rows: Int { Self.height * numbers.count }

  /// The first row of the j-th group within the column.
  @inlinable
  package func firstRow(_ j: Int) -> Int { Self.height * Int(numbers[j]) }
}

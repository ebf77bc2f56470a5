/// A port's integers, less the zero point, as its blocks hold them: Σ 2^{s_j}·limb_j, the lowest limb first, of
/// which all but the top one are exactly so many bits and none has a sign. So an integer is one tuple of limbs,
/// and one that the top limb's block cannot have is none.
///
/// A float32 may have limbs of 12 and 11 bits for the mantissa, of 8 for the exponent, and a top one of −1 or 0
/// for the sign. No public one is infinite or a NaN; of a hidden one a row says so that looks the exponent up
/// where 255 is missing.
///
/// Written down in docs/protocol/circuit.md#ports.
package struct PortLimbs: Hashable, Sendable {
  /// s_j is at most so much, so that sums of limbs are words.
  package static let mostBits = 62

  /// From the least y that each block can have to the largest.
  package let images: [ClosedRange<Int64>]
  /// s_j.
  package let shifts: [Int]
  private let zeroPoint: Int64

  /// - Parameter port: whose blocks and their functions are valid.
  package init(_ port: Port, of system: ConstraintSystem) {
    images = port.blocks.map { system.image(of: system.blocks[$0]) }
    zeroPoint = port.zeroPoint
    var (shifts, shift) = ([Int](), 0)
    for image in images {
      shifts.append(shift)
      shift += UInt64.bitWidth - image.upperBound.magnitude.leadingZeroBitCount
    }
    self.shifts = shifts
  }

  /// From the least integer that the blocks can make to the largest, the zero point added; nil where one is no
  /// word, or there is no block.
  package var range: ClosedRange<Int64>? {
    guard let lowest = runtime(images.map(\.lowerBound)),
      let highest = runtime(images.map(\.upperBound))
    else { return nil }
    return lowest...highest
  }

  private func runtime(_ limbs: [Int64]) -> Int64? {
    guard !limbs.isEmpty else { return nil }
    var sum = Int128(zeroPoint)
    for (limb, shift) in zip(limbs, shifts) {
      guard shift <= Self.mostBits else { return nil }
      sum += Int128(limb) << Int128(shift)
    }
    return Int64(exactly: sum)
  }

  /// The limbs of integers within the range, by block.
  package func split(_ integers: CircuitIntegers) -> [CircuitIntegers] {
    if images.count == 1 { return [integers] }
    return images.indices.map { limb in
      let shift = Int64(shifts[limb])
      guard limb + 1 < images.count else {
        return CircuitIntegers(integers.values.map { $0 >> shift })
      }
      let mask = (Int64(1) << Int64(shifts[limb + 1] - shifts[limb])) - 1
      return CircuitIntegers(integers.values.map { $0 >> shift & mask })
    }
  }

  /// The integers of which blocks hold these limbs.
  package func joined(_ limbs: [[Int64]]) -> CircuitIntegers {
    guard var sums = limbs.first else { return CircuitIntegers([]) }
    for (limb, shift) in zip(limbs, shifts).dropFirst() {
      for index in sums.indices { sums[index] &+= limb[index] &<< Int64(shift) }
    }
    return CircuitIntegers(sums)
  }
}

extension ClosedRange<Int64> {
  func contains(_ other: ClosedRange<Int64>) -> Bool {
    contains(other.lowerBound) && contains(other.upperBound)
  }
}

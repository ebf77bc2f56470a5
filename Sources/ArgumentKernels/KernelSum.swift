import Field

/// Integers that a vector kernel has summed up, as five limbs of 52 bits and their carries.
enum KernelSum {
  /// 2^260, which takes an integer to the field in the kernels.
  static let integerEntry = (0..<260).reduce(Fr.one) { power, _ in power.doubled() }

  /// The sum at a place as the element that it counts.
  private static func plain(_ limbs: [UInt64], _ place: Int) -> Fr {
    let step = Fr(UInt64(1) << 52)
    return limbs[5 * place..<5 * place + 5].reversed().reduce(Fr.zero) { $0 * step + Fr($1) }
  }
  /// The sum at a place as the Montgomery form of an element.
  static func montgomery(_ limbs: [UInt64], _ place: Int) -> Fr {
    plain(limbs, place) * Fr(montgomery: 1, 0, 0, 0)
  }
}

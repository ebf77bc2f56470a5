import ConstraintSystem
import Field

/// M on the cells of a block.
struct Multipliers: Sendable {
  let places: MultiplierPlaces
  let values: [Int64]

  init(_ block: Block, in system: ConstraintSystem, cells: PackedIntegers) {
    places = MultiplierPlaces(block, in: system)
    if case .constant(let value) = block.multiplier {
      values = [value]
    } else {
      values = cells.values(places.cells)
    }
  }
}

/// What a row of a block looks up.
struct RowRule: Sendable {
  private let scale: Int64
  private let half: Int64
  private let shift: Int64
  private let domain: ClosedRange<Int64>

  private static var bound: Int64 { 1 << Int64(Limits.accumulatorBits) }

  init(_ block: Block, _ domain: ClosedRange<Int64>, _ parameters: Parameters) {
    scale = Int64(parameters.scaleBits)
    half = 1 << (scale - 1)
    shift = block.shift
    self.domain = domain
  }

  /// q + shift, counted from the beginning of the domain; nil if it is outside, or acc too wide.
  @inline(__always)
  func entry(_ accumulator: Int64, _ multiplier: Int64) -> Int? {
    guard accumulator >= -Self.bound, accumulator <= Self.bound else { return nil }
    let (product, isWide) = accumulator.multipliedReportingOverflow(by: multiplier)
    let (sum, carries) = product.addingReportingOverflow(half)
    let input: Int64
    if isWide || carries {
      guard let wide = Int64(exactly: quotient(accumulator, multiplier) + Int128(shift)) else {
        return nil
      }
      input = wide
    } else {
      input = sum >> scale + shift
    }
    guard domain.contains(input) else { return nil }
    return Int(input - domain.lowerBound)
  }

  /// Whether rows may take `narrowEntry`, by bounds on the magnitudes of acc and of M.
  static func isNarrow(_ accumulator: Double, _ multiplier: Double, _ parameters: Parameters)
    -> Bool
  {
    accumulator <= Double(bound) && accumulator * multiplier < 0x1p61 && parameters.scaleBits < 61
  }

  /// As `entry`, where acc and its product with M are known not to be wide.
  @inline(__always)
  func narrowEntry(_ accumulator: Int64, _ multiplier: Int64) -> Int? {
    let input = (accumulator &* multiplier &+ half) &>> scale &+ shift
    guard domain.contains(input) else { return nil }
    return Int(input &- domain.lowerBound)
  }

  /// q.
  private func quotient(_ accumulator: Int64, _ multiplier: Int64) -> Int128 {
    (Int128(accumulator) * Int128(multiplier) + Int128(half)) >> Int128(scale)
  }

  func error(
    _ accumulator: Int64, _ multiplier: Int64, layer: String, at position: [Int]
  ) -> ExecutionError {
    guard accumulator >= -Self.bound, accumulator <= Self.bound else {
      return .accumulator(layer: layer, position: position, value: accumulator)
    }
    return .quotient(
      layer: layer, position: position, value: Int64(clamping: quotient(accumulator, multiplier)),
      domain: (domain.lowerBound &- shift)...(domain.upperBound &- shift))
  }
}

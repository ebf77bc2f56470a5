/// The words of the contract's memory that a program reads and writes, by their numbers.
///
/// The map is Contracts/verifier/memory.yul.
enum ProgramWords {
  /// The challenge that words of public tensors are weighed by.
  static let pack = 0x1080 / 32
  /// Σ over blocks of indicator · tag, indicator · shift, indicator · constant multiplier.
  static let tags = 0x1160 / 32
  static let shifts = tags + 1
  static let multipliers = tags + 2
  /// What terms without factors come to.
  static let constants = tags + 3
  /// What all functionals on y, and on the model, come to.
  static let onOutput = tags + 4
  static let onModel = tags + 5
  /// Points, the first coordinate first.
  static let rows = 0x1c00 / 32
  static let pairs = 0x2000 / 32
  static let terms = 0x2400 / 32
  static let claims = 0x2800 / 32
  /// One less each coordinate of the point of rows, and of that of claims.
  static let rowsLess = 0x2c00 / 32
  static let claimsLess = 0x3000 / 32
  /// The powers of ρ, and behind them the program's own words.
  static let powers = 0x3480 / 32

  /// The words of one point.
  static let pointWords = 32

  /// Where the complement of a coordinate is.
  static func less(_ word: Int) -> Int {
    word < claims ? word - rows + rowsLess : word - claims + claimsLess
  }
}

/// Some coordinates of a point, side by side in memory, the first one the highest.
struct PointPart: Hashable, Comparable {
  var first: Int
  var count: Int

  var last: Int { first + count - 1 }
  func high(_ bits: Int) -> PointPart { PointPart(first: first, count: bits) }
  func low(_ bits: Int) -> PointPart { PointPart(first: first + count - bits, count: bits) }

  static func < (left: PointPart, right: PointPart) -> Bool {
    (left.first, left.count) < (right.first, right.count)
  }
}

/// What a label's values weigh: the product of eq of some parts of points, 1 where there is none.
struct LabelParts: Hashable {
  var parts: [PointPart]
  var extent: Int

  init(_ parts: [PointPart], extent: Int) {
    self.parts = parts.filter { $0.count > 0 }
    self.extent = extent
  }
}

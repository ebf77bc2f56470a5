/// A point of G2 with the lines that Miller's loop takes through its multiples: what does not depend on
/// the point of G1 is computed once.
///
/// A line through x′w², y′w³ with slope λw, evaluated at (x, y) of G1, is y − λx·w + (λx′ − y′)·w³. A factor
/// in Fp changes no value of the pairing, so it is taken as 1 + (−λ·x/y)·w + ((λx′ − y′)/y)·w³. No line is
/// vertical: the multiples lie between 1 and r − 1, and none but those that are added is q's or one of its
/// images.
///
/// - Complexity: 90 inversions to make, about 0.2 ms; 11 KB.
package struct PreparedG2: Sendable {
  /// A line less its evaluation: λ, and λx′ − y′.
  struct Line: Sendable {
    var slope: Fp2
    var offset: Fp2
  }

  /// In the loop's order; none for the identity.
  let lines: [Line]

  package init(_ q: G2Point) {
    guard !q.isIdentity else {
      lines = []
      return
    }
    var lines: [Line] = []
    lines.reserveCapacity(Self.lineCount)
    var multiple = q.point
    /// Appends the line through the multiple and `other`, and goes on with their sum.
    func step(_ other: TwistPoint, slope: Fp2) {
      lines.append(Line(slope: slope, offset: slope * multiple.x - multiple.y))
      multiple = multiple.sum(other, slope: slope)
    }
    func add(_ other: TwistPoint) {
      step(other, slope: (other.y - multiple.y) * (other.x - multiple.x).inverse())
    }
    for digit in Self.digits {
      step(multiple, slope: multiple.tangent)
      if digit != 0 { add(digit > 0 ? q.point : -q.point) }
    }
    let image = q.point.image
    add(image)
    add(-image.image)
    self.lines = lines
  }

  var isIdentity: Bool { lines.isEmpty }

  /// 6u + 2 in digits −1, 0, 1, no two next to each other other than 0, without the leading one; most
  /// significant first.
  static let digits: [Int8] = {
    var rest = 6 * UInt128(TwistPoint.u) + 2
    var digits: [Int8] = []
    while rest > 1 {
      let digit: Int8 = rest & 1 == 0 ? 0 : rest & 3 == 1 ? 1 : -1
      digits.append(digit)
      if digit < 0 { rest += 1 }
      rest >>= 1
    }
    return digits.reversed()
  }()

  /// One for each digit, one more where that is not zero, and two for the images.
  static let lineCount = digits.count + digits.count { $0 != 0 } + 2
}

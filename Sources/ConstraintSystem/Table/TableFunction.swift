/// A public function on small integers: the graph that `(tag, in, out)` rows of the table hold.
///
/// Written down in docs/protocol/circuit.md#functions.
package struct TableFunction: Hashable, Sendable {
  /// `count` consecutive inputs from `input`; the outputs are constant (slope 0) or follow (slope 1).
  package struct Segment: Hashable, Sendable {
    package var input: Int64
    package var count: Int
    package var output: Int64
    package var slope: Int64
    package init(input: Int64, count: Int, output: Int64, slope: Int64) {
      self.input = input
      self.count = count
      self.output = output
      self.slope = slope
    }
  }

  package enum Body: Hashable, Sendable {
    /// Contiguous segments in ascending order of input; their multilinear extension is closed form.
    case segments([Segment])
    /// Any function, value by value, from `lowest` up; the verifier's work is linear in it.
    case values(lowest: Int64, [Int16])
  }

  package var name: String
  package var body: Body

  package init(name: String, body: Body) {
    self.name = name
    self.body = body
  }

  package static let identityName = "identity"

  /// y = x on `range`.
  package static func identity(_ range: ClosedRange<Int64>) -> TableFunction {
    TableFunction(
      name: identityName,
      body: .segments([
        Segment(input: range.lowerBound, count: range.count, output: range.lowerBound, slope: 1)
      ]))
  }

  /// y = min(max(x, 0), width), on `domain`; a clamp to [lo, lo + width] is this with shift −lo.
  package static func clamp(width: Int64, domain: ClosedRange<Int64>) -> TableFunction {
    var segments: [Segment] = []
    let low = domain.clamped(to: Int64.min...(-1))
    if domain.lowerBound < 0 {
      segments.append(Segment(input: low.lowerBound, count: low.count, output: 0, slope: 0))
    }
    let first = max(0, domain.lowerBound)
    let last = min(width, domain.upperBound)
    if first <= last {
      segments.append(
        Segment(input: first, count: Int(last - first) + 1, output: first, slope: 1))
    }
    let above = max(width + 1, domain.lowerBound)
    if domain.upperBound >= above {
      segments.append(
        Segment(
          input: above, count: Int(domain.upperBound - above) + 1, output: width, slope: 0))
    }
    return TableFunction(name: "clamp\(width)", body: .segments(segments))
  }

  /// Rows of the table.
  package var count: Int {
    switch body {
    case .segments(let segments): segments.reduce(0) { $0 + $1.count }
    case .values(_, let values): values.count
    }
  }

  /// The lowest input.
  package var lowest: Int64 {
    switch body {
    case .segments(let segments): segments.first?.input ?? 0
    case .values(let lowest, _): lowest
    }
  }

  /// The inputs, of a function that has any.
  package var domain: ClosedRange<Int64> {
    lowest...max(lowest, lowest &+ Int64(count) &- 1)
  }

  /// The outputs, input by input.
  package var outputs: [Int64] {
    switch body {
    case .segments(let segments):
      segments.flatMap { segment in
        (0..<Int64(segment.count)).map { segment.output &+ segment.slope &* $0 }
      }
    case .values(_, let values): values.map { Int64($0) }
    }
  }

  /// The largest magnitude of an output.
  package var largestOutput: UInt64 {
    switch body {
    case .segments(let segments):
      segments.reduce(0) { largest, segment in
        let last = segment.output &+ segment.slope &* Int64(segment.count - 1)
        return max(largest, segment.output.magnitude, last.magnitude)
      }
    case .values(_, let values): values.reduce(0) { max($0, UInt64($1.magnitude)) }
    }
  }

  /// The least and the greatest output, of a function that has any.
  package var image: ClosedRange<Int64> {
    switch body {
    case .segments(let segments):
      let ends = segments.flatMap { segment in
        [segment.output, segment.output &+ segment.slope &* Int64(segment.count - 1)]
      }
      return (ends.min() ?? 0)...(ends.max() ?? 0)
    case .values(_, let values): return Int64(values.min() ?? 0)...Int64(values.max() ?? 0)
    }
  }

  /// y = 0 at 0, and no other input.
  package static let zero = TableFunction(
    name: "zero", body: .segments([Segment(input: 0, count: 1, output: 0, slope: 0)]))

  /// Whether y = x on the whole domain.
  package var isIdentity: Bool {
    guard case .segments(let segments) = body else { return false }
    return segments.allSatisfy { $0.slope == 1 && $0.input == $0.output }
  }

  /// f(input), or nil outside the domain.
  package func callAsFunction(_ input: Int64) -> Int64? {
    switch body {
    case .segments(let segments):
      for segment in segments {
        let (distance, overflow) = input.subtractingReportingOverflow(segment.input)
        if !overflow, distance >= 0, distance < segment.count {
          return segment.output + segment.slope * distance
        }
      }
      return nil
    case .values(let lowest, let values):
      let (distance, overflow) = input.subtractingReportingOverflow(lowest)
      guard !overflow, distance >= 0, distance < values.count else { return nil }
      return Int64(values[Int(distance)])
    }
  }
}

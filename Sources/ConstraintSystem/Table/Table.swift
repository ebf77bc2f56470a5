/// The public table T of triples `(tag, in, out)` that every lookup of a row is made
/// in: the zero triple, then the range of a limb, then each function; padded with zero
/// triples to 2^k rows. Never committed: the verifier evaluates its extension itself.
///
/// Written down in docs/protocol/circuit.md#table.
package struct Table: Hashable, Sendable {
  package static let zeroTag: Int64 = 0
  package static let rangeTag: Int64 = 1
  /// The tag of `functions[i]` is `firstFunctionTag + i`.
  package static let firstFunctionTag: Int64 = 2

  package let limbBits: Int
  package let functions: [TableFunction]
  /// First row of each function.
  package let starts: [Int]
  /// Rows before padding.
  package let count: Int
  /// k.
  package let bits: Int

  package init(limbBits: Int, functions: [TableFunction]) {
    self.limbBits = limbBits
    self.functions = functions
    var start = 1 + (1 << limbBits)
    var starts: [Int] = []
    for function in functions {
      starts.append(start)
      start += function.count
    }
    self.starts = starts
    self.count = start
    self.bits = ceilLog2(start)
  }

  package func tag(_ function: Int) -> Int64 { Self.firstFunctionTag + Int64(function) }

  /// The row of `(RANGE, value, 0)`, or nil when the value is no limb.
  package func position(limb value: Int64) -> Int? {
    value >= 0 && value < 1 << limbBits ? 1 + Int(value) : nil
  }

  /// The row of `(function, input, output)`, or nil when T does not hold it.
  package func position(function: Int, input: Int64, output: Int64) -> Int? {
    guard functions.indices.contains(function), functions[function](input) == output else {
      return nil
    }
    return starts[function] + Int(input - functions[function].lowest)
  }

  /// All rows before padding, in order, in runs whose inputs and outputs follow a slope.
  package func forEachRun(_ body: (_ tag: Int64, _ rows: TableFunction.Segment) -> Void) {
    body(Self.zeroTag, .init(input: 0, count: 1, output: 0, slope: 0))
    body(Self.rangeTag, .init(input: 0, count: 1 << limbBits, output: 0, slope: 0))
    for (index, function) in functions.enumerated() {
      switch function.body {
      case .segments(let segments):
        for segment in segments { body(tag(index), segment) }
      case .values(let lowest, let values):
        for (step, value) in values.enumerated() {
          body(
            tag(index),
            .init(input: lowest + Int64(step), count: 1, output: Int64(value), slope: 0))
        }
      }
    }
  }

  /// All rows before padding, in order.
  package func forEachRow(_ body: (_ tag: Int64, _ input: Int64, _ output: Int64) -> Void) {
    forEachRun { tag, rows in
      for step in 0..<Int64(rows.count) {
        body(tag, rows.input + step, rows.output + rows.slope * step)
      }
    }
  }
}

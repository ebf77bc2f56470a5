import ConstraintSystem

/// The look-up table as runs, for the contract's sum over it.
struct TableRuns {
  private var writer = ByteWriter()
  private var row = 1

  var bytes: [UInt8] { writer.bytes }

  init(_ system: ConstraintSystem) {
    let table = system.table
    add(1 << table.limbBits, tag: Table.rangeTag, input: 0, output: 0, slope: 0)
    for (index, function) in table.functions.enumerated() {
      let tag = table.tag(index)
      switch function.body {
      case .segments(let segments):
        for segment in segments {
          add(
            segment.count, tag: tag, input: segment.input, output: segment.output,
            slope: segment.slope)
        }
      case .values(let lowest, let values):
        // Outputs are a list behind a run without any.
        add(values.count, tag: tag, input: lowest, output: nil, slope: 2)
        ProgramOperation.words([values.count] + values.map(Int.init), &writer)
      }
    }
  }

  /// Where the run ends, its tag, what its input and its output are above its place, its slope.
  private mutating func add(
    _ count: Int, tag: Int64, input: Int64, output: Int64?, slope: Int64
  ) {
    ProgramOperation.big(UInt32(row + count), &writer)
    ProgramOperation.words([Int(tag)], &writer)
    ProgramOperation.big(input - Int64(row), &writer)
    ProgramOperation.big(output.map { $0 - slope * Int64(row) } ?? 0, &writer)
    writer.write(UInt8(slope))
    row += count
  }
}

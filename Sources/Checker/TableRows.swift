import ConstraintSystem

/// Where each triple of the table stands, by tag and input.
struct TableRows: Sendable {
  /// The rows of a tag, from its lowest input on; −1 for an input that has none.
  private struct Inputs {
    var lowest: Int64
    var rows: [Int]
  }

  /// How many rows there are.
  let count: Int
  private let tags: [Inputs]
  private let outputs: [Int64]

  init(_ table: Table) {
    var (tags, outputs) = ([Inputs](), [Int64]())
    table.forEachRow { tag, input, output in
      while tags.count <= Int(tag) { tags.append(Inputs(lowest: input, rows: [])) }
      // Inputs of a tag ascend.
      let place = Int(input - tags[Int(tag)].lowest)
      while tags[Int(tag)].rows.count < place { tags[Int(tag)].rows.append(-1) }
      tags[Int(tag)].rows.append(outputs.count)
      outputs.append(output)
    }
    (self.tags, self.outputs, count) = (tags, outputs, outputs.count)
  }

  /// The row of a triple; nil for one that is in no table.
  func row(_ tag: Int64, _ input: Int64, _ output: Int64) -> Int? {
    let inputs = tags[Int(tag)]
    let (place, isWide) = input.subtractingReportingOverflow(inputs.lowest)
    guard !isWide, place >= 0, place < inputs.rows.count else { return nil }
    let row = inputs.rows[Int(place)]
    return row >= 0 && outputs[row] == output ? row : nil
  }
}

import ConstraintSystem

/// Columns of words, as wide as their widest.
struct TextTable {
  enum Alignment { case left, right }
  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []

  init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

  /// Words as they are shown, so that their widths are right.
  mutating func add(_ row: [String]) { rows.append(row.map(\.printable)) }

  /// The titles, then the rows; the last column is not padded.
  var lines: [String] {
    let all = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in
      all.reduce(0) { max($0, column < $1.count ? $1[column].count : 0) }
    }
    return all.map { row in
      var line = ""
      for (column, word) in row.enumerated() where column < columns.count {
        let space = String(repeating: " ", count: widths[column] - word.count)
        let isLast = column == columns.count - 1
        switch columns[column].alignment {
        case .left: line += isLast ? word : word + space + "  "
        case .right: line += space + word + (isLast ? "" : "  ")
        }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// A word of at most `length` characters, cut in the middle: names differ at their ends.
  static func short(_ word: String, _ length: Int) -> String {
    let word = word.printable
    guard word.count > length, length > 2 else { return word }
    let head = (length - 1) / 2
    return word.prefix(head) + "…" + word.suffix(length - 1 - head)
  }
}

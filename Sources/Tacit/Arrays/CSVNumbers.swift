/// Numbers separated by commas, one row a line; the first line may be a heading.
enum CSVNumbers {
  static func read(_ bytes: [UInt8]) throws(ArrayFileError) -> NumericArray {
    let text = String(decoding: bytes, as: UTF8.self)
    var numbers: [Substring] = []
    var (rows, width) = (0, 0)
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map {
        Substring($0.filter { !$0.isWhitespace })
      }
      if fields.allSatisfy(\.isEmpty), fields.count <= 1 { continue }
      let isHeading = rows == 0 && index == 0 && fields.allSatisfy { Double($0) == nil }
      if isHeading { continue }
      if let bad = fields.first(where: { Double($0) == nil }) {
        throw ArrayFileError("CSV line \(index + 1): \"\(bad.prefix(40))\" is not a number")
      }
      guard rows == 0 || fields.count == width else {
        throw ArrayFileError(
          "CSV line \(index + 1) has \(fields.count) numbers where others have \(width)")
      }
      width = fields.count
      rows += 1
      numbers += fields
    }
    guard rows > 0 else { throw ArrayFileError("the file holds no numbers") }
    return try array(numbers, shape: [rows, width])
  }

  /// int64 when every number is written as an integer, else float32.
  static func array(_ texts: [Substring], shape: [Int]) throws(ArrayFileError) -> NumericArray {
    let integers = texts.compactMap { Int64($0) }
    if integers.count == texts.count {
      return try NumericArray(shape: shape, element: .int64, values: .integer(integers))
    }
    var reals: [Double] = []
    for text in texts {
      guard let real = Double(text), real.isFinite else {
        throw ArrayFileError("\"\(text.prefix(40))\" is not a finite number")
      }
      reals.append(real)
    }
    return try NumericArray(shape: shape, element: .float32, values: .real(reals))
  }
}

/// `{'descr': '<f4', 'fortran_order': False, 'shape': (1, 64), }`
struct NumPyHeader {
  var element: NumericArray.Element
  var isBigEndian: Bool
  /// Whether the first axis is innermost.
  var isFortran: Bool
  var shape: [Int]

  /// A type's name without its byte order.
  private static let types: [(name: String, element: NumericArray.Element)] = [
    ("f2", .float16), ("f4", .float32), ("f8", .float64), ("i1", .int8), ("u1", .uint8),
    ("i2", .int16), ("i4", .int32), ("i8", .int64),
  ]

  static func name(of element: NumericArray.Element) -> String {
    types.first { $0.element == element }?.name ?? "f8"
  }

  init(_ text: String) throws(ArrayFileError) {
    func after(_ key: String) throws(ArrayFileError) -> Substring {
      guard let found = text.firstRange(of: "'\(key)':") else {
        throw ArrayFileError(.damaged, "the .npy header lacks '\(key)'")
      }
      return text[found.upperBound...].drop { $0 == " " }
    }
    // With another key, or one twice, it is not clear what is meant.
    guard text.ranges(of: "':").count == 3 else {
      throw ArrayFileError(
        .damaged,
        "the .npy header has other keys than 'descr', 'fortran_order' and 'shape', each once")
    }
    let descr = try after("descr").dropFirst().prefix { $0 != "'" }
    guard let order = descr.first, "<>|".contains(order),
      let type = Self.types.first(where: { $0.name == descr.dropFirst() }),
      order != "|" || type.element.bytes == 1
    else {
      throw ArrayFileError(
        .unsupported,
        "elements of type \(TextPiece.quoted(descr.utf8)) are not read; save float16, float32, "
          + "float64, int8, uint8, int16, int32 or int64")
    }
    element = type.element
    isBigEndian = order == ">"
    let layout = try after("fortran_order")
    isFortran = layout.hasPrefix("True")
    guard isFortran || layout.hasPrefix("False") else {
      throw ArrayFileError(
        .damaged, "the .npy header does not say whether it is in Fortran order")
    }
    let tuple = try after("shape")
    guard tuple.hasPrefix("("), let end = tuple.firstIndex(of: ")") else {
      throw ArrayFileError(.damaged, "the .npy header has no shape")
    }
    shape = []
    for part in tuple[..<end].dropFirst().split(separator: ",") {
      let digits = part.filter { $0 != " " }
      if digits.isEmpty { continue }
      guard shape.count < 32, let extent = Int(digits), extent >= 0 else {
        throw ArrayFileError(
          .damaged, "the .npy header has an extent of \(TextPiece.quoted(digits.utf8))")
      }
      shape.append(extent)
    }
  }
}

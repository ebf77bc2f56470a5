extension NumericArray {
  /// Reads by content, and by `name` where content leaves it open: .npy, .npz, JSON, CSV.
  ///
  /// - Parameter name: of the file; its ending tells JSON from CSV.
  public static func read(_ bytes: [UInt8], named name: String) throws(ArrayFileError)
    -> NumericArray
  {
    let entries = try ArrayFile.read(bytes, named: name).entries
    guard entries.count == 1, let only = entries.first else {
      let names = entries.compactMap(\.name).map { TextPiece.quoted($0.utf8) }
        .joined(separator: ", ")
      throw ArrayFileError(
        "the file holds \(entries.count) arrays\(names.isEmpty ? "" : " (\(names))"); "
          + "it should hold one")
    }
    return only.array
  }
}

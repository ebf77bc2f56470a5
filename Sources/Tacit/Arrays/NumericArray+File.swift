extension NumericArray {
  /// Reads a file that holds one array by its content, and by `name` where content leaves it open:
  /// .npy, .npz, JSON, CSV.
  ///
  /// - Parameters:
  ///   - bytes: of the file, of anyone's making.
  ///   - name: of the file; its ending tells JSON from CSV.
  /// - Throws: `ArrayFileError` for what cannot be read, and for a file that holds more than one
  ///   array.
  public static func read(_ bytes: [UInt8], named name: String) throws(ArrayFileError)
    -> NumericArray
  { try NamedArrays(bytes, named: name).only() }
}

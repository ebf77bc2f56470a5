extension NumericArray {
  /// Reads by content, and by `name` where content leaves it open: .npy, .npz, JSON, CSV.
  ///
  /// - Parameter name: of the file; its ending tells JSON from CSV.
  public static func read(_ bytes: [UInt8], named name: String) throws(ArrayFileError)
    -> NumericArray
  { try NamedArrays(bytes, named: name).only() }
}

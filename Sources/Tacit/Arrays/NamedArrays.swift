/// The arrays of one file: one without a name, or several with names (.npz).
public struct NamedArrays: Sendable, Hashable {
  private let names: [String?]
  private let values: [NumericArray]

  /// One array, for a network with one input.
  public init(_ array: NumericArray) {
    names = [nil]
    values = [array]
  }

  /// Arrays by the names of the network's inputs.
  public init(_ arrays: [(name: String, array: NumericArray)]) {
    names = arrays.map(\.name)
    values = arrays.map(\.array)
  }

  /// Reads .npy, .npz, JSON or CSV by content, and by `name` where content leaves it open.
  public init(_ bytes: [UInt8], named name: String) throws(ArrayFileError) {
    if bytes.starts(with: [0x50, 0x4B]) {
      let entries = try NumPyArchive.read(bytes)
      names = entries.map(\.name)
      values = entries.map(\.array)
    } else {
      names = [nil]
      values = [try NumericArray.read(bytes, named: name)]
    }
  }

  /// The arrays of a network's inputs, in their order: by name where there are several.
  func ordered(_ inputs: [String]) throws(TacitError) -> [NumericArray] {
    if inputs.count == 1, values.count == 1 { return values }
    let listed = inputs.map { "\"\($0)\"" }.joined(separator: ", ")
    guard inputs.count == values.count else {
      throw .input(
        inputs.count == 1
          ? "the file holds \(values.count) arrays; the network takes one, \(listed)"
          : "the network takes \(inputs.count) inputs (\(listed)), the file holds "
            + "\(values.count); save them by name with numpy.savez")
    }
    var result: [NumericArray] = []
    for input in inputs {
      guard let place = names.firstIndex(of: input) else {
        throw .input("the file has no array named \"\(input)\"; the network takes \(listed)")
      }
      result.append(values[place])
    }
    return result
  }
}

/// What a network is given: one array without a name, or several with the names of the network's
/// inputs.
///
/// An array has the shape that the model file gives the input, for one inference, or one row per
/// inference: a first extent that counts them, before that shape or before all its values in a row.
/// Extents of 1 do not matter.
public struct NamedArrays: Sendable, Hashable {
  private let names: [String?]
  private let values: [NumericArray]
  /// Whether the arrays are the inputs in their order, each of them flat.
  private let isEZKL: Bool
  /// What a reader of the file should know, in plain words: which line is a heading.
  public let notes: [String]
  /// What the numbers are taken for.
  public var reading: InputReading

  private init(_ file: ArrayFile, _ reading: InputReading) {
    names = file.entries.map(\.name)
    values = file.entries.map(\.array)
    isEZKL = file.isEZKL
    notes = file.notes
    self.reading = reading
  }

  /// One array, for a network with one input.
  public init(_ array: NumericArray, reading: InputReading = .automatic) {
    self.init(ArrayFile(entries: [(nil, array)]), reading)
  }

  /// Arrays by the names of the network's inputs.
  public init(_ arrays: [(name: String, array: NumericArray)], reading: InputReading = .automatic) {
    self.init(ArrayFile(entries: arrays.map { ($0.name, $0.array) }), reading)
  }

  /// Reads .npy, .npz, JSON or CSV by content, and by `name` where content leaves it open.
  ///
  /// - Parameters:
  ///   - bytes: of the file, of anyone's making.
  ///   - name: of the file; its ending tells JSON from CSV.
  ///   - reading: what the numbers are taken for.
  /// - Throws: `ArrayFileError`, with the place in the file where it is known.
  /// - Complexity: linear in the file; for a compressed one, in what its size allows it to become.
  public init(
    _ bytes: [UInt8], named name: String, reading: InputReading = .automatic
  ) throws(ArrayFileError) {
    self.init(try ArrayFile.read(bytes, named: name), reading)
  }

  /// Each array with its name, in order; nil for one without.
  public var arrays: [(name: String?, array: NumericArray)] {
    zip(names, values).map { (name: $0, array: $1) }
  }

  /// The array of a name; nil where there is none.
  public subscript(name: String) -> NumericArray? {
    names.firstIndex(of: name).map { values[$0] }
  }

  /// The array of a file that holds one.
  ///
  /// - Throws: `ArrayFileError` of kind `arrays` for a file that holds more.
  public func only() throws(ArrayFileError) -> NumericArray {
    guard values.count == 1 else {
      let listed = names.compactMap(\.self).map { TextPiece.quoted($0.utf8) }
        .joined(separator: ", ")
      throw ArrayFileError(
        .arrays,
        "the file holds \(values.count) arrays\(listed.isEmpty ? "" : " (\(listed))"); "
          + "it should hold one")
    }
    return values[0]
  }

  /// An input's array, and its name in the file where that is another than the input's.
  typealias Given = (array: NumericArray, name: String?)

  /// The arrays of a network's inputs, in their order: by name where there are several.
  func ordered(_ inputs: [(name: String, shape: [Int])]) throws(InputFault) -> [Given] {
    if isEZKL {
      guard inputs.count == values.count else {
        throw .listCount(given: values.count, inputs: inputs.map(\.name))
      }
      return zip(inputs, values).map { ($1.shaped(as: $0.shape), nil) }
    }
    if inputs.count == 1, values.count == 1 {
      return [(values[0], names[0] == inputs[0].name ? nil : names[0])]
    }
    guard inputs.count == values.count else {
      throw .arrayCount(given: values.count, inputs: inputs.map(\.name))
    }
    var result: [Given] = []
    for input in inputs {
      guard let place = names.firstIndex(of: input.name) else {
        throw .missingArray(input: input.name, inputs: inputs.map(\.name))
      }
      result.append((values[place], nil))
    }
    return result
  }
}

extension NumericArray {
  /// A flat list in the shape that its network gives it, where it has as many values.
  fileprivate func shaped(as shape: [Int]) -> NumericArray {
    guard self.shape.count == 1,
      let shaped = try? NumericArray(shape: shape, element: element, values: values)
    else { return self }
    return shaped
  }
}

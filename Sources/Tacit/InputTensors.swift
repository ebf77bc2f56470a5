import ConstraintSystem
import Model
import TacitVerifier

/// Arrays from a file, made into the integers that a network takes.
struct InputTensors {
  let ports: [TensorPort]

  /// The integers of each inference, zero points included, per port: arrays of a port's shape, or with
  /// a first extent that counts inferences.
  func batch(_ inputs: NamedArrays) throws(TacitError) -> [[[Int64]]] {
    var rows: [[[Int64]]] = []
    for (port, array) in zip(ports, try inputs.ordered(ports.map(\.name))) {
      let samples = try Self.rows(array, of: port.shape, named: port.name)
      if rows.isEmpty { rows = samples.map { _ in [] } }
      guard rows.count == samples.count else {
        throw .input(
          "\(Self.place(port)) has \(samples.count) rows where another input has \(rows.count)")
      }
      for (index, sample) in samples.enumerated() {
        rows[index].append(try Self.integers(sample, port))
      }
    }
    return rows
  }

  /// An array's inferences: along its first extent, or the whole of it when it is one.
  static func rows(
    _ array: NumericArray, of shape: [Int], named name: String
  ) throws(TacitError) -> [NumericArray] {
    if squeezed(array.shape) == squeezed(shape) { return [array] }
    let count = shape.reduce(1, *)
    guard let rows = array.shape.first, rows > 0, count > 0, array.count.isMultiple(of: count),
      array.count / count == rows,
      array.shape.count == 2 || squeezed(Array(array.shape.dropFirst())) == squeezed(shape)
    else {
      throw .input(
        "\"\(name)\" has shape \(shape), the file's array has \(array.shape); "
          + "give one row of \(count) values per inference")
    }
    return (0..<rows).compactMap { row in
      let places = row * count..<(row + 1) * count
      let values: NumericArray.Values =
        switch array.values {
        case .real(let values): .real(Array(values[places]))
        case .integer(let values): .integer(Array(values[places]))
        }
      return try? NumericArray(shape: shape, element: array.element, values: values)
    }
  }

  /// Extents of one change no order of values.
  private static func squeezed(_ shape: [Int]) -> [Int] { shape.filter { $0 != 1 } }

  private static func place(_ port: TensorPort) -> String { "input \"\(port.name)\"" }

  /// Reals are quantized where the model itself takes reals; integers of the quantized type are
  /// taken as they are.
  private static func integers(_ array: NumericArray, _ port: TensorPort) throws(TacitError)
    -> [Int64]
  {
    let range = port.type.range
    let isQuantized = array.element.rawValue == port.type.rawValue
    if port.modelType == .float32, !isQuantized { return try quantized(array, port, range) }
    guard let integers = array.integers else {
      throw .input(
        "\(place(port)) takes \(port.type) integers (real = \(Float(port.scale)) · (integer − "
          + "\(port.zeroPoint))), the file holds \(array.element.rawValue)")
    }
    if let outside = integers.firstIndex(where: { !range.contains($0) }) {
      throw .input(
        "\(place(port)) holds \(integers[outside]) at \(Layout.position(outside, in: port.shape)); "
          + "\(port.type) holds \(range.lowerBound) to \(range.upperBound)")
    }
    return integers
  }

  private static func quantized(
    _ array: NumericArray, _ port: TensorPort, _ range: ClosedRange<Int64>
  ) throws(TacitError) -> [Int64] {
    switch array.element {
    case .float32, .float64, .int64: break
    case .int8, .uint8, .int16, .int32:
      throw .input(
        "\(place(port)) takes float32, or \(port.type) that is quantized already; "
          + "the file holds \(array.element.rawValue)")
    }
    let affine = Affine(
      scale: Float(port.scale), zeroPoint: port.zeroPoint, range: range)
    var result: [Int64] = []
    result.reserveCapacity(array.count)
    for (index, real) in array.reals.enumerated() {
      guard real.isFinite, let integer = affine.quantize(real) else {
        throw .input(
          "\(place(port)) holds \(real) at \(Layout.position(index, in: port.shape))")
      }
      result.append(integer)
    }
    return result
  }
}

extension TensorType {
  /// The integers of the type; all 64-bit ones for a float.
  var range: ClosedRange<Int64> {
    switch self {
    case .int8: Int64(Int8.min)...Int64(Int8.max)
    case .uint8: 0...Int64(UInt8.max)
    case .int16: Int64(Int16.min)...Int64(Int16.max)
    case .int32: Int64(Int32.min)...Int64(Int32.max)
    case .int64, .float32: Int64.min...Int64.max
    }
  }
}

import ConstraintSystem
import Model
import TacitVerifier

/// Arrays from a file, made into the integers that a network takes.
struct InputTensors {
  let ports: [TensorPort]

  /// The integers of inferences: per input those of all of them, one after the other.
  struct Batch {
    let count: Int
    let integers: [RuntimeIntegers]

    /// A batch of one of them.
    func inference(_ place: Int) -> Batch {
      Batch(
        count: 1,
        integers: integers.map { all in
          let size = all.count / max(1, count)
          return RuntimeIntegers(Array(all.values[place * size..<(place + 1) * size]))
        })
    }
  }

  /// Of arrays of a port's shape, or with a first extent that counts inferences.
  func batch(_ inputs: NamedArrays) throws(InputFault) -> Batch { try read(inputs).batch }

  /// How `batch` reads them.
  func reports(_ inputs: NamedArrays) throws(InputFault) -> [InputReport] {
    try read(inputs).reports
  }

  private func read(
    _ inputs: NamedArrays
  ) throws(InputFault) -> (batch: Batch, reports: [InputReport]) {
    var count: Int?
    var all: [RuntimeIntegers] = []
    var reports: [InputReport] = []
    let arrays = try inputs.ordered(ports.map { ($0.name, $0.shape) })
    for (port, (array, name)) in zip(ports, arrays) {
      let rows = try Self.inferences(array, of: port.shape, named: port.name)
      guard count ?? rows == rows else {
        throw .inferenceCounts(input: port.name, inferences: rows, others: count ?? 0)
      }
      count = rows
      let (integers, clamped) = try Self.integers(array, port, inputs.reading)
      all.append(RuntimeIntegers(integers))
      reports.append(
        InputReport(
          name: port.name, arrayName: name, meaning: Self.meaning(port, inputs.reading),
          values: array.count, raised: clamped.raised, lowered: clamped.lowered))
    }
    return (Batch(count: count ?? 0, integers: all), reports)
  }

  /// How many inferences arrays hold, which are not read for it.
  func inferences(_ inputs: NamedArrays) throws(InputFault) -> Int {
    let arrays = try inputs.ordered(ports.map { ($0.name, $0.shape) })
    guard let port = ports.first, let first = arrays.first else { return 1 }
    return try Self.inferences(first.array, of: port.shape, named: port.name)
  }

  /// How many inferences an array holds: as many as its first extent says, or one when it is one
  /// inference's whole.
  static func inferences(
    _ array: NumericArray, of shape: [Int], named name: String
  ) throws(InputFault) -> Int {
    if squeezed(array.shape) == squeezed(shape) { return 1 }
    let count = shape.reduce(1, *)
    guard let rows = array.shape.first, rows > 0, count > 0, array.count.isMultiple(of: count),
      array.count / count == rows,
      array.shape.count == 2 || squeezed(Array(array.shape.dropFirst())) == squeezed(shape)
    else {
      throw .shape(input: name, expected: shape, given: array.shape)
    }
    return rows
  }

  /// Extents of one change no order of values.
  private static func squeezed(_ shape: [Int]) -> [Int] { shape.filter { $0 != 1 } }

  private static func meaning(_ port: TensorPort, _ reading: InputReading) -> InputReport.Meaning {
    if port.type == .float32 { return .reals }
    guard reading.takesReals(of: port.modelType) else { return .integers(port.type) }
    let range = port.range
    return .quantized(
      port.type, scale: port.scale, zeroPoint: port.zeroPoint,
      reach: port.real(range.lowerBound)...port.real(range.upperBound))
  }

  /// How many values were made the lowest and the highest that there are.
  private typealias Clamped = (raised: Int, lowered: Int)

  private static func integers(
    _ array: NumericArray, _ port: TensorPort, _ reading: InputReading
  ) throws(InputFault) -> ([Int64], Clamped) {
    if port.type == .float32 { return (try patterns(array, port), (0, 0)) }
    if reading.takesReals(of: port.modelType) { return try quantized(array, port) }
    let integers = try wholes(array, port)
    let range = port.type.range
    if let outside = integers.firstIndex(where: { !range.contains($0) }) {
      throw .outOfRange(
        input: port.name, at: ElementPlace(outside, in: port.shape), value: integers[outside],
        type: port.type)
    }
    return (integers, (0, 0))
  }

  /// Integers, however they are stored.
  private static func wholes(
    _ array: NumericArray, _ port: TensorPort
  ) throws(InputFault) -> [Int64] {
    switch array.values {
    case .integer(let values): return values
    case .real(let values):
      var integers: [Int64] = []
      integers.reserveCapacity(values.count)
      for (index, value) in values.enumerated() {
        guard let integer = Int64(exactly: value) else {
          throw .notAnInteger(
            input: port.name, at: ElementPlace(index, in: port.shape), value: value,
            type: port.type, scale: port.scale, zeroPoint: port.zeroPoint)
        }
        integers.append(integer)
      }
      return integers
    }
  }

  private static func quantized(
    _ array: NumericArray, _ port: TensorPort
  ) throws(InputFault) -> ([Int64], Clamped) {
    let range = port.range
    let affine = AffineQuantization(
      scale: Float(port.scale), zeroPoint: port.zeroPoint, range: range)
    var clamped: Clamped = (0, 0)
    var result: [Int64] = []
    result.reserveCapacity(array.count)
    for (index, real) in array.reals.enumerated() {
      guard real.isFinite, let integer = affine.quantize(real) else {
        throw notFinite(array, index, port)
      }
      if integer == range.lowerBound, affine.isBelow(real) { clamped.raised += 1 }
      if integer == range.upperBound, affine.isAbove(real) { clamped.lowered += 1 }
      result.append(integer)
    }
    return (result, clamped)
  }

  /// What a port of floats holds: their patterns, in single precision.
  private static func patterns(
    _ array: NumericArray, _ port: TensorPort
  ) throws(InputFault) -> [Int64] {
    let reals = array.reals
    if let index = reals.firstIndex(where: { !$0.isFinite }) { throw notFinite(array, index, port) }
    return reals.map { Int64(Int32(bitPattern: $0.bitPattern)) }
  }

  /// With the value as the file has it, which may be more than single precision holds.
  private static func notFinite(
    _ array: NumericArray, _ index: Int, _ port: TensorPort
  ) -> InputFault {
    let held =
      switch array.values {
      case .real(let values): values[index]
      case .integer(let values): Double(values[index])
      }
    return .notFinite(input: port.name, at: ElementPlace(index, in: port.shape), value: held)
  }
}

extension TensorType {
  /// The integers of the type; all 64-bit ones for a float.
  var range: ClosedRange<Int64> {
    ElementType.allCases.first { TensorType($0) == self }?.range ?? Int64.min...Int64.max
  }
}

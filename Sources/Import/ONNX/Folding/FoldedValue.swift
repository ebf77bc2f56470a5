import ConstraintSystem
import Model

/// A constant of any type that ONNX computes with, as the nodes that compute with constants see it.
struct FoldedValue {
  var type: DataType
  var shape: [Int]
  /// Reals of double precision stand rounded here.
  private(set) var constant: Constant
  /// Of double precision, as they are.
  private(set) var doubles: [Double]?

  var count: Int { shape.reduce(1, *) }

  init(_ type: DataType, _ shape: [Int], integers: [Int64]) {
    (self.type, self.shape, constant) = (type, shape, .integer(integers))
  }

  /// Of reals, rounded to the type.
  init(_ type: DataType, _ shape: [Int], reals: [Double]) {
    self.init(type, shape, exactly: reals.map { type.rounded($0) })
  }

  /// Of reals that the type holds.
  init(_ type: DataType, _ shape: [Int], exactly reals: [Double]) {
    (self.type, self.shape) = (type, shape)
    constant = .real(reals.map { Float($0) })
    doubles = type == .double ? reals : nil
  }

  init(_ type: DataType, _ shape: [Int], _ constant: Constant, doubles: [Double]? = nil) {
    (self.type, self.shape, self.constant, self.doubles) = (type, shape, constant, doubles)
  }

  /// A list of integers, or one.
  static func list(_ shape: [Int], _ values: [Int64]) -> FoldedValue {
    FoldedValue(.int64, shape, integers: values)
  }

  static func truth(_ shape: [Int], _ values: [Bool]) -> FoldedValue {
    FoldedValue(.bool, shape, integers: values.map { $0 ? 1 : 0 })
  }

  /// Nil where it holds reals.
  var integers: [Int64]? {
    if case .integer(let values) = constant { values } else { nil }
  }

  /// Nil where it holds integers.
  var reals: [Double]? {
    guard case .real(let values) = constant else { return nil }
    return doubles ?? values.map { Double($0) }
  }

  /// The value of its cells, by index, under other extents; zero for an index below zero.
  func picked(_ shape: [Int], _ cells: [Int]) -> FoldedValue {
    var result = self
    result.shape = shape
    switch constant {
    case .real(let values): result.constant = .real(cells.map { $0 < 0 ? 0 : values[$0] })
    case .integer(let values): result.constant = .integer(cells.map { $0 < 0 ? 0 : values[$0] })
    }
    if let doubles { result.doubles = cells.map { $0 < 0 ? 0 : doubles[$0] } }
    return result
  }
}

extension ONNXGraph {
  /// A constant that no scale belongs to; nil for what else there is.
  func value(_ index: Int) -> FoldedValue? {
    let tensor = tensors[index]
    guard tensor.quantization == nil, let constant = tensor.constant else { return nil }
    return FoldedValue(
      types[index] ?? DataType(tensor.type), tensor.shape, constant, doubles: doubles[index])
  }

  /// Makes a tensor the constant that its node computes.
  mutating func settle(_ index: Int, _ value: FoldedValue) {
    tensors[index].shape = value.shape
    tensors[index].type = value.type.constantElement ?? .int64
    tensors[index].constant = value.constant
    types[index] = value.type == DataType(tensors[index].type) ? nil : value.type
    doubles[index] = value.doubles
  }
}

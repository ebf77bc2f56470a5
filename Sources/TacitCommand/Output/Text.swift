/// Numbers as people read them.
enum Text {
  /// With thousands separated.
  static func count(_ value: Int) -> String {
    var digits = "\(value.magnitude)"
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  static func bytes(_ count: Int) -> String { "\(Self.count(count)) bytes" }

  /// Three digits and a unit, as people say it.
  static func short(_ count: Int) -> String {
    let size = Double(count.magnitude)
    switch size {
    case ..<10_000: return Self.count(count)
    case ..<999_500: return scaled(Double(count) / 1e3) + " k"
    default: return scaled(Double(count) / 1e6) + " M"
    }
  }

  /// In KB or MB of 1,000.
  static func size(_ bytes: Int) -> String {
    bytes < 1_000_000 ? scaled(Double(bytes) / 1e3) + " KB" : scaled(Double(bytes) / 1e6) + " MB"
  }

  static func time(_ milliseconds: Double) -> String {
    milliseconds < 1000 ? scaled(milliseconds) + " ms" : scaled(milliseconds / 1000) + " s"
  }

  private static func scaled(_ value: Double) -> String {
    decimal(value, value >= 100 ? 0 : value >= 10 ? 1 : 2)
  }

  /// With as many decimals, never in scientific form for what people measure.
  static func decimal(_ value: Double, _ places: Int) -> String {
    let power = (0..<places).reduce(1.0) { result, _ in result * 10 }
    let scaled = (value * power).rounded()
    guard scaled.isFinite, abs(scaled) < 0x1p53 else { return "\(value)" }
    let whole = Int64(scaled)
    guard places > 0 else { return "\(whole)" }
    var digits = "\(whole.magnitude)"
    while digits.count <= places { digits = "0" + digits }
    let split = digits.index(digits.endIndex, offsetBy: -places)
    return (whole < 0 ? "-" : "") + digits[..<split] + "." + digits[split...]
  }

  static func milliseconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    return decimal(Double(seconds) * 1000 + Double(attoseconds) * 1e-15, 1) + " ms"
  }

  static func percent(_ share: Double) -> String { decimal(share * 100, 1) + " %" }

  /// What real an integer stands for.
  static func reals(scale: Double, zeroPoint: Int64) -> String {
    switch zeroPoint {
    case 0: "\(Float(scale)) · integer"
    case ..<0: "\(Float(scale)) · (integer + \(zeroPoint.magnitude))"
    default: "\(Float(scale)) · (integer − \(zeroPoint))"
    }
  }

  /// Of a whole; what there is of it is never shown as nothing.
  static func share(_ share: Double) -> String {
    share > 0 && share < 0.0005 ? "< 0.1 %" : percent(share)
  }

  static func shape(_ shape: [Int]) -> String {
    "[" + shape.map(String.init).joined(separator: ", ") + "]"
  }

  /// A word for each of the first few values; of millions no more are made.
  static func list<Value>(
    _ values: [Value], limit: Int = 16, _ word: (Value) -> String
  ) -> String {
    let shown = values.prefix(limit).map(word).joined(separator: " ")
    return values.count > limit ? "\(shown) … (\(count(values.count)) values)" : shown
  }

  static func list(_ words: [String], limit: Int = 16) -> String {
    list(words, limit: limit) { $0 }
  }

  /// Four significant digits, as a reader compares them.
  static func real(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    let size = abs(value)
    if size >= 1000 { return decimal(value, 0) }
    if size >= 0.0001 { return decimal(value, size >= 10 ? 2 : size >= 1 ? 3 : 4) }
    return "\(Float(value))"
  }
}

import Foundation

/// The most that counts and bytes may come to, so that a change that costs more is seen. Times are
/// reported, never judged: they are the machine's as much as ours.
struct Thresholds {
  private let most: [String: [String: Double]]

  init(_ url: URL) throws {
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    most = (object as? [String: [String: Double]]) ?? [:]
  }

  /// What a model's line passes, in words.
  func passed(by result: [String: Any], of model: String) -> [String] {
    (most[model] ?? [:]).sorted { $0.key < $1.key }.compactMap { key, most in
      guard let value = (result[key] as? NSNumber)?.doubleValue else {
        return "\(model): \(key) was not measured"
      }
      return value > most ? "\(model): \(key) is \(Int(value)), at most \(Int(most))" : nil
    }
  }
}

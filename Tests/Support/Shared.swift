public import Foundation

/// Files that stand beside a checkout and are never part of it: models and vectors of other people.
public enum Shared {
  /// `../shared`, or nil on a machine that lacks it; tests that need it are `.enabled(if:)` on this.
  public static let folder: URL? = {
    let url = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("shared")
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }()

  public static let isPresent = folder != nil

  /// The bytes of a file below `../shared`.
  public static func bytes(_ path: String) throws -> [UInt8] {
    guard let folder else { throw CocoaError(.fileNoSuchFile) }
    return [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
  }
}

/// `Tests/Vectors/…`: committed vectors, each with its origin beside it.
public enum Vectors {
  public static func url(_ path: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Vectors").appendingPathComponent(path)
  }

  public static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: url(path)))
  }
}

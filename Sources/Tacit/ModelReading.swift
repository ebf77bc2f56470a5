import Import

/// What a model file does not say by itself: extents that it leaves open, and what lies in files beside it.
public struct ModelReading: Sendable {
  /// Extents of inputs, batch included, by the inputs' names. A first extent that the file leaves open is read as
  /// one; other open extents have to be here.
  public var shapes: [String: [Int]]
  /// The files beside an ONNX model, where it may keep its weights; nil for a model that comes alone.
  public var folder: ModelFolder?

  /// - Parameters:
  ///   - shapes: extents of inputs by the inputs' names.
  ///   - folder: the files beside the model.
  public init(shapes: [String: [Int]] = [:], folder: ModelFolder? = nil) {
    self.shapes = shapes
    self.folder = folder
  }

  var options: ReaderOptions { ReaderOptions(shapes: shapes, companions: folder?.files) }
}

/// The folder that a model lies in. Of its files those are read that the model names for its weights, no more of
/// them than it asks for, and none that a link leads to.
public struct ModelFolder: Sendable {
  let files: any CompanionFiles

  /// A folder of this machine.
  ///
  /// - Parameter path: of the folder.
  public init(path: String) { files = DiskFolder(path: path) }

  /// Files that are in memory already.
  ///
  /// - Parameter files: by their names relative to the model, folders before a slash.
  public init(files: [String: [UInt8]]) { self.files = MemoryFolder(files: files) }
}

private struct MemoryFolder: CompanionFiles {
  let files: [String: [UInt8]]

  private func file(_ path: [String]) throws(CompanionFault) -> [UInt8] {
    guard let file = files[path.joined(separator: "/")] else { throw .missing }
    return file
  }

  func size(of path: [String]) throws(CompanionFault) -> Int { try file(path).count }

  func bytes(of path: [String], in range: Range<Int>) throws(CompanionFault) -> [UInt8] {
    let file = try file(path)
    guard range.upperBound <= file.count else { throw .unreadable("it ends too early") }
    return Array(file[range])
  }
}

/// What a reader is told beside the bytes of a model file.
package struct ReaderOptions: Sendable {
  /// Extents of inputs that the file leaves open, by the inputs' names.
  package var shapes: [String: [Int]]
  /// The files beside the model; nil where it came alone.
  package var companions: (any CompanionFiles)?

  package init(shapes: [String: [Int]] = [:], companions: (any CompanionFiles)? = nil) {
    self.shapes = shapes
    self.companions = companions
  }
}

/// The files beside a model, which may keep its weights. Whoever reads a model from a folder supplies them.
package protocol CompanionFiles: Sendable {
  /// How many bytes a file has.
  ///
  /// - Parameter path: names of folders and at the end of a file, none of which leads out of the model's
  ///   folder by itself.
  func size(of path: [String]) throws(CompanionFault) -> Int

  /// Some of a file's bytes.
  ///
  /// - Parameter range: within the file's size.
  func bytes(of path: [String], in range: Range<Int>) throws(CompanionFault) -> [UInt8]
}

/// Why a file beside a model cannot be read.
package enum CompanionFault: Error, Equatable, Sendable {
  case missing
  /// A link may lead anywhere.
  case isLink
  case isNoFile
  /// In the system's words.
  case unreadable(String)
}

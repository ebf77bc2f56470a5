import Foundation

/// Files that a verb writes: all of them appear whole, or none.
struct OutputFiles {
  struct Target {
    var path: String
    /// Permissions: 0o600 for what is secret.
    var mode: mode_t = 0o644
  }
  private let targets: [Target]
  private let replaces: Bool

  /// Refuses before any work what could not be written after it.
  ///
  /// - Parameter force: replaces files that exist.
  init(_ targets: [Target], force: Bool) throws(CommandError) {
    self.targets = targets
    replaces = force
    for target in targets {
      let folder = Self.folder(of: target.path)
      guard let kind = Self.kind(of: folder) else {
        throw .unwritable(path: target.path, reason: "there is no folder \(folder)")
      }
      guard kind == S_IFDIR else {
        throw .unwritable(path: target.path, reason: "\(folder) is not a folder")
      }
      guard unsafe access(folder, W_OK | X_OK) == 0 else {
        throw .unwritable(
          path: target.path, reason: "\(folder): \(InputFile.systemMessage())")
      }
      switch Self.kind(of: target.path) {
      case nil: break
      case S_IFDIR: throw .unwritable(path: target.path, reason: "it is a folder")
      default: if !force { throw .exists(path: target.path) }
      }
    }
  }

  init(_ path: String, force: Bool) throws(CommandError) {
    try self.init([Target(path: path)], force: force)
  }

  /// Writes each file beside its place, then moves all into place.
  func write(_ contents: [[UInt8]]) throws(CommandError) {
    var temporaries: [String] = []
    defer { for path in temporaries { unsafe unlink(path) } }
    for (target, bytes) in zip(targets, contents) {
      let temporary =
        Self.folder(of: target.path) + "/.tacit-\(getpid())-\(temporaries.count).part"
      temporaries.append(temporary)
      try Self.write(bytes, to: temporary, for: target)
    }
    var placed: [String] = []
    do throws(CommandError) {
      for (target, temporary) in zip(targets, temporaries) {
        try place(temporary, at: target.path)
        placed.append(target.path)
      }
    } catch {
      if !replaces { for path in placed { unsafe unlink(path) } }
      throw error
    }
  }

  private func place(_ temporary: String, at path: String) throws(CommandError) {
    if !replaces {
      // Unlike a rename, a link never replaces a file that came to be in the meantime.
      if unsafe link(temporary, path) == 0 { return }
      if errno == EEXIST { throw .exists(path: path) }
    }
    guard unsafe rename(temporary, path) == 0 else {
      throw .unwritable(path: path, reason: InputFile.systemMessage())
    }
  }

  private static func write(
    _ bytes: [UInt8], to path: String, for target: Target
  ) throws(CommandError) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL, target.mode)
    guard file >= 0 else {
      throw .unwritable(path: target.path, reason: InputFile.systemMessage())
    }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      // SAFETY: writes at most as many bytes as the slice has.
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe Foundation.write(file, buffer.baseAddress, buffer.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw .unwritable(path: target.path, reason: InputFile.systemMessage())
      }
      rest = rest.dropFirst(count)
    }
    guard fsync(file) == 0 else {
      throw .unwritable(path: target.path, reason: InputFile.systemMessage())
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The file type bits; nil where there is nothing.
  private static func kind(of path: String) -> mode_t? {
    var information = stat()
    guard unsafe stat(path, &information) == 0 else { return nil }
    return information.st_mode & S_IFMT
  }
}

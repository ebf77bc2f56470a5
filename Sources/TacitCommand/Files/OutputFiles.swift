import ConstraintSystem
import Platform

/// Files that a verb writes: all of them appear whole, or none.
struct OutputFiles {
  struct Target {
    var path: String
    var holds: OutputKind

    /// Permissions: the owner's alone for what is secret.
    fileprivate var mode: mode_t { holds == .prover || holds == .opening ? 0o600 : 0o644 }
  }
  private let targets: [Target]
  /// What the verb reads: no output may be one of them, by whatever name.
  private let inputs: [FileIdentity]
  private let replaces: Bool

  /// Refuses before any work what could not be written after it.
  ///
  /// - Parameters:
  ///   - inputs: paths that the verb reads.
  ///   - force: replaces files that exist and hold what the verb writes; never one that holds
  ///     something else.
  init(_ targets: [Target], reading inputs: [String], force: Bool) throws(CommandError) {
    self.targets = targets
    self.inputs = inputs.compactMap { FileIdentity($0) }
    replaces = force
    try check()
    // Two names of one place: what is written second would replace the first.
    let places = targets.map { (FileIdentity(folder(of: $0.path)), fileName(of: $0.path)) }
    for (index, target) in targets.enumerated() {
      let isRepeated = places[..<index].contains { $0 == places[index] }
      let identity = FileIdentity(target.path)
      let isLinked = targets[..<index].contains {
        identity != nil && FileIdentity($0.path) == identity
      }
      guard !isRepeated, !isLinked else {
        throw .unwritable(path: target.path, reason: "another output goes there")
      }
    }
  }

  init(
    _ path: String, holds: OutputKind, reading inputs: [String], force: Bool
  ) throws(CommandError) {
    try self.init([Target(path: path, holds: holds)], reading: inputs, force: force)
  }

  private func check() throws(CommandError) {
    for target in targets {
      guard !target.path.isEmpty else {
        throw .usage("the name of an output is empty; name the file to write")
      }
      let folder = folder(of: target.path)
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
      guard let kind = Self.kind(of: target.path) else { continue }
      if let identity = FileIdentity(target.path), inputs.contains(identity) {
        throw .isInput(path: target.path)
      }
      guard kind != S_IFDIR else { throw .unwritable(path: target.path, reason: "it is a folder") }
      guard kind == S_IFREG else {
        throw .unwritable(path: target.path, reason: "it is a device or a pipe, not a file")
      }
      let head = try Self.head(of: target.path)
      // An empty file, as mktemp makes it, holds nothing that could be lost.
      guard head.isEmpty || target.holds.isBegun(by: head) else {
        throw .otherKind(
          path: target.path, holds: OutputKind.description(of: head), wanted: target.holds)
      }
      guard replaces else { throw .exists(path: target.path) }
    }
  }

  /// Writes each file beside its place, then moves all into place.
  ///
  /// While they are moved, their folders are locked, so that of two commands that write the same pair of
  /// keys one comes after the other. Until the last file is in place, those that were there stay beside
  /// them under other names, and take their places again where one cannot be moved. What a crash in
  /// between leaves says so: the new prover key's proofs name another model than the old verifier key,
  /// which refuses them, `inspect` shows both ids, and the old files are still there, as
  /// `.tacit-….old`.
  func write(_ contents: [[UInt8]]) throws(CommandError) {
    // No two processes of one machine, or of two that share a folder, choose the same.
    let mark = String(UInt64.random(in: 0 ... .max), radix: 36)
    func beside(_ index: Int, _ ending: String) -> String {
      folder(of: targets[index].path) + "/.tacit-\(mark)-\(index).\(ending)"
    }
    defer { for index in targets.indices { unsafe unlink(beside(index, "part")) } }
    for (index, bytes) in contents.enumerated() {
      try Self.write(bytes, to: beside(index, "part"), for: targets[index])
    }
    try FolderLock.holding(targets.map { folder(of: $0.path) }) { () throws(CommandError) in
      // Others may have written in the meantime.
      try check()
      var placed: [Int] = []
      do throws(CommandError) {
        for index in targets.indices {
          try place(beside(index, "part"), at: targets[index].path, keeping: beside(index, "old"))
          placed.append(index)
        }
      } catch {
        for index in placed {
          let path = targets[index].path
          if unsafe rename(beside(index, "old"), path) != 0 { unsafe unlink(path) }
        }
        throw error
      }
      for index in placed { unsafe unlink(beside(index, "old")) }
    }
  }

  /// - Parameter old: a name for what stands at `path`, by which it can be put back.
  private func place(
    _ temporary: String, at path: String, keeping old: String
  ) throws(CommandError) {
    if !replaces {
      // Unlike a rename, a link never replaces a file that came to be in the meantime.
      if unsafe link(temporary, path) == 0 { return }
      if errno == EEXIST { throw .exists(path: path) }
    } else if targets.count > 1, unsafe link(path, old) != 0, errno != ENOENT {
      // A file system without links: for a moment there is none at `path`.
      unsafe rename(path, old)
    }
    guard unsafe rename(temporary, path) == 0 else {
      let reason = InputFile.systemMessage()
      // Two names of one file stay two.
      unsafe rename(old, path)
      unsafe unlink(old)
      throw .unwritable(path: path, reason: reason)
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
        unsafe Platform.write(file, buffer.baseAddress, buffer.count)
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

  /// As many bytes as tell what a file holds.
  private static func head(of path: String) throws(CommandError) -> [UInt8] {
    // A pipe that came to be here would keep the reader waiting.
    let file = unsafe open(path, O_RDONLY | O_NONBLOCK)
    guard file >= 0 else { throw .unwritable(path: path, reason: InputFile.systemMessage()) }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 12)
    // SAFETY: reads at most as many bytes as the buffer has.
    let count = unsafe buffer.withUnsafeMutableBytes { buffer in
      unsafe read(file, buffer.baseAddress, buffer.count)
    }
    guard count >= 0 else { throw .unwritable(path: path, reason: InputFile.systemMessage()) }
    return Array(buffer[..<count])
  }

  private func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private func fileName(of path: String) -> Substring {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] }
      ?? path[...]
  }

  /// The file type bits; nil where there is nothing.
  private static func kind(of path: String) -> mode_t? {
    var information = stat()
    guard unsafe stat(path, &information) == 0 else { return nil }
    return information.st_mode & S_IFMT
  }
}

import Platform

/// Lets one command at a time move files into a folder.
enum FolderLock {
  /// - Parameter folders: locked in an order of their own, so that no two commands wait for each other.
  ///   A file system that knows no locks (NFS locks no folder) is written without one.
  static func holding(
    _ folders: [String], _ work: () throws(CommandError) -> Void
  ) throws(CommandError) {
    var files: [Int32] = []
    // Closing gives a lock back.
    defer { for file in files { close(file) } }
    var known: [(path: String, identity: FileIdentity)] = []
    for folder in folders {
      guard let identity = FileIdentity(folder), !known.contains(where: { $0.identity == identity })
      else { continue }
      known.append((folder, identity))
    }
    for (path, _) in known.sorted(by: { $0.identity < $1.identity }) {
      let file = unsafe open(path, O_RDONLY)
      guard file >= 0 else { continue }
      files.append(file)
      while flock(file, LOCK_EX) != 0, errno == EINTR {}
    }
    try work()
    // So that the names outlast a crash as their contents do.
    for file in files { fsync(file) }
  }
}

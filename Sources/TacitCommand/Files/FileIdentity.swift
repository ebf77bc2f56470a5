import Platform

/// What two names of one file have in common, links and other spellings included.
struct FileIdentity: Hashable, Comparable {
  private let device: UInt64
  private let number: UInt64

  /// nil where there is nothing.
  init?(_ path: String) {
    var information = stat()
    guard unsafe stat(path, &information) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: information.st_dev)
    number = UInt64(truncatingIfNeeded: information.st_ino)
  }

  static func < (one: FileIdentity, other: FileIdentity) -> Bool {
    (one.device, one.number) < (other.device, other.number)
  }
}

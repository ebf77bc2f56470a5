import Import
import Platform

/// Files of a folder of this machine. Every name on the way to one is opened by itself and must be no link, so
/// that nothing outside the folder is read whatever a model names.
struct DiskFolder: CompanionFiles {
  let path: String

  func size(of path: [String]) throws(CompanionFault) -> Int {
    let file = try open(path)
    defer { close(file) }
    return try information(of: file).size
  }

  func bytes(of path: [String], in range: Range<Int>) throws(CompanionFault) -> [UInt8] {
    let file = try open(path)
    defer { close(file) }
    guard range.upperBound <= (try information(of: file).size) else {
      throw .unreadable("it ends too early")
    }
    var bytes = [UInt8](repeating: 0, count: range.count)
    var place = 0
    while place < bytes.count {
      // SAFETY: reads at most as many bytes as there are behind `place`.
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(
          file, buffer.baseAddress?.advanced(by: place), buffer.count - place,
          off_t(range.lowerBound + place))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw .unreadable(count == 0 ? "it ends too early" : Self.systemMessage())
      }
      place += count
    }
    return bytes
  }

  private func open(_ path: [String]) throws(CompanionFault) -> Int32 {
    var folder = unsafe Platform.open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw Self.fault() }
    for (place, name) in path.enumerated() {
      // What is no file, such as a pipe, is not waited for.
      let kind = place < path.count - 1 ? O_DIRECTORY : O_NONBLOCK
      let next = unsafe openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind)
      let fault = Self.fault(in: folder, name)
      close(folder)
      guard next >= 0 else { throw fault }
      folder = next
    }
    do throws(CompanionFault) {
      guard try information(of: folder).isFile else { throw CompanionFault.isNoFile }
    } catch {
      close(folder)
      throw error
    }
    return folder
  }

  private func information(
    of file: Int32
  ) throws(CompanionFault) -> (size: Int, isFile: Bool) {
    var information = stat()
    guard unsafe fstat(file, &information) == 0 else { throw Self.fault() }
    return (Int(information.st_size), information.st_mode & S_IFMT == S_IFREG)
  }

  /// What the system's last error says of a name in a folder.
  private static func fault(in folder: Int32, _ name: String) -> CompanionFault {
    let fault = fault()
    var information = stat()
    // Of a link to a folder the error is that it is no folder.
    guard unsafe fstatat(folder, name, &information, AT_SYMLINK_NOFOLLOW) == 0,
      information.st_mode & S_IFMT == S_IFLNK
    else { return fault }
    return .isLink
  }

  private static func fault() -> CompanionFault {
    switch errno {
    case ENOENT: .missing
    case ELOOP: .isLink
    case ENOTDIR: .isNoFile
    default: .unreadable(systemMessage())
    }
  }

  private static func systemMessage() -> String {
    // SAFETY: strerror gives a C string that lives until the next call.
    unsafe String(cString: strerror(errno)).lowercased()
  }
}

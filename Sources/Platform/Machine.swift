/// What the machine has, and what the environment of the process says.
package enum Machine {
  /// Processors in use, at least one.
  package static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Bytes of memory.
  package static var physicalMemory: UInt64 {
    let (pages, page) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    // Where the system does not say, nothing is refused for want of memory.
    guard pages > 0, page > 0 else { return .max }
    return UInt64(pages) * UInt64(page)
  }

  /// The value of a variable of the environment, or nil where it is not set.
  package static func variable(_ name: String) -> String? {
    // SAFETY: what is found ends with a zero and is copied at once.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}

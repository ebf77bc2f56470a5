import Ceremony
import Platform
import Synchronization
import Tacit
import TacitVerifier

/// Files that a user names.
enum InputFile {
  /// More than any model or array that fits the machines this runs on.
  private static let largest = 1 << 31

  static func bytes(_ path: String) throws(CommandError) -> [UInt8] {
    if path == "-" { return try standardInput() }
    let file = unsafe open(path, O_RDONLY)
    guard file >= 0 else { throw .unreadable(path: path, reason: systemMessage()) }
    defer { close(file) }
    var information = stat()
    guard unsafe fstat(file, &information) == 0 else {
      throw .unreadable(path: path, reason: systemMessage())
    }
    guard information.st_mode & S_IFMT != S_IFDIR else {
      throw .unreadable(path: path, reason: "it is a folder; name a file")
    }
    guard information.st_size <= largest else {
      throw .unreadable(path: path, reason: "it has more than \(largest) bytes")
    }
    return try rest(of: file, path, expecting: Int(information.st_size))
  }

  /// How a path is named to people.
  static func name(of path: String) -> String { path == "-" ? "standard input" : path }

  /// Whether `-` was read: a stream gives its bytes once.
  private static let isSpent = Mutex(false)

  private static func standardInput() throws(CommandError) -> [UInt8] {
    let wasSpent = isSpent.withLock { spent in
      defer { spent = true }
      return spent
    }
    guard !wasSpent else {
      throw .unreadable(
        path: name(of: "-"), reason: "- stands for two files, and a stream is read once")
    }
    return try rest(of: STDIN_FILENO, name(of: "-"), expecting: 0)
  }

  private static func rest(
    of file: Int32, _ path: String, expecting count: Int
  ) throws(CommandError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // SAFETY: reads at most as many bytes as the buffer has.
      let count = unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe read(file, buffer.baseAddress, buffer.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable(path: path, reason: systemMessage())
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= largest else {
        throw .unreadable(path: path, reason: "it has more than \(largest) bytes")
      }
    }
  }

  static func arrays(
    _ path: String, as option: ReadingOption? = nil
  ) throws(CommandError) -> NamedArrays {
    let bytes = try bytes(path)
    do throws(ArrayFileError) {
      return try NamedArrays(bytes, named: path, reading: option?.reading ?? .automatic)
    } catch {
      throw .array(path: name(of: path), error)
    }
  }

  /// The array of a file that holds one.
  static func array(_ path: String) throws(CommandError) -> NumericArray {
    let arrays = try arrays(path)
    do throws(ArrayFileError) {
      return try arrays.only()
    } catch {
      throw .array(path: name(of: path), error)
    }
  }

  static func prover(_ path: String) throws(CommandError) -> ModelProver {
    try prover(try bytes(path), name(of: path))
  }

  /// - Parameter name: of what the bytes are of, to people.
  static func prover(_ bytes: [UInt8], _ name: String) throws(CommandError) -> ModelProver {
    do throws(TacitError) {
      return try ModelProver(bytes)
    } catch {
      throw .tacit(path: name, error)
    }
  }

  static func powers(_ path: String) throws(CommandError) -> CeremonyPowers {
    let bytes = try bytes(path)
    do throws(TacitError) {
      return try Console.during("reading \(path)") { () throws(TacitError) in
        try CeremonyPowers(bytes)
      }
    } catch {
      throw .tacit(path: name(of: path), error)
    }
  }

  static func verifier(
    _ path: String, modelID: ModelID? = nil
  ) throws(CommandError) -> ModelVerifier {
    try verifier(try bytes(path), name(of: path), modelID: modelID)
  }

  /// - Parameter name: of what the bytes are of, to people.
  static func verifier(
    _ bytes: [UInt8], _ name: String, modelID: ModelID? = nil
  ) throws(CommandError) -> ModelVerifier {
    do throws(VerificationFailure) {
      return try ModelVerifier(bytes, modelID: modelID)
    } catch {
      throw .verification(key: name, proof: name, error)
    }
  }

  /// Powers from the bytes of a file that `srs` wrote.
  static func powers(_ bytes: [UInt8], _ path: String) throws(CommandError) -> PowersOfTau {
    do throws(CeremonyError) {
      return try PowersOfTau(file: bytes)
    } catch {
      throw .ceremony(path: name(of: path), error)
    }
  }

  /// What the system says of its last error.
  static func systemMessage() -> String {
    // SAFETY: strerror gives a C string that lives until the next call.
    unsafe String(cString: strerror(errno)).lowercased()
  }
}

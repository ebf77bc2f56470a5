extension SHA256 {
  /// The 32 bytes that SHA-256 makes.
  package struct Digest: Hashable, Sendable {
    /// As they lie in memory they are the digest's bytes.
    private let words: SIMD8<UInt32>

    init(state: SIMD8<UInt32>) {
      var words = state
      for lane in words.indices { words[lane] = state[lane].bigEndian }
      self.words = words
    }

    package var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

    package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
      unsafe Swift.withUnsafeBytes(of: words) { unsafe body($0) }
    }
  }
}

extension [UInt8] {
  /// Appends a digest's 32 bytes.
  package mutating func append(_ digest: SHA256.Digest) {
    unsafe digest.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}

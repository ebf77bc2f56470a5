import CZlib

/// The system's zlib.
enum Zlib {
  /// What a deflate stream holds; nil unless that is exactly `count` bytes, and the stream all of
  /// `bytes`. Never takes more memory than that.
  static func inflate(_ bytes: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
    var isWhole = false
    // One byte of room, so that there is an address to give for an empty array.
    let result = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 1)) { output, written in
      let made = unsafe bytes.withUnsafeBufferPointer { input -> Int in
        guard let from = input.baseAddress, let to = output.baseAddress else { return -1 }
        // SAFETY: both buffers are as long as said.
        return unsafe tacit_inflate_raw(from, input.count, to, count)
      }
      isWhole = made == count
      written = max(0, made)
    }
    return isWhole ? result : nil
  }

  static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return 0 }
      // SAFETY: the buffer is as long as said.
      return unsafe tacit_crc32(start, buffer.count)
    }
  }
}

import CKernels
import Compute

extension SHA256 {
  /// Which implementation of the compression function runs. Both give the same results.
  package enum Kernel: Sendable, CaseIterable {
    /// Swift, on any machine.
    case portable
    /// The SHA extensions of x86.
    case extensions

    /// The fastest that this machine has, unless TACIT_KERNELS=portable is set.
    package static let best: Kernel =
      Kernels.mayUseInstructions && tacit_has_sha_extensions() != 0 ? .extensions : .portable

    /// Works the first `count` blocks of 64 bytes into the state.
    func compress(_ state: inout SIMD8<UInt32>, _ blocks: Span<UInt8>, count: Int) {
      precondition(count * SHA256.blockBytes <= blocks.count, "there are as many blocks")
      unsafe blocks.withUnsafeBufferPointer { blocks in
        unsafe withUnsafeMutableBytes(of: &state) { state in
          let words = unsafe state.assumingMemoryBound(to: UInt32.self)
          unsafe SHA256.constants.withUnsafeBufferPointer { constants in
            switch self {
            case .portable:
              unsafe SHA256.compress(words, UnsafeRawBufferPointer(blocks), count: count, constants)
            case .extensions:
              // SAFETY: eight words, `count` blocks and 64 constants, as the kernel wants them.
              unsafe tacit_sha256_blocks(
                words.baseAddress, blocks.baseAddress, count,
                constants.baseAddress)
            }
          }
        }
      }
    }

    /// Works one block into the state where it lies: no copy of it is made.
    func compress(_ state: inout SIMD8<UInt32>, block: inout SIMD64<UInt8>) {
      unsafe withUnsafeMutableBytes(of: &block) { bytes in
        compress(&state, unsafe bytes.assumingMemoryBound(to: UInt8.self).span, count: 1)
      }
    }
  }

  /// The portable compression function [FIPS180, §6.2.2].
  private static func compress(
    _ state: UnsafeMutableBufferPointer<UInt32>, _ blocks: UnsafeRawBufferPointer, count: Int,
    _ k: UnsafeBufferPointer<UInt32>
  ) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
      for block in 0..<count {
        for t in 0..<16 {
          let word = unsafe blocks.loadUnaligned(
            fromByteOffset: blockBytes * block + 4 * t, as: UInt32.self)
          unsafe w.initializeElement(at: t, to: UInt32(bigEndian: word))
        }
        for t in 16..<64 {
          let (early, late) = unsafe (w[t - 15], w[t - 2])
          let sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >> 3)
          let sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >> 10)
          let word = unsafe sigma1 &+ w[t - 7] &+ sigma0 &+ w[t - 16]
          unsafe w.initializeElement(at: t, to: word)
        }
        var (a, b, c, d) = unsafe (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = unsafe (state[4], state[5], state[6], state[7])
        for t in stride(from: 0, to: 64, by: 8) {
          // Eight steps move every letter once around.
          unsafe step(a, b, c, &d, e, f, g, &h, k[t] &+ w[t])
          unsafe step(h, a, b, &c, d, e, f, &g, k[t + 1] &+ w[t + 1])
          unsafe step(g, h, a, &b, c, d, e, &f, k[t + 2] &+ w[t + 2])
          unsafe step(f, g, h, &a, b, c, d, &e, k[t + 3] &+ w[t + 3])
          unsafe step(e, f, g, &h, a, b, c, &d, k[t + 4] &+ w[t + 4])
          unsafe step(d, e, f, &g, h, a, b, &c, k[t + 5] &+ w[t + 5])
          unsafe step(c, d, e, &f, g, h, a, &b, k[t + 6] &+ w[t + 6])
          unsafe step(b, c, d, &e, f, g, h, &a, k[t + 7] &+ w[t + 7])
        }
        unsafe (state[0], state[1]) = (state[0] &+ a, state[1] &+ b)
        unsafe (state[2], state[3]) = (state[2] &+ c, state[3] &+ d)
        unsafe (state[4], state[5]) = (state[4] &+ e, state[5] &+ f)
        unsafe (state[6], state[7]) = (state[6] &+ g, state[7] &+ h)
      }
      // What was hashed may be secret.
      unsafe tacit_erase(w.baseAddress, MemoryLayout<UInt32>.stride * w.count)
    }
  }

  /// One of the 64 steps, without the change of letters: the new a is left in `h`, the new e in `d`.
  @inline(__always)
  private static func step(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32,
    _ g: UInt32, _ h: inout UInt32, _ input: UInt32
  ) {
    let sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    let sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
    h = h &+ sum1 &+ ((e & f) ^ (~e & g)) &+ input
    d = d &+ h
    h = h &+ sum0 &+ ((a & b) ^ (a & c) ^ (b & c))
  }

  @inline(__always)
  private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word &>> bits | word &<< (32 &- bits)
  }

  /// K of §4.2.2.
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}

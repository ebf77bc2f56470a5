import CKernels
import Foundation

/// Which implementation of the batch loops runs. All give the same results.
package enum Kernels: Sendable {
  /// Swift, on any machine.
  case portable
  /// AVX-512 with 52-bit multiply-add.
  case ifma

  /// The fastest that this machine has, unless TACIT_KERNELS=portable is set.
  package static let best: Kernels =
    ProcessInfo.processInfo.environment["TACIT_KERNELS"] != "portable" && tacit_has_ifma() != 0
    ? .ifma : .portable
}

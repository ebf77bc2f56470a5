import CKernels
import Platform

/// Which implementation of the batch loops runs. All give the same results.
package enum Kernels: Sendable {
  /// Swift, on any machine.
  case portable
  /// AVX-512 with 52-bit multiply-add.
  case ifma

  /// The fastest that this machine has, unless TACIT_KERNELS=portable is set.
  package static let best: Kernels =
    mayUseInstructions && tacit_has_ifma() != 0 ? .ifma : .portable

  /// Whether instructions may be used that not every machine has: not where TACIT_KERNELS=portable is set,
  /// so that what portable Swift does can be tested on any machine.
  package static let mayUseInstructions = Machine.variable("TACIT_KERNELS") != "portable"
}

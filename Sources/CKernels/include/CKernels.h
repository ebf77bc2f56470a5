// Batch loops of field arithmetic in vector instructions: called once per batch, never per element.
//
// Each has a portable twin in Swift beside its caller, and a test that the two agree. Field elements are
// Swift's: four 64-bit limbs, least significant first, of a·2^256 mod p, fully reduced.

#ifndef TACIT_CKERNELS_H
#define TACIT_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Whether this machine has what the kernels below need (AVX-512 with IFMA). They may be called only
/// then.
int tacit_has_ifma(void);

/// Limbs that `tacit_add_prepare` writes for each 16 steps.
#define TACIT_PREFIX_LIMBS 80
/// Chains of an addition batch: products out, inverses in.
#define TACIT_ADD_CHAINS 16

/// First half of a batch of additions points[target] += points[source] in BN254's G1: the products of
/// all slopes' denominators, one for each chain of lanes.
///
/// - points: x then y, eight limbs each; (0, 0) is the identity.
/// - steps: target, source of each addition; no target occurs in another step. Equal ones double.
/// - prefixes: room for TACIT_PREFIX_LIMBS per 16 steps or part of it.
/// - products: four limbs per chain; with d the product of the chain's denominators and m their number,
///   the element d·16^(−m), times 16. Never zero.
/// - returns: additions that are not trivial.
size_t tacit_add_prepare(
    const uint64_t *points, const uint32_t *steps, size_t count, uint64_t *prefixes,
    uint64_t *products);

/// Second half: carries the additions out.
///
/// - inverses: per chain 64 divided by the product above.
void tacit_add_finish(
    uint64_t *points, const uint32_t *steps, size_t count, const uint64_t *prefixes,
    const uint64_t *inverses);

#endif

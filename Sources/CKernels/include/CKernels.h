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

/// values[i] ← values[i]^((q + 1)/4) in BN254's base field, count a multiple of 16: the square root
/// where there is one.
void tacit_fp_roots(uint64_t *values, size_t count);

/// low[i] ← low[i] + r·(high[i] − low[i]) in BN254's scalar field.
///
/// - factor: the element 16r.
void tacit_fr_fold(uint64_t *low, const uint64_t *high, size_t count, const uint64_t *factor);

/// values[i] ← r·values[i]; `factor` is the element 16r.
void tacit_fr_scale(uint64_t *values, size_t count, const uint64_t *factor);

/// What one round of the row check sums over a range of pairs of rows; see RowKernel in Swift, whose
/// terms these are.
typedef struct {
  /// Rows of limbs + 5 elements; `used` of them are there, the others zero.
  const uint64_t *rows;
  size_t used;
  /// Row i pairs with row i + half.
  size_t half;
  /// K, 2 or 3.
  size_t limbs;
  /// φ₁ … φ_K, φ₀ on padding, then h there, scaled as its column is.
  const uint64_t *padding;
  /// eq(point, i) = high[i >> bits] · low[i mod 2^bits], bits ≥ 8.
  const uint64_t *low;
  const uint64_t *high;
  size_t bits;
} tacit_row_check;

/// Limbs of 52 bits and their carries, least significant first; eight sums of five:
/// acc·M − w at 0, at 1 and its leading coefficient, the lookup's fraction at 0, 2, 3, 4 and its leading
/// coefficient, each weighed with eq. For K = 2 the one at 4 is zero.
#define TACIT_ROW_SUM_LIMBS 40

/// Sums over rows first..<last. With columns as Swift holds them but w divided by 16 and h times 256,
/// the first three sums are the elements' Montgomery forms (with 2^256) divided by 4096, the others
/// divided by 65536 or, for K = 2, 4096 too.
void tacit_row_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums);

#endif

// Batch loops of field arithmetic in vector instructions: called once per batch, never per element.
//
// Each has a portable twin in Swift beside its caller, and a test that the two agree. Field elements are
// Swift's: four 64-bit limbs, least significant first, of a·2^256 mod p, fully reduced.

#ifndef TACIT_CKERNELS_H
#define TACIT_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "carries.h"

/// Whether this machine has what the kernels below need (AVX-512 with IFMA and VNNI). They may be called
/// only then.
int tacit_has_ifma(void);

/// A sum of this thread's, from zero: an account that other threads' work does not disturb.
void tacit_tally_add(int64_t count);
int64_t tacit_tally(void);

/// Whether this machine has the SHA extensions, which the next kernel needs.
int tacit_has_sha_extensions(void);

/// SHA-256's compression of blocks of 64 bytes each.
///
/// - state: H, eight words.
/// - constants: K of [FIPS180, §4.2.2], 64 words.
void tacit_sha256_blocks(
    uint32_t *state, const uint8_t *blocks, size_t count, const uint32_t *constants);

/// Overwrites bytes with zeros, also where nothing reads them any more.
void tacit_erase(void *bytes, size_t count);

/// Limbs that `tacit_add_prepare` writes for each 16 steps, and once more.
#define TACIT_PREFIX_LIMBS 80
/// Chains of an addition batch, two and two: products out, inverses in.
#define TACIT_ADD_CHAINS 8

/// First half of a batch of additions points[target] += points[source] in BN254's G1: the products of
/// all slopes' denominators, one for each chain of lanes.
///
/// - points: x then y, eight limbs each; (0, 0) is the identity.
/// - steps: target, source of each addition; no target occurs in another step. Equal ones double.
/// - prefixes: room for TACIT_PREFIX_LIMBS per 16 steps or part of it, and as much again.
/// - products: four limbs per chain; with d the product of the chain's denominators and m their number,
///   the element d·16^(−m), times 16. Never zero.
/// - returns: additions that are not trivial.
size_t tacit_add_prepare(
    const uint64_t *points, const uint32_t *steps, size_t count, uint64_t *prefixes,
    uint64_t *products);

/// Second half: carries the additions out.
///
/// - inverses: those of the products above.
void tacit_add_finish(
    uint64_t *points, const uint32_t *steps, size_t count, const uint64_t *prefixes,
    const uint64_t *inverses);

/// The same for sums of two points of a source each: sums[i] ← ±points[first] ± points[second].
///
/// - pairs: of each sum the points' indices, doubled plus one where a point is subtracted.
size_t tacit_pairs_prepare(
    const uint64_t *points, const uint32_t *pairs, size_t count, uint64_t *prefixes,
    uint64_t *products);
void tacit_pairs_finish(
    uint64_t *sums, const uint64_t *points, const uint32_t *pairs, size_t count,
    const uint64_t *prefixes, const uint64_t *inverses);

/// values[i] ← values[i]^((q + 1)/4) in BN254's base field, count a multiple of 16: the square root
/// where there is one.
void tacit_fp_roots(uint64_t *values, size_t count);

/// low[i] ← low[i] + r·(high[i] − low[i]) in BN254's scalar field.
///
/// - factor: the element 16r.
void tacit_fr_fold(uint64_t *low, const uint64_t *high, size_t count, const uint64_t *factor);

/// values[i] ← r·values[i]; `factor` is the element 16r.
void tacit_fr_scale(uint64_t *values, size_t count, const uint64_t *factor);

/// table[2i], table[2i + 1] ← (1 − r)·table[i], r·table[i], as far as `count` places go; `factor` is the
/// element 16r.
void tacit_fr_split(uint64_t *table, size_t count, const uint64_t *factor);

#define TACIT_INTEGER_SUM_LIMBS 7

/// Adds |cells[i]| times an element or its negative to the i-th sum. Eight sums at a time lie in
/// TACIT_INTEGER_SUM_LIMBS vectors of 52 bits and their carries, least significant first; a call adds less
/// than 2^54 to a word.
///
/// - factors: the element and its negative.
/// - settles: whether carries are passed on, the last word keeping its own.
void tacit_fr_add_integers(
    uint64_t *sums, const int64_t *cells, size_t count, const uint64_t *factors, int settles);

/// Two groups of rows of a table that a sum-check's round pairs: of at most eight rows each.
typedef struct {
  /// Number of the first row of the lower one.
  uint32_t row;
  /// Which rows of memory they begin at; negative for a group that is not held, whose rows are zero.
  int32_t low;
  int32_t high;
} tacit_row_pair;

/// Folds groups of `size` elements each onto the lower one, or, where that is not held, in the place of
/// the upper one: low + r·(high − low).
///
/// - width: elements of a row.
/// - factor: the element 16r.
void tacit_fr_fold_pairs(
    uint64_t *values, const tacit_row_pair *pairs, size_t count, size_t width, size_t size,
    const uint64_t *factor);

/// What one round of the row argument sums over pairs of groups of rows; see RowKernel in Swift, whose
/// terms these are.
typedef struct {
  /// Memory of limbs + 3 elements a row.
  const uint64_t *rows;
  const tacit_row_pair *pairs;
  /// Rows of a group, at most eight.
  size_t height;
  /// K, 2 or 3.
  size_t limbs;
  /// φ₁ … φ_K, φ₀ on padding, then 256k, then what is summed there by 256 or, for K = 2, 16.
  const uint64_t *padding;
  /// eq(point, i) = high[i >> bits] · low[i mod 2^bits] for row i, bits ≥ 8 or nothing above them.
  const uint64_t *low;
  const uint64_t *high;
  size_t bits;
} tacit_row_check;

/// Limbs of 52 bits and their carries, least significant first; six sums of five: of the rows' terms
/// at 0, 2, …, K + 1 and the leading coefficient, weighed with eq. Of these are five, for K = 2 four, and
/// the others are zero.
#define TACIT_ROW_SUM_LIMBS 30

/// Sums over pairs first..<last. With columns as Swift holds them but M times 16 they are the elements'
/// Montgomery forms (with 2^256) divided by 65536 or, for K = 2, 4096.
void tacit_row_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums);

/// Groups of eight rows of the row argument that are filled from a trace's integers.
typedef struct {
  /// limbs + 3 elements a row: of those β·2^{−S}·M times 16 is in its place, and in that of φ₀'s linear part
  /// what the block adds to it.
  uint64_t *rows;
  /// N and D − 1 of each row.
  uint64_t *nodes;
  /// Per group acc, y and the limbs of eight rows each.
  const int64_t *cells;
  size_t count;
  /// K, 2 or 3.
  size_t limbs;
  /// Elements, those that integers are multiplied by times 2^260: one, β, β²; then what Σ 1/φ·Πφ and Πφ
  /// are multiplied by, times what they have lost, −16c₀, one; what the limbs count in φ₀ times 2^260,
  /// φ₁ … φ_K, φ₀ on padding.
  const uint64_t *constants;
} tacit_row_fill;

/// Fills acc, the fingerprints and the nodes.
void tacit_fill_rows(const tacit_row_fill *fill);

/// Adds up fractions two by two: eight nodes of two elements each, N and D − 1, for every sixteen
/// children.
void tacit_fraction_add(uint64_t *nodes, const uint64_t *children, size_t count);

/// Of rows of four elements the first ← first + μ·second; `factor` is the element 16μ.
void tacit_fraction_batch(uint64_t *rows, size_t count, const uint64_t *factor);

#define TACIT_PAIR_SUM_LIMBS 10

/// Two sums of five limbs as above over pairs first..<last, at 0 and the leading coefficient, divided by
/// 4096: of rows n, d, n', d' of four elements (n + μ)·(d' + 1) + n'·(d + 1) − μ. `padding` are the elements
/// μ, −μ/16 and one.
void tacit_fraction_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums);

/// The same of rows z, x, y of three elements, x·(y + c) − z, divided by 256; `padding` are c and two that are
/// not used.
void tacit_inverse_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums);

/// target[i] ← target[i] + s·values[i]; `factor` is the element 16s.
void tacit_fr_add_scaled(
    uint64_t *target, const uint64_t *values, size_t count, const uint64_t *factor);

/// Two tables that a sum-check multiplies, zero after what is held of them.
typedef struct {
  const uint64_t *a;
  size_t a_count;
  const uint64_t *b;
  size_t b_count;
  /// Place i pairs with i + half.
  size_t half;
} tacit_product;

/// Most places of one call, here and, in rows, below.
#define TACIT_PRODUCT_PLACES 8192

/// Three sums of five limbs as above, over places first..<last: of the products at 0, at 1, and the
/// leading coefficient; Montgomery forms divided by 16.
void tacit_fr_product_sums(
    const tacit_product *product, size_t first, size_t last, uint64_t *sums);

/// Four field elements' bytes at a time, for sums of them times signed bytes.
typedef struct {
  /// For every four elements 32 times four bytes: the least significant of each, then the next ones.
  const uint8_t *elements;
  /// Fours of elements, at most 2^14.
  size_t steps;
  const int8_t *cells;
  /// From the cells of four elements to those of the next four.
  size_t stride;
  int64_t *sums;
} tacit_byte_matrix;

/// Where a sum's first cells lie, and its first word.
typedef struct {
  size_t cells;
  size_t sum;
} tacit_byte_run;

/// Words of a sum of elements times integers: the i-th counts 256^i.
#define TACIT_BYTE_SUMS 40

/// Adds Σ elements·cells to 32 words of each run's sum.
void tacit_byte_products(
    const tacit_byte_matrix *matrix, const tacit_byte_run *runs, size_t count);

/// target[4i ..< 4i + 4] ← a[i], b[i], c[i], d[i].
void tacit_interleave_bytes(
    int8_t *target, const int8_t *a, const int8_t *b, const int8_t *c, const int8_t *d,
    size_t count);

/// values[i] ← the field element that the words of sum i stand for, each below 2^45 in magnitude, the sum
/// below 2^322.
void tacit_byte_values(const int64_t *sums, size_t count, uint64_t *values);

/// Σ a[i]·b[i] modulo 2^64.
int64_t tacit_integer_product(const int64_t *a, const int64_t *b, size_t count);

/// cells[i] ← bytes[i], or with a shift cells[i] ← cells[i] + bytes[i]·2^shift.
void tacit_widen_bytes(int64_t *cells, const int8_t *bytes, size_t count, unsigned shift);

/// Groups of eight rows of the claim batch: of each row c = Σ sᵢ·xᵢ, y, l.
typedef struct {
  uint64_t *rows;
  const uint64_t *weights;
  /// Per group y and `integers` columns x of eight rows each; at most seven.
  const int64_t *cells;
  size_t integers;
  size_t count;
  /// 2^260, then sᵢ·2^260.
  const uint64_t *factors;
} tacit_claim_fill;

void tacit_claim_rows(const tacit_claim_fill *fill);

#define TACIT_CLAIM_SUM_LIMBS 25

/// Sums over pairs first..<last of such rows, of `check` all but limbs and padding: Σ eq·c at 0 and 1,
/// divided by 256, Σ y·l at 0, at 1 and its leading coefficient, divided by 16.
void tacit_claim_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums);

/// Eight columns of a layer whose windows read `inner` values at each of some taps' places.
typedef struct {
  const double *values;
  size_t taps;
  size_t inner;
  /// By tap and value, eight each.
  const double *weights;
} tacit_windows;

/// Eight sums a row ← Σ value · weight, each in the order of taps and values. A product of a value and a weight is exact in
/// double precision.
///
/// - places: of each row's taps, the number of the first value.
void tacit_window_sums(
    const tacit_windows *windows, const int64_t *places, size_t rows, double *sums);

/// Windows over each channel by itself, eight channels of them.
typedef struct {
  const double *values;
  size_t taps;
  /// Eight for each tap, `stride` after those of the tap before.
  const double *weights;
  size_t stride;
} tacit_channel_windows;

/// Eight sums a row ← Σ value · weight, each in the order of taps. A product of a value and a weight is exact in double
/// precision.
///
/// - places: of each row's taps, the number of the first of eight values.
void tacit_channel_sums(
    const tacit_channel_windows *windows, const int64_t *places, size_t rows, double *sums);

/// Values channel by channel, to be put place by place.
typedef struct {
  size_t channels;
  /// From a channel's value to the next one's at the same place.
  size_t stride;
  /// From a place's values to the next one's, where they are put.
  size_t width;
} tacit_channel_runs;

/// values[place·width + channel] ← x[channel·stride + place] − zero, which is rounded where it has more than 53 bits.
void tacit_place_integers(
    const tacit_channel_runs *runs, const int64_t *x, int64_t zero, size_t places,
    double *values);

/// The same of floats.
void tacit_place_floats(
    const tacit_channel_runs *runs, const float *x, float zero, size_t places, double *values);

/// How far integers are from the reals that they stand for: sums over every eighth value.
typedef struct {
  float scale;
  int64_t zero;
  /// The ends of the integers' range.
  int64_t least;
  int64_t most;
  double error[8];
  double signal[8];
  size_t saturated;
} tacit_deviation;

/// Adds to the sums, of `count` values, a multiple of eight: errors (scale·(integer − zero) − real)², the product a float,
/// signals real², and how many integers are at an end where the difference is more than a scale.
void tacit_deviation_sums(
    tacit_deviation *sums, const int64_t *integers, const float *reals, size_t count);

#endif

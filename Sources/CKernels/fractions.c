// Sums of fractions: the tree's levels, and the sum-checks over them and over the inverses.

#include "CKernels.h"

#if defined(__x86_64__)

#include "grouped_rows.h"

static const fe8 nothing = {{{0}, {0}, {0}, {0}, {0}}};

/// Of two nodes side by side N and D − 1 each; once batched the first stands at N + μ(D − 1).
enum { N0, D0, N1, D1, NODES };

/// What the inverse argument reads side by side.
enum { RIGHT, LEFT, FACTOR, HELPERS };

TACIT_INLINE fe8 sixteen_times(fe8 x) {
  for (int j = 0; j < 5; j++) x.l[j] = _mm512_slli_epi64(x.l[j], 4);
  return normalized(x);
}

TACIT_IFMA void tacit_fraction_add(uint64_t *nodes, const uint64_t *children, size_t count) {
  for (size_t group = 0; group < count; group++) {
    fe8 x[NODES];
    for (size_t i = 0; i < NODES; i += 2) {
      __m512i r[8];
      for (size_t k = 0; k < 8; k++) {
        r[k] = _mm512_loadu_si512(children + 4 * (NODES * (8 * group + k) + i));
      }
      transpose(r);
      x[i] = unpacked(r);
      x[i + 1] = unpacked(r + 4);
    }
    const fe8 d1 = sixteen_times(x[D1]);
    const fe16 crossed = multiplied(
        (fe16){{x[N0], x[N1]}}, (fe16){{d1, sixteen_times(x[D0])}}, &scalar_field);
    const fe16 product = multiplied((fe16){{x[D0], x[D0]}}, (fe16){{d1, d1}}, &scalar_field);
    // Four terms below 1.2p each, and three.
    const fe8 n = added(added(x[N0], x[N1]), added(crossed.v[0], crossed.v[1]));
    const fe8 d = added(added(x[D0], x[D1]), product.v[0]);
    put_column(reduced_by(n, 4, &scalar_field), nodes + 4 * 16 * group, 2);
    put_column(d, nodes + 4 * 16 * group + 4, 2);
  }
}

TACIT_IFMA void tacit_fraction_batch(uint64_t *rows, size_t count, const uint64_t *factor) {
  const fe8 mu = everywhere(factor);
  for (size_t start = 0; start < count; start += 16) {
    fe16 n, d;
    for (size_t c = 0; c < 2; c++) {
      __m512i r[8];
      for (size_t k = 0; k < 8; k++) {
        const size_t row = start + 8 * c + k;
        r[k] = _mm512_maskz_loadu_epi64(row < count ? 0xff : 0, rows + 4 * NODES * row);
      }
      transpose(r);
      n.v[c] = unpacked(r);
      d.v[c] = unpacked(r + 4);
    }
    const fe16 product = multiplied((fe16){{mu, mu}}, d, &scalar_field);
    for (size_t c = 0; c < 2 && start + 8 * c < count; c++) {
      put_column(added(n.v[c], product.v[c]), rows + 4 * NODES * (start + 8 * c), NODES);
    }
  }
}

/// Sums of terms at 0 and of their leading coefficients over pairs, which `terms` makes of the columns of
/// two groups; weighed with eq.
enum { LOW, LEADING, SUMS };

TACIT_INLINE fe16 fraction_terms(
    const __m512i a[8][4], const __m512i b[8][4], const fe8 constants[3]) {
  fe8 x[NODES], rise[NODES];
  for (size_t i = 0; i < NODES; i++) {
    x[i] = unpacked(a[i]);
    rise[i] = subtracted(unpacked(b[i]), x[i], 1, 0, &scalar_field);
  }
  const fe16 low = multiplied(
      (fe16){{added(x[N0], constants[0]), x[N1]}},
      (fe16){{added(x[D1], constants[2]), added(x[D0], constants[2])}}, &scalar_field);
  const fe16 leading = multiplied(
      (fe16){{rise[N0], rise[N1]}}, (fe16){{rise[D1], rise[D0]}}, &scalar_field);
  return (fe16){
      {added(added(low.v[0], low.v[1]), constants[1]), added(leading.v[0], leading.v[1])}};
}

TACIT_INLINE fe16 inverse_terms(
    const __m512i a[8][4], const __m512i b[8][4], const fe8 constants[3]) {
  const fe8 left = unpacked(a[LEFT]), factor = unpacked(a[FACTOR]);
  const fe16 products = multiplied(
      (fe16){{sixteen_times(left),
              subtracted(unpacked(b[LEFT]), left, 1, 4, &scalar_field)}},
      (fe16){{added(factor, constants[0]),
              subtracted(unpacked(b[FACTOR]), factor, 1, 0, &scalar_field)}},
      &scalar_field);
  return (fe16){
      {subtracted(products.v[0], unpacked(a[RIGHT]), 1, 0, &scalar_field), products.v[1]}};
}

TACIT_INLINE void pair_sums(
    const tacit_row_check *check, size_t first, size_t last, const size_t width, uint64_t *sums) {
  fe8 constants[3];
  for (int i = 0; i < 3; i++) constants[i] = everywhere(check->padding + 4 * i);
  fe8 totals[SUMS] = {nothing, nothing};
  const size_t mask = ((size_t)1 << check->bits) - 1;
  // Runs within 256 rows share eq's high factor.
  for (size_t pair = first; pair < last;) {
    const size_t run = check->pairs[pair].row;
    fe8 weighed[SUMS] = {nothing, nothing};
    for (; pair < last && check->pairs[pair].row / 256 == run / 256; pair++) {
      const tacit_row_pair *here = check->pairs + pair;
      __m512i a[8][4], b[8][4];
      const int isUsed = columns(check, here->low, width, a);
      if (!columns(check, here->high, width, b) && !isUsed) continue;
      const fe16 terms =
          width == NODES ? fraction_terms(a, b, constants) : inverse_terms(a, b, constants);
      const fe8 eq = elements(check->low + 4 * (here->row & mask), check->height);
      const fe16 x = multiplied(terms, (fe16){{eq, eq}}, &scalar_field);
      for (int s = 0; s < SUMS; s++) accumulate(&weighed[s], x.v[s]);
    }
    const fe8 far = everywhere(check->high + 4 * (run >> check->bits));
    const fe16 run_sums = multiplied(
        (fe16){{normalized(weighed[LOW]), normalized(weighed[LEADING])}}, (fe16){{far, far}},
        &scalar_field);
    for (int s = 0; s < SUMS; s++) totals[s] = added(totals[s], run_sums.v[s]);
  }
  write_sums(totals, SUMS, sums);
}

TACIT_IFMA void tacit_fraction_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums) {
  pair_sums(check, first, last, NODES, sums);
}

TACIT_IFMA void tacit_inverse_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums) {
  pair_sums(check, first, last, HELPERS, sums);
}

#endif

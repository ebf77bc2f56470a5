// Inner products of rows of integers with vectors of field elements.
//
// An integer and its offset are one limb, so that a product with an element's five takes ten multiply-adds
// and no reduction.

#include "CKernels.h"

#if defined(__x86_64__)

#include "ifma.h"

enum { LIMBS = 5, SUM_LIMBS = TACIT_ROW_PRODUCT_LIMBS };

typedef struct {
  __m512i l[SUM_LIMBS];
} sum8;

/// A limb gains less than 2^53 a product: so many fit before carries must move on.
enum { TERMS = 256 };

TACIT_INLINE void carry(sum8 *sum) {
  for (int i = 0; i < SUM_LIMBS - 1; i++) {
    sum->l[i + 1] = _mm512_add_epi64(sum->l[i + 1], _mm512_srli_epi64(sum->l[i], 52));
    sum->l[i] = _mm512_and_si512(sum->l[i], all(LIMB_MASK));
  }
}

/// A multiply-add reads the last 52 bits of its factors.
TACIT_INLINE void add_product(sum8 *sum, const __m512i element[LIMBS], __m512i integer) {
  for (int i = 0; i < LIMBS; i++) {
    sum->l[i] = _mm512_madd52lo_epu64(sum->l[i], element[i], integer);
    sum->l[i + 1] = _mm512_madd52hi_epu64(sum->l[i + 1], element[i], integer);
  }
}

/// Eight integers of a row from a place on, and their offset.
TACIT_INLINE __m512i integers_at(const tacit_integer_rows *rows, size_t row, size_t place) {
  const size_t at = row * rows->width + place;
  const size_t held = at < rows->count ? rows->count - at : 0;
  const size_t left = rows->width - place < held ? rows->width - place : held;
  const __m512i offset = all(TACIT_INTEGER_OFFSET);
  if (left >= 8) return _mm512_add_epi64(_mm512_loadu_si512(rows->cells + at), offset);
  if (left == 0) return offset;
  const __mmask8 mask = (__mmask8)((1u << left) - 1);
  return _mm512_add_epi64(_mm512_maskz_loadu_epi64(mask, rows->cells + at), offset);
}

TACIT_INLINE void write_total(sum8 sum, uint64_t *limbs) {
  for (int i = 0; i < SUM_LIMBS; i++) limbs[i] = (uint64_t)_mm512_reduce_add_epi64(sum.l[i]);
}

TACIT_IFMA int tacit_fr_row_products(
    const tacit_integer_rows *rows, size_t first, size_t last, const uint64_t *vectors,
    size_t vector_count, uint64_t *sums) {
  const size_t groups = (rows->width + 7) / 8;
  const __m512i zero = _mm512_setzero_si512();
  __m512i seen = zero;
  // Two rows in step share the loads of a vector; one alone would wait for its own sums.
  for (size_t row = first; row < last; row += 2) {
    const size_t other = row + 1 < last ? row + 1 : row;
    for (size_t v = 0; v < vector_count; v++) {
      const uint64_t *vector = vectors + 8 * LIMBS * groups * v;
      sum8 a = {{zero, zero, zero, zero, zero, zero}}, b = a;
      for (size_t start = 0; start < groups; start += TERMS) {
        const size_t end = groups - start < TERMS ? groups : start + TERMS;
        for (size_t group = start; group < end; group++) {
          __m512i element[LIMBS];
          for (size_t i = 0; i < LIMBS; i++) {
            element[i] = _mm512_loadu_si512(vector + 8 * (LIMBS * group + i));
          }
          const __m512i x = integers_at(rows, row, 8 * group);
          const __m512i y = integers_at(rows, other, 8 * group);
          seen = _mm512_or_si512(seen, _mm512_or_si512(x, y));
          add_product(&a, element, x);
          add_product(&b, element, y);
        }
        carry(&a);
        carry(&b);
      }
      write_total(a, sums + SUM_LIMBS * ((row - first) * vector_count + v));
      write_total(b, sums + SUM_LIMBS * ((other - first) * vector_count + v));
    }
  }
  return _mm512_reduce_or_epi64(_mm512_srli_epi64(seen, 52)) != 0;
}

#endif

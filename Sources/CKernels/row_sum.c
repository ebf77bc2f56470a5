// Sums of rows of integers, each times a field element: what an opening combines.

#include "CKernels.h"

#if defined(__x86_64__)

#include "scalar_field.h"

enum { LIMBS = TACIT_INTEGER_SUM_LIMBS };

TACIT_IFMA void tacit_fr_add_integers(
    uint64_t *sums, const int64_t *cells, size_t count, const uint64_t *factors, int settles) {
  const fe8 positive = everywhere(factors), negative = everywhere(factors + 4);
  const __m512i mask = all(LIMB_MASK);
  for (size_t start = 0; start < count; start += 8, sums += 8 * LIMBS) {
    const __mmask8 there = count - start >= 8 ? 0xff : (__mmask8)((1u << (count - start)) - 1);
    const __m512i cell = _mm512_maskz_loadu_epi64(there, cells + start);
    const int is_used = _mm512_test_epi64_mask(cell, cell) != 0;
    if (!is_used && !settles) continue;
    __m512i s[LIMBS];
    for (int j = 0; j < LIMBS; j++) s[j] = _mm512_loadu_si512(sums + 8 * j);
    if (is_used) {
      // |cell| times the element or its negative.
      const __m512i size = _mm512_abs_epi64(cell);
      const __m512i low = _mm512_and_si512(size, mask), high = _mm512_srli_epi64(size, 52);
      const fe8 factor = chosen(_mm512_movepi64_mask(cell), negative, positive);
      for (int j = 0; j < 5; j++) {
        s[j] = _mm512_madd52lo_epu64(s[j], factor.l[j], low);
        s[j + 1] = _mm512_madd52hi_epu64(s[j + 1], factor.l[j], low);
      }
      if (_mm512_test_epi64_mask(high, high) != 0) {
        for (int j = 0; j < 5; j++) {
          s[j + 1] = _mm512_madd52lo_epu64(s[j + 1], factor.l[j], high);
          s[j + 2] = _mm512_madd52hi_epu64(s[j + 2], factor.l[j], high);
        }
      }
    }
    if (settles) {
      for (int j = 0; j + 1 < LIMBS; j++) {
        s[j + 1] = _mm512_add_epi64(s[j + 1], _mm512_srli_epi64(s[j], 52));
        s[j] = _mm512_and_si512(s[j], mask);
      }
    }
    for (int j = 0; j < LIMBS; j++) _mm512_storeu_si512(sums + 8 * j, s[j]);
  }
}

#endif

// Inner products of signed bytes with the bytes of field elements.
//
// An instruction makes 64 products of bytes and adds them in fours, which lanes of 32 bits hold for
// thousands of steps. A field element has 32 bytes: two vectors, a lane per byte, hold Σ cell·element,
// whose carries are settled once at its end.

#include "CKernels.h"

#if defined(__x86_64__)

#include "scalar_field.h"

#define TACIT_BYTES __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512ifma,avx512vnni")))
#define TACIT_BYTES_INLINE TACIT_BYTES __attribute__((always_inline)) static inline

/// Sums in step, which share the loads of elements.
enum { SIDE_BY_SIDE = 8 };

TACIT_BYTES_INLINE __m512i four_at(const int8_t *cells) {
  int32_t four;
  __builtin_memcpy(&four, cells, 4);
  return _mm512_set1_epi32(four);
}

TACIT_BYTES_INLINE void add_lanes(int64_t *sum, __m512i lanes) {
  const __m512i low = _mm512_cvtepi32_epi64(_mm512_castsi512_si256(lanes));
  const __m512i high = _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(lanes, 1));
  _mm512_storeu_si512(sum, _mm512_add_epi64(_mm512_loadu_si512(sum), low));
  _mm512_storeu_si512(sum + 8, _mm512_add_epi64(_mm512_loadu_si512(sum + 8), high));
}

TACIT_BYTES_INLINE void add_runs(
    const tacit_byte_matrix *matrix, const tacit_byte_run *runs, int count) {
  const __m512i zero = _mm512_setzero_si512();
  __m512i low[SIDE_BY_SIDE], high[SIDE_BY_SIDE];
  const int8_t *cells[SIDE_BY_SIDE];
  for (int r = 0; r < count; r++) {
    low[r] = high[r] = zero;
    cells[r] = matrix->cells + runs[r].cells;
  }
  const uint8_t *elements = matrix->elements;
  size_t place = 0;
  for (size_t step = 0; step < matrix->steps; step++, elements += 128, place += matrix->stride) {
    const __m512i e0 = _mm512_loadu_si512(elements), e1 = _mm512_loadu_si512(elements + 64);
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++) {
      const __m512i four = four_at(cells[r] + place);
      low[r] = _mm512_dpbusd_epi32(low[r], e0, four);
      high[r] = _mm512_dpbusd_epi32(high[r], e1, four);
    }
  }
  for (int r = 0; r < count; r++) {
    add_lanes(matrix->sums + runs[r].sum, low[r]);
    add_lanes(matrix->sums + runs[r].sum + 16, high[r]);
  }
}

TACIT_BYTES void tacit_byte_products(
    const tacit_byte_matrix *matrix, const tacit_byte_run *runs, size_t count) {
  size_t next = 0;
  for (; next + SIDE_BY_SIDE <= count; next += SIDE_BY_SIDE) {
    add_runs(matrix, runs + next, SIDE_BY_SIDE);
  }
  for (; next + 2 <= count; next += 2) add_runs(matrix, runs + next, 2);
  if (next < count) add_runs(matrix, runs + next, 1);
}

TACIT_BYTES void tacit_interleave_bytes(
    int8_t *target, const int8_t *a, const int8_t *b, const int8_t *c, const int8_t *d,
    size_t count) {
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m512i w0 = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(a + i)));
    const __m512i w1 = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(b + i)));
    const __m512i w2 = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(c + i)));
    const __m512i w3 = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(d + i)));
    const __m512i low = _mm512_or_si512(w0, _mm512_slli_epi32(w1, 8));
    const __m512i high = _mm512_or_si512(w2, _mm512_slli_epi32(w3, 8));
    _mm512_storeu_si512(target + 4 * i, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
  }
  for (; i < count; i++) {
    target[4 * i] = a[i];
    target[4 * i + 1] = b[i];
    target[4 * i + 2] = c[i];
    target[4 * i + 3] = d[i];
  }
}

/// 2^260 and 2^520 modulo r: what a value counts for below 2^260, and its multiples above.
static const prime52 power_of_260 = {
    {0xb6b753fffffac, 0x380f271055b9d, 0x18f016ecef7c8, 0x724f85a9201d8, 0x1f16424e1bb7}, 0};
static const prime52 power_of_520 = {
    {0xb852d16da6f5, 0xc621620cddce3, 0xaf1b95343ffb6, 0xc3c15e103e7c2, 0x281528fa122}, 0};

TACIT_INLINE fe8 constant(const prime52 *value) {
  fe8 r;
  for (int j = 0; j < 5; j++) r.l[j] = all(value->p[j]);
  return r;
}

/// A signed sum as a value below 2^260 and a signed multiple of it: 24 bits at a time, three words with
/// their places and the carry of those before.
TACIT_INLINE void settle(const int64_t *sums, size_t count, fe8 *low, __m512i *high) {
  const __m512i piece = all(0xffffff), limb = all(LIMB_MASK);
  __m512i words[TACIT_BYTE_SUMS + 2], p[14], carry = _mm512_setzero_si512();
  for (int j = 0; j < TACIT_BYTE_SUMS; j += 8) {
    for (size_t i = 0; i < 8; i++) {
      words[j + i] = _mm512_loadu_si512(sums + TACIT_BYTE_SUMS * (i < count ? i : 0) + j);
    }
    transpose(words + j);
  }
  words[TACIT_BYTE_SUMS] = words[TACIT_BYTE_SUMS + 1] = carry;
  for (int j = 0; j < 14; j++) {
    const __m512i *w = words + 3 * j;
    const __m512i upper = _mm512_add_epi64(_mm512_slli_epi64(w[1], 8), _mm512_slli_epi64(w[2], 16));
    p[j] = _mm512_add_epi64(_mm512_add_epi64(carry, w[0]), upper);
    carry = _mm512_srai_epi64(p[j], 24);
    if (j < 13) p[j] = _mm512_and_si512(p[j], piece);
  }
#define AT(j, by) (by < 0 ? _mm512_srli_epi64(p[j], -(by)) : _mm512_slli_epi64(p[j], by))
#define THREE(j, at) \
  _mm512_or_si512(AT(j, at), _mm512_or_si512(AT(j + 1, at + 24), AT(j + 2, at + 48)))
#define LIMB(j, at) _mm512_and_si512(THREE(j, at), limb)
  low->l[0] = LIMB(0, 0);
  low->l[1] = LIMB(2, -4);
  low->l[2] = LIMB(4, -8);
  low->l[3] = LIMB(6, -12);
  low->l[4] = LIMB(8, -16);
  *high = _mm512_add_epi64(THREE(10, -20), _mm512_slli_epi64(p[13], 52));
#undef LIMB
#undef THREE
#undef AT
}

TACIT_IFMA void tacit_byte_values(const int64_t *sums, size_t count, uint64_t *values) {
  const prime52 *prime = &scalar_field;
  const fe8 once = constant(&power_of_260), twice = constant(&power_of_520);
  for (size_t first = 0; first < count; first += 8) {
    const size_t some = count - first < 8 ? count - first : 8;
    fe8 low;
    __m512i high;
    settle(sums + TACIT_BYTE_SUMS * first, some, &low, &high);
    const fe16 products =
        multiplied((fe16){{low, integers(high, prime)}}, (fe16){{once, twice}}, prime);
    fe8 sum;
    for (int j = 0; j < 5; j++) {
      sum.l[j] = _mm512_add_epi64(products.v[0].l[j], products.v[1].l[j]);
    }
    __m512i words[8];
    pack(canonical(normalized(sum), prime), words);
    for (int j = 4; j < 8; j++) words[j] = _mm512_setzero_si512();
    transpose(words);
    for (size_t i = 0; i < some; i++) {
      _mm256_storeu_si256(
          (__m256i *)(values + 4 * (first + i)), _mm512_castsi512_si256(words[i]));
    }
  }
}

TACIT_BYTES void tacit_widen_bytes(
    int64_t *cells, const int8_t *bytes, size_t count, unsigned shift) {
  const __m128i by = _mm_cvtsi32_si128((int)shift);
  for (size_t i = 0; i < count; i += 8) {
    const __mmask8 there = count - i >= 8 ? 0xff : (__mmask8)((1u << (count - i)) - 1);
    const __m512i wide = _mm512_cvtepi8_epi64(_mm_maskz_loadu_epi8(there, bytes + i));
    const __m512i held =
        shift == 0 ? _mm512_setzero_si512() : _mm512_maskz_loadu_epi64(there, cells + i);
    _mm512_mask_storeu_epi64(cells + i, there, _mm512_add_epi64(held, _mm512_sll_epi64(wide, by)));
  }
}

TACIT_IFMA int64_t tacit_integer_product(const int64_t *a, const int64_t *b, size_t count) {
  __m512i sums[2] = {_mm512_setzero_si512(), _mm512_setzero_si512()};
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (int j = 0; j < 2; j++) {
      sums[j] = _mm512_add_epi64(
          sums[j], _mm512_mullo_epi64(
                       _mm512_loadu_si512(a + i + 8 * j), _mm512_loadu_si512(b + i + 8 * j)));
    }
  }
  for (; i < count; i += 8) {
    const __mmask8 there = count - i >= 8 ? 0xff : (__mmask8)((1u << (count - i)) - 1);
    sums[0] = _mm512_add_epi64(
        sums[0], _mm512_mullo_epi64(
                     _mm512_maskz_loadu_epi64(there, a + i), _mm512_maskz_loadu_epi64(there, b + i)));
  }
  return _mm512_reduce_add_epi64(_mm512_add_epi64(sums[0], sums[1]));
}

#endif

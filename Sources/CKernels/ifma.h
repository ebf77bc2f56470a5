// Eight field elements at a time: five limbs of 52 bits, one vector per limb, Montgomery with 2^260.
//
// What a vector of limbs X stands for here is X·2^−260. Swift's X = a·2^256 so stands for a/16; callers
// keep account of the factor.
//
// Bounds: an operand's limbs lie in 0..<2^52 and its value below 84p ≈ 2^260. For values ap and bp the
// product lies below (1 + ab/84)p.

#ifndef TACIT_IFMA_H
#define TACIT_IFMA_H

#include <immintrin.h>
#include <stdint.h>

#define TACIT_IFMA __attribute__((target("avx512f,avx512dq,avx512ifma")))
#define TACIT_INLINE TACIT_IFMA __attribute__((always_inline)) static inline

#define LIMB_MASK 0xfffffffffffffULL

typedef struct {
  __m512i l[5];
} fe8;

/// Two vectors of elements.
typedef struct {
  fe8 v[2];
} fe16;

/// A prime as its 52-bit limbs, and −p⁻¹ mod 2^52.
typedef struct {
  uint64_t p[5];
  uint64_t negated_inverse;
} prime52;

TACIT_INLINE __m512i all(uint64_t x) { return _mm512_set1_epi64((long long)x); }

/// Brings limbs of up to 63 bits and sign into 0..<2^52; the value must not be negative.
TACIT_INLINE fe8 normalized(fe8 x) {
  const __m512i mask = all(LIMB_MASK);
  for (int i = 0; i < 4; i++) {
    x.l[i + 1] = _mm512_add_epi64(x.l[i + 1], _mm512_srai_epi64(x.l[i], 52));
    x.l[i] = _mm512_and_si512(x.l[i], mask);
  }
  return x;
}

/// Two products in step: one alone waits for its own carries most of the time.
TACIT_INLINE fe16 multiplied(fe16 a, fe16 b, const prime52 *prime) {
  const __m512i zero = _mm512_setzero_si512();
  const __m512i inverse = all(prime->negated_inverse);
  __m512i p[5], t[2][5];
  for (int j = 0; j < 5; j++) {
    p[j] = all(prime->p[j]);
    t[0][j] = t[1][j] = zero;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 5; i++) {
    __m512i m[2], carry[2];
    for (int j = 0; j < 5; j++) {
      for (int c = 0; c < 2; c++) {
        t[c][j] = _mm512_madd52lo_epu64(t[c][j], a.v[c].l[j], b.v[c].l[i]);
      }
    }
    for (int c = 0; c < 2; c++) m[c] = _mm512_madd52lo_epu64(zero, t[c][0], inverse);
    for (int j = 0; j < 5; j++) {
      for (int c = 0; c < 2; c++) t[c][j] = _mm512_madd52lo_epu64(t[c][j], m[c], p[j]);
    }
    for (int c = 0; c < 2; c++) {
      carry[c] = _mm512_srli_epi64(t[c][0], 52);
      for (int j = 0; j < 4; j++) t[c][j] = t[c][j + 1];
      t[c][4] = zero;
      t[c][0] = _mm512_add_epi64(t[c][0], carry[c]);
    }
    // A limb gains at most 4·2^52 a step: 20·2^52 at the end.
    for (int j = 0; j < 5; j++) {
      for (int c = 0; c < 2; c++) {
        t[c][j] = _mm512_madd52hi_epu64(t[c][j], a.v[c].l[j], b.v[c].l[i]);
        t[c][j] = _mm512_madd52hi_epu64(t[c][j], m[c], p[j]);
      }
    }
  }
  fe16 r;
  for (int c = 0; c < 2; c++) {
    r.v[c] = normalized((fe8){{t[c][0], t[c][1], t[c][2], t[c][3], t[c][4]}});
  }
  return r;
}

/// a − b + multiple·p, shifted left: for b ≤ multiple·p, so that it is not negative.
TACIT_INLINE fe8 subtracted(fe8 a, fe8 b, uint64_t multiple, int shift, const prime52 *prime) {
  fe8 r;
  for (int j = 0; j < 5; j++) {
    r.l[j] = _mm512_slli_epi64(
        _mm512_add_epi64(_mm512_sub_epi64(a.l[j], b.l[j]), all(multiple * prime->p[j])), shift);
  }
  return normalized(r);
}

/// x or x − multiple·p, whichever is the least that is not negative.
TACIT_INLINE fe8 reduced_by(fe8 x, uint64_t multiple, const prime52 *prime) {
  fe8 r;
  for (int j = 0; j < 5; j++) r.l[j] = _mm512_sub_epi64(x.l[j], all(multiple * prime->p[j]));
  r = normalized(r);
  const __mmask8 negative = _mm512_movepi64_mask(r.l[4]);
  for (int j = 0; j < 5; j++) r.l[j] = _mm512_mask_mov_epi64(r.l[j], negative, x.l[j]);
  return r;
}

/// The canonical form of a value below 4p.
TACIT_INLINE fe8 canonical(fe8 x, const prime52 *prime) {
  return reduced_by(reduced_by(x, 2, prime), 1, prime);
}

TACIT_INLINE fe8 chosen(__mmask8 mask, fe8 yes, fe8 no) {
  for (int j = 0; j < 5; j++) no.l[j] = _mm512_mask_mov_epi64(no.l[j], mask, yes.l[j]);
  return no;
}

/// Signed integers: |x| as limbs, and p − |x| where x is negative.
TACIT_INLINE fe8 integers(__m512i x, const prime52 *prime) {
  const __m512i zero = _mm512_setzero_si512(), size = _mm512_abs_epi64(x);
  const fe8 nothing = {{zero, zero, zero, zero, zero}};
  const fe8 positive = {
      {_mm512_and_si512(size, all(LIMB_MASK)), _mm512_srli_epi64(size, 52), zero, zero, zero}};
  return chosen(_mm512_movepi64_mask(x), subtracted(nothing, positive, 1, 0, prime), positive);
}

/// From four vectors of 64-bit limbs.
TACIT_INLINE fe8 unpacked(const __m512i w[4]) {
  const __m512i mask = all(LIMB_MASK);
  fe8 r;
  r.l[0] = _mm512_and_si512(w[0], mask);
  r.l[1] = _mm512_and_si512(
      _mm512_or_si512(_mm512_srli_epi64(w[0], 52), _mm512_slli_epi64(w[1], 12)), mask);
  r.l[2] = _mm512_and_si512(
      _mm512_or_si512(_mm512_srli_epi64(w[1], 40), _mm512_slli_epi64(w[2], 24)), mask);
  r.l[3] = _mm512_and_si512(
      _mm512_or_si512(_mm512_srli_epi64(w[2], 28), _mm512_slli_epi64(w[3], 36)), mask);
  r.l[4] = _mm512_srli_epi64(w[3], 16);
  return r;
}

/// To four vectors of 64-bit limbs, of a value below 2^256.
TACIT_INLINE void pack(fe8 x, __m512i w[4]) {
  w[0] = _mm512_or_si512(x.l[0], _mm512_slli_epi64(x.l[1], 52));
  w[1] = _mm512_or_si512(_mm512_srli_epi64(x.l[1], 12), _mm512_slli_epi64(x.l[2], 40));
  w[2] = _mm512_or_si512(_mm512_srli_epi64(x.l[2], 24), _mm512_slli_epi64(x.l[3], 28));
  w[3] = _mm512_or_si512(_mm512_srli_epi64(x.l[3], 36), _mm512_slli_epi64(x.l[4], 16));
}

/// Rows to columns and back: r[i] holds eight words of item i, afterwards word i of eight items.
TACIT_INLINE void transpose(__m512i r[8]) {
  __m512i a[8], b[8];
  for (int i = 0; i < 8; i += 2) {
    a[i] = _mm512_unpacklo_epi64(r[i], r[i + 1]);
    a[i + 1] = _mm512_unpackhi_epi64(r[i], r[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int j = 0; j < 2; j++) {
      b[i + j] = _mm512_shuffle_i64x2(a[i + j], a[i + j + 2], 0x88);
      b[i + j + 2] = _mm512_shuffle_i64x2(a[i + j], a[i + j + 2], 0xdd);
    }
  }
  for (int j = 0; j < 4; j++) {
    r[j] = _mm512_shuffle_i64x2(b[j], b[j + 4], 0x88);
    r[j + 4] = _mm512_shuffle_i64x2(b[j], b[j + 4], 0xdd);
  }
}

/// Lane k of vectors that `words_of` makes holds element lane_element[k] of eight in a row.
static const unsigned char lane_element[8] = {0, 2, 1, 3, 4, 6, 5, 7};

/// Eight elements in a row, from four vectors of two, to four vectors of 64-bit limbs.
TACIT_INLINE void words_of(const __m512i r[4], __m512i w[4]) {
  const __m512i even = _mm512_setr_epi64(0, 1, 4, 5, 8, 9, 12, 13);
  const __m512i odd = _mm512_setr_epi64(2, 3, 6, 7, 10, 11, 14, 15);
  const __m512i a = _mm512_unpacklo_epi64(r[0], r[1]), b = _mm512_unpackhi_epi64(r[0], r[1]);
  const __m512i c = _mm512_unpacklo_epi64(r[2], r[3]), d = _mm512_unpackhi_epi64(r[2], r[3]);
  w[0] = _mm512_permutex2var_epi64(a, even, c);
  w[1] = _mm512_permutex2var_epi64(b, even, d);
  w[2] = _mm512_permutex2var_epi64(a, odd, c);
  w[3] = _mm512_permutex2var_epi64(b, odd, d);
}

/// Back again.
TACIT_INLINE void rows_of(const __m512i w[4], __m512i r[4]) {
  const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
  const __m512i high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
  const __m512i a = _mm512_permutex2var_epi64(w[0], low, w[2]);
  const __m512i b = _mm512_permutex2var_epi64(w[1], low, w[3]);
  const __m512i c = _mm512_permutex2var_epi64(w[0], high, w[2]);
  const __m512i d = _mm512_permutex2var_epi64(w[1], high, w[3]);
  r[0] = _mm512_unpacklo_epi64(a, b);
  r[1] = _mm512_unpackhi_epi64(a, b);
  r[2] = _mm512_unpacklo_epi64(c, d);
  r[3] = _mm512_unpackhi_epi64(c, d);
}

/// Up to eight elements in a row; those from `count` on are zero.
TACIT_INLINE fe8 elements(const uint64_t *limbs, size_t count) {
  __m512i r[4], w[4];
  for (size_t i = 0; i < 4; i++) {
    if (count >= 8) {
      r[i] = _mm512_loadu_si512(limbs + 8 * i);
      continue;
    }
    const __mmask8 mask = count >= 2 * i + 2 ? 0xff : count == 2 * i + 1 ? 0x0f : 0;
    r[i] = _mm512_maskz_loadu_epi64(mask, limbs + 8 * i);
  }
  words_of(r, w);
  return unpacked(w);
}

/// Writes up to eight elements in a row.
TACIT_INLINE void put(fe8 x, uint64_t *limbs, size_t count) {
  __m512i r[4], w[4];
  pack(x, w);
  rows_of(w, r);
  for (size_t i = 0; i < 4; i++) {
    if (count >= 8) {
      _mm512_storeu_si512(limbs + 8 * i, r[i]);
      continue;
    }
    const __mmask8 mask = count >= 2 * i + 2 ? 0xff : count == 2 * i + 1 ? 0x0f : 0;
    _mm512_mask_storeu_epi64(limbs + 8 * i, mask, r[i]);
  }
}

/// One element in every lane.
TACIT_INLINE fe8 everywhere(const uint64_t limbs[4]) {
  const __m512i w[4] = {all(limbs[0]), all(limbs[1]), all(limbs[2]), all(limbs[3])};
  return unpacked(w);
}

TACIT_INLINE fe8 added(fe8 a, fe8 b) {
  for (int j = 0; j < 5; j++) a.l[j] = _mm512_add_epi64(a.l[j], b.l[j]);
  return normalized(a);
}

#endif

// Affine additions in BN254's G1 that share inversions [Mon87, §10.3.1]: sixteen lanes in two vectors,
// each lane a chain of its own.
//
//   first half    per step d = x₂ − x₁ (2y₁ for a doubling), and the product of the denominators that
//                 came before it in its chain; a trivial addition leaves the chain as it is
//   second half   backwards: 1/d = inverse·prefix; λ = rise/d; x₃ = λ² − x₁ − x₂; y₃ = λ(x₁ − x₃) − y₁
//
// Factors: a coordinate X stands for x/16, so a denominator for d/16. The inverse of a product that the
// caller reads as 16 times what it stands for comes back as a 256th of the inverse; 64 times that is a
// quarter, so 1/d comes out as 4/d and the slope, rise/16 · 4/d, as λ/4.
// Its square stands for λ²/16 and (λ/4)·(4(x₁ − x₃)/16) for λ(x₁ − x₃)/16: coordinates again.

#include "CKernels.h"

#if defined(__x86_64__)

#include "base_field.h"

/// Eight steps: the points as words, x in 0..<4 and y in 4..<8, and which lanes are special.
typedef struct {
  __m512i a[8], b[8];
  __mmask8 valid, first_is_zero, second_is_zero, doubles, opposite;
} group;

TACIT_INLINE __mmask8 skipped(const group *g) {
  return (__mmask8)(~g->valid | g->first_is_zero | g->second_is_zero | g->opposite);
}

/// Where operands come from: points by their index, or by that doubled plus one where it is their negative
/// that is meant.
typedef enum { PLAIN, SIGNED } operands;

/// y ← q − y in some lanes; zero, the identity's, stays zero.
TACIT_INLINE void negate(__m512i y[4], __mmask8 lanes) {
  const __m512i any =
      _mm512_or_si512(_mm512_or_si512(y[0], y[1]), _mm512_or_si512(y[2], y[3]));
  lanes &= _mm512_test_epi64_mask(any, any);
  const __m512i one = all(1);
  __mmask8 borrow = 0;
  for (int j = 0; j < 4; j++) {
    const __m512i q = all(modulus[j]);
    const __m512i difference = _mm512_sub_epi64(q, y[j]);
    const __mmask8 next = _mm512_cmplt_epu64_mask(q, y[j]) |
                          (borrow & _mm512_testn_epi64_mask(difference, difference));
    y[j] = _mm512_mask_mov_epi64(
        y[j], lanes, _mm512_mask_sub_epi64(difference, borrow, difference, one));
    borrow = next;
  }
}

TACIT_INLINE group loaded(
    const uint64_t *points, const uint32_t *steps, size_t start, size_t count, operands kind) {
  group g;
  __mmask8 negative_a = 0, negative_b = 0;
  g.valid = 0;
  for (size_t k = 0; k < 8; k++) {
    // Lanes after the end read the last step again and are not valid.
    const size_t step = start + k < count ? start + k : count - 1;
    if (start + k < count) g.valid |= (__mmask8)(1u << k);
    size_t a = steps[2 * step], b = steps[2 * step + 1];
    if (kind == SIGNED) {
      negative_a |= (__mmask8)((a & 1) << k);
      negative_b |= (__mmask8)((b & 1) << k);
      a >>= 1;
      b >>= 1;
    }
    g.a[k] = _mm512_loadu_si512(points + 8 * a);
    g.b[k] = _mm512_loadu_si512(points + 8 * b);
  }
  transpose(g.a);
  transpose(g.b);
  if (kind == SIGNED) {
    negate(g.a + 4, negative_a);
    negate(g.b + 4, negative_b);
  }
  __mmask8 same_x = 0xff, same_y = 0xff;
  for (int j = 0; j < 4; j++) {
    same_x &= _mm512_cmpeq_epi64_mask(g.a[j], g.b[j]);
    same_y &= _mm512_cmpeq_epi64_mask(g.a[4 + j], g.b[4 + j]);
  }
  const __m512i zero = _mm512_setzero_si512();
  g.first_is_zero = _mm512_cmpeq_epi64_mask(
      _mm512_or_si512(_mm512_or_si512(g.a[4], g.a[5]), _mm512_or_si512(g.a[6], g.a[7])), zero);
  g.second_is_zero = _mm512_cmpeq_epi64_mask(
      _mm512_or_si512(_mm512_or_si512(g.b[4], g.b[5]), _mm512_or_si512(g.b[6], g.b[7])), zero);
  const __mmask8 proper = (__mmask8)~(g.first_is_zero | g.second_is_zero);
  g.doubles = same_x & same_y & proper;
  g.opposite = (__mmask8)(same_x & ~same_y & proper);
  return g;
}

/// d, below 2p.
TACIT_INLINE fe8 denominator(const group *g) {
  const fe8 difference =
      subtracted(unpacked(g->b), unpacked(g->a), 1, 0, &base_field);
  if (g->doubles == 0) return difference;
  fe8 twice = unpacked(g->a + 4);
  for (int j = 0; j < 5; j++) twice.l[j] = _mm512_add_epi64(twice.l[j], twice.l[j]);
  return chosen(g->doubles, normalized(twice), difference);
}

/// y₂ − y₁ or, doubling, 3x₁²: below 49p. The square stands for x²/256, so it is taken 48 times.
TACIT_INLINE fe16 rise(const group g[2]) {
  fe16 r;
  for (int c = 0; c < 2; c++) {
    r.v[c] = subtracted(unpacked(g[c].b + 4), unpacked(g[c].a + 4), 1, 0, &base_field);
  }
  if ((g[0].doubles | g[1].doubles) == 0) return r;
  const fe16 x = {{unpacked(g[0].a), unpacked(g[1].a)}};
  fe16 square = multiplied(x, x, &base_field);
  for (int c = 0; c < 2; c++) {
    for (int j = 0; j < 5; j++) {
      const __m512i limb = square.v[c].l[j];
      square.v[c].l[j] = _mm512_add_epi64(_mm512_slli_epi64(limb, 5), _mm512_slli_epi64(limb, 4));
    }
    r.v[c] = chosen(g[c].doubles, normalized(square.v[c]), r.v[c]);
  }
  return r;
}

TACIT_INLINE void store(fe8 x, uint64_t *limbs) {
  for (int j = 0; j < 5; j++) _mm512_storeu_si512(limbs + 8 * j, x.l[j]);
}

TACIT_INLINE fe8 load(const uint64_t *limbs) {
  fe8 x;
  for (int j = 0; j < 5; j++) x.l[j] = _mm512_loadu_si512(limbs + 8 * j);
  return x;
}

/// Blocks of sixteen steps ahead of their turn that points are asked for.
enum { AHEAD = 3 };

TACIT_INLINE size_t prepare(
    const uint64_t *points, const uint32_t *steps, size_t count, uint64_t *prefixes,
    uint64_t *products, operands kind) {
  fe16 product;
  for (int c = 0; c < 2; c++) {
    for (int j = 0; j < 5; j++) product.v[c].l[j] = all(one52[j]);
  }
  size_t done = 0;
  for (size_t start = 0; start < count; start += 16) {
    if (kind == SIGNED && start + 16 * (AHEAD + 1) <= count) {
      const uint32_t *ahead = steps + 2 * (start + 16 * AHEAD);
      for (int k = 0; k < 32; k++) __builtin_prefetch(points + 8 * (size_t)(ahead[k] >> 1));
    }
    __mmask8 skip[2];
    fe16 d;
    for (int c = 0; c < 2; c++) {
      const group g = loaded(points, steps, start + 8 * (size_t)c, count, kind);
      store(product.v[c], prefixes + 40 * c);
      skip[c] = skipped(&g);
      d.v[c] = denominator(&g);
      done += 8 - (size_t)__builtin_popcount(skip[c]);
    }
    const fe16 next = multiplied(product, d, &base_field);
    for (int c = 0; c < 2; c++) product.v[c] = chosen(skip[c], product.v[c], next.v[c]);
    prefixes += TACIT_PREFIX_LIMBS;
  }
  // Two chains are inverted as one: their product here, and each one's inverse is that one's times the
  // other.
  const fe16 others = {{product.v[1], product.v[0]}};
  for (int c = 0; c < 2; c++) store(others.v[c], prefixes + 40 * c);
  __m512i words[8] = {0};
  pack(canonical(multiplied(product, others, &base_field).v[0], &base_field), words);
  transpose(words);
  for (int k = 0; k < 8; k++) {
    _mm256_storeu_si256((__m256i *)(products + 4 * k), _mm512_castsi512_si256(words[k]));
  }
  return done;
}

TACIT_INLINE void finish(
    uint64_t *sums, const uint64_t *points, const uint32_t *steps, size_t count,
    const uint64_t *prefixes, const uint64_t *inverses, operands kind) {
  const size_t blocks = (count + 15) / 16;
  __m512i words[8];
  for (int k = 0; k < 8; k++) {
    words[k] = _mm512_castsi256_si512(_mm256_loadu_si256((const __m256i *)(inverses + 4 * k)));
  }
  transpose(words);
  fe8 both = unpacked(words);
  for (int j = 0; j < 5; j++) both.l[j] = _mm512_slli_epi64(both.l[j], 6);
  both = normalized(both);
  fe16 inverse = {{both, both}}, others;
  for (int c = 0; c < 2; c++) others.v[c] = load(prefixes + TACIT_PREFIX_LIMBS * blocks + 40 * c);
  inverse = multiplied(inverse, others, &base_field);
  for (size_t block = blocks; block-- > 0;) {
    group g[2];
    fe16 prefix, d, x1, x3, sum, run, product;
    for (int c = 0; c < 2; c++) {
      g[c] = loaded(points, steps, 16 * block + 8 * (size_t)c, count, kind);
      prefix.v[c] = load(prefixes + TACIT_PREFIX_LIMBS * block + 40 * c);
      d.v[c] = denominator(&g[c]);
    }
    const fe16 reciprocal = multiplied(inverse, prefix, &base_field);
    const fe16 next = multiplied(inverse, d, &base_field);
    const fe16 slope = multiplied(reciprocal, rise(g), &base_field);
    product = multiplied(slope, slope, &base_field);
    for (int c = 0; c < 2; c++) {
      inverse.v[c] = chosen(skipped(&g[c]), inverse.v[c], next.v[c]);
      x1.v[c] = unpacked(g[c].a);
      const fe8 x2 = unpacked(g[c].b);
      for (int j = 0; j < 5; j++) {
        sum.v[c].l[j] = _mm512_add_epi64(x1.v[c].l[j], x2.l[j]);
      }
      x3.v[c] = canonical(subtracted(product.v[c], sum.v[c], 2, 0, &base_field), &base_field);
      run.v[c] = subtracted(x1.v[c], x3.v[c], 1, 2, &base_field);
    }
    product = multiplied(slope, run, &base_field);
    for (int c = 0; c < 2; c++) {
      const fe8 y3 = canonical(
          subtracted(product.v[c], unpacked(g[c].a + 4), 1, 0, &base_field), &base_field);
      __m512i words[8];
      pack(x3.v[c], words);
      pack(y3, words + 4);
      for (int j = 0; j < 8; j++) {
        words[j] = _mm512_maskz_mov_epi64((__mmask8)~g[c].opposite, words[j]);
        words[j] = _mm512_mask_mov_epi64(words[j], g[c].second_is_zero, g[c].a[j]);
        words[j] = _mm512_mask_mov_epi64(words[j], g[c].first_is_zero, g[c].b[j]);
      }
      transpose(words);
      const size_t start = 16 * block + 8 * (size_t)c;
      for (size_t k = 0; k < 8; k++) {
        if (g[c].valid >> k & 1) {
          const size_t target = kind == SIGNED ? start + k : steps[2 * (start + k)];
          _mm512_storeu_si512(sums + 8 * target, words[k]);
        }
      }
    }
  }
}

TACIT_IFMA size_t tacit_add_prepare(
    const uint64_t *points, const uint32_t *steps, size_t count, uint64_t *prefixes,
    uint64_t *products) {
  return prepare(points, steps, count, prefixes, products, PLAIN);
}

TACIT_IFMA void tacit_add_finish(
    uint64_t *points, const uint32_t *steps, size_t count, const uint64_t *prefixes,
    const uint64_t *inverses) {
  finish(points, points, steps, count, prefixes, inverses, PLAIN);
}

TACIT_IFMA size_t tacit_pairs_prepare(
    const uint64_t *points, const uint32_t *pairs, size_t count, uint64_t *prefixes,
    uint64_t *products) {
  return prepare(points, pairs, count, prefixes, products, SIGNED);
}

TACIT_IFMA void tacit_pairs_finish(
    uint64_t *sums, const uint64_t *points, const uint32_t *pairs, size_t count,
    const uint64_t *prefixes, const uint64_t *inverses) {
  finish(sums, points, pairs, count, prefixes, inverses, SIGNED);
}

#endif

// Loops over BN254's scalar field: folds of tables, and the row argument's sums.

#include "CKernels.h"

#if defined(__x86_64__)

#include "grouped_rows.h"

TACIT_IFMA void tacit_fr_fold(
    uint64_t *low, const uint64_t *high, size_t count, const uint64_t *factor) {
  const fe8 r = everywhere(factor);
  for (size_t start = 0; start < count; start += 16) {
    fe16 a, difference, product;
    size_t left[2];
    __m512i any = _mm512_setzero_si512();
    for (int c = 0; c < 2; c++) {
      const size_t first = start + 8 * (size_t)c;
      left[c] = first < count ? count - first : 0;
      a.v[c] = elements(low + 4 * first, left[c]);
      const fe8 b = elements(high + 4 * first, left[c]);
      for (int j = 0; j < 5; j++) {
        any = _mm512_or_si512(any, _mm512_or_si512(a.v[c].l[j], b.l[j]));
      }
      difference.v[c] = subtracted(b, a.v[c], 1, 0, &scalar_field);
    }
    // Padding folds to padding.
    if (_mm512_test_epi64_mask(any, any) == 0) continue;
    product = multiplied((fe16){{r, r}}, difference, &scalar_field);
    for (int c = 0; c < 2; c++) {
      put(canonical(added(a.v[c], product.v[c]), &scalar_field),
          low + 4 * (start + 8 * (size_t)c), left[c]);
    }
  }
}

TACIT_IFMA void tacit_fr_scale(uint64_t *values, size_t count, const uint64_t *factor) {
  const fe8 r = everywhere(factor);
  for (size_t start = 0; start < count; start += 16) {
    fe16 a;
    size_t left[2];
    for (int c = 0; c < 2; c++) {
      const size_t first = start + 8 * (size_t)c;
      left[c] = first < count ? count - first : 0;
      a.v[c] = elements(values + 4 * first, left[c]);
    }
    a = multiplied((fe16){{r, r}}, a, &scalar_field);
    for (int c = 0; c < 2; c++) {
      put(canonical(a.v[c], &scalar_field), values + 4 * (start + 8 * (size_t)c), left[c]);
    }
  }
}

/// Writes a₀, b₀, a₁, b₁, … of eight elements each, `count` in all.
TACIT_INLINE void put_alternating(fe8 a, fe8 b, uint64_t *limbs, size_t count) {
  __m512i w[4], r[4], s[4];
  pack(a, w);
  rows_of(w, r);
  pack(b, w);
  rows_of(w, s);
  for (size_t i = 0; i < 8; i++) {
    const __m512i x = r[i / 2], y = s[i / 2];
    const __m512i both =
        i % 2 == 0 ? _mm512_shuffle_i64x2(x, y, 0x44) : _mm512_shuffle_i64x2(x, y, 0xee);
    const __mmask8 mask = count >= 2 * i + 2 ? 0xff : count == 2 * i + 1 ? 0x0f : 0;
    if (mask != 0) _mm512_mask_storeu_epi64(limbs + 8 * i, mask, both);
  }
}

TACIT_IFMA void tacit_fr_split(uint64_t *table, size_t count, const uint64_t *factor) {
  const fe8 r = everywhere(factor);
  const size_t sources = (count + 1) / 2;
  // From the end, so that nothing is written over before it is read.
  for (size_t block = (sources + 15) / 16; block-- > 0;) {
    fe16 a;
    for (size_t c = 0; c < 2; c++) {
      const size_t first = 16 * block + 8 * c;
      a.v[c] = elements(table + 4 * first, first < sources ? sources - first : 0);
    }
    const fe16 high = multiplied((fe16){{r, r}}, a, &scalar_field);
    for (size_t c = 2; c-- > 0;) {
      const size_t first = 2 * (16 * block + 8 * c);
      if (first >= count) continue;
      const fe8 b = canonical(high.v[c], &scalar_field);
      const fe8 low = canonical(subtracted(a.v[c], b, 1, 0, &scalar_field), &scalar_field);
      put_alternating(low, b, table + 4 * first, count - first);
    }
  }
}

TACIT_IFMA void tacit_fr_fold_pairs(
    uint64_t *values, const tacit_row_pair *pairs, size_t count, size_t width, size_t size,
    const uint64_t *factor) {
  const fe8 r = everywhere(factor);
  const __m512i zero = _mm512_setzero_si512();
  const fe8 nothing = {{zero, zero, zero, zero, zero}};
  // Two runs of eight elements at a time, wherever they lie.
  fe16 base = {{nothing, nothing}}, difference = {{nothing, nothing}};
  uint64_t *target[2];
  size_t left[2];
  int waiting = 0;
  for (size_t pair = 0; pair < count; pair++) {
    uint64_t *low = pairs[pair].low < 0 ? 0 : values + 4 * width * (size_t)pairs[pair].low;
    uint64_t *high = pairs[pair].high < 0 ? 0 : values + 4 * width * (size_t)pairs[pair].high;
    for (size_t start = 0; start < size; start += 8) {
      const size_t here = size - start < 8 ? size - start : 8;
      const fe8 a = low ? elements(low + 4 * start, here) : nothing;
      const fe8 b = high ? elements(high + 4 * start, here) : nothing;
      base.v[waiting] = a;
      difference.v[waiting] = subtracted(b, a, 1, 0, &scalar_field);
      target[waiting] = (low ? low : high) + 4 * start;
      left[waiting] = here;
      waiting++;
      const int isLast = pair + 1 == count && start + 8 >= size;
      if (waiting < 2 && !isLast) continue;
      const fe16 product = multiplied((fe16){{r, r}}, difference, &scalar_field);
      for (int c = 0; c < waiting; c++) {
        put(canonical(added(base.v[c], product.v[c]), &scalar_field), target[c], left[c]);
      }
      waiting = 0;
    }
  }
}

/// Columns of a row, in order; after the fingerprints of the limbs φ₀'s linear part.
enum { ACC, MUL, FINGERPRINT };

/// Sums of a round, at most, and an even number that is summed in step: with K = 3 all points but the
/// leading coefficient, which waits for that of another pair of groups.
enum { SUMS = 6, IN_STEP = 4 };

/// x + multiple·p − y without carries: for the operands of `normalized`.
TACIT_INLINE fe8 difference(fe8 x, fe8 y, uint64_t multiple) {
  return subtracted(x, y, multiple, 0, &scalar_field);
}

/// A sum whose limbs keep their carries: of fewer than 2^10 normalized ones.
TACIT_INLINE fe8 plus(fe8 a, fe8 b) {
  for (int j = 0; j < 5; j++) a.l[j] = _mm512_add_epi64(a.l[j], b.l[j]);
  return a;
}

/// x(0), x(2), x(3), … of a polynomial by its value and differences, the third zero.
TACIT_INLINE void extend(fe8 x, fe8 step, fe8 turn, int points, fe8 *values) {
  for (int place = 0; place < points; place++) {
    values[place] = normalized(x);
    for (int skip = place == 0; skip >= 0; skip--) {
      x = plus(x, step);
      step = plus(step, turn);
    }
  }
}

/// The same of a line.
TACIT_INLINE void extend_line(fe8 x, fe8 slope, int points, fe8 *values) {
  for (int place = 0; place < points; place++) {
    values[place] = normalized(x);
    for (int skip = place == 0; skip >= 0; skip--) x = plus(x, slope);
  }
}

TACIT_INLINE fe8 twice(fe8 x) { return plus(x, x); }

/// Factors of a leading coefficient, besides the constant.
enum { PAIR, THIRD, FUNCTION, WEIGHT, FACTORS };

/// The term of a group of rows at 0, 2, …, K + 1, not yet weighed. With K = 2 the leading coefficient
/// stands after them, with K = 3 its factors in `leading`.
TACIT_INLINE void row_terms(
    const __m512i a[8][4], const __m512i b[8][4], const fe8 padding[6], const int limbs,
    fe8 terms[IN_STEP], fe8 leading[FACTORS]) {
  const __m512i zero = _mm512_setzero_si512();
  const fe8 nothing = {{zero, zero, zero, zero, zero}};
  const int points = limbs + 1;
  // The fingerprints, below 2p, and their slopes: of φ₀ the linear part.
  fe8 low[4], high[4], slope[4];
  for (int f = 0; f < limbs + 1; f++) {
    const fe8 f0 = unpacked(a[FINGERPRINT + f]), f1 = unpacked(b[FINGERPRINT + f]);
    low[f] = added(f0, padding[f]);
    high[f] = added(f1, padding[f]);
    slope[f] = difference(f1, f0, 1);
  }
  const fe8 acc = unpacked(a[ACC]), mul = unpacked(a[MUL]);
  const fe8 acc1 = unpacked(b[ACC]), mul1 = unpacked(b[MUL]);

  // φ₁φ₂ and acc·M at 0 and 1, below 1.1p, and their leading coefficients.
  const fe16 at_zero =
      multiplied((fe16){{low[0], acc}}, (fe16){{low[1], mul}}, &scalar_field);
  const fe16 at_one =
      multiplied((fe16){{high[0], acc1}}, (fe16){{high[1], mul1}}, &scalar_field);
  const fe16 turn = multiplied(
      (fe16){{slope[0], difference(acc1, acc, 1)}}, (fe16){{slope[1], difference(mul1, mul, 1)}},
      &scalar_field);

  // Everything at all points, the leading coefficients after them: φ₁φ₂ stays below 38p, φ₀ below
  // 50p.
  fe8 pair[SUMS], function[SUMS], n[SUMS];
  extend(
      at_zero.v[0], difference(at_one.v[0], at_zero.v[0], 2), twice(turn.v[0]), points, pair);
  extend(
      plus(at_zero.v[1], low[limbs]),
      plus(difference(at_one.v[1], at_zero.v[1], 2), slope[limbs]), twice(turn.v[1]), points,
      function);
  pair[points] = leading[PAIR] = turn.v[0];
  function[points] = leading[FUNCTION] = turn.v[1];
  const fe8 constant = padding[limbs + 1];
  const fe8 sum = added(low[0], low[1]), sum_slope = added(slope[0], slope[1]);
  fe8 third[SUMS];
  if (limbs == 3) {
    // N = φ₁φ₂ + φ₃(φ₁ + φ₂), below 71p.
    const fe16 ends = multiplied(
        (fe16){{low[2], high[2]}}, (fe16){{sum, added(high[0], high[1])}}, &scalar_field);
    const fe16 lead = multiplied(
        (fe16){{slope[2], slope[2]}}, (fe16){{sum_slope, sum_slope}}, &scalar_field);
    const fe8 first = plus(at_zero.v[0], ends.v[0]);
    extend(
        first, difference(plus(at_one.v[0], ends.v[1]), first, 3),
        twice(plus(turn.v[0], lead.v[0])), points, n);
    extend_line(low[2], slope[2], points, third);
    leading[THIRD] = slope[2];
  } else {
    extend_line(sum, sum_slope, points, n);
  }
  // N and D are of lower degrees than D·φ₀ and so add nothing to the leading coefficient.
  n[points] = nothing;

  for (int place = 0; place < IN_STEP; place += 2) {
    fe16 d = {{pair[place], pair[place + 1]}};
    if (limbs == 3) {
      d = multiplied(d, (fe16){{third[place], third[place + 1]}}, &scalar_field);
    }
    fe16 e = multiplied((fe16){{constant, constant}}, d, &scalar_field);
    for (int c = 0; c < 2; c++) e.v[c] = difference(e.v[c], n[place + c], limbs == 3 ? 71 : 20);
    e = multiplied(e, (fe16){{function[place], function[place + 1]}}, &scalar_field);
    for (int c = 0; c < 2; c++) {
      const fe8 crossed = place + c < points ? plus(d.v[c], padding[limbs + 2]) : nothing;
      terms[place + c] = difference(e.v[c], crossed, limbs == 3 ? 8 : 28);
    }
  }
}

/// Adds the leading coefficients of two pairs of groups.
TACIT_INLINE void add_leading(
    const fe8 a[FACTORS], const fe8 b[FACTORS], fe8 constant, fe8 *sum) {
  fe16 x = multiplied(
      (fe16){{a[PAIR], b[PAIR]}}, (fe16){{a[THIRD], b[THIRD]}}, &scalar_field);
  x = multiplied(x, (fe16){{constant, constant}}, &scalar_field);
  x = multiplied(x, (fe16){{a[FUNCTION], b[FUNCTION]}}, &scalar_field);
  x = multiplied(x, (fe16){{a[WEIGHT], b[WEIGHT]}}, &scalar_field);
  for (int c = 0; c < 2; c++) accumulate(sum, x.v[c]);
}

TACIT_INLINE void row_sums(
    const tacit_row_check *check, size_t first, size_t last, const int limbs, uint64_t *sums) {
  fe8 padding[6];
  for (int f = 0; f < limbs + 3; f++) padding[f] = everywhere(check->padding + 4 * f);
  const __m512i zero = _mm512_setzero_si512();
  const fe8 nothing = {{zero, zero, zero, zero, zero}};
  fe8 total[SUMS];
  for (int s = 0; s < SUMS; s++) total[s] = nothing;
  const size_t mask = ((size_t)1 << check->bits) - 1;

  // Runs within 256 rows: they share eq's high factor, and 32 terms of a lane below 2p stay below 84p.
  for (size_t pair = first; pair < last;) {
    const size_t run = check->pairs[pair].row;
    fe8 sum[SUMS], leading[2][FACTORS];
    int waiting = 0;
    for (int s = 0; s < SUMS; s++) sum[s] = nothing;
    for (; pair < last && check->pairs[pair].row / 256 == run / 256; pair++) {
      const size_t row = check->pairs[pair].row;
      __m512i a[8][4], b[8][4];
      const int isUsed = columns(check, check->pairs[pair].low, (size_t)limbs + 3, a);
      if (!columns(check, check->pairs[pair].high, (size_t)limbs + 3, b) && !isUsed) continue;
      const fe8 eq = elements(check->low + 4 * (row & mask), check->height);
      fe8 terms[IN_STEP];
      row_terms(a, b, padding, limbs, terms, leading[waiting]);
      for (int s = 0; s < IN_STEP; s += 2) {
        const fe16 x = multiplied(
            (fe16){{terms[s], terms[s + 1]}}, (fe16){{eq, eq}}, &scalar_field);
        for (int c = 0; c < 2; c++) accumulate(&sum[s + c], x.v[c]);
      }
      if (limbs < 3) continue;
      leading[waiting][WEIGHT] = eq;
      waiting = !waiting;
      if (!waiting) add_leading(leading[0], leading[1], padding[limbs + 1], &sum[IN_STEP]);
    }
    if (waiting) {
      for (int f = 0; f < FACTORS; f++) leading[1][f] = nothing;
      add_leading(leading[0], leading[1], padding[limbs + 1], &sum[IN_STEP]);
    }
    const fe8 weight = everywhere(check->high + 4 * (run >> check->bits));
    for (int s = 0; s < (limbs == 3 ? SUMS : IN_STEP); s += 2) {
      const fe16 x = multiplied(
          (fe16){{normalized(sum[s]), normalized(sum[s + 1])}}, (fe16){{weight, weight}},
          &scalar_field);
      for (int c = 0; c < 2; c++) total[s + c] = added(total[s + c], x.v[c]);
    }
  }
  for (int s = 0; s < SUMS; s++) {
    for (int j = 0; j < 5; j++) {
      sums[5 * s + j] = s > limbs + 1 ? 0 : (uint64_t)_mm512_reduce_add_epi64(total[s].l[j]);
    }
  }
}

TACIT_IFMA void tacit_row_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums) {
  if (check->limbs == 3) {
    row_sums(check, first, last, 3, sums);
  } else {
    row_sums(check, first, last, 2, sums);
  }
}

#endif

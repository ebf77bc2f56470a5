// Loops over BN254's scalar field: folds of tables, and the row check's sums.

#include "CKernels.h"

#if defined(__x86_64__)

#include "scalar_field.h"

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

/// Columns of a row, in order; the fingerprints follow.
enum { ACC, MUL, RESCALED, HELPER, FINGERPRINT };

/// Sums of a round, in the order of the result.
enum { ROW_LOW, ROW_HIGH, ROW_SQUARE, FRACTION, LEADING = FRACTION + 4, SUMS };

/// A group's rows by column, those beyond its height zero.
///
/// - returns: whether any value is not zero.
TACIT_INLINE int columns(
    const tacit_row_check *check, int32_t first, size_t width, __m512i words[8][4]) {
  __m512i any = _mm512_setzero_si512();
  for (size_t column = 0; column < width; column += 2) {
    __m512i r[8];
    // The last of an odd number of columns stands alone: nothing is read behind the rows.
    const __mmask8 mask = column + 1 < width ? 0xff : 0x0f;
    for (size_t k = 0; k < 8; k++) {
      const int isThere = first >= 0 && lane_element[k] < check->height;
      const size_t place = isThere ? (size_t)first + lane_element[k] : 0;
      r[k] = _mm512_maskz_loadu_epi64(
          isThere ? mask : 0, check->rows + 4 * (place * width + column));
      any = _mm512_or_si512(any, r[k]);
    }
    transpose(r);
    for (int j = 0; j < 4; j++) {
      words[column][j] = r[j];
      if (column + 1 < width) words[column + 1][j] = r[4 + j];
    }
  }
  return _mm512_test_epi64_mask(any, any) != 0;
}

/// x + multiple·p − y without carries: for the operands of `normalized`.
TACIT_INLINE fe8 difference(fe8 x, fe8 y, uint64_t multiple) {
  return subtracted(x, y, multiple, 0, &scalar_field);
}

TACIT_IFMA void tacit_row_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums) {
  const size_t limbs = check->limbs, width = limbs + 5;
  const int isPaired = limbs == 3;
  const int points = isPaired ? 4 : 3;
  fe8 padding[5];
  for (size_t f = 0; f < limbs + 2; f++) padding[f] = everywhere(check->padding + 4 * f);
  const fe8 helper_padding = padding[limbs + 1];
  const __m512i zero = _mm512_setzero_si512();
  const fe8 nothing = {{zero, zero, zero, zero, zero}};
  fe8 total[SUMS];
  for (int s = 0; s < SUMS; s++) total[s] = nothing;
  const size_t mask = ((size_t)1 << check->bits) - 1;

  // Runs within 256 rows: they share eq's high factor, and 32 terms of a lane below 2p stay below 84p.
  for (size_t pair = first; pair < last;) {
    const size_t run = check->pairs[pair].row;
    fe8 sum[SUMS];
    for (int s = 0; s < SUMS; s++) sum[s] = nothing;
    for (; pair < last && check->pairs[pair].row / 256 == run / 256; pair++) {
      const size_t row = check->pairs[pair].row;
      __m512i a[8][4], b[8][4];
      const int isUsed = columns(check, check->pairs[pair].low, width, a);
      if (!columns(check, check->pairs[pair].high, width, b) && !isUsed) continue;
      const fe8 eq = elements(check->low + 4 * (row & mask), check->height);
      const fe16 eqs = {{eq, eq}};

      // acc·M − w at both ends.
      const fe8 acc = unpacked(a[ACC]), mul = unpacked(a[MUL]);
      const fe8 acc1 = unpacked(b[ACC]), mul1 = unpacked(b[MUL]);
      fe16 x = multiplied((fe16){{acc, acc1}}, (fe16){{mul, mul1}}, &scalar_field);
      x.v[0] = difference(x.v[0], unpacked(a[RESCALED]), 1);
      x.v[1] = difference(x.v[1], unpacked(b[RESCALED]), 1);
      x = multiplied(x, eqs, &scalar_field);
      for (int j = 0; j < 5; j++) {
        sum[ROW_LOW].l[j] = _mm512_add_epi64(sum[ROW_LOW].l[j], x.v[0].l[j]);
        sum[ROW_HIGH].l[j] = _mm512_add_epi64(sum[ROW_HIGH].l[j], x.v[1].l[j]);
      }

      // The fingerprints, below 2p, and their slopes.
      fe8 low[4], high[4], slope[4];
      for (size_t f = 0; f < 4; f++) {
        if (f > limbs) {
          low[f] = high[f] = slope[f] = nothing;
          continue;
        }
        const fe8 f0 = unpacked(a[FINGERPRINT + f]), f1 = unpacked(b[FINGERPRINT + f]);
        low[f] = added(f0, padding[f]);
        high[f] = added(f1, padding[f]);
        slope[f] = difference(f1, f0, 1);
      }
      const fe8 h0 = unpacked(a[HELPER]);
      const fe8 h_slope = difference(unpacked(b[HELPER]), h0, 1);

      // D of both units at 0 and 1, below 1.1p, and their leading coefficients.
      fe16 product, at_one, turn;
      product = multiplied((fe16){{low[0], low[2]}}, (fe16){{low[1], low[3]}}, &scalar_field);
      at_one = multiplied((fe16){{high[0], high[2]}}, (fe16){{high[1], high[3]}}, &scalar_field);
      turn = multiplied(
          (fe16){{slope[0], slope[2]}}, (fe16){{slope[1], slope[3]}}, &scalar_field);
      fe8 step[2];
      for (int u = 0; u < 2; u++) step[u] = difference(at_one.v[u], product.v[u], 2);
      if (!isPaired) {
        product.v[1] = low[2];
        step[1] = slope[2];
        turn.v[1] = nothing;
      }

      // The leading coefficient beside that of acc·M.
      fe16 lead = {{isPaired ? turn.v[1] : slope[2], difference(acc1, acc, 1)}};
      lead = multiplied(
          lead, (fe16){{turn.v[0], difference(mul1, mul, 1)}}, &scalar_field);
      lead = multiplied(lead, (fe16){{h_slope, eq}}, &scalar_field);
      const fe16 weighed = multiplied(lead, eqs, &scalar_field);
      for (int j = 0; j < 5; j++) {
        sum[ROW_SQUARE].l[j] = _mm512_add_epi64(sum[ROW_SQUARE].l[j], lead.v[1].l[j]);
        sum[LEADING].l[j] = _mm512_add_epi64(sum[LEADING].l[j], weighed.v[0].l[j]);
      }

      // Everything at 0, 2, 3, 4, by differences: D stays below 27p, N below 20p, h below 10p.
      fe8 d[2][4], n[2][4], h[4];
      fe8 now[2], sums_now[2], sum_slope[2], h_now = added(h0, helper_padding);
      for (int u = 0; u < 2; u++) {
        now[u] = product.v[u];
        sums_now[u] = added(low[2 * u], low[2 * u + 1]);
        sum_slope[u] = added(slope[2 * u], slope[2 * u + 1]);
      }
      for (int point = 0, place = 0; place < points; point++) {
        if (point != 1) {
          for (int u = 0; u < 2; u++) {
            d[u][place] = now[u];
            n[u][place] = sums_now[u];
          }
          h[place++] = h_now;
        }
        h_now = added(h_now, h_slope);
        for (int u = 0; u < 2; u++) {
          now[u] = added(now[u], step[u]);
          step[u] = added(step[u], added(turn.v[u], turn.v[u]));
          sums_now[u] = added(sums_now[u], sum_slope[u]);
        }
      }
      if (!isPaired) {
        h[3] = h[2];
        for (int u = 0; u < 2; u++) d[u][3] = d[u][2], n[u][3] = n[u][2];
      }
      for (int place = 0; place < 4; place += 2) {
        const fe16 d0 = {{d[0][place], d[0][place + 1]}}, d1 = {{d[1][place], d[1][place + 1]}};
        fe16 e = multiplied((fe16){{h[place], h[place + 1]}}, d0, &scalar_field);
        for (int c = 0; c < 2; c++) e.v[c] = difference(e.v[c], n[0][place + c], 20);
        e = multiplied(e, d1, &scalar_field);
        const fe16 crossed =
            isPaired
                ? multiplied((fe16){{n[1][place], n[1][place + 1]}}, d0, &scalar_field)
                : d0;
        for (int c = 0; c < 2; c++) e.v[c] = difference(e.v[c], crossed.v[c], 27);
        e = multiplied(e, eqs, &scalar_field);
        for (int c = 0; c < 2; c++) {
          fe8 *s = &sum[FRACTION + place + c];
          for (int j = 0; j < 5; j++) s->l[j] = _mm512_add_epi64(s->l[j], e.v[c].l[j]);
        }
      }
    }
    const fe8 weight = everywhere(check->high + 4 * (run >> check->bits));
    for (int s = 0; s < SUMS; s += 2) {
      const fe16 x = multiplied(
          (fe16){{normalized(sum[s]), normalized(sum[s + 1])}}, (fe16){{weight, weight}},
          &scalar_field);
      for (int c = 0; c < 2; c++) total[s + c] = added(total[s + c], x.v[c]);
    }
  }
  for (int s = 0; s < SUMS; s++) {
    const int isLeft = s == FRACTION + 3 && !isPaired;
    for (int j = 0; j < 5; j++) {
      sums[5 * s + j] = isLeft ? 0 : (uint64_t)_mm512_reduce_add_epi64(total[s].l[j]);
    }
  }
}

#endif

// The row check's columns from a trace's integers, sixteen rows at a time.

#include "CKernels.h"

#if defined(__x86_64__)

#include "scalar_field.h"

/// Elements of `constants`, behind those of K limbs each.
enum { ONE, BETA, BETA_SQUARED, HELPER, HELPER_SCALE, LIMBS };

/// Columns of a row and of integers; the limbs follow, and behind those of a row φ₀'s linear part.
enum { ACC, MUL, HELPER_COLUMN, FINGERPRINT };
enum { ACC_CELL, OUTPUT_CELL, LIMB_CELL };

/// What waits for the inverses, for two groups: N, D, and the product of all D before.
enum { NUMERATOR, DENOMINATOR, PREFIX };

TACIT_INLINE void keep(fe16 x, uint64_t *scratch) {
  for (int c = 0; c < 2; c++) {
    for (int j = 0; j < 5; j++) _mm512_storeu_si512(scratch + 40 * c + 8 * j, x.v[c].l[j]);
  }
}

TACIT_INLINE fe16 kept(const uint64_t *scratch) {
  fe16 x;
  for (int c = 0; c < 2; c++) {
    for (int j = 0; j < 5; j++) x.v[c].l[j] = _mm512_loadu_si512(scratch + 40 * c + 8 * j);
  }
  return x;
}

TACIT_INLINE fe16 both(fe8 x) { return (fe16){{x, x}}; }

TACIT_INLINE fe16 sum(fe16 a, fe16 b) {
  return (fe16){{added(a.v[0], b.v[0]), added(a.v[1], b.v[1])}};
}

/// One column of eight rows, row k in lane k.
TACIT_INLINE fe8 column(const uint64_t *rows, size_t width) {
  __m512i r[8];
  for (size_t k = 0; k < 8; k++) r[k] = _mm512_maskz_loadu_epi64(0x0f, rows + 4 * width * k);
  transpose(r);
  return unpacked(r);
}

TACIT_INLINE void put_column(fe8 x, uint64_t *rows, size_t width) {
  __m512i r[8];
  pack(canonical(x, &scalar_field), r);
  for (int j = 4; j < 8; j++) r[j] = _mm512_setzero_si512();
  transpose(r);
  for (size_t k = 0; k < 8; k++) _mm512_mask_storeu_epi64(rows + 4 * width * k, 0x0f, r[k]);
}

TACIT_IFMA void tacit_fill_prepare(const tacit_row_fill *fill, uint64_t *products) {
  const size_t limbs = fill->limbs, width = limbs + 4, integer_width = 8 * (limbs + 2);
  fe16 constant[LIMBS], scale[3], padding[4];
  for (size_t i = 0; i < LIMBS; i++) constant[i] = both(everywhere(fill->constants + 4 * i));
  const uint64_t *rest = fill->constants + 4 * LIMBS;
  for (size_t i = 0; i < limbs; i++) scale[i] = both(everywhere(rest + 4 * i));
  for (size_t i = 0; i < limbs + 1; i++) padding[i] = both(everywhere(rest + 4 * (limbs + i)));
  fe16 product = constant[ONE];
  for (size_t group = 0; group < fill->count; group += 2) {
    uint64_t *rows[2];
    const int64_t *cells[2];
    for (size_t c = 0; c < 2; c++) {
      // The one beside the last of an odd number is that one again.
      const size_t place = group + c < fill->count ? group + c : group;
      rows[c] = fill->rows + 4 * 8 * width * place;
      cells[c] = fill->cells + integer_width * place;
    }
    fe16 x[5], linear, mul;
    for (size_t c = 0; c < 2; c++) {
      for (size_t i = 0; i < limbs + 2; i++) x[i].v[c] = integers(_mm512_loadu_si512(cells[c] + 8 * i), &scalar_field);
      linear.v[c] = column(rows[c] + 4 * (FINGERPRINT + limbs), width);
      mul.v[c] = column(rows[c] + 4 * MUL, width);
    }
    const fe16 acc = multiplied(x[ACC_CELL], constant[ONE], &scalar_field);
    linear = sum(linear, multiplied(x[OUTPUT_CELL], constant[BETA_SQUARED], &scalar_field));
    fe16 f[4];
    for (size_t i = 0; i < limbs; i++) {
      const fe16 looked_up = multiplied(x[LIMB_CELL + i], constant[BETA], &scalar_field);
      linear = sum(linear, multiplied(x[LIMB_CELL + i], scale[i], &scalar_field));
      f[i] = sum(looked_up, padding[i]);
      for (size_t c = 0; c < 2; c++) {
        put_column(looked_up.v[c], rows[c] + 4 * (FINGERPRINT + i), width);
      }
    }
    // Up to five terms below 1.1p each, and then acc·M and a sixth.
    f[limbs] = sum(sum(linear, multiplied(acc, mul, &scalar_field)), padding[limbs]);
    for (size_t c = 0; c < 2; c++) {
      put_column(acc.v[c], rows[c] + 4 * ACC, width);
      put_column(
          reduced_by(linear.v[c], 4, &scalar_field), rows[c] + 4 * (FINGERPRINT + limbs), width);
    }

    // N/D = Σ 1/f: of four factors N is 1/256 and D 1/4096 of its own, of three 1/16 and 1/256.
    const fe16 first = multiplied(f[0], f[1], &scalar_field);
    fe16 numerator, denominator;
    if (limbs == 3) {
      const fe16 second = multiplied(f[2], f[3], &scalar_field);
      numerator =
          sum(multiplied(sum(f[0], f[1]), second, &scalar_field),
              multiplied(sum(f[2], f[3]), first, &scalar_field));
      denominator = multiplied(first, second, &scalar_field);
    } else {
      numerator = sum(multiplied(sum(f[0], f[1]), f[2], &scalar_field), first);
      denominator = multiplied(first, f[2], &scalar_field);
    }
    uint64_t *scratch = fill->scratch + TACIT_FILL_SCRATCH * (group / 2);
    keep(numerator, scratch + 80 * NUMERATOR);
    keep(denominator, scratch + 80 * DENOMINATOR);
    keep(product, scratch + 80 * PREFIX);
    product = multiplied(product, denominator, &scalar_field);
  }
  for (int c = 0; c < 2; c++) put(canonical(product.v[c], &scalar_field), products + 32 * c, 8);
}

TACIT_IFMA void tacit_fill_finish(const tacit_row_fill *fill, const uint64_t *inverses) {
  const size_t width = fill->limbs + 4;
  const fe16 helper_scale = both(everywhere(fill->constants + 4 * HELPER_SCALE));
  const fe8 helper = everywhere(fill->constants + 4 * HELPER);
  fe16 inverse = {{elements(inverses, 8), elements(inverses + 32, 8)}};
  for (size_t group = (fill->count + 1) / 2 * 2; group > 0;) {
    group -= 2;
    const uint64_t *scratch = fill->scratch + TACIT_FILL_SCRATCH * (group / 2);
    const fe16 numerator = kept(scratch + 80 * NUMERATOR);
    const fe16 denominator = kept(scratch + 80 * DENOMINATOR);
    const fe16 prefix = kept(scratch + 80 * PREFIX);
    const fe16 reciprocal = multiplied(inverse, prefix, &scalar_field);
    inverse = multiplied(inverse, denominator, &scalar_field);
    fe16 h = multiplied(numerator, reciprocal, &scalar_field);
    for (int c = 0; c < 2; c++) h.v[c] = subtracted(h.v[c], helper, 1, 0, &scalar_field);
    h = multiplied(h, helper_scale, &scalar_field);
    for (size_t c = 0; c < 2 && group + c < fill->count; c++) {
      put_column(h.v[c], fill->rows + 4 * (8 * width * (group + c) + HELPER_COLUMN), width);
    }
  }
}

#endif

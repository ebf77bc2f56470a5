// The row argument's columns from a trace's integers, sixteen rows at a time.

#include "CKernels.h"

#if defined(__x86_64__)

#include "grouped_rows.h"

/// Elements of `constants`, after those of K limbs each.
enum { ENTRY, BETA, BETA_SQUARED, NUMERATOR, DENOMINATOR, FRACTION, UNIT, LIMBS };

/// Columns of a row and of integers; the limbs follow, and after those of a row φ₀'s linear part.
enum { ACC, MUL, FINGERPRINT };
enum { ACC_CELL, OUTPUT_CELL, LIMB_CELL };

TACIT_INLINE fe16 both(fe8 x) { return (fe16){{x, x}}; }

TACIT_INLINE fe16 sum(fe16 a, fe16 b) {
  return (fe16){{added(a.v[0], b.v[0]), added(a.v[1], b.v[1])}};
}

TACIT_IFMA void tacit_fill_rows(const tacit_row_fill *fill) {
  const size_t limbs = fill->limbs, width = limbs + 3, integer_width = 8 * (limbs + 2);
  fe16 constant[LIMBS], scale[3], padding[4];
  for (size_t i = 0; i < LIMBS; i++) constant[i] = both(everywhere(fill->constants + 4 * i));
  const uint64_t *rest = fill->constants + 4 * LIMBS;
  for (size_t i = 0; i < limbs; i++) scale[i] = both(everywhere(rest + 4 * i));
  for (size_t i = 0; i < limbs + 1; i++) padding[i] = both(everywhere(rest + 4 * (limbs + i)));
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
      for (size_t i = 0; i < limbs + 2; i++) {
        x[i].v[c] = integers(_mm512_loadu_si512(cells[c] + 8 * i), &scalar_field);
      }
      linear.v[c] = column(rows[c] + 4 * (FINGERPRINT + limbs), width);
      mul.v[c] = column(rows[c] + 4 * MUL, width);
    }
    const fe16 acc = multiplied(x[ACC_CELL], constant[ENTRY], &scalar_field);
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
    fe16 n, d;
    if (limbs == 3) {
      const fe16 second = multiplied(f[2], f[3], &scalar_field);
      n = sum(multiplied(sum(f[0], f[1]), second, &scalar_field),
              multiplied(sum(f[2], f[3]), first, &scalar_field));
      d = multiplied(first, second, &scalar_field);
    } else {
      n = sum(multiplied(sum(f[0], f[1]), f[2], &scalar_field), first);
      d = multiplied(first, f[2], &scalar_field);
    }
    d = multiplied(d, constant[DENOMINATOR], &scalar_field);
    n = sum(multiplied(n, constant[NUMERATOR], &scalar_field),
            multiplied(d, constant[FRACTION], &scalar_field));
    for (size_t c = 0; c < 2 && group + c < fill->count; c++) {
      uint64_t *nodes = fill->nodes + 4 * 16 * (group + c);
      put_column(n.v[c], nodes, 2);
      put_column(subtracted(d.v[c], constant[UNIT].v[c], 1, 0, &scalar_field), nodes + 4, 2);
    }
  }
}

#endif

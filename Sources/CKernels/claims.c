// The claim batch's arithmetic: sums of products, and what they are taken of.

#include "CKernels.h"

#if defined(__x86_64__)

#include "grouped_rows.h"

static inline size_t held(size_t count, size_t at) { return at < count ? count - at : 0; }

static const fe8 nothing = {{{0}, {0}, {0}, {0}, {0}}};

/// As `elements`; where none is there nothing is read, as a masked load from no page at all is slow.
TACIT_INLINE fe8 held_elements(const uint64_t *limbs, size_t place, size_t count) {
  return count > 0 ? elements(limbs + 4 * place, count) : nothing;
}

/// Eight integers in a row, in the order of `elements`.
TACIT_INLINE fe8 integer_elements(const int64_t *values) {
  const __m512i order = _mm512_setr_epi64(0, 2, 1, 3, 4, 6, 5, 7);
  return integers(
      _mm512_permutexvar_epi64(order, _mm512_loadu_si512(values)), &scalar_field);
}

TACIT_IFMA void tacit_fr_add_scaled(
    uint64_t *target, const uint64_t *values, size_t count, const uint64_t *factor) {
  const fe8 r = everywhere(factor);
  for (size_t start = 0; start < count; start += 16) {
    fe16 a;
    size_t left[2];
    for (int c = 0; c < 2; c++) {
      const size_t first = start + 8 * (size_t)c;
      left[c] = held(count, first);
      a.v[c] = elements(values + 4 * first, left[c]);
    }
    a = multiplied((fe16){{r, r}}, a, &scalar_field);
    for (int c = 0; c < 2; c++) {
      uint64_t *place = target + 4 * (start + 8 * (size_t)c);
      put(canonical(added(elements(place, left[c]), a.v[c]), &scalar_field), place, left[c]);
    }
  }
}

TACIT_IFMA void tacit_fr_product_sums(
    const tacit_product *product, size_t first, size_t last, uint64_t *sums) {
  fe8 totals[3];
  for (int s = 0; s < 3; s++) totals[s] = nothing;
  for (size_t start = first; start < last; start += 16) {
    fe16 a[2], b[2], rise[2];
    for (int c = 0; c < 2; c++) {
      for (size_t end = 0; end < 2; end++) {
        // Of what lies after the range nothing counts, on either side.
        const size_t i = start + 8 * (size_t)c, at = i + end * product->half;
        const size_t in_range = held(last, i);
        const size_t b_left = held(product->b_count, at), a_left = held(product->a_count, at);
        const size_t b_here = b_left < in_range ? b_left : in_range;
        const size_t a_here = a_left < in_range ? a_left : in_range;
        b[end].v[c] = held_elements(product->b, at, b_here);
        a[end].v[c] = held_elements(product->a, at, a_here);
      }
      rise[0].v[c] = subtracted(a[1].v[c], a[0].v[c], 1, 0, &scalar_field);
      rise[1].v[c] = subtracted(b[1].v[c], b[0].v[c], 1, 0, &scalar_field);
    }
    const fe16 terms[3] = {
        multiplied(a[0], b[0], &scalar_field), multiplied(a[1], b[1], &scalar_field),
        multiplied(rise[0], rise[1], &scalar_field)};
    for (int s = 0; s < 3; s++) {
      for (int c = 0; c < 2; c++) accumulate(&totals[s], terms[s].v[c]);
    }
  }
  write_sums(totals, 3, sums);
}

/// Columns of a row, in order.
enum { COMBINED, OUTPUT, WEIGHT, WIDTH };

/// One row's elements from its columns in the order of `elements`.
TACIT_INLINE void put_rows(const fe8 columns[WIDTH + 1], uint64_t *rows) {
  for (size_t column = 0; column < WIDTH; column += 2) {
    __m512i r[8];
    pack(columns[column], r);
    pack(columns[column + 1], r + 4);
    transpose(r);
    for (size_t k = 0; k < 8; k++) {
      _mm512_mask_storeu_epi64(
          rows + 4 * (WIDTH * lane_element[k] + column), column + 1 < WIDTH ? 0xff : 0x0f, r[k]);
    }
  }
}

TACIT_IFMA void tacit_claim_rows(const tacit_claim_fill *fill) {
  const size_t integer_width = 8 * (fill->integers + 1);
  const fe8 one = everywhere(fill->factors);
  fe8 scales[8];
  for (size_t i = 0; i < fill->integers; i++) scales[i] = everywhere(fill->factors + 4 + 4 * i);
  for (size_t group = 0; group < fill->count; group++) {
    const int64_t *cells = fill->cells + integer_width * group;
    fe8 columns[WIDTH + 1];
    columns[WEIGHT] = elements(fill->weights + 32 * group, 8);
    columns[WIDTH] = nothing;
    // y and the columns that it is combined with, two at a time.
    fe8 sum = nothing;
    for (size_t i = 0; i < fill->integers + 1; i += 2) {
      fe16 x, scale;
      for (size_t c = 0; c < 2; c++) {
        const size_t column = i + c < fill->integers + 1 ? i + c : i;
        x.v[c] = integer_elements(cells + 8 * column);
        scale.v[c] = column == 0 ? one : scales[column - 1];
      }
      const fe16 terms = multiplied(x, scale, &scalar_field);
      if (i == 0) {
        columns[OUTPUT] = canonical(terms.v[0], &scalar_field);
      } else {
        sum = added(sum, terms.v[0]);
      }
      if (i + 1 < fill->integers + 1) sum = added(sum, terms.v[1]);
    }
    // At most seven terms below 1.1p each.
    sum = reduced_by(reduced_by(sum, 8, &scalar_field), 4, &scalar_field);
    columns[COMBINED] = canonical(sum, &scalar_field);
    put_rows(columns, fill->rows + 32 * WIDTH * group);
  }
}

/// Sums in the order of the result.
enum { COMBINED_LOW, COMBINED_HIGH, OUTPUT_LOW, OUTPUT_HIGH, OUTPUT_SQUARE, CLAIM_SUMS };

TACIT_IFMA void tacit_claim_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums) {
  fe8 totals[CLAIM_SUMS];
  for (int s = 0; s < CLAIM_SUMS; s++) totals[s] = nothing;
  const size_t mask = ((size_t)1 << check->bits) - 1;
  for (size_t pair = first; pair < last;) {
    const size_t run = check->pairs[pair].row;
    fe8 weighed[2] = {nothing, nothing};
    for (; pair < last && check->pairs[pair].row / 256 == run / 256; pair++) {
      const tacit_row_pair *here = check->pairs + pair;
      __m512i words[2][8][4];
      columns(check, here->low, WIDTH, words[0]);
      columns(check, here->high, WIDTH, words[1]);
      fe8 a[WIDTH], b[WIDTH];
      for (size_t i = 0; i < WIDTH; i++) {
        a[i] = unpacked(words[0][i]);
        b[i] = unpacked(words[1][i]);
      }
      const fe8 eq = elements(check->low + 4 * (here->row & mask), check->height);
      fe16 terms = multiplied(
          (fe16){{eq, eq}}, (fe16){{a[COMBINED], b[COMBINED]}}, &scalar_field);
      for (int c = 0; c < 2; c++) accumulate(&weighed[c], terms.v[c]);
      terms = multiplied(
          (fe16){{a[OUTPUT], b[OUTPUT]}}, (fe16){{a[WEIGHT], b[WEIGHT]}}, &scalar_field);
      for (int c = 0; c < 2; c++) accumulate(&totals[OUTPUT_LOW + c], terms.v[c]);
      const fe8 y = subtracted(b[OUTPUT], a[OUTPUT], 1, 0, &scalar_field);
      const fe8 l = subtracted(b[WEIGHT], a[WEIGHT], 1, 0, &scalar_field);
      terms = multiplied((fe16){{y, y}}, (fe16){{l, l}}, &scalar_field);
      accumulate(&totals[OUTPUT_SQUARE], terms.v[0]);
    }
    const fe8 far = everywhere(check->high + 4 * (run >> check->bits));
    const fe16 run_sums = multiplied(
        (fe16){{normalized(weighed[0]), normalized(weighed[1])}}, (fe16){{far, far}},
        &scalar_field);
    for (int c = 0; c < 2; c++) accumulate(&totals[COMBINED_LOW + c], run_sums.v[c]);
  }
  write_sums(totals, CLAIM_SUMS, sums);
}

#endif

// Rows of tables in groups of eight, which a sum-check's round reads in pairs.

#ifndef TACIT_GROUPED_ROWS_H
#define TACIT_GROUPED_ROWS_H

#include "CKernels.h"
#include "scalar_field.h"

/// A group's rows by column, those beyond its height zero.
///
/// - returns: whether any value is not zero.
TACIT_INLINE int columns(
    const tacit_row_check *check, int32_t first, size_t width, __m512i words[8][4]) {
  __m512i any = _mm512_setzero_si512();
  for (size_t column = 0; column < width; column += 2) {
    __m512i r[8];
    // The last of an odd number of columns stands alone: nothing is read after the rows.
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

/// Adds up elements whose limbs are below 2^52, fewer than 2^11 of them.
TACIT_INLINE void accumulate(fe8 *sum, fe8 x) {
  for (int j = 0; j < 5; j++) sum->l[j] = _mm512_add_epi64(sum->l[j], x.l[j]);
}

/// The sums over all lanes, five limbs with their carries each.
TACIT_INLINE void write_sums(const fe8 *totals, size_t count, uint64_t *sums) {
  for (size_t s = 0; s < count; s++) {
    const fe8 total = normalized(totals[s]);
    for (int j = 0; j < 5; j++) {
      sums[5 * s + (size_t)j] = (uint64_t)_mm512_reduce_add_epi64(total.l[j]);
    }
  }
}

#endif

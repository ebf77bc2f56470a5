// Sums of products over windows, in double precision: what layers of a network compute.
//
// A vector is eight columns of one row, so that each sum is taken in its own order. Products are exact, hence
// one rounding of product and sum is that of the sum alone.

#include "CKernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TACIT_WINDOWS __attribute__((target("avx512f")))
#define TACIT_WINDOWS_INLINE TACIT_WINDOWS __attribute__((always_inline)) static inline

/// Rows in step, which share the loads of weights.
enum { ROWS_IN_STEP = 8 };

TACIT_WINDOWS_INLINE void sum_rows(
    const tacit_windows *windows, const int64_t *places, double *sums, int rows) {
  __m512d acc[ROWS_IN_STEP];
  for (int r = 0; r < rows; r++) acc[r] = _mm512_setzero_pd();
  const double *weights = windows->weights;
  for (size_t tap = 0; tap < windows->taps; tap++) {
    const double *x[ROWS_IN_STEP];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) x[r] = windows->values + places[(size_t)r * windows->taps + tap];
    for (size_t i = 0; i < windows->inner; i++, weights += 8) {
      const __m512d w = _mm512_loadu_pd(weights);
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) acc[r] = _mm512_fmadd_pd(_mm512_set1_pd(x[r][i]), w, acc[r]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) _mm512_storeu_pd(sums + 8 * r, acc[r]);
}

TACIT_WINDOWS void tacit_window_sums(
    const tacit_windows *windows, const int64_t *places, size_t rows, double *sums) {
  size_t row = 0;
  for (; row + ROWS_IN_STEP <= rows; row += ROWS_IN_STEP) {
    sum_rows(windows, places + row * windows->taps, sums + 8 * row, ROWS_IN_STEP);
  }
  for (; row + 2 <= rows; row += 2) {
    sum_rows(windows, places + row * windows->taps, sums + 8 * row, 2);
  }
  for (; row < rows; row++) {
    sum_rows(windows, places + row * windows->taps, sums + 8 * row, 1);
  }
}

#endif

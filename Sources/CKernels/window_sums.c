// Sums of products over windows, in double precision: what layers of a network compute. And values put as
// windows read them.
//
// A vector is eight columns of one row, so that each sum is taken in its own order. Products are exact, hence
// one rounding of product and sum is that of the sum alone.

#include "CKernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TACIT_WINDOWS __attribute__((target("avx512f,avx512dq")))
// A product and a sum are two roundings where nothing says that they are one.
#pragma STDC FP_CONTRACT OFF

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

/// Rows of channels in step.
enum { CHANNEL_ROWS_IN_STEP = 4 };

TACIT_WINDOWS_INLINE void sum_channels(
    const tacit_channel_windows *windows, const int64_t *places, double *sums, int rows) {
  __m512d acc[CHANNEL_ROWS_IN_STEP];
  for (int r = 0; r < rows; r++) acc[r] = _mm512_setzero_pd();
  const double *weights = windows->weights;
  for (size_t tap = 0; tap < windows->taps; tap++, weights += windows->stride) {
    const __m512d w = _mm512_loadu_pd(weights);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const double *x = windows->values + places[(size_t)r * windows->taps + tap];
      acc[r] = _mm512_fmadd_pd(_mm512_loadu_pd(x), w, acc[r]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) _mm512_storeu_pd(sums + 8 * r, acc[r]);
}

TACIT_WINDOWS void tacit_channel_sums(
    const tacit_channel_windows *windows, const int64_t *places, size_t rows, double *sums) {
  size_t row = 0;
  for (; row + CHANNEL_ROWS_IN_STEP <= rows; row += CHANNEL_ROWS_IN_STEP) {
    sum_channels(windows, places + row * windows->taps, sums + 8 * row, CHANNEL_ROWS_IN_STEP);
  }
  for (; row < rows; row++) {
    sum_channels(windows, places + row * windows->taps, sums + 8 * row, 1);
  }
}

/// Writes eight places of some channels, of which there are eight vectors.
TACIT_WINDOWS_INLINE void store_places(
    const __m512d rows[8], __mmask8 channels, double *values, size_t width, size_t places) {
  // Pairs of channels within lanes of two places, then lanes of two channels, then of four.
  __m512d pairs[8], fours[8], turned[8];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = _mm512_unpacklo_pd(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_pd(rows[i], rows[i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    const int from = i / 2 * 4 + i % 2;
    fours[i] = _mm512_shuffle_f64x2(pairs[from], pairs[from + 2], 0x88);
    fours[i + 4] = _mm512_shuffle_f64x2(pairs[from], pairs[from + 2], 0xdd);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 2; i++) {
    turned[i] = _mm512_shuffle_f64x2(fours[i], fours[i + 2], 0x88);
    turned[i + 4] = _mm512_shuffle_f64x2(fours[i], fours[i + 2], 0xdd);
    turned[i + 2] = _mm512_shuffle_f64x2(fours[i + 4], fours[i + 6], 0x88);
    turned[i + 6] = _mm512_shuffle_f64x2(fours[i + 4], fours[i + 6], 0xdd);
  }
  for (size_t place = 0; place < places; place++) {
    _mm512_mask_storeu_pd(values + place * width, channels, turned[place]);
  }
}

TACIT_WINDOWS_INLINE __mmask8 first_of_eight(size_t count) {
  return count < 8 ? (__mmask8)((1u << count) - 1) : 0xff;
}

TACIT_WINDOWS void tacit_place_integers(
    const tacit_channel_runs *runs, const int64_t *x, int64_t zero, size_t places,
    double *values) {
  const __m512i less = _mm512_set1_epi64(zero);
  for (size_t place = 0; place < places; place += 8) {
    const size_t count = places - place < 8 ? places - place : 8;
    const __mmask8 read = first_of_eight(count);
    for (size_t channel = 0; channel < runs->channels; channel += 8) {
      const size_t rest = runs->channels - channel;
      __m512d rows[8];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < 8; r++) {
        const int64_t *own = x + (channel + (r < rest ? r : 0)) * runs->stride + place;
        const __m512i integers = _mm512_sub_epi64(_mm512_maskz_loadu_epi64(read, own), less);
        rows[r] = _mm512_cvtepi64_pd(integers);
      }
      store_places(
          rows, first_of_eight(rest), values + place * runs->width + channel, runs->width, count);
    }
  }
}

TACIT_WINDOWS void tacit_place_floats(
    const tacit_channel_runs *runs, const float *x, float zero, size_t places, double *values) {
  const __m512d less = _mm512_set1_pd(zero);
  // Sixteen places are a line of the cache.
  for (size_t place = 0; place < places; place += 16) {
    const size_t count = places - place < 16 ? places - place : 16;
    const __mmask16 read = count < 16 ? (__mmask16)((1u << count) - 1) : 0xffff;
    for (size_t channel = 0; channel < runs->channels; channel += 8) {
      const size_t rest = runs->channels - channel;
      __m512d low[8], high[8];
#pragma clang loop unroll(full)
      for (size_t r = 0; r < 8; r++) {
        const float *own = x + (channel + (r < rest ? r : 0)) * runs->stride + place;
        const __m512 floats = _mm512_maskz_loadu_ps(read, own);
        low[r] = _mm512_sub_pd(_mm512_cvtps_pd(_mm512_castps512_ps256(floats)), less);
        high[r] = _mm512_sub_pd(
            _mm512_cvtps_pd(
                _mm512_castps512_ps256(_mm512_shuffle_f32x4(floats, floats, 0x0e))),
            less);
      }
      double *own = values + place * runs->width + channel;
      const __mmask8 written = first_of_eight(rest);
      store_places(low, written, own, runs->width, count < 8 ? count : 8);
      if (count > 8) store_places(high, written, own + 8 * runs->width, runs->width, count - 8);
    }
  }
}

TACIT_WINDOWS void tacit_deviation_sums(
    tacit_deviation *sums, const int64_t *integers, const float *reals, size_t count) {
  __m512d error = _mm512_loadu_pd(sums->error), signal = _mm512_loadu_pd(sums->signal);
  const __m512i zero = _mm512_set1_epi64(sums->zero);
  const __m512i least = _mm512_set1_epi64(sums->least), most = _mm512_set1_epi64(sums->most);
  const __m256 scale = _mm256_set1_ps(sums->scale);
  const __m512d step = _mm512_set1_pd(sums->scale);
  size_t saturated = 0;
  for (size_t i = 0; i < count; i += 8) {
    const __m512i got = _mm512_loadu_si512(integers + i);
    const __m256 floats = _mm512_cvtepi64_ps(_mm512_sub_epi64(got, zero));
    const __m512d wanted = _mm512_cvtps_pd(_mm256_loadu_ps(reals + i));
    const __m512d difference =
        _mm512_sub_pd(_mm512_cvtps_pd(_mm256_mul_ps(floats, scale)), wanted);
    error = _mm512_add_pd(error, _mm512_mul_pd(difference, difference));
    signal = _mm512_add_pd(signal, _mm512_mul_pd(wanted, wanted));
    const __mmask8 ends = _mm512_cmpeq_epi64_mask(got, least) | _mm512_cmpeq_epi64_mask(got, most);
    const __mmask8 beyond = _mm512_cmp_pd_mask(_mm512_abs_pd(difference), step, _CMP_GT_OQ);
    saturated += (size_t)__builtin_popcount(ends & beyond);
  }
  _mm512_storeu_pd(sums->error, error);
  _mm512_storeu_pd(sums->signal, signal);
  sums->saturated += saturated;
}

#endif

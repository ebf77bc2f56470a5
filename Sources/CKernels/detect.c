#include "CKernels.h"

int tacit_has_ifma(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512ifma") && __builtin_cpu_supports("avx512vnni");
#else
  return 0;
#endif
}

#if !defined(__x86_64__)

// Never called: tacit_has_ifma says no. There so that callers link.

size_t tacit_add_prepare(
    const uint64_t *points, const uint32_t *steps, size_t count, uint64_t *prefixes,
    uint64_t *products) {
  (void)points, (void)steps, (void)count, (void)prefixes, (void)products;
  return 0;
}

void tacit_add_finish(
    uint64_t *points, const uint32_t *steps, size_t count, const uint64_t *prefixes,
    const uint64_t *inverses) {
  (void)points, (void)steps, (void)count, (void)prefixes, (void)inverses;
}

size_t tacit_pairs_prepare(
    const uint64_t *points, const uint32_t *pairs, size_t count, uint64_t *prefixes,
    uint64_t *products) {
  (void)points, (void)pairs, (void)count, (void)prefixes, (void)products;
  return 0;
}

void tacit_pairs_finish(
    uint64_t *sums, const uint64_t *points, const uint32_t *pairs, size_t count,
    const uint64_t *prefixes, const uint64_t *inverses) {
  (void)sums, (void)points, (void)pairs, (void)count, (void)prefixes, (void)inverses;
}

void tacit_fp_roots(uint64_t *values, size_t count) { (void)values, (void)count; }

void tacit_fr_fold(
    uint64_t *low, const uint64_t *high, size_t count, const uint64_t *factor) {
  (void)low, (void)high, (void)count, (void)factor;
}

void tacit_fr_scale(uint64_t *values, size_t count, const uint64_t *factor) {
  (void)values, (void)count, (void)factor;
}

void tacit_row_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums) {
  (void)check, (void)first, (void)last, (void)sums;
}

void tacit_fr_fold_pairs(
    uint64_t *values, const tacit_row_pair *pairs, size_t count, size_t width, size_t size,
    const uint64_t *factor) {
  (void)values, (void)pairs, (void)count, (void)width, (void)size, (void)factor;
}

void tacit_fill_rows(const tacit_row_fill *fill) { (void)fill; }

void tacit_fr_add_scaled(
    uint64_t *target, const uint64_t *values, size_t count, const uint64_t *factor) {
  (void)target, (void)values, (void)count, (void)factor;
}

void tacit_fr_split(uint64_t *table, size_t count, const uint64_t *factor) {
  (void)table, (void)count, (void)factor;
}

void tacit_fr_add_integers(
    uint64_t *sums, const int64_t *cells, size_t count, const uint64_t *factors, int settles) {
  (void)sums, (void)cells, (void)count, (void)factors, (void)settles;
}

void tacit_fr_product_sums(
    const tacit_product *product, size_t first, size_t last, uint64_t *sums) {
  (void)product, (void)first, (void)last, (void)sums;
}

void tacit_byte_products(
    const tacit_byte_matrix *matrix, const tacit_byte_run *runs, size_t count) {
  (void)matrix, (void)runs, (void)count;
}

void tacit_interleave_bytes(
    int8_t *target, const int8_t *a, const int8_t *b, const int8_t *c, const int8_t *d,
    size_t count) {
  (void)target, (void)a, (void)b, (void)c, (void)d, (void)count;
}

void tacit_byte_values(const int64_t *sums, size_t count, uint64_t *values) {
  (void)sums, (void)count, (void)values;
}

int64_t tacit_integer_product(const int64_t *a, const int64_t *b, size_t count) {
  (void)a, (void)b, (void)count;
  return 0;
}

void tacit_widen_bytes(int64_t *cells, const int8_t *bytes, size_t count, unsigned shift) {
  (void)cells, (void)bytes, (void)count, (void)shift;
}

void tacit_fraction_add(uint64_t *nodes, const uint64_t *children, size_t count) {
  (void)nodes, (void)children, (void)count;
}

void tacit_fraction_batch(uint64_t *rows, size_t count, const uint64_t *factor) {
  (void)rows, (void)count, (void)factor;
}

void tacit_fraction_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums) {
  (void)check, (void)first, (void)last, (void)sums;
}

void tacit_inverse_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums) {
  (void)check, (void)first, (void)last, (void)sums;
}

void tacit_claim_rows(const tacit_claim_fill *fill) { (void)fill; }

void tacit_claim_sums(
    const tacit_row_check *check, size_t first, size_t last, uint64_t *sums) {
  (void)check, (void)first, (void)last, (void)sums;
}

void tacit_window_sums(
    const tacit_windows *windows, const int64_t *places, size_t rows, double *sums) {
  (void)windows, (void)places, (void)rows, (void)sums;
}

void tacit_channel_sums(
    const tacit_channel_windows *windows, const int64_t *places, size_t rows, double *sums) {
  (void)windows, (void)places, (void)rows, (void)sums;
}

void tacit_place_integers(
    const tacit_channel_runs *runs, const int64_t *x, int64_t zero, size_t places,
    double *values) {
  (void)runs, (void)x, (void)zero, (void)places, (void)values;
}

void tacit_place_floats(
    const tacit_channel_runs *runs, const float *x, float zero, size_t places, double *values) {
  (void)runs, (void)x, (void)zero, (void)places, (void)values;
}

void tacit_deviation_sums(
    tacit_deviation *sums, const int64_t *integers, const float *reals, size_t count) {
  (void)sums, (void)integers, (void)reals, (void)count;
}

#endif

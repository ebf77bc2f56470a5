#include "CKernels.h"

int tacit_has_ifma(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512ifma");
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

#endif

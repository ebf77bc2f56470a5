// Square roots in BN254's base field, q ≡ 3 mod 4: powers to (q + 1)/4, sixteen at a time.

#include "CKernels.h"

#if defined(__x86_64__)

#include "base_field.h"

/// (q + 1)/4.
static const uint64_t exponent[4] = {
    0x4f082305b61f3f52, 0x65e05aa45a1c72a3, 0x6e14116da0605617, 0x0c19139cb84c680a};

TACIT_INLINE fe16 both(const uint64_t limbs[5]) {
  fe16 x;
  for (int j = 0; j < 5; j++) x.v[0].l[j] = x.v[1].l[j] = all(limbs[j]);
  return x;
}

TACIT_IFMA void tacit_fp_roots(uint64_t *values, size_t count) {
  for (size_t start = 0; start < count; start += 16) {
    uint64_t *const at = values + 4 * start;
    const fe16 given = {{elements(at, 8), elements(at + 32, 8)}};
    // A coordinate stands for a sixteenth of itself; here a factor would be raised too.
    fe16 powers[16];
    powers[0] = both(one52);
    powers[1] = multiplied(given, both(sixteen52), &base_field);
    for (int i = 2; i < 16; i++) powers[i] = multiplied(powers[i - 1], powers[1], &base_field);
    fe16 result = powers[0];
    for (int shift = 252; shift >= 0; shift -= 4) {
      for (int i = 0; i < 4; i++) result = multiplied(result, result, &base_field);
      const unsigned digit = exponent[shift / 64] >> (shift % 64) & 15;
      if (digit != 0) result = multiplied(result, powers[digit], &base_field);
    }
    result = multiplied(result, both(sixteenth52), &base_field);
    put(canonical(result.v[0], &base_field), at, 8);
    put(canonical(result.v[1], &base_field), at + 32, 8);
  }
}

#endif

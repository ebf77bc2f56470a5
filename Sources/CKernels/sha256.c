// SHA-256's compression of whole blocks [FIPS180, §6.2.2] with the SHA extensions of x86, and the
// erasure of what was hashed.

#include "CKernels.h"

void tacit_erase(void *bytes, size_t count) {
  __builtin_memset(bytes, 0, count);
  // As if the zeros were read here, so that the compiler does not drop what nothing else reads.
  __asm__ volatile("" : : "r"(bytes) : "memory");
}

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

int tacit_has_sha_extensions(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return 0;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

__attribute__((target("sha,ssse3,sse4.1"))) void tacit_sha256_blocks(
    uint32_t *state, const uint8_t *blocks, size_t count, const uint32_t *constants) {
  // The instructions hold the state as (f, e, b, a) and (h, g, d, c), least significant word first.
  const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
  const __m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state + 1), 0x1b);
  __m128i abef = _mm_alignr_epi8(badc, hgfe, 8), cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);
  // Words of a message are big-endian.
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  for (; count > 0; count--, blocks += 64) {
    const __m128i old_abef = abef, old_cdgh = cdgh;
    // Words t ..< t + 4 of the schedule are in w[t / 4 % 4].
    __m128i w[4];
    for (int i = 0; i < 4; i++)
      w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)blocks + i), swap);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
      __m128i sum =
          _mm_add_epi32(w[i % 4], _mm_loadu_si128((const __m128i *)constants + i));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      sum = _mm_shuffle_epi32(sum, 0x0e);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, sum);
      if (i < 12) {
        // Words t + 16 ..< t + 20: W(t) + σ₀(W(t + 1)), then + W(t + 9), then + σ₁(W(t + 14)).
        const __m128i last = w[(i + 3) % 4];
        const __m128i next = _mm_add_epi32(
            _mm_sha256msg1_epu32(w[i % 4], w[(i + 1) % 4]),
            _mm_alignr_epi8(last, w[(i + 2) % 4], 4));
        w[i % 4] = _mm_sha256msg2_epu32(next, last);
      }
    }
    abef = _mm_add_epi32(abef, old_abef);
    cdgh = _mm_add_epi32(cdgh, old_cdgh);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128((__m128i *)state + 1, _mm_alignr_epi8(dchg, feba, 8));
}

#else

int tacit_has_sha_extensions(void) { return 0; }

// Never called: tacit_has_sha_extensions says no. There so that callers link.
void tacit_sha256_blocks(
    uint32_t *state, const uint8_t *blocks, size_t count, const uint32_t *constants) {
  (void)state, (void)blocks, (void)count, (void)constants;
}

#endif

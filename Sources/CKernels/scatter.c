#include "CKernels.h"

/// q, as four limbs.
static const uint64_t modulus[4] = {
    0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029};

/// Entries ahead of their turn that a point is asked for: about what memory takes to answer.
enum { AHEAD = 24 };

void tacit_scatter_points(
    const uint32_t *entries, size_t count, const uint64_t *source, uint64_t *points,
    uint64_t *places) {
  for (size_t i = 0; i < count; i++) {
    if (i + AHEAD < count) {
      // A run's next place may move on until then, mostly to a neighbour.
      __builtin_prefetch(points + 8 * places[entries[2 * (i + AHEAD)]], 1);
      __builtin_prefetch(source + 8 * (size_t)(entries[2 * (i + AHEAD) + 1] >> 1));
    }
    const uint32_t bucket = entries[2 * i], origin = entries[2 * i + 1];
    const uint64_t *from = source + 8 * (size_t)(origin >> 1);
    uint64_t *to = points + 8 * places[bucket]++;
    for (int j = 0; j < 4; j++) to[j] = from[j];
    if ((origin & 1) == 0) {
      for (int j = 4; j < 8; j++) to[j] = from[j];
      continue;
    }
    // q − y; zero, the identity's, stays zero.
    const uint64_t isThere = (from[4] | from[5] | from[6] | from[7]) != 0 ? ~(uint64_t)0 : 0;
    uint64_t borrow = 0;
    for (int j = 0; j < 4; j++) {
      const uint64_t difference = modulus[j] - from[4 + j];
      const uint64_t next = (modulus[j] < from[4 + j]) | (difference < borrow);
      to[4 + j] = (difference - borrow) & isThere;
      borrow = next;
    }
  }
}

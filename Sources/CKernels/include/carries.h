// The steps of carry chains, for the compiler to inline: in Swift's 128-bit integers they take as many
// instructions in the end, but three times as long to compile, wherever a product of the field is inlined.

#ifndef TACIT_CARRIES_H
#define TACIT_CARRIES_H

#include <stdint.h>

/// A word, and what goes on to the next one.
typedef struct {
  uint64_t word;
  uint64_t carry;
} tacit_carried;

#define TACIT_CARRIES static inline __attribute__((always_inline, const))

/// t + a·b + carry, which is below 2^128: (2^64 − 1)² + 2(2^64 − 1) = 2^128 − 1.
TACIT_CARRIES tacit_carried tacit_multiply_add(uint64_t t, uint64_t a, uint64_t b, uint64_t carry) {
  const unsigned __int128 wide = (unsigned __int128)a * b + t + carry;
  return (tacit_carried){(uint64_t)wide, (uint64_t)(wide >> 64)};
}

/// a + b + carry.
TACIT_CARRIES tacit_carried tacit_add_carry(uint64_t a, uint64_t b, uint64_t carry) {
  const unsigned __int128 wide = (unsigned __int128)a + b + carry;
  return (tacit_carried){(uint64_t)wide, (uint64_t)(wide >> 64)};
}

/// a − b − borrow; what goes on is 1 where that is negative, for a borrow of 0 or 1.
TACIT_CARRIES tacit_carried tacit_subtract_borrow(uint64_t a, uint64_t b, uint64_t borrow) {
  const unsigned __int128 wide = (unsigned __int128)a - b - borrow;
  return (tacit_carried){(uint64_t)wide, (uint64_t)(wide >> 127)};
}

#undef TACIT_CARRIES
#endif

// BN254's base field for the vector kernels.

#ifndef TACIT_BASE_FIELD_H
#define TACIT_BASE_FIELD_H

#include "ifma.h"

/// q.
static const prime52 base_field = {
    {0x8c16d87cfd47, 0x916871ca8d3c2, 0x181585d97816a, 0xa029b85045b68, 0x30644e72e131},
    0x20782e4866389};

/// The same as words of 64 bits.
static const uint64_t modulus[4] = {
    0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029};

/// 2^260 mod q, which stands for one; 2^264 for sixteen and 2^256 for a sixteenth.
static const uint64_t one52[5] = {
    0x20880f6fce4b4, 0x49baa989a8455, 0x18f014a498908, 0x724f85a9201d8, 0x1f16424e1bb7};
static const uint64_t sixteen52[5] = {
    0xb0f2afaec667a, 0xed9626b0fffbd, 0x9e2a0fcad825a, 0xe357276f48b70, 0xd791464ef86};
static const uint64_t sixteenth52[5] = {
    0xd438dc58f0d9d, 0x28f5c70b3dd35, 0x879462c0a78eb, 0xdf2f666ea36f7, 0xe0a77c19a07};

#endif

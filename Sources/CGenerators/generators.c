// generators.bin is written by Tests/Vectors/curve/hash_to_curve.py; GeneratorsTests derives every point
// again. SHA-256 of the bytes: 448ef5fad3a3798b58b429d282033014af3e19b9447b80738355324a0194a6ac

#include "CGenerators.h"

// Part of C23; clang has it for every C.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t points[] = {
#embed "generators.bin"
};

_Static_assert(
    sizeof points == TACIT_GENERATORS * TACIT_GENERATOR_BYTES, "generators.bin is damaged");

const uint8_t *tacit_generators(void) { return points; }

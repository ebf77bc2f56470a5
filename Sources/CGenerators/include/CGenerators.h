// The fixed generators as data: see Generators in Swift, which says what they are and checks each point.

#ifndef TACIT_CGENERATORS_H
#define TACIT_CGENERATORS_H

#include <stdint.h>

/// H and G_1 … G_4096.
#define TACIT_GENERATORS 4097
/// A point's x and y, big-endian.
#define TACIT_GENERATOR_BYTES 64

/// All of them in order.
const uint8_t *_Nonnull tacit_generators(void);

#endif

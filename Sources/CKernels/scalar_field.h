// BN254's scalar field, for the kernels' vectors.

#ifndef TACIT_SCALAR_FIELD_H
#define TACIT_SCALAR_FIELD_H

#include "ifma.h"

/// r, the order of the group.
static const prime52 scalar_field = {
    {0x1f593f0000001, 0x4879b9709143e, 0x181585d2833e8, 0xa029b85045b68, 0x30644e72e131},
    0x1f593efffffff};

#endif

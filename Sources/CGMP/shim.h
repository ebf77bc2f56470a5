#ifndef TACIT_CGMP_SHIM_H
#define TACIT_CGMP_SHIM_H
#include <gmp.h>
#endif

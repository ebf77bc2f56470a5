// GMP names its functions by macros, which Swift does not import: each one used is wrapped once here.
// The wrappers add nullability and nothing else; every contract is GMP's.
#ifndef TACIT_CGMP_SHIM_H
#define TACIT_CGMP_SHIM_H

#include <gmp.h>
#include <stddef.h>
#include <string.h>

_Static_assert(GMP_NUMB_BITS == 64, "limbs are read and written as 64-bit words");
_Static_assert(sizeof(long) == 8, "set_si and get_si carry 64 bits");

#pragma clang assume_nonnull begin

typedef __mpz_struct tacit_mpz;

static inline void tacit_mpz_init(tacit_mpz *r) { mpz_init(r); }
static inline void tacit_mpz_clear(tacit_mpz *r) { mpz_clear(r); }
static inline void tacit_mpz_set_si(tacit_mpz *r, long a) { mpz_set_si(r, a); }
static inline long tacit_mpz_get_si(const tacit_mpz *a) { return mpz_get_si(a); }
static inline int tacit_mpz_fits_slong(const tacit_mpz *a) { return mpz_fits_slong_p(a); }

static inline void tacit_mpz_neg(tacit_mpz *r, const tacit_mpz *a) { mpz_neg(r, a); }
static inline void tacit_mpz_abs(tacit_mpz *r, const tacit_mpz *a) { mpz_abs(r, a); }
static inline void tacit_mpz_add(tacit_mpz *r, const tacit_mpz *a, const tacit_mpz *b) { mpz_add(r, a, b); }
static inline void tacit_mpz_sub(tacit_mpz *r, const tacit_mpz *a, const tacit_mpz *b) { mpz_sub(r, a, b); }
static inline void tacit_mpz_mul(tacit_mpz *r, const tacit_mpz *a, const tacit_mpz *b) { mpz_mul(r, a, b); }
static inline void tacit_mpz_fdiv_q(tacit_mpz *r, const tacit_mpz *a, const tacit_mpz *b) { mpz_fdiv_q(r, a, b); }
static inline void tacit_mpz_fdiv_r(tacit_mpz *r, const tacit_mpz *a, const tacit_mpz *b) { mpz_fdiv_r(r, a, b); }
static inline void tacit_mpz_tdiv_q(tacit_mpz *r, const tacit_mpz *a, const tacit_mpz *b) { mpz_tdiv_q(r, a, b); }
static inline void tacit_mpz_tdiv_r(tacit_mpz *r, const tacit_mpz *a, const tacit_mpz *b) { mpz_tdiv_r(r, a, b); }
static inline void tacit_mpz_gcd(tacit_mpz *r, const tacit_mpz *a, const tacit_mpz *b) { mpz_gcd(r, a, b); }
static inline int tacit_mpz_invert(tacit_mpz *r, const tacit_mpz *a, const tacit_mpz *m) { return mpz_invert(r, a, m); }
static inline void tacit_mpz_pow_ui(tacit_mpz *r, const tacit_mpz *a, unsigned long e) { mpz_pow_ui(r, a, e); }
static inline void tacit_mpz_powm(tacit_mpz *r, const tacit_mpz *a, const tacit_mpz *e, const tacit_mpz *m) {
  mpz_powm(r, a, e, m);
}
static inline void tacit_mpz_mul_2exp(tacit_mpz *r, const tacit_mpz *a, unsigned long n) { mpz_mul_2exp(r, a, n); }
static inline void tacit_mpz_fdiv_q_2exp(tacit_mpz *r, const tacit_mpz *a, unsigned long n) { mpz_fdiv_q_2exp(r, a, n); }

static inline int tacit_mpz_cmp(const tacit_mpz *a, const tacit_mpz *b) { return mpz_cmp(a, b); }
static inline int tacit_mpz_sgn(const tacit_mpz *a) { return mpz_sgn(a); }
static inline int tacit_mpz_tstbit(const tacit_mpz *a, unsigned long n) { return mpz_tstbit(a, n); }
static inline size_t tacit_mpz_sizeinbase(const tacit_mpz *a, int base) { return mpz_sizeinbase(a, base); }

// Words of the magnitude, least significant first.
static inline size_t tacit_mpz_size(const tacit_mpz *a) { return mpz_size(a); }
static inline unsigned long tacit_mpz_getlimbn(const tacit_mpz *a, size_t i) { return mpz_getlimbn(a, (mp_size_t)i); }
static inline void tacit_mpz_import_words(tacit_mpz *r, size_t count, const unsigned long *words) {
  mpz_import(r, count, -1, sizeof(unsigned long), 0, 0, words);
}

// Bytes of the magnitude, most significant first; `export` writes ⌈bits / 8⌉ of them, none for zero.
static inline void tacit_mpz_import_bytes(tacit_mpz *r, size_t count, const unsigned char *bytes) {
  mpz_import(r, count, 1, 1, 0, 0, bytes);
}
static inline void tacit_mpz_export_bytes(unsigned char *bytes, const tacit_mpz *a) {
  size_t count = 0;
  mpz_export(bytes, &count, 1, 1, 0, 0, a);
}

// Text is ASCII. `set_str` needs a closing NUL and returns 0 when it could read; `get_str` writes at most
// sizeinbase + 2 bytes and returns how many stand before its NUL.
static inline int tacit_mpz_set_str(tacit_mpz *r, const unsigned char *text, int base) {
  return mpz_set_str(r, (const char *)text, base);
}
static inline size_t tacit_mpz_get_str(unsigned char *text, int base, const tacit_mpz *a) {
  return strlen(mpz_get_str((char *)text, base, a));
}

#pragma clang assume_nonnull end

#endif

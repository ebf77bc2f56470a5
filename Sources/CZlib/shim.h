// zlib, as far as archives need it: inflating and CRC-32. inflateInit2 is a macro, which Swift does not
// import, and counts are narrower than sizes: both are seen to here.
#ifndef TACIT_CZLIB_SHIM_H
#define TACIT_CZLIB_SHIM_H

#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <zlib.h>

#pragma clang assume_nonnull begin

// Inflates a deflate stream without header or trailer (RFC 1951). Returns how many bytes it has written
// when the stream ends exactly with its input and within `capacity` bytes, and -1 otherwise.
static inline ptrdiff_t tacit_inflate_raw(
    const unsigned char *input, size_t count, unsigned char *output, size_t capacity) {
  if (count > UINT_MAX || capacity > UINT_MAX) return -1;
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return -1;
  stream.next_in = (z_const Bytef *)input;
  stream.avail_in = (uInt)count;
  stream.next_out = output;
  stream.avail_out = (uInt)capacity;
  int result = inflate(&stream, Z_FINISH);
  ptrdiff_t written = (ptrdiff_t)(capacity - stream.avail_out);
  int whole = result == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  return whole ? written : -1;
}

// CRC-32 of ISO 3309, as ZIP has it.
static inline unsigned int tacit_crc32(const unsigned char *bytes, size_t count) {
  return (unsigned int)crc32_z(0, bytes, count);
}

#pragma clang assume_nonnull end

#endif

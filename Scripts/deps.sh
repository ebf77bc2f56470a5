#!/bin/sh
# Makes sure that a C program can use libgmp and zlib; installs them by apt or brew when one is missing.
set -u

present() {
  compiler=$(command -v clang || command -v cc || command -v gcc) || return 1
  folder=$(mktemp -d) || return 1
  cat > "$folder/probe.c" <<'PROBE'
#include <gmp.h>
#include <zlib.h>
int main(void) { mpz_t x; mpz_init(x); mpz_clear(x); return (int)crc32(0, 0, 0); }
PROBE
  flags=$(pkg-config --cflags --libs gmp zlib 2>/dev/null || echo -lgmp -lz)
  # shellcheck disable=SC2086
  "$compiler" "$folder/probe.c" -o "$folder/probe" $flags 2>/dev/null
  result=$?
  rm -rf "$folder"
  return $result
}

present && exit 0
echo "the headers of libgmp or zlib are missing; installing them" >&2
packages="libgmp-dev zlib1g-dev pkg-config"
if command -v apt-get >/dev/null; then
  root=
  if [ "$(id -u)" -ne 0 ]; then root=sudo; fi
  if [ -n "$root" ] && ! command -v sudo >/dev/null; then
    echo "cannot install without root; run as root: apt-get install $packages" >&2
    exit 1
  fi
  # shellcheck disable=SC2086
  $root apt-get install -y --no-install-recommends $packages >/dev/null 2>&1 ||
    { $root apt-get update && $root apt-get install -y --no-install-recommends $packages; }
elif command -v brew >/dev/null; then
  brew install gmp zlib pkg-config
else
  echo "install libgmp and zlib with their headers (gmp.h, zlib.h) by your system's package manager, then run make again" >&2
  exit 1
fi
present && exit 0
echo "libgmp or zlib is still missing after the installation above; install gmp.h, zlib.h and the libraries by hand" >&2
exit 1

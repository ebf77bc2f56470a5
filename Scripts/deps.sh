#!/bin/sh
# Makes sure that a C program can use libgmp; installs it by apt or brew when it is missing.
set -u

present() {
  compiler=$(command -v clang || command -v cc || command -v gcc) || return 1
  folder=$(mktemp -d) || return 1
  printf '#include <gmp.h>\nint main(void) { mpz_t x; mpz_init(x); mpz_clear(x); return 0; }\n' \
    > "$folder/probe.c"
  flags=$(pkg-config --cflags --libs gmp 2>/dev/null || echo -lgmp)
  # shellcheck disable=SC2086
  "$compiler" "$folder/probe.c" -o "$folder/probe" $flags 2>/dev/null
  result=$?
  rm -rf "$folder"
  return $result
}

present && exit 0
echo "libgmp's headers are missing; installing them" >&2
if command -v apt-get >/dev/null; then
  root=
  if [ "$(id -u)" -ne 0 ]; then root=sudo; fi
  if [ -n "$root" ] && ! command -v sudo >/dev/null; then
    echo "cannot install without root; run as root: apt-get install libgmp-dev" >&2
    exit 1
  fi
  $root apt-get install -y --no-install-recommends libgmp-dev pkg-config >/dev/null 2>&1 ||
    { $root apt-get update && $root apt-get install -y --no-install-recommends libgmp-dev pkg-config; }
elif command -v brew >/dev/null; then
  brew install gmp pkg-config
else
  echo "install libgmp with its headers (gmp.h) by your system's package manager, then run make again" >&2
  exit 1
fi
present && exit 0
echo "libgmp is still missing after the installation above; install gmp.h and libgmp by hand" >&2
exit 1

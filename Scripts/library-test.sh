#!/bin/sh
# Compiles the test program in C, by the header alone, and runs it with a libtacit.
# usage: library-test.sh libtacit.so.1
set -eu
library=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$(cd "$(dirname "$0")/.." && pwd)
compiler=$(command -v clang || command -v cc || command -v gcc)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$compiler" -O1 -Wall -Wextra -Werror -I "$root/Sources/CTacit/include" "$root/Tests/library/library.c" \
  -o "$folder/library" "$library" -Wl,-rpath,"$(dirname "$library")" -lpthread
"$folder/library" "$root/Circuits/digits-mlp"

#!/bin/sh
# Links libtacit from the object files of the command, once that is built: two seconds, and no second build.
# usage: library.sh FOLDER-OF-THE-BUILD OUTPUT.so
set -eu
build=$1 output=$2
[ "$(uname)" = Linux ] || { echo "library.sh: libtacit is made on Linux only" >&2; exit 1; }
objects=$build/tacit.product/Objects.LinkFileList
[ -f "$objects" ] || { echo "library.sh: no build of the command in $build; run make build" >&2; exit 1; }
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$(dirname "$output")"
# gold would leave names of Swift's in the table of symbols; lld hides all that the script does not name. Sections are
# dropped that nothing refers to; no path of this machine and no time is in the file.
"${SWIFTC:-swiftc}" -emit-library -static-stdlib -use-ld=lld -o "$output" "@$objects" -lgmp -lz \
  -lFoundationEssentials -l_FoundationCShims -l_FoundationCollections \
  -Xlinker --version-script="$root/Sources/CTacit/tacit.map" -Xlinker -soname=libtacit.so.1 \
  -Xlinker --gc-sections -Xlinker --icf=safe -Xlinker -s -Xlinker --build-id=none -Xlinker -z -Xlinker relro \
  -Xlinker -z -Xlinker now -Xlinker -z -Xlinker defs

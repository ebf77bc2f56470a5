#!/bin/sh
# Makes the pages of both libraries from what a build left and from their articles. A link that leads
# nowhere is an error.
#
#   docs.sh BUILD OUTPUT      BUILD is a folder like .build/release
set -eu
build=$1 output=$2

swift=$(command -v swift || xcrun --find swift)
tools=$(dirname "$(readlink -f "$swift")")
target=$(swift -print-target-info | sed -n 's/.*"triple": "\(.*\)",/\1/p' | head -n 1)
if command -v xcrun >/dev/null; then
  tools=$(dirname "$(xcrun --find docc)")
  set -- -sdk "$(xcrun --show-sdk-path)"
else
  set --
fi
# Modules of C, which the libraries' own are made on.
for map in "$build"/*.build/module.modulemap Sources/*/module.modulemap; do
  set -- "$@" -Xcc "-fmodule-map-file=$map"
done
for library in TacitVerifier Tacit; do
  graphs=$output/$library.graphs
  rm -rf "$graphs" "$output/$library"
  mkdir -p "$graphs"
  "$tools/swift-symbolgraph-extract" -module-name "$library" -I "$build/Modules" -target "$target" \
    -minimum-access-level public -skip-synthesized-members -emit-extension-block-symbols \
    -output-dir "$graphs" "$@"
  "$tools/docc" convert "Sources/$library/$library.docc" --additional-symbol-graph-dir "$graphs" \
    --output-path "$output/$library" --warnings-as-errors
  rm -rf "$graphs"
done

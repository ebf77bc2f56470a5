#!/bin/bash
# Tests/leaks.sh [FILTER]: runs the tests of BigInteger, or those FILTER matches, under AddressSanitizer with leak
# detection. Exit 0: every test passed, nothing was read or written out of bounds, and at exit no allocation was
# unreachable (GMP's included: its malloc is intercepted). Builds below .build/leaks, some minutes the first time.
#
# Swift Testing parks the main thread in libdispatch, where valgrind 3.19 crashes; hence the sanitizer. The XCTest
# half of the runner has no tests here and leaks two objects of its own; it is left out.
set -euo pipefail
cd "$(dirname "$0")/.."
filter=${1:-BigIntegerTests}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

status=0
ASAN_OPTIONS=detect_leaks=1:exitcode=23 swift test -c release --sanitize=address --disable-xctest \
  --scratch-path .build/leaks --filter "$filter" >"$log" 2>&1 || status=$?

grep -a -A 12 -e 'ERROR: ' -e 'error: ' "$log" || true
grep -a -e '✘' -e 'SUMMARY: ' -e 'Test run with' "$log" || true
# A filter that matches nothing passes; that is not a clean run.
if ! grep -aq 'Test run with [1-9]' "$log"; then
  tail -n 20 "$log"
  echo "no test ran for '$filter'" >&2
  exit 1
fi
[ "$status" -eq 0 ] && echo "no leaks"
exit "$status"

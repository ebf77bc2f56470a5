#!/bin/sh
# Installs the wheel into an empty virtual environment of each Python that there is, and runs the package's tests there,
# outside of the checkout's sources.
# usage: python-tests.sh WHEEL FOLDER
set -eu
wheel=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
folder=$(mkdir -p "$2" && cd "$2" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
tried=0
for python in ${PYTHONS:-python3.9 python3.10 python3.11 python3.12 python3.13 python3.14}; do
  "$python" -c '' 2>/dev/null || { echo "python-tests.sh: there is no $python"; continue; }
  environment=$folder/$(basename "$python")
  "$python" -m venv --clear "$environment"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check "$wheel[numpy]"
  echo "$("$environment/bin/python" --version):"
  if ! (cd "$root/Python" && PYTHONDONTWRITEBYTECODE=1 "$environment/bin/python" -I -c '
import sys
sys.path.append(".")
import unittest
unittest.main(module=None, argv=["", "discover", "-s", "tests", "-t", "."])') >"$environment.log" 2>&1; then
    cat "$environment.log"
    exit 1
  fi
  tail -4 "$environment.log"
  "$environment/bin/tacit" --version >/dev/null
  tried=$((tried + 1))
done
[ "$tried" -gt 0 ] || { echo "python-tests.sh: no Python was found" >&2; exit 1; }

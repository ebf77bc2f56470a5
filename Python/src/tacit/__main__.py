"""The command ``tacit``, which is in the library."""

import sys

from . import _native


def main() -> int:
    return _native.main(["tacit", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())

"""Makes keccak.bin with Keccak-256 of the package pycryptodome.

    pip install pycryptodome==3.23.0
    python3 make-keccak.py

For each message its length as four bytes, big-endian, the message, its digest, as in messages.bin. Prints what
the tests have as constants.
"""

import pathlib

from Crypto.Hash import keccak

here = pathlib.Path(__file__).parent


def digest(message):
  return keccak.new(digest_bits=256, data=message).digest()


# The empty message's, as Ethereum's Yellow Paper has it: the padding is Keccak's, not SHA-3's.
assert digest(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"

content = b""
state = b""
for count in [*range(0, 18), 31, 32, 33, 63, 64, 65, *range(128, 145), *range(264, 281), 407, 408, 409, 1000]:
  # A message without a pattern: a chain of digests.
  message = b""
  while len(message) < count:
    state = digest(state)
    message += state
  message = message[:count]
  content += count.to_bytes(4, "big") + message + digest(message)
(here / "keccak.bin").write_bytes(content)

message = bytes(i % 251 for i in range(300))
print(digest(b"".join(digest(message[:count]) for count in range(301))).hex())

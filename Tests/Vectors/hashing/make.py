"""Packs NIST's vectors of SHA-256, as text in the package cryptography-vectors, into binary files.

    pip install cryptography-vectors==50.0.2
    python3 make.py

messages.bin: for each message its length as four bytes, big-endian, the message, its digest.
monte.bin: the seed, then the digests of the 100 rounds.
"""

import pathlib
import re

import cryptography_vectors

here = pathlib.Path(__file__).parent
folder = pathlib.Path(cryptography_vectors.__file__).parent / "hashes" / "SHA2"


def fields(name):
  return re.findall(r"^(\w+) = (\w+)", (folder / name).read_text(), re.MULTILINE)


messages = b""
for name in ["SHA256ShortMsg.rsp", "SHA256LongMsg.rsp"]:
  lines = iter(fields(name))
  for (length, bits), (message, content), (digest, value) in zip(lines, lines, lines):
    assert (length, message, digest) == ("Len", "Msg", "MD") and int(bits) % 8 == 0
    count = int(bits) // 8
    # The empty message is written as 00.
    messages += count.to_bytes(4, "big") + bytes.fromhex(content)[:count] + bytes.fromhex(value)
(here / "messages.bin").write_bytes(messages)

monte = [value for key, value in fields("SHA256Monte.rsp") if key in ("Seed", "MD")]
(here / "monte.bin").write_bytes(b"".join(bytes.fromhex(value) for value in monte))

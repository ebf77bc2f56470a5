"""The keys and proofs of `Tests/Vectors/proofs`, and bytes that are flipped in one of them (`docs/protocol/README.md#conformance`)."""

import json
import random
import unittest
from hashlib import sha256

from tacit_verifier import key_proofs
from tacit_verifier.refusal import Refused
from tacit_verifier.verification import Key, Proof, argue, verify

from .paths import VECTORS

FOLDER = VECTORS / "proofs"


def edited(data, edit):
  """Bytes with the edit of a case, if it has one."""
  if edit is None:
    return data
  at, count, new = edit
  return data[:at] + bytes.fromhex(new) + data[at + count:]


def verdict(case):
  """The verdict on a case and, of an accepted proof, the digest of its integers."""
  data = edited((FOLDER / case["key"]).read_bytes(), case.get("key_edit"))
  shown = case.get("proof") or case.get("key_proof")
  proven = shown and edited((FOLDER / shown).read_bytes(), case.get("proof_edit"))
  try:
    key = Key(data)
  except Refused:
    return "key refused", None
  try:
    if "key_proof" in case:
      key_proofs.verify(key, proven)
      return "accepted", None
    return ("accepted", digest(verify(key, proven))) if proven is not None else ("key accepted", None)
  except Refused:
    return "proof refused", None


def digest(proof):
  """The SHA-256 of all public integers, each in eight bytes, big-endian."""
  integers = [value for values in proof.values if values is not None for value in values]
  return sha256(b"".join(value.to_bytes(8, "big", signed=True) for value in integers)).hexdigest()


class VectorTests(unittest.TestCase):
  """Every case of the manifest."""

  def test_cases(self):
    for case in json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8")):
      with self.subTest(case["name"]):
        self.assertEqual(verdict(case), (case["verdict"], case.get("integers")))


class FlippedByteTests(unittest.TestCase):
  """Every flipped byte of a proof and of its statement is refused."""

  base = "one-limb"

  def setUp(self):
    self.key = Key((FOLDER / f"{self.base}.verifier").read_bytes())
    self.data = (FOLDER / f"{self.base}-3.proof").read_bytes()
    self.random = random.Random(1)

  def refused(self, data):
    try:
      return not argue(self.key, Proof(self.key, data)).group.vanishes()
    except Refused:
      return True

  def test_every_byte(self):
    body = len(self.data) - len(Proof(self.key, self.data).body)
    places = list(range(body)) + [at + self.random.randrange(32) for at in range(body, len(self.data), 32)]
    for at in places:
      changed = bytearray(self.data)
      changed[at] ^= 1 << self.random.randrange(8)
      with self.subTest(at):
        self.assertTrue(self.refused(bytes(changed)))

  def test_every_length(self):
    for length in list(range(0, 120)) + list(range(120, len(self.data), 61)):
      with self.subTest(length):
        self.assertTrue(self.refused(self.data[:length]))


class FlippedPaddedByteTests(FlippedByteTests):
  """The same of a proof with counts of public and of private ports."""

  base = "padded-private"


class FlippedChainByteTests(FlippedByteTests):
  """The same of a proof by the scheme `srs`."""

  base = "srs-dense"


class DamagedKeyTests(unittest.TestCase):
  """A damaged key is refused or accepted, and nothing else happens."""

  def test_every_byte(self):
    for name in ("masked-maximum", "embedding", "limbs", "tacit-softmax-u8", "padded", "padded-indices", "srs-levels"):
      data, generator = (FOLDER / f"{name}.verifier").read_bytes(), random.Random(name)
      for at in range(len(data)):
        changed = bytearray(data)
        changed[at] = generator.randrange(256)
        try:
          Key(bytes(changed))
        except Refused:
          pass
      for length in range(len(data)):
        with self.assertRaises(Refused):
          Key(data[:length])


if __name__ == "__main__":
  unittest.main()

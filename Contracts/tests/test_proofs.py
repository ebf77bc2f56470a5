"""Proofs of all kinds of circuits: what the contract says is what the second verifier says, and the command."""

import os
import random
import unittest

from . import evm, honest
from tacit_verifier import verification

SHORT = os.environ.get("SHORT") == "1"
KINDS = ["dense", "convolution", "both-committed"] if SHORT else [
  "dense", "scaled", "private", "hidden-output", "committed", "both-committed", "convolution", "squares", "limbs", "committed-limbs", "levels",
  "one-limb", "two-limbs", "six-limbs", "public-words", "without-model", "state", "quotient", "root", "maximum", "masked-maximum",
  "natural-maximum", "full-maximum", "first-maximum", "first-of-one"]
UNREAD = {"floats": "public floats", "embedding": "a view through an input", "padded": "padded tensors"}


class HonestTests(unittest.TestCase):
  def test_honest_proofs_are_accepted(self):
    chain = evm.Chain()
    for kind in KINDS:
      for inferences in (1, 3):
        with self.subTest(kind=kind, inferences=inferences):
          key, proof = honest.sample(kind, inferences)
          self.assertTrue(chain.verdict(evm.Model(chain, key, inferences).call(proof)))

  def test_what_the_contract_does_not_read_is_said_so(self):
    for kind, words in UNREAD.items():
      with self.subTest(kind=kind):
        files = evm.Files()
        status, output = evm.tacit("export", "evm", files.path("a.verifier", honest.sample(kind)[0]), "-o", files.path("a.tacitevm"))
        self.assertEqual(status, 2)
        self.assertIn("the contract does not read " + words, output)


class AlteredTests(unittest.TestCase):
  """One proof, of a circuit with a multiplier in the model, relations of two factors, and public tensors."""

  @classmethod
  def setUpClass(cls):
    cls.chain = evm.Chain()
    cls.key, cls.proof = honest.sample("dense" if SHORT else "scaled")
    cls.model = evm.Model(cls.chain, cls.key)
    cls.data = cls.model.call(cls.proof)

  def test_every_altered_byte_is_refused(self):
    self.assertTrue(self.chain.verdict(self.data))
    rng = random.Random(1)
    for at in range(4, len(self.data), 23 if SHORT else 1):
      altered = bytearray(self.data)
      altered[at] ^= 1 << rng.randrange(8)
      self.assertFalse(self.chain.verdict(bytes(altered)), at)

  def test_other_lengths_and_offsets_are_refused(self):
    head, statement, proof = evm.parts(self.data)
    self.assertEqual(evm.joined(head, statement, proof), self.data)
    for data in (self.data + b"\0", self.data[:-1], self.data[:4], self.data[:0xE4], evm.joined(head, statement, proof + bytes(32)),
                 evm.joined(head, statement, proof[:-32]), evm.joined(head, statement + b"\0", proof), evm.joined(head, statement[:-1], proof),
                 evm.joined(head, b"", proof), evm.joined(head, statement, b""), evm.joined(head, b"", b"")):
      self.assertFalse(self.chain.verdict(data))
    huge = evm.word((1 << 256) - 32)
    for at in (0x64, 0x84, 0xA4, len(self.data) - len(proof) - 32):
      self.assertFalse(self.chain.verdict(self.data[:at] + huge + self.data[at + 32:]))

  def test_scalars_have_one_encoding(self):
    head, statement, proof = evm.parts(self.data)
    refused = 0
    for at in range(0, len(proof), 32):
      value = int.from_bytes(proof[at:at + 32], "big")
      for modulus in (verification.arguments.P, evm.quotients_q()):
        if value + modulus < 1 << 256:
          self.assertFalse(self.chain.verdict(evm.joined(head, statement, proof[:at] + evm.word(value + modulus) + proof[at + 32:])))
          refused += 1
    self.assertGreater(refused, 100)

  def test_points_off_the_curve_cost_no_precompile(self):
    head, statement, proof = evm.parts(self.data)
    for point in (bytes(64), evm.word(1) + evm.word(3), evm.word(1) + evm.word(2)):
      # The commitment to the pads, and the last quotient.
      for altered in (point + proof[64:], proof[:-64] + point):
        data = evm.joined(head, statement, altered)
        self.assertFalse(self.chain.verdict(data))
        if point != evm.word(1) + evm.word(2):
          self.assertLess(self.chain.call(data)[1], 60_000)

  def test_with_too_little_gas_there_is_no_answer(self):
    _, used = self.chain.call(self.data)
    base = evm.INTRINSIC + evm.calldata_gas(self.data)
    for part in range(1, 20):
      with self.assertRaises(RuntimeError):
        self.chain.call(self.data, gas=base + used * part // 20)
    with self.assertRaises(RuntimeError):
      self.chain.call(b"\1\2\3\4" + self.data[4:])

  def test_another_context_is_refused(self):
    self.assertFalse(self.chain.verdict(self.data[:0x44] + evm.word(8) + self.data[0x64:]))


class BlobTests(unittest.TestCase):
  @classmethod
  def setUpClass(cls):
    cls.chain = evm.Chain()
    cls.key, cls.proof = honest.sample("dense")
    cls.model = evm.Model(cls.chain, cls.key)
    cls.data = cls.model.call(cls.proof)

  def at(self, code, model_id=None):
    """The call with another contract in the place of the blob, by the digest of its code or by another."""
    address = bytes.fromhex(self.chain.deploy(code)[2:])
    return self.data[:4] + bytes(12) + address + (model_id or evm.keccak256(code)) + self.data[0x44:]

  def test_the_blob_is_the_one_that_is_named(self):
    blob = self.model.blob
    self.assertTrue(self.chain.verdict(self.at(blob)))
    for at in range(0, len(blob), 31 if SHORT else 1):
      altered = bytearray(blob)
      altered[at] ^= 1
      # The digest is that of the model.
      self.assertFalse(self.chain.verdict(self.at(bytes(altered), evm.keccak256(blob))), at)
    self.assertFalse(self.chain.verdict(self.at(blob[:-1], evm.keccak256(blob))))
    self.assertFalse(self.chain.verdict(self.at(blob + b"\0", evm.keccak256(blob))))

  def test_a_blob_that_is_none_is_refused(self):
    blob = self.model.blob
    for code in (b"\0", blob[:-1], blob + b"\0", b"\1" + blob[1:], blob[:3] + b"\2" + blob[4:]):
      self.assertFalse(self.chain.verdict(self.at(code)))
    nowhere = self.data[:4] + evm.word(0x1234) + self.data[0x24:]
    self.assertFalse(self.chain.verdict(nowhere))
    self.assertFalse(self.chain.verdict(nowhere[:0x24] + evm.keccak256(b"") + nowhere[0x44:]))
    self.assertFalse(self.chain.verdict(self.data[:4] + b"\1" + self.data[5:]))

  def test_a_proof_of_another_model_or_number_is_refused(self):
    for kind, inferences in (("dense", 3), ("two-limbs", 1)):
      other = evm.Model(self.chain, honest.sample(kind, inferences)[0], inferences)
      head = self.data[:4] + bytes(12) + bytes.fromhex(other.address[2:]) + other.id + self.data[0x44:0xA4]
      self.assertFalse(self.chain.verdict(evm.joined(head, *evm.parts(self.data)[1:])))

  def test_the_command_derives_a_blob_again(self):
    files = evm.Files()
    key, blob = files.path("a.verifier", self.key), files.path("a.tacitevm", self.model.blob)
    status, output = evm.tacit("export", "evm", key, "-o", blob, "--check")
    self.assertEqual(status, 0, output)
    self.assertIn(self.model.id.hex(), output)
    for other in (self.model.blob[:-1], self.model.blob + b"\0", b""):
      status, output = evm.tacit("export", "evm", key, "-o", files.path("a.tacitevm", other), "--check")
      self.assertEqual(status, 1, output)


class MutationTests(unittest.TestCase):
  """The verdicts of the contract, the second verifier and the command on the same altered proofs."""

  def test_three_verdicts_are_one(self):
    chain, rng = evm.Chain(), random.Random(7)
    for kind in ["dense"] if SHORT else ["dense", "limbs", "quotient", "both-committed"]:
      key_file, proof = honest.sample(kind)
      key, model = verification.Key(key_file), evm.Model(chain, key_file)
      verdicts = {True: 0, False: 0}
      for trial in range(6 if SHORT else 40):
        altered = bytearray(proof)
        if trial:
          # Behind the envelope, model id and context; a context of another length has no call.
          altered[rng.randrange(78, len(proof))] = rng.randrange(256)
        said = honest.verdict(key, bytes(altered))
        verdicts[said] += 1
        files = evm.Files()
        status, output = evm.tacit("verify", files.path("a.verifier", key_file), files.path("a.proof", bytes(altered)))
        self.assertEqual(status == 0, said, output)
        try:
          data = model.call(bytes(altered))
        except AssertionError:
          # No proof that can be written as a call.
          self.assertFalse(said)
          continue
        self.assertEqual(chain.verdict(data), said)
      self.assertGreater(min(verdicts.values()), 0)

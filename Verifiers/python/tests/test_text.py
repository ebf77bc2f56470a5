"""The worked values of `docs/protocol`, and the vectors that it names."""

import json
import unittest
from hashlib import sha256

from tacit_verifier import curve, encodings, halving, sizes
from tacit_verifier.refusal import Refused
from tacit_verifier.schemes import TRANSPARENT
from tacit_verifier.transcript import Transcript
from tacit_verifier.verification import Key, Proof, argue

from .paths import VECTORS


def hexadecimal(scalar):
  return scalar.to_bytes(32, "big").hex()


class TranscriptTests(unittest.TestCase):
  """`docs/protocol/transcript.md#vectors`."""

  def test_worked_values(self):
    self.assertEqual(list(map(hexadecimal, Transcript().draw(96))), ["0dbec907a0a1958312245295fe28791091dee64b277a537470d518b1c465dab1"])
    transcript = TRANSPARENT.transcript()
    self.assertEqual(list(map(hexadecimal, transcript.draw(96, 2))), [
      "118e5c71880afe8211973c88234e106441e35e638efdc41b8ff60ccddcaf63b1", "23d689f9cf5f2a8310cf2808e9dad264c0723a40c5254ffaf78cab187d6b11e5"])
    self.assertEqual(hexadecimal(transcript.draw(115)[0]), "1d9c5f8d1645b155538f1c1ca76034b7a45405bb67ef5253af9ec7e929e55938")

  def test_vectors(self):
    transcript = Transcript()
    for line in (VECTORS / "transcript" / "challenges.txt").read_text().splitlines():
      kind, label, *rest = line.split(" ")
      if kind == "absorb":
        transcript.absorb(int(label), bytes.fromhex(rest[0].strip("-")))
      else:
        self.assertEqual(list(map(hexadecimal, transcript.draw(int(label), len(rest)))), rest)


class CurveTests(unittest.TestCase):
  """`docs/protocol/encodings.md#points` and what follows there."""

  def test_points(self):
    encoded = ["80" + "00" * 30 + "01", "c0" + "00" * 30 + "01", "40" + "00" * 31]
    points = [(1, 2), (1, curve.Q - 2), None]
    self.assertEqual([curve.encode(point).hex() for point in points], encoded)
    self.assertEqual([curve.decode(bytes.fromhex(data)) for data in encoded], points)

  def test_refused_points(self):
    for number in (0, 1, 1 << 254 | 1, 1 << 255 | curve.Q, 1 << 255 | 4, 3 << 254 | curve.Q + 1):
      with self.assertRaises(Refused):
        curve.decode(number.to_bytes(32, "big"))

  def test_generators(self):
    expected = {
      0: "82d685e0f9673842236a8d2a880a2002bfa8b2dbd24ed8ba09c9b9a0b35f828e", 1: "cdbc12253b4d6c57a52db375f0275b0296e08ecb4c8a3b96e5b8ba370d240111",
      2: "e5ee2d562d95aa42046798da5211e2c12c9ac8ee1e86b867f1ac8d02f95e2028", 4096: "d99a0fab20db6f7962a03b4222a0ca22d3351450d4198274ab08e9f354135e67",
    }
    for i, data in expected.items():
      self.assertEqual(curve.encode(curve.generator(i)).hex(), data)
      self.assertEqual(curve.encode(curve.hashed_generator(i)).hex(), data)

  def test_hash(self):
    vectors = json.loads((VECTORS / "curve" / "hash_to_curve.json").read_text())
    for case in vectors["hashes"]:
      point = curve.hash_to_curve(case["message"].encode(), vectors["dst"].encode())
      self.assertEqual([f"{coordinate:064x}" for coordinate in point], [case["x"], case["y"]])

  def test_expand(self):
    vectors = json.loads((VECTORS / "curve" / "expand_message_xmd.json").read_text())
    for case in vectors["tests"]:
      found = curve.expand(case["message"].encode(), vectors["dst"].encode(), case["length"])
      self.assertEqual(found.hex(), case["output"])

  def test_sums(self):
    points = [curve.generator(i) for i in range(1, 40)]
    scalars = [i ** 50 for i in range(1, 40)]
    naive = None
    for scalar, point in zip(scalars, points):
      naive = curve.add(naive, curve_multiple(scalar, point))
    self.assertEqual(curve.affine(curve.multiply_sum(scalars, points)), curve.affine(naive))
    self.assertIsNone(curve.multiply_sum([5, -5, 0], [points[0], points[0], points[1]]))
    self.assertEqual(curve.affine(curve.multiply_sum([1, 1], [points[0]] * 2)), curve.affine(curve_multiple(2, points[0])))


def curve_multiple(scalar, point):
  """A multiple of a point by doubling and adding."""
  total = None
  for bit in bin(scalar)[2:]:
    total = curve.double(total)
    if bit == "1":
      total = curve.add_affine(total, point)
  return total


class NumberTests(unittest.TestCase):
  """`docs/protocol/encodings.md#numbers`."""

  def test_numbers(self):
    for data, value in (("00", 0), ("7f", 127), ("8001", 128), ("ac02", 300), ("ff" * 9 + "01", (1 << 64) - 1)):
      self.assertEqual(encodings.Reader(bytes.fromhex(data)).unsigned(), value)
    for data, value in (("00", 0), ("01", -1), ("02", 1), ("03", -2), ("8001", 64), ("ff" * 9 + "01", -1 << 63)):
      self.assertEqual(encodings.Reader(bytes.fromhex(data)).signed(), value)

  def test_refused_numbers(self):
    for data in ("", "80", "8000", "ff" * 9 + "02", "ff" * 9 + "81", "ff" * 9 + "00", "ff" * 10 + "01"):
      with self.assertRaises(Refused):
        encodings.Reader(bytes.fromhex(data)).unsigned()


class WholeVerificationTests(unittest.TestCase):
  """`docs/protocol/verification.md#example`."""

  def setUp(self):
    folder = VECTORS / "protocol"
    self.key = Key((folder / "digits.verifier").read_bytes())
    self.proof = Proof(self.key, (folder / "digits.proof").read_bytes())
    self.lines = (folder / "transcript.txt").read_text().splitlines()

  def test_sizes(self):
    circuit, rows = self.key.circuit, sizes.Rows(self.key.circuit)
    self.assertEqual(self.key.model_id.hex(), "e2aeff42172351ca5687635408227b11c43080f3ca4ecac112c811273408ca9b")
    self.assertEqual((circuit.n, circuit.k, circuit.model_bits, circuit.witness_bits, circuit.t, circuit.col), (7, 11, 13, 7, 0, 13))
    self.assertEqual((rows.trace, len(rows.table), rows.fractions, rows.phase_one, rows.phase_two), ([0], 11, [0], 17, 12))
    self.assertEqual(rows.model, list(range(21)) + [24, 25, 26, 28, 29, 30, 32])
    self.assertEqual((sizes.padded_scalars(circuit), sizes.opened_cells(circuit), sizes.body_elements(circuit, rows)), (135, 31, 239))
    self.assertEqual(halving.halvings(244), [244, 122, 61, 31])

  def test_every_absorb_and_challenge(self):
    log = []
    argument = argue(self.key, self.proof, log)
    self.assertEqual([self.line(*entry) for entry in log], [self.without_name(line) for line in self.lines])
    self.assertTrue(argument.group.vanishes())
    products = [(22, 23), (74, 81), (75, 76), (77, 83), (82, 77), (78, 85), (84, 78), (79, 87), (86, 79), (80, 89), (107, 108)]
    self.assertEqual(argument.ledger.products, products)

  @staticmethod
  def without_name(line):
    """A line of the file as `line` makes it."""
    kind, label, _, *rest = line.split(" ")
    return [kind, label] + rest

  @staticmethod
  def line(kind, label, data):
    """A line of the file, without the label's name."""
    if kind == "challenge":
      return [kind, str(label), str(len(data))] + list(map(hexadecimal, data))
    shown = [data.hex()] if len(data) <= 160 else [sha256(data).hexdigest(), "(SHA-256)"]
    return [kind, str(label), str(len(data))] + shown


if __name__ == "__main__":
  unittest.main()

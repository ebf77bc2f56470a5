"""The scheme `srs`: its hash, its pairing, its opening, and ties between its proofs (`docs/protocol/scheme-srs.md`)."""

import json
import unittest
from hashlib import sha256

from tacit_verifier import curve, halving, opening, pairing, quotients, reveal, schemes, ties, verification
from tacit_verifier.field import P, inverse
from tacit_verifier.keccak import keccak256
from tacit_verifier.refusal import Refused
from tacit_verifier.transcript import KeccakTranscript

from . import dishonest, powers, prover, samples
from .paths import VECTORS
from .test_ties import Step, chain

FOLDER = VECTORS / "proofs"


def read_key(name):
  """A key of the vectors."""
  return verification.Key((FOLDER / f"{name}.verifier").read_bytes())


class KeccakTests(unittest.TestCase):
  """`docs/protocol/scheme-srs.md#transcript`."""

  def test_hash(self):
    data, at, count = (VECTORS / "hashing" / "keccak.bin").read_bytes(), 0, 0
    while at < len(data):
      size = int.from_bytes(data[at:at + 4], "big")
      message, digest = data[at + 4:at + 4 + size], data[at + 4 + size:at + 36 + size]
      self.assertEqual(keccak256(message), digest, size)
      at, count = at + 36 + size, count + 1
    self.assertEqual(count, 62)

  def test_transcript(self):
    transcript = KeccakTranscript()
    for line in (VECTORS / "transcript" / "keccak.txt").read_text().splitlines():
      kind, label, *rest = line.split(" ")
      if kind == "absorb":
        transcript.absorb(int(label), bytes.fromhex(rest[0].strip("-")))
      else:
        self.assertEqual([f"{value:064x}" for value in transcript.draw(int(label), len(rest))], rest)

  def test_points(self):
    heard, spelled = KeccakTranscript(), KeccakTranscript()
    heard.absorb_points(16, [(1, 2)], curve.encode((1, 2)))
    spelled.absorb(16, (1).to_bytes(32, "big") + (2).to_bytes(32, "big"))
    self.assertEqual(heard.draw(96), spelled.draw(96))

  def test_copy(self):
    transcript = KeccakTranscript()
    other = transcript.copy()
    other.absorb(1, b"heard by one")
    self.assertNotEqual(transcript.draw(96), other.draw(96))


def first_point(numbers):
  """A point of G1 as the vectors have it."""
  x, y = (int(number, 16) for number in numbers)
  return (x, y) if x or y else None


def second_point(digits):
  """A point of the twist as the vectors have it, which need not be in G₂."""
  numbers = [int(digits[i:i + 64], 16) for i in range(0, 256, 64)]
  return ((numbers[1], numbers[0]), (numbers[3], numbers[2])) if any(numbers) else None


class PairingTests(unittest.TestCase):
  """`docs/protocol/scheme-srs.md#pairing`."""

  vectors = json.loads((VECTORS / "pairing" / "pairing.json").read_text())

  def test_multiples(self):
    for case in self.vectors["multiples"]:
      point = pairing.multiple(int(case["scalar"], 16), quotients.G2)
      self.assertEqual(point, second_point(case["point"]))
      self.assertEqual(pairing.decode(bytes.fromhex(case["point"])), point)

  def test_outside(self):
    for digits in self.vectors["outside"]:
      self.assertTrue(pairing.on_twist(second_point(digits)))
      with self.assertRaises(Refused):
        pairing.decode(bytes.fromhex(digits))

  def test_values(self):
    for case in self.vectors["values"]:
      value = pairing.before_easy(pairing.miller([(first_point(case["g1"]), second_point(case["g2"]))]))
      value, expected = pairing.power(value, 2 * pairing.U * (6 * pairing.U ** 2 + 3 * pairing.U + 1)), [0] * 12
      for k, (a, b) in enumerate(case["value"]):
        expected[k], expected[k + 6] = (int(a, 16) - 9 * int(b, 16)) % curve.Q, int(b, 16)
      self.assertEqual(pairing.multiply(expected, value), pairing.frobenius(value, 6))

  def test_products(self):
    for case in self.vectors["products"]:
      pairs = [(first_point(pair["g1"]), second_point(pair["g2"])) for pair in case["pairs"]]
      self.assertEqual(pairing.product_is_one(pairs), case["isOne"])


class CeremonyTests(unittest.TestCase):
  """`docs/protocol/scheme-srs.md#identity`."""

  def test_digest(self):
    tau = powers.powers()[1]
    (x, xi), (y, yi) = quotients.TAU_G2
    content = b"".join(number.to_bytes(32, "big") for number in (1, 2, *tau, xi, x, yi, y))
    self.assertEqual(sha256(b"tacit-v1-ceremony" + content).digest(), quotients.CEREMONY)
    self.assertEqual(schemes.SRS.identity[60:], quotients.CEREMONY)
    self.assertTrue(pairing.in_subgroup(quotients.TAU_G2) and pairing.in_subgroup(quotients.G2))

  def test_powers(self):
    for before, after in ((0, 1), (1, 2), (126, 127)):
      (x, y), last = powers.powers()[before], powers.powers()[after]
      self.assertTrue(pairing.product_is_one([(last, quotients.G2), ((x, curve.Q - y), quotients.TAU_G2)]))
      self.assertFalse(pairing.product_is_one([(last, quotients.G2), ((x, y), quotients.TAU_G2)]))

  def test_schemes(self):
    self.assertEqual([schemes.scheme_of(number) for number in (1, 2)], [schemes.TRANSPARENT, schemes.SRS])
    for number in (0, 3, 255):
      with self.assertRaises(Refused):
        schemes.scheme_of(number)


class WeightsTests(unittest.TestCase):
  """ψ of a point and ψ by its cells."""

  def test_polynomials(self):
    point = [3, P - 5, 7, 11]
    weights = opening.PointWeights(point)
    cells = weights.cells()
    other = opening.CellWeights(4, dict(enumerate(cells)))
    self.assertEqual(other.cells(), cells)
    for x in (0, 1, 12345, inverse(12345)):
      value = sum(cell * pow(x, j, P) for j, cell in enumerate(cells)) % P
      self.assertEqual((weights.at(x), other.at(x)), (value, value))


class SumTests(unittest.TestCase):
  """Equations of several proofs (`docs/protocol/scheme-srs.md#opening`)."""

  @classmethod
  def setUpClass(cls):
    cls.key = read_key("srs-dense")
    cls.found = [cls.argued(name) for name in ("srs-dense-1", "srs-dense-3")]

  @classmethod
  def argued(cls, name):
    return verification.argue(cls.key, verification.Proof(cls.key, (FOLDER / f"{name}.proof").read_bytes()))

  def joint(self, found):
    return verification.batches.joint_equation(self.key.circuit.scheme, found).vanishes()

  def test_sums(self):
    self.assertTrue(self.joint(self.found))
    for lie in ("another-F1", "quotients-exchanged", "blinders-shifted"):
      self.assertFalse(self.joint(self.found + [self.argued(f"srs-dishonest-{lie}")]))

  def test_opposite_lies(self):
    """Two lies that would cancel are weighed apart."""
    lied = [self.argued("srs-dense-1") for _ in range(2)]
    for argument, shift in zip(lied, (1, -1)):
      argument.group.left.add_generator(shift, 1)
      self.assertFalse(argument.group.vanishes())
    plain = schemes.SRS.equation()
    for argument in lied:
      plain.include(argument.group, 1)
    self.assertTrue(plain.vanishes())
    self.assertFalse(self.joint(lied))

  def test_no_equation(self):
    self.assertTrue(schemes.SRS.equation().vanishes())
    self.assertTrue(halving.Group().vanishes())


class LyingOpeningTests(unittest.TestCase):
  """What the pairings alone refuse: without them each of these would pass (`docs/protocol/scheme-srs.md#opening`)."""

  def test_everything_else_holds(self):
    key = read_key("srs-dense")
    for name, _, _ in dishonest.OPENINGS:
      with self.subTest(name):
        data = (FOLDER / f"srs-dishonest-{name.replace(' ', '-')}.proof").read_bytes()
        self.assertFalse(verification.argue(key, verification.Proof(key, data)).group.vanishes())


class TieTests(unittest.TestCase):
  """`docs/protocol/ties.md`, by the scheme `srs`."""

  def test_chain(self):
    sample = samples.for_chains(samples.state())
    key = verification.Key(prover.key_file(sample.circuit, sample.model()))
    files, states = [step.data for step in chain(key, sample, b"monday", 2)], [ties.State(0, 0)]
    self.assertEqual(len(ties.verify_chain(key, b"monday", 2, states, files)), 2)
    for first in ((0, 0, 0, 1), (1, 0, 0, 0)):
      begun = [step.data for step in chain(key, sample, b"", 1, first)]
      for state in (states, [ties.State(0, 0, first)]):
        with self.assertRaises(Refused):
          ties.verify_chain(key, b"", 1, state, begun)

  def test_identity(self):
    sample = samples.visible(2, 2)
    keys = [verification.Key(prover.key_file(s.circuit, s.model())) for s in (sample, samples.for_chains(sample))]
    plain, chained = (ties.identity(key, 1, key.circuit.ports[0]) for key in keys)
    self.assertNotEqual(plain, chained)

  def test_reveal(self):
    sample = samples.for_chains(samples.limbs(2))
    key = verification.Key(prover.key_file(sample.circuit, sample.model()))
    step = Step(key, sample, sample.given(1))
    proof = verification.verify(key, step.data)
    indices, integers = [0, 3, 9], step.integers[0]
    rows = step.rows[:len(proof.rows.ports[0])]
    data = prover.reveal(key, proof, 0, indices, [integers[i] for i in indices], rows)
    self.assertEqual(reveal.verify(key, proof, data).values, tuple((i, integers[i]) for i in indices))
    lied = prover.reveal(key, proof, 0, indices, [integers[0] + 1] + [integers[i] for i in indices[1:]], rows)
    for other in (lied, data[:10] + b"\1" + data[11:], data[:-32], data + bytes(32), data[:-1] + bytes([data[-1] ^ 1])):
      with self.assertRaises(Refused):
        reveal.verify(key, proof, other)


if __name__ == "__main__":
  unittest.main()

"""Padded ports (`docs/protocol/circuit.md#ports`)."""

import itertools
import unittest
from dataclasses import replace
from math import prod

from tacit_verifier import arguments, batches, encodings, work
from tacit_verifier.circuit import COMMITTED, PRIVATE, Padding, padded_axis, read_port
from tacit_verifier.field import P, dot, eq_range
from tacit_verifier.functionals import TensorWeights
from tacit_verifier.refusal import Refused
from tacit_verifier.ties import cell_places
from tacit_verifier.verification import Key, Proof, argue, filled, stated_runs, verify

from . import building, dishonest, prover, samples
from .paths import VECTORS

FOLDER = VECTORS / "proofs"
PADDED = [name for name in samples.ALL if name.startswith("padded")]


class PortTests(unittest.TestCase):
  """`docs/protocol/circuit.md#bytes` and `docs/protocol/batches.md#circuit`."""

  def test_bytes(self):
    for name in PADDED:
      for port in samples.ALL[name]().circuit.ports:
        reader = encodings.Reader(building.port(port))
        self.assertEqual(read_port(reader), port)
        reader.finish()

  def test_unknown_visibilities(self):
    data = bytearray(building.port(samples.port((), (2, 4), name="")._replace(padding=Padding(1, 5))))
    self.assertEqual(data[2], 4)
    for code in (3, 7, 8, 128, 255):
      data[2] = code
      with self.assertRaises(Refused):
        read_port(encodings.Reader(bytes(data)))

  def test_axes_of_batches(self):
    circuit = samples.padded().circuit
    self.assertEqual([port.padding.axis for port in circuit.ports], [2, 0, 1, 1])
    batch = batches.batched(circuit, 3)
    self.assertEqual([port.shape for port in batch.ports], [(3, 2, 4), (3, 4), (3, 2, 4), (3, 4)])
    self.assertEqual([port.padding.axis for port in batch.ports], [2, 1, 2, 1])
    self.assertEqual([padded_axis(port, batch.blocks[port.blocks[0]].shape) for port in batch.ports], [2, 1, 2, 1])

  def test_axes_of_blocks(self):
    port = samples.port((0,), (1, 2, 1, 4))._replace(padding=Padding(3, 0))
    for shape, axis in (((2, 4), 1), ((2, 1, 4, 1), 2), ((1, 2, 4), 2), ((8,), None), ((4, 2), None), ((2, 2, 2), None)):
      self.assertEqual(padded_axis(port, shape), axis)


class TensorTests(unittest.TestCase):
  """`docs/protocol/verification.md#public-tensors`."""

  def test_tails(self):
    for shape, axis in itertools.product([(3, 2, 4), (3, 4, 1), (3, 5)], (1, 2)):
      if axis < len(shape) and shape[axis] > 1:
        self.check(samples.port((), shape)._replace(padding=Padding(axis, -9)), [shape[axis], 0, shape[axis] - 1])
    self.check(samples.port((), (4, 3))._replace(padding=Padding(0, -9)), [2])

  def check(self, port, counts):
    cells = list(itertools.product(*map(range, port.shape)))
    wanted = [i if cell[port.padding.axis] < counts[cell[0] if len(counts) > 1 else 0] else -9 for i, cell in enumerate(cells)]
    stated = [value for value in wanted if value >= 0]
    runs = stated_runs(port, counts)
    self.assertEqual(sum(count for count, _ in runs), len(stated))
    self.assertEqual(filled(port, stated, runs), wanted)
    self.assertEqual(prover.stated(port, wanted, counts), stated)

  def test_beyond_its_type(self):
    sample = samples.padded()
    first = sample.circuit.outputs[0]._replace(zero_point=123, padding=Padding(1, 128))
    circuit = replace(sample.circuit, outputs=(first,) + sample.circuit.outputs[1:])
    key, x = Key(prover.key_file(circuit, sample.model())), [1, -2, 0, 1, 0, -5, -8, 1]
    inputs = {0: x, 1: [-3, 7, -8, 1]}
    shown = prover.prove(key, 1, sample.model(), lambda place, _: inputs.get(place), counts={number: [4] for number in range(4)})
    self.assertEqual(max(verify(key, shown).values[2]), 125)
    inputs[0] = [1, -2, 0, 2, 0, -5, -8, 2]
    hidden = prover.prove(key, 1, sample.model(), lambda place, _: inputs.get(place), counts={0: [3], 1: [4], 2: [3], 3: [4]})
    with self.assertRaisesRegex(Refused, "an integer that its port cannot have"):
      verify(key, hidden)


class ClaimTests(unittest.TestCase):
  """`docs/protocol/arguments.md#padding`."""

  def test_weights(self):
    point, x = [3 + 7 * i for i in range(6)], 11
    for counts, shape, axis in (([2], (3, 4), 1), ([1, 4, 0], (3, 4, 2), 1), ([3, 2], (2, 2, 4), 2), ([0], (5,), 0)):
      port = samples.port((0,), shape)._replace(padding=Padding(axis, 0))
      offset = 1 << sum((extent - 1).bit_length() for extent in shape)
      cells, total = [0] * 64, 0
      for t, (place, indices) in enumerate(zip(cell_places(shape), itertools.product(*map(range, shape)))):
        if indices[axis] >= counts[indices[0] if len(counts) > 1 else 0]:
          cells[offset + place] = pow(x, t, P)
          total += cells[offset + place]
      found = list(arguments.tail_weights(port, shape, counts, x))
      self.assertEqual(len(found), sum(count < shape[axis] for count in counts))
      extensions = [TensorWeights(offset, shape, axes).extension(point) for axes in found]
      self.assertEqual(sum(extensions) % P, dot(cells, eq_range(point, 0, 64)))
      self.assertEqual(sum(prod(map(sum, axes)) for axes in found) % P, total % P)

  def test_full_tensors(self):
    port = samples.port((0,), (3, 4))._replace(padding=Padding(1, 0))
    self.assertEqual(list(arguments.tail_weights(port, (3, 4), [4], 5)), [])

  def test_each_cell(self):
    """A count that is one lower is refused wherever one cell alone is not the padding."""
    for place, column in itertools.product((0, 1), range(2, 4)):
      attempt = dishonest.Attempt("padded-private", (FOLDER / "padded-private.verifier").read_bytes())
      values = [2] * 8
      values[4 * place + column] = 3
      given = {0: values, 1: [0, 0, 0, 0]}
      for count, accepted in ((column + 1, True), (column, False)):
        counts = {0: [count], 1: [0], 2: [4], 3: [4]}
        data = prover.prove(attempt.key, 1, attempt.model, lambda block, _: given.get(block), counts=counts)
        if accepted:
          verify(attempt.key, data)
        else:
          with self.assertRaises(Refused):
            verify(attempt.key, data)


class TranscriptTests(unittest.TestCase):
  """`docs/protocol/verification.md#listing`."""

  def log(self, name):
    key, log = Key((FOLDER / f"{name}.verifier").read_bytes()), []
    argue(key, Proof(key, (FOLDER / f"{name}-3.proof").read_bytes()), log)
    return log

  def test_counts(self):
    log = self.log("padded-private")
    self.assertEqual([label for _, label, _ in log[:7]], [1, 2, 3, 4, 8, 5, 6])
    counts = [3, 4, 0, 4, 4, 1, 3, 4, 1, 4, 4, 1]
    self.assertEqual(log[4][2], b"".join(count.to_bytes(8, "big") for count in counts))
    self.assertEqual(len(log[5][2]), 2 * (3 + 4 + 1) + 4 + 4 + 1)

  def test_challenges(self):
    for name, labels in (("padded", [106]), ("padded-private", [106, 117]), ("padded-hidden", [117]), ("dense", [106]), ("padded-limbs", [106, 117])):
      drawn = [label for kind, label, _ in self.log(name) if kind == "challenge"]
      self.assertEqual([label for label in drawn if label in (106, 117)], labels)
      self.assertEqual(8 in [label for kind, label, _ in self.log(name) if kind == "absorb"], name != "dense")


class WorkTests(unittest.TestCase):
  """`docs/protocol/accepting-a-key.md#work`."""

  def test_public_ports(self):
    circuit = samples.padded().circuit
    ports = [tuple(port._replace(padding=None) for port in ports) for ports in (circuit.inputs, circuit.outputs)]
    plain = replace(circuit, inputs=ports[0], outputs=ports[1])
    filled = [(prod(port.shape), len(port.blocks)) for port in circuit.padded_ports()]
    found, without = work.work(circuit), work.work(plain)
    self.assertEqual(found.products - without.products, sum(count * (1 + blocks) for count, blocks in filled))
    self.assertEqual(found.bytes - without.bytes, sum(8 * count * (2 + blocks) for count, blocks in filled))

  def test_other_ports(self):
    for visibility, count in itertools.product((PRIVATE, COMMITTED), (1, 3)):
      circuit = batches.batched(samples.padded(visibility, visibility).circuit, count)
      ports = [tuple(port._replace(padding=None) for port in ports) for ports in (circuit.inputs, circuit.outputs)]
      plain = work.work(replace(circuit, inputs=ports[0], outputs=ports[1]))
      found, products, size = work.work(circuit), 0, 0
      for shape in ((2, 4), (4,)) * 2:
        products += count * (64 + 3 * circuit.col) + sum(2 * e + count * (2 * e + 2 * {2: 1, 4: 4}[e]) for e in shape)
        size += count * 384 + sum(32 * e + count * 32 * e for e in shape)
        products += 2 * 3 if count == 3 else 0
        size += 32 * 3 if count == 3 else 0
      self.assertEqual((found.products - plain.products, found.bytes - plain.bytes), (products, size))


if __name__ == "__main__":
  unittest.main()

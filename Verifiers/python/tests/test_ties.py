"""Chains, ties and reveals, by the prover of these tests (`docs/protocol/ties.md`)."""

import unittest

from tacit_verifier import reveal, ties, verification
from tacit_verifier.circuit import PUBLIC
from tacit_verifier.refusal import Refused

from . import prover, samples
from .tracing import Trace


class Step:
  """One inference with its proof and the rows that it commits to."""

  def __init__(self, key, sample, given, context=b"", blinders=None, inferences=1):
    circuit = key.batch(inferences)
    cells = sample.model() + [0] * ((1 << circuit.model_bits) - len(sample.model()))
    known = [given(port.blocks[0], None) for port in circuit.inputs]
    trace = Trace(circuit, cells, given, known)
    self.integers = [prover.integers_of(circuit, port, trace) for port in circuit.ports]
    shown = [v if port.visibility == PUBLIC else None for v, port in zip(self.integers, circuit.ports)]
    self.data, self.rows = prover.prove_with_rows(key, circuit, inferences, trace, shown, context, 7, blinders)


def chain(key, sample, session, steps, first=(0, 0, 0, 0)):
  """The steps of a chain that begins with a state (`docs/protocol/ties.md#chain`)."""
  found, values, blinder, previous = [], list(first), 1, bytes(32)
  for i in range(steps):
    context = ties.step_context(session, i, previous)
    step = Step(key, sample, lambda place, trace, x=values: x if place == 0 else None, context, [blinder, 1000 + i])
    found.append(step)
    values, blinder = step.integers[1], 1000 + i
    previous = verification.Proof(key, step.data).digest()
  return found


class ChainTests(unittest.TestCase):
  """`docs/protocol/ties.md#chain`."""

  @classmethod
  def setUpClass(cls):
    cls.sample = samples.state()
    cls.key = verification.Key(prover.key_file(cls.sample.circuit, cls.sample.model()))
    cls.files = [step.data for step in chain(cls.key, cls.sample, b"monday", 3)]
    cls.states = [ties.State(0, 0)]

  def refused(self, session, steps, states, files):
    with self.assertRaises(Refused):
      ties.verify_chain(self.key, session, steps, states, files)

  def test_chain(self):
    proofs = ties.verify_chain(self.key, b"monday", 3, self.states, self.files)
    self.assertEqual(proofs[2].values, [None, None, [12]])

  def test_refused_chains(self):
    files = self.files
    self.refused(b"tuesday", 3, self.states, files)
    self.refused(b"monday", 2, self.states, files)
    self.refused(b"monday", 2, self.states, [files[0], files[2]])
    self.refused(b"monday", 3, self.states, [files[0], files[2], files[1]])
    self.refused(b"monday", 3, [ties.State(0, 0, (0, 0, 0, 1))], files)
    self.refused(b"monday", 3, [ties.State(0, 0, (0, 0, 0))], files)
    self.refused(b"monday", 3, [ties.State(0, 0, (0, 0, 0, 200))], files)

  def test_other_first_state(self):
    files = [step.data for step in chain(self.key, self.sample, b"", 2, (5, -6, 7, 8))]
    ties.verify_chain(self.key, b"", 2, [ties.State(0, 0, (5, -6, 7, 8))], files)
    self.refused(b"", 2, self.states, files)

  def test_untied_step(self):
    other = chain(self.key, self.sample, b"monday", 1)[0]
    previous = verification.Proof(self.key, other.data).digest()
    context = ties.step_context(b"monday", 1, previous)
    loose = Step(self.key, self.sample, lambda place, trace: other.integers[1] if place == 0 else None, context, [5, 6])
    self.refused(b"monday", 2, self.states, [other.data, loose.data])


class RevealTests(unittest.TestCase):
  """`docs/protocol/ties.md#reveal`."""

  def prepare(self, name, inferences, place):
    sample = samples.ALL[name]()
    key = verification.Key(prover.key_file(sample.circuit, sample.model()))
    step = Step(key, sample, sample.given(inferences), inferences=inferences)
    proof = verification.verify(key, step.data)
    start = sum(map(len, proof.rows.ports[:place]))
    return key, proof, step.integers[place], step.rows[start:start + len(proof.rows.ports[place])]

  def check(self, name, inferences, place, indices):
    key, proof, integers, rows = self.prepare(name, inferences, place)
    values = [integers[i] for i in indices]
    data = prover.reveal(key, proof, place, indices, values, rows, b"why")
    found = reveal.verify(key, proof, data)
    self.assertEqual(found.values, tuple(zip(indices, values)))
    for at in list(range(0, 50, 3)) + list(range(60, len(data), 97)):
      changed = bytearray(data)
      changed[at] ^= 1
      with self.subTest(at), self.assertRaises(Refused):
        reveal.verify(key, proof, bytes(changed))
    lied = prover.reveal(key, proof, place, indices, [values[0] + 1] + values[1:], rows, b"why")
    with self.assertRaises(Refused):
      reveal.verify(key, proof, lied)

  def test_one_block(self):
    self.check("both-committed", 1, 0, [0, 2])
    self.check("both-committed", 3, 1, [0, 1, 8])

  def test_limbs(self):
    self.check("committed-limbs", 3, 1, [3, 16, 17, 40])

  def test_indices(self):
    key, proof, integers, rows = self.prepare("both-committed", 1, 0)
    for indices in ([2, 0], [1, 1], []):
      with self.assertRaises(Refused):
        reveal.verify(key, proof, prover.reveal(key, proof, 0, indices, [integers[i] for i in indices], rows))


if __name__ == "__main__":
  unittest.main()

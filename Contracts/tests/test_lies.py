"""Provers who lie in one place and follow the protocol otherwise, of the second verifier's tests: the contract accepts none."""

import unittest

from . import evm, honest
from tests_of_verifier import dishonest, prover


class LyingTests(unittest.TestCase):
  def test_no_lie_is_accepted(self):
    chain, key = evm.Chain(), honest.sample("dense")[0]
    model = evm.Model(chain, key)
    lies = [(name, change, prover.Prover) for name, change in dishonest.CHAIN_CHANGES]
    lies += [(name, change or honest.unchanged, by) for name, change, by in dishonest.OPENINGS]
    self.assertGreater(len(lies), 8)
    for name, change, by in [("nothing", honest.unchanged, prover.Prover)] + lies:
      with self.subTest(name):
        attempt = dishonest.Attempt("srs-dense", key)
        change(attempt)
        proof = prover.prove_trace(attempt.key, attempt.circuit, 1, attempt.trace, attempt.values, context=evm.CONTEXT, counts=attempt.counts, by=by)
        self.assertEqual(chain.verdict(model.call(proof)), name == "nothing")

"""The EVM that these tests run in has the precompiles of go-ethereum's vectors, in a folder `shared` beside the checkout."""

import json
import unittest

from . import evm

FOLDER = evm.ROOT.parent / "shared" / "data" / "evm-precompile-vectors"


@unittest.skipUnless(FOLDER.exists(), "the vectors are not there")
class PrecompileTests(unittest.TestCase):
  def test_vectors(self):
    chain, done = evm.Chain(), 0
    for place, name in ((6, "bn256Add"), (7, "bn256ScalarMul"), (8, "bn256Pairing")):
      for vector in json.loads((FOLDER / f"{name}.json").read_text()):
        data = bytes.fromhex(vector["Input"])
        out = bytes(chain.evm.message_call(evm.SENDER, "0x" + place.to_bytes(20, "big").hex(), calldata=data))
        self.assertEqual(out.hex(), vector["Expected"], vector["Name"])
        done += 1
    self.assertGreater(done, 30)

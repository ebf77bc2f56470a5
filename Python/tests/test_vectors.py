"""Every case of the vectors that both verifiers check has the same verdict, and the same integers, through the package."""

import hashlib
import json
import unittest

import tacit

from .support import ROOT

FOLDER = ROOT / "Tests/Vectors/proofs"


def edited(name, edit):
    data = (FOLDER / name).read_bytes()
    if edit:
        at, count, digits = edit
        data = data[:at] + bytes.fromhex(digits) + data[at + count :]
    return data


def digest(result):
    hashed = hashlib.sha256()
    for tensor in [*result.inputs, *result.outputs]:
        for integer in tensor.integer_list() or []:
            hashed.update(integer.to_bytes(8, "big", signed=True))
    return hashed.hexdigest()


class Vectors(unittest.TestCase):
    def test_verdicts_and_integers(self):
        tried = {"accepted": 0, "proof refused": 0, "key refused": 0}
        for case in json.loads((FOLDER / "manifest.json").read_text()):
            if "key_proof" in case or case["verdict"] == "key accepted":
                continue
            with self.subTest(case["name"]):
                key = edited(case["key"], case.get("key_edit"))
                tried[case["verdict"]] += 1
                if case["verdict"] == "key refused":
                    with self.assertRaises(tacit.InputError):
                        tacit.Verifier(key)
                    continue
                proof = edited(case["proof"], case.get("proof_edit"))
                if case["verdict"] == "proof refused":
                    with self.assertRaises(tacit.Rejected):
                        tacit.verify(key, proof)
                else:
                    self.assertEqual(digest(tacit.verify(key, proof)), case["integers"])
        self.assertTrue(all(count > 30 for count in tried.values()), tried)


if __name__ == "__main__":
    unittest.main()

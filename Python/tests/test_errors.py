"""Walks the table of errors in docs/bindings.md: each kind by the command, by C's functions and by Python."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tacit
from tacit import _native

from .support import DIGITS, ROOT, quantized

MODEL, FLOAT, INPUT = (str(DIGITS / name) for name in ("model-int8-qdq.onnx", "model.onnx", "input.npy"))
UNSUPPORTED = str(ROOT / "Tests/Vectors/networks/unsupported/unsupported.onnx")
C_CODES = {"TACIT_REJECTED": 1, "TACIT_BAD_INPUT": 2, "none": None}


def rows():
    text = (ROOT / "docs/bindings.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| `(\w+)` \| [^|]+ \| (1|2|none) \| `?(\w+)`? \| `?(\w+)`? \|$", text, re.M)
    return {kind: (None if code == "none" else int(code), C_CODES[c], python) for kind, code, c, python in found}


def environment():
    """Where a process finds the package."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def in_c(call):
    """The code of a function of the library's, and the kind that it tells."""
    try:
        call()
    except tacit.TacitError as error:
        # The exception is made of the code in one place; that is undone here.
        return (1 if type(error) is tacit.Rejected else 2), error.kind
    return 0, None


class Errors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        key, path = quantized(), Path(cls.folder.name)
        proof = bytes(key.prove(INPUT, context=b"a"))
        flipped = bytearray(proof)
        flipped[-50] ^= 1
        other = tacit.compile(MODEL, name="other")
        damaged = bytearray(bytes(key))
        damaged[100] ^= 1
        files = {
            "p.prover": bytes(key), "v.verifier": bytes(key.verifier), "a.proof": proof, "flipped.proof": flipped,
            "cut.proof": proof[:-1], "other.verifier": bytes(other.verifier), "junk": b"junk", "damaged.prover": damaged,
            "x.json": b"[1, 2", "short.json": b"[1, 2]", "labels.json": b"[1, 2]",
        }  # fmt: skip
        powers = bytearray((ROOT / "Tests/Vectors/ceremony/challenge-85-2048.point").read_bytes())
        files["powers.point"], files["c.tacitevm"] = bytes(powers), b"x"
        # The fifth power twice.
        powers[32 * 5 : 32 * 6] = powers[32 * 4 : 32 * 5]
        files["twice.point"] = powers
        for name, data in files.items():
            (path / name).write_bytes(data)
        for words in (["srs", "powers.point", "-o", "p.srs"], ["compile", MODEL, "--for", "chain", "--srs", "p.srs", "-o", "c"]):
            subprocess.run(
                [sys.executable, "-m", "tacit", *words], cwd=cls.folder.name, check=True, stdout=subprocess.DEVNULL, env=environment()
            )
        cls.files = {name: bytes(data) for name, data in files.items()}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def scenarios(self):
        """By kind: words of a command line, a call of the library's functions, one of the package's."""
        f, p = self.files, lambda name: Path(self.folder.name) / name
        calibration = str(DIGITS / "calibration.npy")
        choice = {
            "input": 0, "output": 0, "weights_public": 0, "numbers": 0, "name": None, "shapes": None, "folder": None,
        }  # fmt: skip

        def opened(name):
            return _native.open(f[name])[0]

        def verify(key, proof, model_id=None, context=None):
            def call():
                listed, _ = _native.verify(opened(key), [f[proof]], model_id, context, None)
                tacit.Verdict(listed[0], b"").unwrap()

            return call

        def prove(data):
            return lambda: _native.prove(opened("p.prover"), data, 0, b"", None)

        def compile(model, calibration=None, labels=None):
            read = lambda path: None if path is None else Path(path).read_bytes()  # noqa: E731
            return lambda: _native.compile(read(model), read(calibration), read(labels), choice, None)

        def cancelled():
            job = _native.Job()
            job.cancel()
            _native.prove(opened("p.prover"), Path(INPUT).read_bytes(), 0, b"", job)

        key = tacit.Verifier(f["v.verifier"])
        zeros, out = "0" * 64, str(p("out"))
        v, a = "v.verifier", "a.proof"
        return {
            "refused_proof": (
                ["verify", v, "flipped.proof"], verify(v, "flipped.proof"), lambda: key.verify(p("flipped.proof"))),
            "malformed_proof": (
                ["verify", v, "cut.proof"], verify(v, "cut.proof"), lambda: key.verify(p("cut.proof"))),
            "other_model": (
                ["verify", "other.verifier", a], verify("other.verifier", a),
                lambda: tacit.verify(p("other.verifier"), p(a))),
            "other_context": (
                ["verify", v, a, "--context", "b"], verify(v, a, None, b"b"), lambda: key.verify(p(a), context="b")),
            "pinned_model": (
                ["verify", v, a, "--model-id", zeros], verify(v, a, zeros),
                lambda: tacit.verify(p(v), p(a), model_id=zeros)),
            "verifier_key": (["verify", "junk", a], lambda: _native.open(f["junk"]), lambda: tacit.Verifier(b"junk")),
            "prover_key": (
                ["prove", "damaged.prover", INPUT, "-o", out], lambda: _native.open(f["damaged.prover"]),
                lambda: tacit.Prover(p("damaged.prover"))),
            "input": (
                ["prove", "p.prover", "short.json", "-o", out], prove(b"[1, 2]"), lambda: quantized().prove([1, 2])),
            "numbers": (
                ["prove", "p.prover", "x.json", "-o", out], prove(b"[1, 2"), lambda: quantized().prove(p("x.json"))),
            "calibration": (["compile", FLOAT, "-o", out], compile(FLOAT), lambda: tacit.compile(FLOAT)),
            "labels": (
                ["compile", FLOAT, "-o", out, "--calibrate", calibration, "--labels", "labels.json"],
                compile(FLOAT, calibration, p("labels.json")),
                lambda: tacit.compile(FLOAT, calibration=calibration, labels=[1, 2])),
            "model": (["compile", "junk", "-o", out], compile(p("junk")), lambda: tacit.compile(b"junk")),
            "unsupported_model": (
                ["compile", UNSUPPORTED, "-o", out], compile(UNSUPPORTED), lambda: tacit.compile(UNSUPPORTED)),
            "unknown_file": (
                ["inspect", "junk"], lambda: tacit.inspect(f["junk"]), lambda: tacit.inspect(p("junk"))),
            "usage": (
                ["verify", v, a, "--model-id", "12"], verify(v, a, "12"), lambda: key.verify(p(a), model_id="12")),
            "unreadable": (["verify", v, "no.proof"], None, lambda: key.verify(p("no.proof"))),
            "cancelled": (None, cancelled, cancelled),
            "no_chain_form": (["export", "evm", "v.verifier", "-o", "v.tacitevm"], None, None),
            "powers": (["srs", "v.verifier", "-o", "v.srs"], None, None),
            "refused_powers": (["srs", "twice.point", "-o", "t.srs"], None, None),
            "other_blob": (["export", "evm", "c.verifier", "-o", "c.tacitevm", "--check"], None, None),
            "other_build": (["rebuild", "v.verifier", str(ROOT / "Circuits/ecg/model-int8-qdq.onnx")], None, None),
        }  # fmt: skip

    def test_the_table_has_what_is_tried_here_and_nothing_else(self):
        self.assertEqual(set(rows()), set(self.scenarios()))

    def test_each_kind_is_the_same_everywhere(self):
        table = rows()
        for kind, (words, in_library, in_python) in self.scenarios().items():
            exit_code, c_code, python = table[kind]
            with self.subTest(kind=kind):
                if words is None:
                    self.assertIsNone(exit_code)
                else:
                    ran = subprocess.run(
                        [sys.executable, "-m", "tacit", *words, "--json"], cwd=self.folder.name, env=environment(),
                        capture_output=True, text=True,
                    )  # fmt: skip
                    self.assertEqual((ran.returncode, json.loads(ran.stdout)["kind"]), (exit_code, kind), ran.stderr)
                if in_library is None:
                    self.assertIsNone(c_code)
                else:
                    self.assertEqual(in_c(in_library), (c_code, kind))
                if in_python is None:
                    self.assertEqual(python, "none")
                    continue
                with self.assertRaises(Exception) as raised:
                    in_python()
                self.assertEqual(type(raised.exception).__name__, python)
                if isinstance(raised.exception, tacit.TacitError):
                    self.assertEqual(raised.exception.kind, kind)
                    self.assertNotIn("error: ", str(raised.exception))


if __name__ == "__main__":
    unittest.main()

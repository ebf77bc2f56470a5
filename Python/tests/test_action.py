"""action.yml, its steps run as a runner's shell would: accepted, rejected, another model's id, a missing file."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import tacit

from .support import DIGITS, ROOT, quantized


def steps():
    """(id, environment, script) of each step: the part of YAML that the file is written in."""
    found = []
    for text in (ROOT / "action.yml").read_text().split("    - id: ")[1:]:
        name, rest = text.split("\n", 1)
        environment, script = rest.split("      run: |\n")
        pairs = re.findall(r"^        (\w+): \$\{\{ inputs\.([\w-]+) \}\}$", environment, re.M)
        found.append((name, pairs, re.sub(r"^        ", "", script, flags=re.M)))
    return found


def declared():
    text = (ROOT / "action.yml").read_text()
    inputs, outputs = text.split("\ninputs:\n")[1].split("\nruns:")[0].split("\noutputs:\n")
    named = lambda part: re.findall(r"^  ([\w-]+):$", part, re.M)  # noqa: E731
    required = re.findall(r"^  ([\w-]+):\n    description: .*\n    required: true$", inputs, re.M)
    return named(inputs), required, named(outputs)


class Action(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        key = quantized()
        cls.made = tempfile.TemporaryDirectory()
        folder = Path(cls.made.name)
        key.verifier.save(folder / "digits.verifier")
        for place in range(2):
            key.prove(DIGITS / "input.npy", context="night 1").save(folder / f"{place}.proof")
        broken = bytearray((folder / "0.proof").read_bytes())
        broken[-50] ^= 1
        (folder / "broken|proof.proof").write_bytes(broken)
        (folder / "good.json").write_text(json.dumps(key.prove(DIGITS / "input.npy").outputs[0].tolist()))
        (folder / "bad.json").write_text(json.dumps([0.1] * 10))

    @classmethod
    def tearDownClass(cls):
        cls.made.cleanup()

    def run_action(self, **inputs):
        """Runs the steps; returns exit code, outputs, summary and what was printed."""
        values = {"key": "digits.verifier", "proofs": "?.proof", "model-id": quantized().model_id, "context": "night 1",
                  "output": "", "folder": "results", **{name.replace("_", "-"): value for name, value in inputs.items()}}  # fmt: skip
        wheel = os.environ.get("TACIT_WHEEL")
        with tempfile.TemporaryDirectory() as runner:
            paths = {name: Path(runner) / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
            for path in paths.values():
                path.touch()
            environment = {**os.environ, "RUNNER_TEMP": runner, **{name: str(path) for name, path in paths.items()}}
            if not wheel:
                # Without a wheel the interpreter of the tests stands where the first step would have put one.
                environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
                place = Path(runner) / "tacit" / "bin"
                place.mkdir(parents=True)
                (place / "python").symlink_to(sys.executable)
            for name, pairs, script in steps():
                if name == "install" and not wheel:
                    continue
                values["wheel"] = wheel or ""
                own = {variable: values[given] for variable, given in pairs}
                ran = subprocess.run(
                    ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=self.made.name,
                    env={**environment, **own}, capture_output=True, text=True,
                )  # fmt: skip
                if ran.returncode != 0:
                    break
            outputs = dict(line.split("=", 1) for line in paths["GITHUB_OUTPUT"].read_text().splitlines())
            return ran.returncode, outputs, paths["GITHUB_STEP_SUMMARY"].read_text(), ran.stdout + ran.stderr

    def test_each_input_is_used_and_each_output_is_made(self):
        inputs, required, outputs = declared()
        self.assertEqual(set(inputs), {given for _, pairs, _ in steps() for _, given in pairs})
        self.assertIn("model-id", required)
        self.assertEqual(set(self.run_action()[1]), set(outputs))

    def test_proofs_that_hold_pass_and_are_stated(self):
        code, outputs, summary, printed = self.run_action()
        self.assertEqual(code, 0, printed)
        self.assertEqual((outputs["model-id"], outputs["verified"]), (quantized().model_id, "2"))
        self.assertIn(f"### 2 of 2 proofs hold, of model `{quantized().model_id}`", summary)
        self.assertEqual(summary.count("| verified |"), 2)
        results = json.loads((Path(self.made.name) / outputs["results"]).read_text())
        self.assertEqual([proof["verified"] for proof in results["proofs"]], [True, True])
        said = json.loads((Path(self.made.name) / outputs["statement"]).read_text())
        self.assertEqual(said["_type"], "https://in-toto.io/Statement/v1")
        for subject in said["subject"]:
            data = (Path(self.made.name) / subject["name"]).read_bytes()
            self.assertEqual(subject["digest"], {"sha256": hashlib.sha256(data).hexdigest()})
        self.assertEqual(len(said["subject"]), 2)
        self.assertEqual(said["predicate"]["model"]["digest"], {"tacitModelId": quantized().model_id})
        self.assertEqual(said["predicate"]["proofs"][0]["inferences"], 1)

    def test_one_rejected_proof_fails_the_step(self):
        code, outputs, summary, printed = self.run_action(proofs="?.proof\nbroken*.proof")
        self.assertEqual((code, outputs["verified"], outputs["statement"]), (1, "2", ""))
        self.assertIn("| broken&#124;proof.proof | **rejected** | the proof", summary)
        self.assertIn("::error::broken|proof.proof: the proof", printed)

    def test_another_models_id_fails_the_step(self):
        code, outputs, summary, _ = self.run_action(model_id="0" * 64)
        self.assertEqual((code, outputs), (1, {}))
        self.assertIn("### Rejected", summary)
        self.assertIn("not of the model asked for", summary)

    def test_another_context_fails_the_step(self):
        self.assertEqual(self.run_action(context="night 2")[0], 1)
        self.assertEqual(self.run_action(context="0x" + b"night 1".hex())[0], 0)
        self.assertEqual(self.run_action(context="")[0], 0)

    def test_a_claimed_output_is_compared(self):
        self.assertEqual(self.run_action(proofs="0.proof", output="good.json")[0], 0)
        code, _, summary, _ = self.run_action(proofs="0.proof", output="bad.json")
        self.assertEqual(code, 1)
        self.assertIn("another output was proven", summary)
        self.assertEqual(self.run_action(output="good.json")[0], 2)

    def test_what_is_missing_is_bad_input(self):
        for inputs, words in (
            ({"key": "no.verifier"}, "no.verifier: No such file"), ({"proofs": "no*.proof"}, "no proof is found at"),
            ({"proofs": "no.proof"}, "no proof is found at"), ({"proofs": " "}, "there is no proof"),
            ({"model_id": ""}, "model-id is the model"), ({"model_id": "12"}, "64 hexadecimal digits"),
            ({"context": "0xzz"}, "no hexadecimal digits"), ({"key": "0.proof"}, "verifier key"),
        ):  # fmt: skip
            with self.subTest(inputs):
                code, outputs, summary, _ = self.run_action(**inputs)
                self.assertEqual((code, outputs), (2, {}))
                self.assertIn(words, summary.replace("&#x27;", "'"))

    def test_a_text_gives_the_runner_no_command(self):
        _, _, summary, printed = self.run_action(proofs="a\r::set-output name=x::y|<b>`")
        self.assertFalse([line for line in printed.splitlines() if line.startswith("::set-output")])
        self.assertNotIn("<b>", summary)

    def test_the_hook_runs_the_command(self):
        hook = (ROOT / ".pre-commit-hooks.yaml").read_text()
        words = re.search(r"^  entry: tacit (.*)$", hook, re.M).group(1).split()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        for proof, code in (("0.proof", 0), ("broken|proof.proof", 1)):
            arguments = [*words, "digits.verifier", "--model-id", quantized().model_id, "1.proof", proof]
            ran = subprocess.run(
                [sys.executable, "-m", "tacit", *arguments], cwd=self.made.name, env=environment, capture_output=True
            )
            self.assertEqual(ran.returncode, code)


if __name__ == "__main__":
    unittest.main()

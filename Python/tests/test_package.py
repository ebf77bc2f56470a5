"""The package on the digits network: what comes out, what is refused, threads, loops, forks and pickles."""

import asyncio
import multiprocessing
import os
import pickle
import stat
import subprocess
import sys
import tempfile
import threading
import types
import unittest
from pathlib import Path

import tacit

from .support import DIGITS, ROOT, needs_numpy, numpy, quantized

INPUT = DIGITS / "input.npy"


class Proving(unittest.TestCase):
    def test_a_proof_is_accepted_and_tells_what_the_model_gave(self):
        key = quantized()
        proof = key.prove(INPUT, context=b"job 7")
        result = key.verifier.verify(proof, model_id=key.model_id, context=b"job 7")
        self.assertEqual(result.model_id, key.model_id)
        self.assertEqual((result.context, result.inferences), (b"job 7", 1))
        self.assertEqual(result.inputs["pixels"].shape, (1, 64))
        shares = result.outputs[0].tolist()
        self.assertEqual(max(range(10), key=shares.__getitem__), 5)
        self.assertAlmostEqual(sum(shares), 1, places=5)
        self.assertEqual(result.outputs[0].steps[-1], "softmax")
        self.assertEqual(proof.inspect()["context"], b"job 7".hex())

    def test_one_call_verifies_bytes(self):
        key = quantized()
        proof = key.prove(INPUT)
        result = tacit.verify(bytes(key.verifier), bytes(proof), model_id=key.model_id)
        self.assertEqual(result.context, b"")

    def test_verifying_needs_no_numpy(self):
        key = quantized()
        with tempfile.TemporaryDirectory() as folder:
            key.verifier.save(Path(folder) / "v")
            key.prove(INPUT).save(Path(folder) / "p")
            script = (
                "import sys; sys.modules['numpy'] = None; import tacit; "
                "print(tacit.verify('v', 'p').outputs[0].tolist()[5] > 0.99)"
            )
            shown = subprocess.run(
                [sys.executable, "-c", script], cwd=folder, env=_environment(), capture_output=True, text=True
            )
            self.assertEqual((shown.stdout, shown.stderr), ("True\n", ""))

    def test_lists_and_files_are_inputs(self):
        key = quantized()
        pixels = [[0.0] * 64]
        self.assertEqual(key.prove(pixels).result.inputs[0].tolist()[:2], [0.0, 0.0])
        self.assertEqual(key.prove({"pixels": pixels}).result.inferences, 1)
        self.assertEqual(key.prove([pixels[0], pixels[0]]).result.inferences, 2)

    @needs_numpy
    def test_arrays_go_in_and_come_out(self):
        x = numpy.load(DIGITS / "test-inputs.npy")[1:6]
        key = quantized()
        result = key.verifier.verify(key.prove(x))
        self.assertEqual(result.inferences, 5)
        self.assertEqual(result.output.shape, (5, 10))
        labels = numpy.load(DIGITS / "test-labels.npy")[1:6]
        self.assertEqual(result.output.argmax(1).tolist(), labels.tolist())
        tensor = result.inputs["pixels"]
        self.assertEqual(tensor.integers.dtype, numpy.int8)
        self.assertLess(abs(tensor.reals - x).max(), tensor.scale)
        self.assertEqual(tensor.reals.ravel().tolist(), tensor.tolist())
        by_name = key.prove({"pixels": x.astype("float64")})
        self.assertEqual(by_name.result.output.tolist(), result.output.tolist())

    @needs_numpy
    def test_a_float_model_is_calibrated(self):
        calibration = numpy.load(DIGITS / "calibration.npy")
        told = []
        key = tacit.compile(DIGITS / "model.onnx", calibration=calibration[:50], progress=told.append)
        self.assertEqual(key.report["quantization"]["samples"], 50)
        self.assertEqual(told, sorted(told))
        self.assertEqual(told[-1], 1)
        self.assertEqual(key.prove(numpy.load(INPUT)).result.output.argmax(), 5)

    def test_public_weights_give_one_id(self):
        again = tacit.compile((DIGITS / "model-int8-qdq.onnx").read_bytes(), weights="public")
        self.assertEqual(again.model_id, quantized().model_id)
        secret = tacit.compile(DIGITS / "model-int8-qdq.onnx")
        self.assertNotEqual(secret.model_id, quantized().model_id)

    def test_hidden_tensors_have_no_values(self):
        key = tacit.compile(DIGITS / "model-int8-qdq.onnx", input="private", output="committed")
        result = key.prove(INPUT).result
        self.assertIsNone(result.inputs[0].tolist())
        self.assertIsNone(result.outputs[0].tolist())
        self.assertTrue(result.outputs[0].commitment)
        self.assertIn("committed", result._repr_html_())

    def test_a_model_of_onnx_and_a_module_of_pytorch(self):
        file = (DIGITS / "model-int8-qdq.onnx").read_bytes()

        class ModelProto:
            def SerializeToString(self):
                return file

        self.assertEqual(tacit.compile(ModelProto(), weights="public").model_id, quantized().model_id)

        # What the package asks of torch, without its gigabyte: that the module is exported as in evaluation.
        class Module:
            training = True

            def state_dict(self):
                return {}

            def forward(self, x):
                return x

            def eval(self):
                self.training = False

            def train(self, mode):
                self.training = mode

        class NoGrad:
            def __enter__(self):
                pass

            def __exit__(self, *_):
                pass

        def export(module, inputs, stream, dynamo=True):
            assert not module.training and not dynamo and inputs == ("x",)
            stream.write(file)

        module = Module()
        fake = types.ModuleType("torch")
        fake.onnx = types.SimpleNamespace(export=export)
        fake.no_grad = NoGrad
        before = sys.modules.get("torch")
        sys.modules["torch"] = fake
        try:
            key = tacit.compile(module, weights="public", example="x")
            with self.assertRaisesRegex(tacit.InputError, "example=x"):
                tacit.compile(module)
        finally:
            if before is None:
                del sys.modules["torch"]
            else:
                sys.modules["torch"] = before
        self.assertEqual(key.model_id, quantized().model_id)
        self.assertTrue(module.training)


class Keeping(unittest.TestCase):
    def test_files_and_pickles_come_back(self):
        key = quantized()
        proof = key.prove(INPUT)
        for copy in (pickle.loads(pickle.dumps(key)), tacit.load(bytes(key))):
            self.assertEqual(copy.verifier, key.verifier)
        self.assertEqual(pickle.loads(pickle.dumps(key.verifier)), key.verifier)
        self.assertEqual(pickle.loads(pickle.dumps(proof)), proof)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "digits.prover"
            path.write_bytes(b"")
            path.chmod(0o644)
            key.save(path)
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            self.assertEqual(tacit.Prover(path).model_id, key.model_id)

    def test_an_error_can_be_pickled(self):
        with self.assertRaises(tacit.ModelError) as raised:
            tacit.compile(ROOT / "Tests/Vectors/networks/unsupported/unsupported.onnx")
        error = pickle.loads(pickle.dumps(raised.exception))
        self.assertEqual([node.name for node in error.nodes], ["hardmax", "trained", "short", "stated"])
        self.assertEqual(error.nodes[0].operator, "Hardmax")
        self.assertTrue(error.nodes[0].remedy)
        self.assertEqual(str(error), str(raised.exception))

    def test_inspection_is_data_and_html(self):
        model = tacit.inspect(ROOT / "Tests/Vectors/networks/unsupported/unsupported.onnx")
        self.assertFalse(model.supported)
        self.assertEqual(len(model.problems), 4)
        self.assertIn("<td>Hardmax</td>", model._repr_html_())
        key = tacit.inspect(quantized())
        self.assertEqual(key["model_id"], quantized().model_id)
        self.assertIn("<iframe sandbox srcdoc=", key._repr_html_())
        self.assertNotIn("<script", key.html)
        self.assertTrue(tacit.inspect(DIGITS / "model-int8-qdq.onnx").supported)

    def test_names_are_no_markup(self):
        key = tacit.compile(DIGITS / "model-int8-qdq.onnx", name="<script>alert(1)</script>")
        for page in (key._repr_html_(), key.prove(INPUT).result._repr_html_()):
            self.assertNotIn("<script", page)


class AtOnce(unittest.TestCase):
    def test_several_proofs_have_a_verdict_each(self):
        key = quantized()
        proofs = [bytes(key.prove(INPUT, context=str(place))) for place in range(3)]
        broken = bytearray(proofs[1])
        broken[-50] ^= 1
        verdicts = key.verifier.verify_all([proofs[0], broken, proofs[2]])
        self.assertEqual([verdict.ok for verdict in verdicts], [True, False, True])
        self.assertEqual(verdicts[2].unwrap().context, b"2")
        self.assertEqual(verdicts[1].error.kind, "refused_proof")
        with self.assertRaises(tacit.Rejected):
            verdicts[1].unwrap()

    def test_threads_prove_at_once(self):
        key, failures = quantized(), []

        def work(number):
            try:
                for place in range(3):
                    context = f"{number}/{place}".encode()
                    key.verifier.verify(key.prove(INPUT, context=context, threads=1), context=context)
            except Exception as error:  # noqa: BLE001
                failures.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])

    def test_tasks_prove_while_the_loop_goes_on(self):
        key, told = quantized(), []

        async def both():
            one, two = await asyncio.gather(
                key.prove_async(INPUT, context=b"1", progress=told.append), key.prove_async(INPUT, context=b"2")
            )
            with self.assertRaises(tacit.Rejected):
                await key.verifier.verify_async(one, context=b"2")
            return await key.verifier.verify_all_async([one, two])

        self.assertEqual([verdict.result.context for verdict in asyncio.run(both())], [b"1", b"2"])
        self.assertEqual(told[-1], 1)

    def test_a_progress_function_that_raises_ends_the_call(self):
        def stop(_):
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            quantized().prove([[0.0] * 64] * 256, progress=stop)

    @unittest.skipUnless(hasattr(os, "fork"), "needs fork")
    def test_forked_workers_prove_while_a_thread_of_the_parent_does(self):
        key, ended = quantized(), threading.Event()

        def work():
            while not ended.is_set():
                key.prove(INPUT, progress=lambda _: None)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            with multiprocessing.get_context("fork").Pool(2) as pool:
                proofs = pool.starmap_async(_prove, [(key, str(place)) for place in range(4)]).get(120)
        finally:
            ended.set()
            thread.join()
        for place, proof in enumerate(proofs):
            key.verifier.verify(proof, context=str(place))


def _prove(key, context):
    return key.prove(INPUT, context=context)


def _environment():
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


class Command(unittest.TestCase):
    def test_the_command_is_in_the_library(self):
        def tacit_command(*words):
            return subprocess.run(
                [sys.executable, "-m", "tacit", *words], env=_environment(), capture_output=True, text=True
            )

        version = tacit_command("--version")
        self.assertEqual((version.returncode, version.stdout.strip()), (0, tacit.__version__))
        with tempfile.TemporaryDirectory() as folder:
            name = f"{folder}/digits"
            made = tacit_command("compile", str(DIGITS / "model-int8-qdq.onnx"), "-o", name)
            self.assertEqual(made.returncode, 0, made.stderr)
            proven = tacit_command("prove", name + ".prover", str(INPUT), "-o", name + ".proof")
            self.assertEqual(proven.returncode, 0, proven.stderr)
            verified = tacit_command("verify", name + ".verifier", name + ".proof")
            self.assertEqual(verified.returncode, 0)
            self.assertTrue(verified.stdout.startswith("verified: model "))


if __name__ == "__main__":
    unittest.main()

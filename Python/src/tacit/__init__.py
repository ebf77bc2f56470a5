"""Proves which neural network ran, and checks such proofs.

    key = tacit.compile("model.onnx", calibration=x_train[:200])
    proof = key.prove(x, context=b"job 7")
    result = key.verifier.verify(proof, model_id=key.model_id, context=b"job 7")
    result.output                       # numpy: what the model gave, proven

Whoever only verifies needs the bytes of the published key and of the proof, and no numpy:

    tacit.verify(key_bytes, proof_bytes, model_id="5345…")
"""

from ._errors import Cancelled, InputError, ModelError, Node, Rejected, TacitError
from ._keys import Proof, Prover, Verifier, compile, inspect, load, verify
from ._native import version as __version__
from ._results import Inspection, Result, Tensor, Tensors, Verdict

__all__ = [
    "Cancelled", "InputError", "Inspection", "ModelError", "Node", "Proof", "Prover", "Rejected", "Result",
    "TacitError", "Tensor", "Tensors", "Verdict", "Verifier", "__version__", "compile", "inspect", "load", "verify",
]  # fmt: skip

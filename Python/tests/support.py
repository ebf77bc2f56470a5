"""What the tests share: the digits network of the gallery, and whether there is numpy."""

import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "Circuits" / "digits-mlp"

try:
    import numpy
except ImportError:
    numpy = None

needs_numpy = unittest.skipIf(numpy is None, "needs numpy")

_keys = {}


def quantized():
    """A prover of the int8 network, compiled once."""
    import tacit

    if "int8" not in _keys:
        _keys["int8"] = tacit.compile(DIGITS / "model-int8-qdq.onnx", weights="public")
    return _keys["int8"]

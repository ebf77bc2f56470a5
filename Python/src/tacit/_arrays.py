"""Arrays and models of many makers as bytes of files that the library reads."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import io
import json
import os
import zipfile
from typing import Any, Iterator, Mapping, Optional, Tuple

from ._errors import InputError, ModelError


def file_bytes(value: Any, what: str) -> bytes:
    """The bytes of a file: given as such, or by its path."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, (str, os.PathLike)):
        with io.open(value, "rb") as stream:
            return stream.read()
    if hasattr(value, "__bytes__"):
        return bytes(value)
    raise InputError(f"{what} is given as bytes or as a path, not as {type(value).__name__}")


def array_bytes(value: Any, what: str) -> bytes:
    """An array file of an array, nested lists, a mapping of such by name, a path, or the bytes of such a file."""
    if isinstance(value, (bytes, bytearray, memoryview, str, os.PathLike)):
        return file_bytes(value, what)
    if isinstance(value, Mapping):
        if not any(hasattr(array, "__array__") for array in value.values()):
            return _json(dict(value), what)
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as stream:
            for name, array in value.items():
                stream.writestr(f"{name}.npy", _npy(array))
        return archive.getvalue()
    if isinstance(value, (list, tuple, int, float)):
        return _json(value, what)
    return _npy(value)


def _json(value: Any, what: str) -> bytes:
    try:
        return json.dumps(value, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise InputError(f"{what}: {error}; give finite numbers, an array, or a path") from None


def _npy(value: Any) -> bytes:
    import numpy

    if hasattr(value, "detach"):  # A tensor of PyTorch's.
        value = value.detach().cpu()
    array = numpy.ascontiguousarray(value)
    if array.dtype.hasobject:
        raise InputError(f"an array of {array.dtype} holds no numbers")
    stream = io.BytesIO()
    numpy.lib.format.write_array(stream, array, allow_pickle=False)
    return stream.getvalue()


def model_bytes(model: Any, example: Any, calibration: Any) -> Tuple[bytes, Optional[str]]:
    """A model's file, and the folder that it lies in."""
    if isinstance(model, (str, os.PathLike)):
        path = os.fspath(model)
        return file_bytes(path, "a model"), os.path.dirname(path) or "."
    if hasattr(model, "SerializeToString"):  # onnx.ModelProto, whichever onnx made it.
        return model.SerializeToString(), None
    if hasattr(model, "state_dict") and hasattr(model, "forward"):
        return _exported(model, example, calibration), None
    return file_bytes(model, "a model"), None


def _exported(module: Any, example: Any, calibration: Any) -> bytes:
    """A module of PyTorch's as ONNX."""
    import torch

    if example is None:
        if calibration is None or isinstance(calibration, (bytes, str, os.PathLike, Mapping)):
            raise InputError(
                "to export a module of PyTorch's, give an input of its shape, batch of one included: example=x"
            )
        example = torch.as_tensor(calibration)[:1]
    inputs = example if isinstance(example, tuple) else (example,)
    was_training = bool(getattr(module, "training", False))
    try:
        module.eval()
        with torch.no_grad(), _composed_attention(torch):
            return _traced(torch, module, inputs)
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[-1]
        raise ModelError(
            f"PyTorch cannot write this module as ONNX: {reason}; its newer exporter, which takes more, "
            "is used where the package onnxscript is installed",
            kind="model",
        ) from error
    finally:
        module.train(was_training)


def _traced(torch: Any, module: Any, inputs: Any) -> bytes:
    """By the exporter that runs the module once, or, where that fails, by the one that newer releases have beside it."""
    has_both = "dynamo" in inspect.signature(torch.onnx.export).parameters
    stream = io.BytesIO()
    try:
        torch.onnx.export(module, inputs, stream, **({"dynamo": False} if has_both else {}))
        return stream.getvalue()
    except Exception:
        if not has_both or importlib.util.find_spec("onnxscript") is None:
            raise
    file: bytes = torch.onnx.export(module, inputs, dynamo=True, verbose=False).model_proto.SerializeToString()
    return file


@contextlib.contextmanager
def _composed_attention(torch: Any) -> Iterator[None]:
    """Inside of it a layer of attention is the operators it is made of: fused into one, it has no ONNX."""
    attention = getattr(getattr(torch, "backends", None), "mha", None)
    if attention is None:
        yield
        return
    was_fused = attention.get_fastpath_enabled()
    attention.set_fastpath_enabled(False)
    try:
        yield
    finally:
        attention.set_fastpath_enabled(was_fused)

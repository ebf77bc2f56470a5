"""libtacit by ctypes: one function here for each of tacit.h that the package calls."""

from __future__ import annotations

import ctypes
import json
import os
import threading
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from ._errors import error_of

_BYTES = ctypes.c_char_p
_SIZE = ctypes.c_size_t
_HANDLE = ctypes.c_void_p
_CODE = ctypes.c_int32


class _Buffer(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("count", _SIZE)]


class _Compilation(ctypes.Structure):
    _fields_ = [
        ("input", _CODE), ("output", _CODE), ("weights_public", _CODE), ("numbers", _CODE),
        ("name", _BYTES), ("shapes", _BYTES), ("folder", _BYTES), ("labels", _BYTES), ("labels_count", _SIZE),
    ]  # fmt: skip


_OUT = ctypes.POINTER(_Buffer)

_SIGNATURES = {
    "tacit_version": (_BYTES, []),
    "tacit_free": (None, [ctypes.c_void_p]),
    "tacit_release": (None, [_HANDLE]),
    "tacit_job_make": (_HANDLE, [_CODE]),
    "tacit_job_progress": (ctypes.c_double, [_HANDLE]),
    "tacit_job_cancel": (None, [_HANDLE]),
    "tacit_compile": (
        _CODE,
        [_BYTES, _SIZE, _BYTES, _SIZE, ctypes.POINTER(_Compilation), _HANDLE, ctypes.POINTER(_HANDLE), _OUT, _OUT],
    ),
    "tacit_open": (_CODE, [_BYTES, _SIZE, _BYTES, ctypes.POINTER(_HANDLE), _OUT, _OUT]),
    "tacit_key_file": (_CODE, [_HANDLE, _CODE, _OUT, _OUT]),
    "tacit_prove": (_CODE, [_HANDLE, _BYTES, _SIZE, _CODE, _BYTES, _SIZE, _HANDLE, _OUT, _OUT]),
    "tacit_verify": (
        _CODE,
        [
            _HANDLE, ctypes.POINTER(_BYTES), ctypes.POINTER(_SIZE), _SIZE, _BYTES, _BYTES, _SIZE, _HANDLE, _OUT,
            _OUT, _OUT,
        ],
    ),
    "tacit_inspect": (_CODE, [_BYTES, _SIZE, _BYTES, _BYTES, _CODE, _OUT, _OUT]),
    "tacit_main": (_CODE, [_CODE, ctypes.POINTER(_BYTES)]),
}  # fmt: skip


def _load() -> ctypes.CDLL:
    # A library of one's own making, as the tests have it; else the wheel's.
    path = os.environ.get("TACIT_LIBRARY") or str(Path(__file__).parent / "_library" / "libtacit.so.1")
    library = ctypes.CDLL(path)
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


_library = _load()

version: str = _library.tacit_version().decode()

VISIBILITIES = {"public": 0, "private": 1, "committed": 2}
NUMBERS = {None: 0, "reals": 1, "integers": 2}


class Handle:
    """A key or a job of the library's, given back when nobody has it any more."""

    def __init__(self, pointer: Optional[int]):
        self.pointer = pointer

    def __del__(self) -> None:
        # At the interpreter's end the library may be gone before.
        if self.pointer and _library is not None:
            _library.tacit_release(self.pointer)


class Job(Handle):
    """A call's job."""

    def __init__(self, threads: Optional[int] = None):
        super().__init__(_library.tacit_job_make(threads or 0))

    @property
    def progress(self) -> float:
        return float(_library.tacit_job_progress(self.pointer))

    def cancel(self) -> None:
        _library.tacit_job_cancel(self.pointer)


def _take(buffer: _Buffer) -> bytes:
    if not buffer.data:
        return b""
    try:
        return ctypes.string_at(buffer.data, buffer.count)
    finally:
        _library.tacit_free(buffer.data)


def _call(function: Callable[..., int], *arguments: Any, accepts: Tuple[int, ...] = (0,)) -> bytes:
    out, message = _Buffer(), _Buffer()
    code = function(*arguments, ctypes.byref(out), ctypes.byref(message))
    result, text = _take(out), _take(message).decode()
    if code in accepts:
        return result
    raise error_of(code, text, json.loads(result))


def _pointer(job: Optional[Job]) -> Optional[int]:
    return job.pointer if job is not None else None


def _text(value: Optional[str]) -> Optional[bytes]:
    return None if value is None else os.fsencode(value)


def compile(
    model: bytes, calibration: Optional[bytes], labels: Optional[bytes], choice: Dict[str, Any], job: Optional[Job]
) -> Tuple[Handle, Dict[str, Any]]:
    options = _Compilation(
        choice["input"], choice["output"], choice["weights_public"], choice["numbers"], _text(choice["name"]),
        _text(choice["shapes"]), _text(choice["folder"]), labels, len(labels or b""),
    )  # fmt: skip
    key = ctypes.c_void_p()
    report = _call(
        _library.tacit_compile, model, len(model), calibration, len(calibration or b""), ctypes.byref(options),
        _pointer(job), ctypes.byref(key),
    )  # fmt: skip
    return Handle(key.value), json.loads(report)


def open(file: bytes, model_id: Optional[str] = None) -> Tuple[Handle, Dict[str, Any]]:
    key = ctypes.c_void_p()
    about = _call(_library.tacit_open, file, len(file), _text(model_id), ctypes.byref(key))
    return Handle(key.value), json.loads(about)


def key_file(key: Handle, as_verifier: bool) -> bytes:
    return _call(_library.tacit_key_file, key.pointer, int(as_verifier))


def prove(key: Handle, input: bytes, numbers: int, context: bytes, job: Optional[Job]) -> bytes:
    return _call(
        _library.tacit_prove, key.pointer, input, len(input), numbers, context, len(context), _pointer(job)
    )


def verify(
    key: Handle, proofs: Sequence[bytes], model_id: Optional[str], context: Optional[bytes], job: Optional[Job]
) -> Tuple[List[Dict[str, Any]], bytes]:
    """The verdict on each proof, and the numbers that accepted ones are of."""
    count, values = len(proofs), _Buffer()
    files = (_BYTES * max(1, count))(*proofs)
    counts = (_SIZE * max(1, count))(*map(len, proofs))
    numbers = b""
    try:
        out = _call(
            _library.tacit_verify, key.pointer, files, counts, count, _text(model_id), context,
            len(context or b""), _pointer(job), ctypes.byref(values), accepts=(0, 1),
        )  # fmt: skip
    finally:
        numbers = _take(values)
    about = json.loads(out)
    if "proofs" not in about:
        raise error_of(1, about["message"], about)
    return about["proofs"], numbers


def inspect(
    file: bytes, shapes: Optional[str], folder: Optional[str], as_html: bool
) -> str:
    out = _call(
        _library.tacit_inspect, file, len(file), _text(shapes), _text(folder), int(as_html),
        accepts=(0,) if as_html else (0, 2),
    )  # fmt: skip
    return out.decode()


def main(arguments: Sequence[str]) -> int:
    words = (_BYTES * len(arguments))(*map(os.fsencode, arguments))
    return int(_library.tacit_main(len(arguments), words))


def watched(work: Callable[[Job], Any], threads: Optional[int], progress: Optional[Callable[[float], Any]]) -> Any:
    """Does a call's work, telling how far it is where somebody wants to know.

    The library calls nobody back, so that no fork waits for a thread that waits for the interpreter: it is looked at.
    """
    if progress is None:
        return work(Job(threads)) if threads else work(None)  # type: ignore[arg-type]
    job = Job(threads)
    box: List[Tuple[Any, Optional[BaseException]]] = []

    def run() -> None:
        try:
            box.append((work(job), None))
        except BaseException as error:
            box.append((None, error))

    thread, told = threading.Thread(target=run, daemon=True), 0.0
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.02)
            if job.progress > told and job.progress < 1:
                told = job.progress
                progress(told)
    except BaseException:
        job.cancel()
        thread.join()
        raise
    value, error = box[0]
    if error is not None:
        raise error
    progress(1.0)
    return value

"""Keys, proofs, and what is done with them."""

from __future__ import annotations

import asyncio
import os
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, TypeVar, Union

from . import _native
from ._arrays import array_bytes, file_bytes, model_bytes
from ._errors import InputError, error_of
from ._results import Inspection, Result, Tensors, Verdict, about

Bytes = Union[bytes, bytearray, memoryview]
Path = Union[str, "os.PathLike[str]"]
Progress = Callable[[float], Any]
_T = TypeVar("_T")


async def _awaited(work: Callable[[_native.Job], _T], threads: Optional[int], progress: Optional[Progress]) -> _T:
    """Does a call's work on a thread of the loop's, and ends it when nobody waits for it any more."""
    job = _native.Job(threads)
    future = asyncio.get_running_loop().run_in_executor(None, work, job)
    told = 0.0
    try:
        while progress is not None and not future.done():
            await asyncio.wait([future], timeout=0.02)
            if told < job.progress < 1:
                told = job.progress
                progress(told)
        value = await future
    except BaseException:
        job.cancel()
        raise
    if progress is not None:
        progress(1.0)
    return value


def _context(context: Optional[Union[Bytes, str]]) -> Optional[bytes]:
    if isinstance(context, str):
        return context.encode()
    return None if context is None else bytes(context)


class Proof:
    """The bytes of a proof: ``bytes(proof)``. What it proves is for a verifier to say."""

    def __init__(self, file: Union[Bytes, Path], *, verifier: Optional["Verifier"] = None):
        self._file = file_bytes(file, "a proof")
        self._verifier = verifier
        self._result: Optional[Result] = None

    def __bytes__(self) -> bytes:
        return self._file

    def __len__(self) -> int:
        return len(self._file)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Proof) and self._file == other._file

    def __hash__(self) -> int:
        return hash(self._file)

    def __reduce__(self) -> Any:
        return Proof, (self._file,)

    def save(self, path: Path) -> None:
        with open(path, "wb") as stream:
            stream.write(self._file)

    def inspect(self) -> Inspection:
        """What its head says; nothing of it is verified."""
        return inspect(self._file)

    @property
    def result(self) -> Result:
        """What it proves, for whoever made it or has its key."""
        if self._result is None:
            if self._verifier is None:
                raise InputError("a proof that was read tells nothing by itself; verify it with its model's key")
            self._result = self._verifier.verify(self)
        return self._result

    @property
    def outputs(self) -> Tensors:
        return self.result.outputs

    def __repr__(self) -> str:
        return f"<Proof of {len(self):,} bytes>"


class Verifier:
    """A published model: enough to check any proof of one of its inferences."""

    def __init__(self, key: Union[Bytes, Path], *, model_id: Optional[str] = None):
        self._file = file_bytes(key, "a key")
        self._key, said = _native.open(self._file, model_id)
        if said["kind"] != "verifier key":
            self._file = _native.key_file(self._key, True)
        #: What names the model, 64 hexadecimal digits. Pin it.
        self.model_id: str = said["model_id"]

    def verify(
        self, proof: Union[Proof, Bytes, Path], *, model_id: Optional[str] = None,
        context: Optional[Union[Bytes, str]] = None, threads: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> Result:  # fmt: skip
        """Checks a proof.

        ``model_id`` refuses this key when it is another model's; ``context`` refuses a proof that is bound to other
        bytes. Raises ``Rejected``.
        """
        return self.verify_all(
            [proof], model_id=model_id, context=context, threads=threads, progress=progress
        )[0].unwrap()

    def verify_all(
        self, proofs: Sequence[Union[Proof, Bytes, Path]], *, model_id: Optional[str] = None,
        context: Optional[Union[Bytes, str]] = None, threads: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> List[Verdict]:  # fmt: skip
        """Checks proofs together, for less than one after another: one's fault is no other's."""
        return _native.watched(self._verdicts(proofs, model_id, context), threads, progress)  # type: ignore[no-any-return]

    async def verify_async(
        self, proof: Union[Proof, Bytes, Path], *, model_id: Optional[str] = None,
        context: Optional[Union[Bytes, str]] = None, threads: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> Result:  # fmt: skip
        """As ``verify``, while the loop goes on."""
        verdicts = await _awaited(self._verdicts([proof], model_id, context), threads, progress)
        return verdicts[0].unwrap()

    async def verify_all_async(
        self, proofs: Sequence[Union[Proof, Bytes, Path]], *, model_id: Optional[str] = None,
        context: Optional[Union[Bytes, str]] = None, threads: Optional[int] = None,
        progress: Optional[Progress] = None,
    ) -> List[Verdict]:  # fmt: skip
        """As ``verify_all``, while the loop goes on."""
        return await _awaited(self._verdicts(proofs, model_id, context), threads, progress)

    def _verdicts(
        self, proofs: Sequence[Any], model_id: Optional[str], context: Optional[Union[Bytes, str]]
    ) -> Callable[[Optional[_native.Job]], List[Verdict]]:
        files, bound = [file_bytes(proof, "a proof") for proof in proofs], _context(context)

        def work(job: Optional[_native.Job]) -> List[Verdict]:
            listed, values = _native.verify(self._key, files, model_id, bound, job)
            return [Verdict(one, values) for one in listed]

        return work

    def inspect(self) -> Inspection:
        """What the key says of its model."""
        return inspect(self._file)

    def save(self, path: Path) -> None:
        with open(path, "wb") as stream:
            stream.write(self._file)

    def __bytes__(self) -> bytes:
        return self._file

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verifier) and self._file == other._file

    def __hash__(self) -> int:
        return hash(self._file)

    def __reduce__(self) -> Any:
        return Verifier, (self._file,)

    def __repr__(self) -> str:
        return f"<Verifier of model {self.model_id[:16]}…>"

    def _repr_html_(self) -> str:
        return self.inspect()._repr_html_()


class Prover:
    """A model in its prover's hands: circuit, weights and blinders. Secret, and so is what ``pickle`` makes of it."""

    def __init__(self, key: Union[Bytes, Path]):
        self._file: Optional[bytes] = file_bytes(key, "a key")
        handle, said = _native.open(self._file)
        if said["kind"] != "prover key":
            raise InputError("this is a verifier key; a prover key is needed", "prover_key")
        self._set(handle, said["model_id"], {})

    def _set(self, handle: _native.Handle, model_id: str, report: Dict[str, Any]) -> None:
        self._key = handle
        #: What names the model, 64 hexadecimal digits.
        self.model_id: str = model_id
        #: What compiling decided: notes, and how a float model was quantized; empty for a key that was read.
        self.report: Dict[str, Any] = report
        self._verifier: Optional[Verifier] = None

    @classmethod
    def _made(cls, handle: _native.Handle, report: Dict[str, Any]) -> "Prover":
        prover = cls.__new__(cls)
        prover._file = None
        prover._set(handle, report["model_id"], report)
        return prover

    @property
    def verifier(self) -> Verifier:
        """What to publish."""
        if self._verifier is None:
            self._verifier = Verifier(_native.key_file(self._key, True))
        return self._verifier

    def prove(
        self, x: Any, *, context: Union[Bytes, str] = b"", numbers: Optional[str] = None,
        threads: Optional[int] = None, progress: Optional[Progress] = None,
    ) -> Proof:  # fmt: skip
        """Proves an inference, or several in one proof.

        ``x`` is an array of the network's shape or one row per inference; a mapping by name for several inputs; nested
        lists; or a path or the bytes of a .npy, .npz, JSON or CSV file. ``context`` is bound into the proof: a nonce,
        a job. ``numbers`` says what the numbers are, "reals" or "integers", where they are not what the model's own
        input is. Raises ``InputError``.
        """
        return _native.watched(self._proving(x, context, numbers), threads, progress)  # type: ignore[no-any-return]

    async def prove_async(
        self, x: Any, *, context: Union[Bytes, str] = b"", numbers: Optional[str] = None,
        threads: Optional[int] = None, progress: Optional[Progress] = None,
    ) -> Proof:  # fmt: skip
        """As ``prove``, while the loop goes on; ends when the task is cancelled."""
        return await _awaited(self._proving(x, context, numbers), threads, progress)

    def _proving(
        self, x: Any, context: Union[Bytes, str], numbers: Optional[str]
    ) -> Callable[[Optional[_native.Job]], Proof]:
        file, bound, reading = array_bytes(x, "an input"), _context(context) or b"", _numbers(numbers)

        def work(job: Optional[_native.Job]) -> Proof:
            return Proof(_native.prove(self._key, file, reading, bound, job), verifier=self.verifier)

        return work

    def inspect(self) -> Inspection:
        """What is public of the key."""
        return self.verifier.inspect()

    def save(self, path: Path) -> None:
        """Writes the prover key, readable by its owner only."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(descriptor, 0o600)
            stream.write(bytes(self))

    def __bytes__(self) -> bytes:
        if self._file is None:
            self._file = _native.key_file(self._key, False)
        return self._file

    def __reduce__(self) -> Any:
        return Prover, (bytes(self),)

    def __repr__(self) -> str:
        return f"<Prover of model {self.model_id[:16]}…>"

    def _repr_html_(self) -> str:
        return self.inspect()._repr_html_()


def _numbers(numbers: Optional[str]) -> int:
    if numbers not in _native.NUMBERS:
        raise InputError(f'numbers are "reals" or "integers", not {numbers!r}')
    return _native.NUMBERS[numbers]


def _visibility(name: str) -> int:
    if name not in _native.VISIBILITIES:
        raise InputError(f'a tensor is "public", "private" or "committed", not {name!r}')
    return _native.VISIBILITIES[name]


def _shapes(shapes: Optional[Mapping[str, Sequence[int]]]) -> Optional[str]:
    if not shapes:
        return None
    return "\n".join(f"{name}={','.join(str(int(extent)) for extent in shape)}" for name, shape in shapes.items())


def compile(
    model: Any, calibration: Any = None, *, labels: Any = None, input: str = "public", output: str = "public",
    weights: str = "private", name: Optional[str] = None, shapes: Optional[Mapping[str, Sequence[int]]] = None,
    numbers: Optional[str] = None, example: Any = None, threads: Optional[int] = None,
    progress: Optional[Progress] = None,
) -> Prover:  # fmt: skip
    """Makes a model's prover, and with it its verifier.

    ``model`` is a path or the bytes of a .onnx or .tflite file, an ``onnx.ModelProto``, or a module of PyTorch's, which
    is exported with ``example`` or the first calibration input. ``calibration`` are typical inputs of a float model,
    one row each; a model that is quantized already goes without. ``weights="public"`` gives anyone who has the model
    file the same model id. Raises ``ModelError`` with the nodes at fault, or ``InputError``.
    """
    if weights not in ("private", "public"):
        raise InputError(f'weights are "private" or "public", not {weights!r}')
    file, folder = model_bytes(model, example, calibration)
    typical = None if calibration is None else array_bytes(calibration, "calibration")
    classes = None if labels is None else array_bytes(labels, "labels")
    choice = {
        "input": _visibility(input), "output": _visibility(output), "weights_public": int(weights == "public"),
        "numbers": _numbers(numbers), "name": name, "shapes": _shapes(shapes), "folder": folder,
    }  # fmt: skip

    def work(job: Optional[_native.Job]) -> Prover:
        return Prover._made(*_native.compile(file, typical, classes, choice, job))

    return _native.watched(work, threads, progress)  # type: ignore[no-any-return]


def load(key: Union[Bytes, Path]) -> Union[Prover, Verifier]:
    """Reads a key of either kind."""
    file = file_bytes(key, "a key")
    return Prover(file) if _native.open(file)[1]["kind"] == "prover key" else Verifier(file)


def verify(
    key: Union[Verifier, Bytes, Path], proof: Union[Proof, Bytes, Path], *, model_id: Optional[str] = None,
    context: Optional[Union[Bytes, str]] = None,
) -> Result:  # fmt: skip
    """Checks a proof by a key, and is all that a verifier needs. Without ``model_id`` it says which model it is of."""
    verifier = key if isinstance(key, Verifier) else Verifier(key, model_id=model_id)
    return verifier.verify(proof, model_id=model_id, context=context)


def inspect(
    file: Any, *, shapes: Optional[Mapping[str, Sequence[int]]] = None, example: Any = None
) -> Inspection:
    """What is in a model, a key or a proof: of a model which nodes can be proven, and what to do about the others."""
    if isinstance(file, (Prover, Verifier, Proof)):
        data, folder = bytes(file.verifier if isinstance(file, Prover) else file), None
    else:
        data, folder = model_bytes(file, example, None)
    said = about(_native.inspect(data, _shapes(shapes), folder, False))
    if "kind" in said and "file" not in said and said["kind"] != "key proof":
        raise error_of(2, said["message"], said)
    is_key = "circuit_digest" in said
    return Inspection(said, _native.inspect(data, None, None, True) if is_key else None)

"""What proofs prove, and what files hold."""

from __future__ import annotations

import array
import html
import json
import math
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ._errors import Node, TacitError, error_of

if TYPE_CHECKING:
    import numpy

_CODES = {"int8": "b", "uint8": "B", "int16": "h", "int32": "i", "int64": "q", "float32": "f"}


class _Numbers:
    """Numbers that stand somewhere in a result's bytes."""

    def __init__(self, place: Mapping[str, Any], values: bytes):
        self.type: str = place["type"]
        self.count: int = place["count"]
        self._at: int = place["at"]
        self._values = values

    def tolist(self) -> List[Any]:
        size = {"b": 1, "B": 1, "h": 2, "i": 4, "q": 8, "f": 4}[_CODES[self.type]]
        part = memoryview(self._values)[self._at : self._at + size * self.count]
        return part.cast(_CODES[self.type]).tolist()  # type: ignore[call-overload, no-any-return]

    def numpy(self, shape: Tuple[int, ...]) -> "numpy.ndarray":
        import numpy

        flat = numpy.frombuffer(self._values, "<" + numpy.dtype(self.type).str[1:], self.count, self._at)
        return flat.reshape(shape)


class Tensor:
    """An input or an output of a network, as a proof has it. real = scale · (integer − zero_point)."""

    def __init__(self, about: Mapping[str, Any], values: bytes):
        self.name: str = about["name"]
        #: ``public``, ``private`` or ``committed``.
        self.visibility: str = about["visibility"]
        #: Of several inferences their number stands first.
        self.shape: Tuple[int, ...] = tuple(about["shape"])
        #: Of the integers that are proven.
        self.type: str = about["type"]
        self.scale: float = about["scale"]
        self.zero_point: int = about["zero_point"]
        #: Compressed points as hexadecimal digits; empty unless the tensor is committed to.
        self.commitment: List[str] = about["commitment"]
        place, final = about["integers"], about.get("final")
        self._integers = _Numbers(place, values) if place else None
        self._final = _Numbers(final["values"], values) if final else None
        #: What was computed in public from the proven integers, in order: ``dequantize``, ``softmax``, ….
        self.steps: List[str] = final["steps"] if final else []
        self._final_shape: Tuple[int, ...] = tuple(final["shape"]) if final else ()

    @property
    def integers(self) -> Optional["numpy.ndarray"]:
        """The integers that were proven; None unless the tensor is public. Of float32 the patterns of its bits."""
        return self._integers.numpy(self.shape) if self._integers else None

    def integer_list(self) -> Optional[List[int]]:
        """As ``integers``, as a flat list, and without numpy."""
        return self._integers.tolist() if self._integers else None

    @property
    def reals(self) -> Optional["numpy.ndarray"]:
        """What the proven integers stand for; None unless the tensor is public."""
        integers = self.integers
        if integers is None:
            return None
        if self.type == "float32":
            return integers.view("float32")
        return self.scale * (integers.astype("float64") - self.zero_point)

    @property
    def final(self) -> Optional["numpy.ndarray"]:
        """After the public steps that follow the proof; None where there are none."""
        return self._final.numpy(self._final_shape) if self._final else None

    @property
    def array(self) -> Optional["numpy.ndarray"]:
        """What the model gives here: ``final`` where there is one, else ``reals``."""
        final = self.final
        return self.reals if final is None else final

    def tolist(self) -> Optional[List[Any]]:
        """As ``array``, as a flat list, and without numpy."""
        if self._final:
            return self._final.tolist()
        if not self._integers:
            return None
        integers = self._integers.tolist()
        if self.type == "float32":
            return array.array("f", array.array("i", integers).tobytes()).tolist()
        return [self.scale * (integer - self.zero_point) for integer in integers]

    def __repr__(self) -> str:
        return f"<Tensor {self.name!r} {list(self.shape)} {self.type}, {self.visibility}>"

    def _row(self) -> List[str]:
        values = self.tolist()
        shown = self.visibility if values is None else " ".join(f"{v:.4g}" for v in values[:8])
        if values is not None and len(values) > 8:
            shown += f" … ({len(values):,} values)"
        steps = f" after {', '.join(self.steps)}" if self.steps else ""
        return [self.name, str(list(self.shape)), self.type + steps, shown]


class Tensors(Sequence[Tensor]):
    """Tensors in the order of the model file, by place or by name."""

    def __init__(self, tensors: List[Tensor]):
        self._list = tensors

    @property
    def names(self) -> List[str]:
        return [tensor.name for tensor in self._list]

    def __getitem__(self, place: Any) -> Any:
        if not isinstance(place, str):
            return self._list[place]
        found = [tensor for tensor in self._list if tensor.name == place]
        # Keys are of anyone's making, and nothing in them keeps two tensors from having one name.
        if len(found) != 1:
            raise KeyError(f"{len(found) or 'no'} tensors are named {place!r}; there are {self.names}")
        return found[0]

    def __len__(self) -> int:
        return len(self._list)

    def __repr__(self) -> str:
        return repr(self._list)


class Result:
    """What an accepted proof proves."""

    def __init__(self, about: Mapping[str, Any], values: bytes):
        self.model_id: str = about["model_id"]
        self.model_name: str = about["model"]
        #: The bytes that the proof is bound to.
        self.context: bytes = bytes.fromhex(about["context"])
        #: How many the proof is of.
        self.inferences: int = about["inferences"]
        self.inputs = Tensors([Tensor(tensor, values) for tensor in about["inputs"]])
        #: Before and after their public last steps.
        self.outputs = Tensors([Tensor(tensor, values) for tensor in about["outputs"]])

    @property
    def output(self) -> Optional["numpy.ndarray"]:
        """What the model gives at its first output; None unless that is public."""
        first: Tensor = self.outputs[0]
        return first.array

    def __repr__(self) -> str:
        count = "" if self.inferences == 1 else f"{self.inferences} inferences of "
        return f"<Result: verified, {count}model {self.model_id[:16]}…>"

    def _repr_html_(self) -> str:
        rows = [["model", self.model_name, "", self.model_id]]
        rows.append(["context", "", f"{len(self.context)} bytes", repr(self.context)[:80]])
        rows.append(["inferences", "", "", str(self.inferences)])
        rows += [["input " + row[0], *row[1:]] for row in (t._row() for t in self.inputs)]
        rows += [["output " + row[0], *row[1:]] for row in (t._row() for t in self.outputs)]
        return table(["proven", "shape", "type", "value"], rows)


class Verdict:
    """What is said of one of several proofs."""

    def __init__(self, about: Mapping[str, Any], values: bytes):
        #: None for a proof that is rejected.
        self.result: Optional[Result] = Result(about, values) if about["verified"] else None
        #: Why it is rejected; None for one that is accepted.
        self.error: Optional[TacitError] = None if self.result else error_of(1, about["message"], dict(about))

    @property
    def ok(self) -> bool:
        return self.result is not None

    def __bool__(self) -> bool:
        return self.ok

    def unwrap(self) -> Result:
        """The result, or the error raised."""
        if self.result is None:
            assert self.error is not None
            raise self.error
        return self.result

    def __repr__(self) -> str:
        return f"<Verdict: {self.result!r}>" if self.ok else f"<Verdict: rejected, {self.error}>"


class Inspection(Mapping[str, Any]):
    """What is in a model, a key or a proof, as ``tacit inspect --json`` has it. Nothing of a proof is verified."""

    def __init__(self, about: Dict[str, Any], page: Optional[str] = None):
        self._about = about
        #: Of a key: a page for a browser, complete in itself.
        self.html = page

    def __getitem__(self, name: str) -> Any:
        return self._about[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._about)

    def __len__(self) -> int:
        return len(self._about)

    @property
    def supported(self) -> bool:
        """Whether a model can be proven as it is; true of keys and proofs."""
        return bool(self._about.get("supported", True))

    @property
    def problems(self) -> List[Node]:
        """What stands in the way of proving a model, node by node."""
        return [Node(n["name"], n["operator"], n["what"], n["remedy"]) for n in self._about.get("problems", [])]

    def __repr__(self) -> str:
        return f"<Inspection of a {self._about.get('file', self._about.get('kind'))}: {', '.join(self._about)}>"

    def _repr_html_(self) -> str:
        if self.html:
            # In a frame of its own, which runs and loads nothing, so that the page's styles stay in it.
            page = html.escape(self.html, quote=True)
            return f'<iframe sandbox srcdoc="{page}" style="width:100%;height:600px;border:0"></iframe>'
        rows = []
        for name, value in self._about.items():
            if isinstance(value, list):
                rows.append([name, f"{len(value)}"])
            elif not isinstance(value, dict):
                rows.append([name, "" if value is None else str(value)])
        nodes = [
            [node["operator"], node["name"], "" if node["shape"] is None else str(node["shape"]), _support(node)]
            for node in self._about.get("nodes", [])
        ]
        more = table(["operator", "name", "output", "can be proven"], nodes) if nodes else ""
        return table(["", self._about.get("file", "file")], rows) + more


def _support(node: Mapping[str, Any]) -> str:
    problem = node["problem"]
    if problem:
        return f"no: {problem['what']}. {problem['remedy']}"
    return {True: "yes", False: "no", None: "unclear"}[node["supported"]]


def table(heads: List[str], rows: List[List[str]]) -> str:
    """HTML in which nothing of a name's is markup."""

    def line(tag: str, cells: List[str]) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    return "<table>" + line("th", heads) + "".join(line("td", row) for row in rows) + "</table>"


def about(text: str) -> Dict[str, Any]:
    value = json.loads(text)
    assert isinstance(value, dict) and not any(isinstance(v, float) and math.isnan(v) for v in value.values())
    return value

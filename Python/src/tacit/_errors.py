"""What can go wrong, as exceptions. Each carries the library's own sentence."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional


class TacitError(Exception):
    """Why a call has no result.

    ``kind`` is a word that stays the same whatever the message says: that of ``tacit --json``.
    """

    def __init__(self, message: str, kind: str = "usage", details: Optional[Dict[str, Any]] = None):
        super().__init__(message)
        self.kind = kind
        self.details: Dict[str, Any] = details or {}

    def __reduce__(self) -> Any:
        return type(self), (str(self), self.kind, self.details)


class Rejected(TacitError):
    """The proof does not prove what is asked for, or the key is another model's."""


class InputError(TacitError, ValueError):
    """What was handed over does not serve: a key, an input, calibration inputs, an option."""


class Node(NamedTuple):
    """What stands in the way of proving one node of a model."""

    name: str
    operator: str
    what: str
    remedy: str


class ModelError(InputError):
    """The model cannot be compiled; ``nodes`` are those at fault, where single ones are."""

    @property
    def nodes(self) -> List[Node]:
        listed = self.details.get("unsupported") or self.details.get("problems") or []
        if listed:
            return [Node(n["name"], n["operator"], n["what"], n["remedy"]) for n in listed]
        name = (self.details.get("where") or {}).get("node")
        return [Node(name, "", str(self), "")] if name else []


class Cancelled(TacitError):
    """The call was cancelled."""


_MODEL_KINDS = {"unsupported_model", "model"}


def error_of(code: int, message: str, details: Dict[str, Any]) -> TacitError:
    """The exception of a code other than 0: the one place that maps them."""
    kind = details.get("kind", "usage")
    if code == 1:
        return Rejected(message, kind, details)
    if kind == "cancelled":
        return Cancelled(message, kind, details)
    return (ModelError if kind in _MODEL_KINDS else InputError)(message, kind, details)

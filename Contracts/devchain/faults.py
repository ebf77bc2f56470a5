"""Faults on command: what a method's next answers suffer."""

import threading
from dataclasses import dataclass

KINDS = ("drop", "delay", "error", "status", "garbage", "lie")


@dataclass
class Fault:
  """One fault. `method` may be `*`; after `skip` answers it hits `count` of them, or all if that is 0."""
  kind: str
  method: str = "*"
  count: int = 1
  skip: int = 0
  when: str = "before"
  value: object = None


class Faults:
  """All that are set, the oldest first."""

  def __init__(self):
    self._lock, self._set = threading.Lock(), []

  def set(self, kind, method="*", count=1, skip=0, when="before", value=None):
    """Sets one more."""
    if kind not in KINDS or when not in ("before", "after"):
      raise ValueError(f"a fault is one of {', '.join(KINDS)}, before or after the call")
    with self._lock:
      self._set.append(Fault(kind, method, count, skip, when, value))

  def clear(self):
    """Takes all away."""
    with self._lock:
      self._set.clear()

  def take(self, method):
    """The faults that hit this answer."""
    hit = []
    with self._lock:
      for fault in list(self._set):
        if method.startswith("tacdev_") or fault.method not in ("*", method):
          continue
        if fault.skip:
          fault.skip -= 1
          continue
        hit.append(fault)
        if fault.count == 1:
          self._set.remove(fault)
        elif fault.count:
          fault.count -= 1
    return hit


def lie(fault, result):
  """The answer that a lie gives: fields of an object are put in its place, anything else is the answer."""
  if isinstance(fault.value, dict) and isinstance(result, dict):
    return result | fault.value
  if isinstance(fault.value, dict):
    return result
  return fault.value

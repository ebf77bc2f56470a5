"""The ABI's encoding, for the types that contracts here have: words, bytes, strings, arrays and tuples."""

import re

from .encoding import keccak


class Interface:
  """Functions, events and errors out of an ABI in JSON."""

  def __init__(self, entries):
    self.functions = {entry["name"]: entry for entry in entries if entry["type"] == "function"}
    self.events = {topic(entry): entry for entry in entries if entry["type"] == "event"}
    self.constructor = next((entry["inputs"] for entry in entries if entry["type"] == "constructor"), [])

  def call(self, name, *values):
    """The call data of a function."""
    inputs = self.functions[name]["inputs"]
    return keccak(signature(self.functions[name]).encode())[:4] + encode([kind(each) for each in inputs], values)

  def result(self, name, output):
    """What a function gave: nothing, a value, or a tuple of several."""
    values = decode([kind(each) for each in self.functions[name]["outputs"]], output)
    return values[0] if len(values) == 1 else tuple(values) or None

  def event(self, topics, data_):
    """The name of a logged event and its values by name."""
    entry = self.events[topics[0]]
    indexed = iter(topics[1:])
    plain = iter(decode([kind(each) for each in entry["inputs"] if not each["indexed"]], data_))
    values = {each["name"]: decode([kind(each)], bytes.fromhex(next(indexed)[2:]))[0] if each["indexed"] else next(plain)
              for each in entry["inputs"]}
    return entry["name"], values


def kind(entry):
  """The type of a parameter, with tuples written out."""
  if entry["type"].startswith("tuple"):
    return "(" + ",".join(kind(each) for each in entry["components"]) + ")" + entry["type"][5:]
  return entry["type"]


def signature(entry):
  """A function's or an event's name with its types."""
  return entry["name"] + "(" + ",".join(kind(each) for each in entry["inputs"]) + ")"


def topic(entry):
  """The first topic of an event."""
  return "0x" + keccak(signature(entry).encode()).hex()


def _parts(text):
  """The types of a tuple."""
  parts, depth, current = [], 0, ""
  for letter in text:
    depth += {"(": 1, ")": -1}.get(letter, 0)
    if letter == "," and not depth:
      parts.append(current)
      current = ""
    else:
      current += letter
  return parts + [current] if current else parts


def _element(name):
  match = re.fullmatch(r"(.*)\[(\d*)\]", name)
  return (match[1], int(match[2]) if match[2] else None) if match else None


def _dynamic(name):
  if name in ("bytes", "string"):
    return True
  if element := _element(name):
    return element[1] is None or _dynamic(element[0])
  return name.startswith("(") and any(map(_dynamic, _parts(name[1:-1])))


def _size(name):
  if _dynamic(name):
    return 32
  if element := _element(name):
    return element[1] * _size(element[0])
  return sum(map(_size, _parts(name[1:-1]))) if name.startswith("(") else 32


def encode(names, values):
  """Values of these types."""
  if len(names) != len(values):
    raise ValueError(f"{len(values)} values for {len(names)} types")
  head, tail, offset = b"", b"", sum(map(_size, names))
  for name, value in zip(names, values):
    encoded = _encoded(name, value)
    if _dynamic(name):
      head += (offset + len(tail)).to_bytes(32, "big")
      tail += encoded
    else:
      head += encoded
  return head + tail


def _encoded(name, value):
  if element := _element(name):
    body = encode([element[0]] * len(value), list(value))
    return body if element[1] is not None else len(value).to_bytes(32, "big") + body
  if name.startswith("("):
    return encode(_parts(name[1:-1]), list(value))
  if name in ("bytes", "string"):
    value = value.encode() if isinstance(value, str) else bytes(value)
    return len(value).to_bytes(32, "big") + value + bytes(-len(value) % 32)
  if name == "address":
    return bytes.fromhex(value[2:]).rjust(32, b"\0")
  if name.startswith("bytes"):
    return bytes(value).ljust(32, b"\0")
  return int(value).to_bytes(32, "big")


def decode(names, data_):
  """Values of these types out of their encoding."""
  values, at = [], 0
  for name in names:
    place = int.from_bytes(data_[at:at + 32], "big") if _dynamic(name) else at
    values.append(_decoded(name, data_[place:]))
    at += _size(name)
  return values


def _decoded(name, data_):
  if element := _element(name):
    count, body = (element[1], data_) if element[1] is not None else (int.from_bytes(data_[:32], "big"), data_[32:])
    return decode([element[0]] * count, body)
  if name.startswith("("):
    return tuple(decode(_parts(name[1:-1]), data_))
  word = data_[:32]
  if name in ("bytes", "string"):
    value = data_[32:32 + int.from_bytes(word, "big")]
    return value.decode() if name == "string" else value
  if name == "address":
    return "0x" + word[12:].hex()
  if name == "bool":
    return word[-1] == 1
  if name.startswith("bytes"):
    return word[:int(name[5:])]
  return int.from_bytes(word, "big")

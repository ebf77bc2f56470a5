"""EIP-712: the digest of a document that `eth_signTypedData_v4` takes."""

import re

from .encoding import keccak, read_data


def digest(document):
  """What is signed of a document with `types`, `primaryType`, `domain` and `message`."""
  types = document["types"]
  domain = _struct("EIP712Domain", document["domain"], types)
  return keccak(b"\x19\x01" + domain + _struct(document["primaryType"], document["message"], types))


def _struct(name, value, types):
  return keccak(_type_hash(name, types) + b"".join(_field(each["type"], value[each["name"]], types) for each in types[name]))


def _type_hash(name, types):
  used, rest = set(), [name]
  while rest:
    each = rest.pop()
    if each in types and each not in used:
      used.add(each)
      rest += [re.match(r"\w+", item["type"])[0] for item in types[each]]

  def written(each):
    return each + "(" + ",".join(f"{item['type']} {item['name']}" for item in types[each]) + ")"

  return keccak((written(name) + "".join(written(each) for each in sorted(used - {name}))).encode())


def _field(kind, value, types):
  if array := re.fullmatch(r"(.+)\[\d*\]", kind):
    return keccak(b"".join(_field(array[1], each, types) for each in value))
  if kind in types:
    return _struct(kind, value, types)
  if kind == "string":
    return keccak(value.encode())
  if kind == "bytes":
    return keccak(read_data(value))
  if kind == "bool":
    return int(bool(value)).to_bytes(32, "big")
  if kind == "address":
    return read_data(value, 20).rjust(32, b"\0")
  if fixed := re.fullmatch(r"bytes(\d+)", kind):
    return read_data(value, int(fixed[1])).ljust(32, b"\0")
  if number := re.fullmatch(r"(u?)int(\d+)", kind):
    value = int(value, 0) if isinstance(value, str) else value
    low, high = (0, 1 << int(number[2])) if number[1] else (-1 << (int(number[2]) - 1), 1 << (int(number[2]) - 1))
    if low <= value < high:
      return (value % (1 << 256)).to_bytes(32, "big")
  raise ValueError(f"not of the type {kind}: {value!r}")

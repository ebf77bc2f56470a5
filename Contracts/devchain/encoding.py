"""Keccak-256, RLP, and the hexadecimal forms of JSON-RPC."""

from Crypto.Hash import keccak as _keccak


class EncodingError(ValueError):
  """Bytes or text that are not the one encoding of anything."""


def keccak(data):
  """Keccak-256, which is not SHA3-256."""
  return _keccak.new(digest_bits=256, data=bytes(data)).digest()


def big_endian(number):
  """A number as RLP has it: the fewest bytes, none for zero."""
  return number.to_bytes((number.bit_length() + 7) // 8, "big")


def rlp(item):
  """The RLP encoding of bytes, of a number, or of a list of such items."""
  if isinstance(item, int):
    item = big_endian(item)
  if isinstance(item, (list, tuple)):
    body = b"".join(rlp(each) for each in item)
    return _length(len(body), 0xC0) + body
  if len(item) == 1 and item[0] < 0x80:
    return bytes(item)
  return _length(len(item), 0x80) + bytes(item)


def _length(size, offset):
  if size < 56:
    return bytes([offset + size])
  digits = big_endian(size)
  return bytes([offset + 55 + len(digits)]) + digits


def unrlp(data):
  """The bytes or lists that are encoded so; refuses everything that `rlp` would not have written."""
  item, rest = _item(data, 0)
  if rest or rlp(item) != data:
    raise EncodingError("not the canonical RLP of one item")
  return item


def _item(data, depth):
  if not data or depth > 8:
    raise EncodingError("RLP that is cut off, or too deep")
  first = data[0]
  if first < 0x80:
    return data[:1], data[1:]
  offset = 0x80 if first < 0xC0 else 0xC0
  size, begin = first - offset, 1
  if size > 55:
    begin = 1 + size - 55
    size = int.from_bytes(data[1:begin], "big")
  body, rest = data[begin:begin + size], data[begin + size:]
  if len(body) != size:
    raise EncodingError("RLP that is cut off")
  if offset == 0x80:
    return body, rest
  items = []
  while body:
    item, body = _item(body, depth + 1)
    items.append(item)
  return items, rest


def quantity(number):
  """A number in JSON-RPC: no leading zeros."""
  return hex(number)


def data(value):
  """Bytes in JSON-RPC."""
  return "0x" + bytes(value).hex()


def read_quantity(text, default=None):
  """A number out of JSON-RPC."""
  if text is None:
    return default
  if isinstance(text, bool) or not isinstance(text, (int, str)):
    raise EncodingError(f"not a number: {text!r}")
  try:
    number = text if isinstance(text, int) else int(text, 16)
  except ValueError as error:
    raise EncodingError(f"not a number: {text!r}") from error
  if not 0 <= number < 1 << 256 or (isinstance(text, str) and not text.startswith("0x")):
    raise EncodingError(f"not a number: {text!r}")
  return number


def read_data(text, size=None):
  """Bytes out of JSON-RPC."""
  if not isinstance(text, str) or not text.startswith("0x"):
    raise EncodingError(f"not bytes: {str(text)[:80]!r}")
  try:
    value = bytes.fromhex(text[2:])
  except ValueError as error:
    raise EncodingError(f"not bytes: {text[:80]!r}") from error
  if size is not None and len(value) != size:
    raise EncodingError(f"{len(value)} bytes where {size} are meant")
  return value


def read_address(text):
  """An address in small letters."""
  return data(read_data(text, 20))

"""What Google's protobuf makes of bytes that are, or nearly are, ONNX models.

    pip install onnx==1.23.2 protobuf==7.36.2
    python3 make.py

The messages are those that Sources/Import/ONNX/ONNXMessages.swift reads, and no other fields; their
numbers and types are compared with the package onnx first. Text that is not UTF-8 counts as refused.
"""

import json
import pathlib
import struct

import onnx
from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory

TYPES = {
  "int32": 5, "int64": 3, "float": 2, "string": 9, "bytes": 12, "double": 1, "uint64": 4,
}

# Of each message its fields: number, name, type, and "*" where there are many, "+" where those are packed.
MESSAGES = {
  "ModelProto": """
    1 ir_version int64, 2 producer_name string, 3 producer_version string, 7 graph GraphProto,
    8 opset_import OperatorSetIdProto*, 25 functions FunctionProto*""",
  "OperatorSetIdProto": "1 domain string, 2 version int64",
  "GraphProto": """
    1 node NodeProto*, 2 name string, 5 initializer TensorProto*, 11 input ValueInfoProto*,
    12 output ValueInfoProto*, 13 value_info ValueInfoProto*,
    15 sparse_initializer SparseTensorProto*""",
  "FunctionProto": """
    1 name string, 4 input string*, 5 output string*, 7 node NodeProto*,
    9 opset_import OperatorSetIdProto*, 10 domain string, 11 attribute_proto AttributeProto*,
    13 overload string""",
  "NodeProto": """
    1 input string*, 2 output string*, 3 name string, 4 op_type string, 5 attribute AttributeProto*,
    7 domain string, 8 overload string""",
  "AttributeProto": """
    1 name string, 2 f float, 3 i int64, 4 s bytes, 5 t TensorProto, 6 g GraphProto, 7 floats float*,
    8 ints int64*, 20 type int32, 21 ref_attr_name string""",
  "TensorProto": """
    1 dims int64*, 2 data_type int32, 4 float_data float+, 5 int32_data int32+, 7 int64_data int64+,
    8 name string, 9 raw_data bytes, 10 double_data double+, 11 uint64_data uint64+, 13 external_data StringStringEntryProto*,
    14 data_location int32""",
  "SparseTensorProto": "1 values TensorProto",
  "StringStringEntryProto": "1 key string, 2 value string",
  "ValueInfoProto": "1 name string, 2 type TypeProto",
  "TypeProto": "1 tensor_type TypeProto.Tensor",
  "TypeProto.Tensor": "1 elem_type int32, 2 shape TensorShapeProto",
  "TensorShapeProto": "1 dim TensorShapeProto.Dimension*",
  "TensorShapeProto.Dimension": "1 dim_value int64 value, 2 dim_param string value",
}


def fields(name):
  for text in MESSAGES[name].split(","):
    number, field, kind, *oneof = text.split()
    yield int(number), field, kind.rstrip("*+"), kind.endswith(("*", "+")), kind.endswith("+"), oneof


def check():
  """Against ONNX's own description: an enumeration is read as the number that it is."""
  for name in MESSAGES:
    theirs = onnx.ModelProto.DESCRIPTOR.file.message_types_by_name[name.split(".")[0]]
    for inner in name.split(".")[1:]:
      theirs = theirs.nested_types_by_name[inner]
    for number, field, kind, many, packed, oneof in fields(name):
      there = theirs.fields_by_number[number]
      known = {descriptor_pb2.FieldDescriptorProto.TYPE_ENUM: 5}.get(there.type, there.type)
      assert there.name == field and known == TYPES.get(kind, 11), (name, field)
      assert there.is_repeated == many and there.is_packed == packed, (name, field)
      assert not oneof or there.containing_oneof.name == oneof[0], (name, field)
      if kind not in TYPES:
        assert there.message_type.full_name == "onnx." + kind, (name, field)


def model_class():
  file = descriptor_pb2.FileDescriptorProto(name="part.proto", package="part", syntax="proto2")
  made = {}
  for name in MESSAGES:
    outer, _, inner = name.rpartition(".")
    made[name] = made[outer].nested_type.add() if outer else file.message_type.add()
    made[name].name = inner
    for number, field, kind, many, packed, oneof in fields(name):
      there = made[name].field.add(name=field, number=number, label=3 if many else 1)
      there.type = TYPES.get(kind, 11)
      if kind not in TYPES:
        there.type_name = ".part." + kind
      if packed:
        there.options.packed = True
      if oneof:
        if not made[name].oneof_decl:
          made[name].oneof_decl.add(name=oneof[0])
        there.oneof_index = 0
  pool = descriptor_pool.DescriptorPool()
  pool.Add(file)
  return message_factory.GetMessageClass(pool.FindMessageTypeByName("part.ModelProto"))


check()
Model = model_class()


class NotText(Exception):
  pass


def check_texts(made):
  """Python hands text that is not UTF-8 out as bytes."""
  for there, values in made.ListFields():
    for one in values if there.is_repeated else [values]:
      if isinstance(one, message.Message):
        check_texts(one)
      elif there.type == TYPES["string"] and not isinstance(one, str):
        raise NotText


# Texts that the test makes too. A real stands as its bits.


def many(values):
  return "[" + ",".join(str(v) for v in values) + "]"


def reals(values):
  return many(struct.unpack("<I", struct.pack("<f", v))[0] for v in values)


def tensor(t):
  raw = t.raw_data.hex() if t.HasField("raw_data") else "-"
  external = many(f"{e.key}={e.value}" for e in t.external_data)
  doubles = many(struct.unpack("<Q", struct.pack("<d", v))[0] for v in t.double_data)
  return (
    f"tensor({many(t.dims)} {t.data_type} {reals(t.float_data)} {many(t.int32_data)} "
    f"{many(t.int64_data)} {t.name} {raw} {doubles} {many(t.uint64_data)} {external} "
    f"{t.data_location})"
  )


def attribute(a):
  own = tensor(a.t) if a.HasField("t") else "-"
  return (
    f"attribute({a.name} {reals([a.f])} {a.i} {a.s.hex()} {own} "
    f"{graph(a.g) if a.HasField('g') else '-'} {reals(a.floats)} {many(a.ints)} {a.type} "
    f"{a.ref_attr_name})"
  )


def node(n):
  attributes = many(attribute(a) for a in n.attribute)
  return (
    f"node({many(n.input)} {many(n.output)} {n.name} {n.op_type} {attributes} {n.domain} "
    f"{n.overload})"
  )


def function(f):
  opsets = many(f"{o.domain}:{o.version}" for o in f.opset_import)
  return (
    f"function({f.name} {many(f.input)} {many(f.output)} {many(map(node, f.node))} {opsets} "
    f"{f.domain} {many(map(attribute, f.attribute_proto))} {f.overload})"
  )


def dimension(d):
  kind = d.WhichOneof("value")
  return "-" if kind is None else str(d.dim_value) if kind == "dim_value" else "?" + d.dim_param


def value(v):
  if not v.HasField("type"):
    return f"value({v.name})"
  if not v.type.HasField("tensor_type"):
    return f"value({v.name} -)"
  of = v.type.tensor_type
  shape = many(dimension(d) for d in of.shape.dim) if of.HasField("shape") else "-"
  return f"value({v.name} {of.elem_type} {shape})"


def graph(g):
  return (
    f"graph({many(map(node, g.node))} {g.name} {many(map(tensor, g.initializer))} "
    f"{many(map(value, g.input))} {many(map(value, g.output))} {many(map(value, g.value_info))} "
    f"{len(g.sparse_initializer)})"
  )


def read(content):
  try:
    made = Model.FromString(bytes(content))
    check_texts(made)
    opsets = many(f"{o.domain}:{o.version}" for o in made.opset_import)
    own = graph(made.graph) if made.HasField("graph") else "-"
    return f"model({opsets} {own} {many(map(function, made.functions))})"
  except (message.DecodeError, NotText):
    return "refused"


def short(text):
  """FNV-1a, 64 bits."""
  state = 0xCBF29CE484222325
  for byte in text.encode():
    state = (state ^ byte) * 0x100000001B3 % 2**64
  return "-" if text == "refused" else f"{state:016x}"


# Bytes, field by field.


def number(n, longer=0):
  out = []
  while n > 127:
    out.append(n & 127 | 128)
    n >>= 7
  out.append(n)
  for _ in range(longer):
    out[-1] |= 128
    out.append(0)
  return bytes(out)


def key(id, form, longer=0):
  return number(id << 3 | form, longer)


def field(id, content, longer=0):
  if isinstance(content, int):
    return key(id, 0) + number(content % 2**64, longer)
  content = content.encode() if isinstance(content, str) else content
  return key(id, 2) + number(len(content), longer) + content


def four(id, content):
  return key(id, 5) + content


def group(id, *parts):
  return key(id, 3) + b"".join(parts) + key(id, 4)


def eight(id, content):
  return key(id, 1) + content


def f64(*values):
  return struct.pack(f"<{len(values)}d", *values)


def f32(*values):
  return struct.pack(f"<{len(values)}f", *values)


def within(*parts):
  return field(7, b"".join(parts))


def attributes(*parts):
  return within(field(1, field(5, b"".join(parts))))


def constant(*parts):
  return within(field(5, b"".join(parts)))


def described(*parts):
  return within(field(11, field(1, "x") + b"".join(parts)))


def typed(*parts):
  return described(field(2, field(1, b"".join(parts))))


def dim(*parts):
  return field(2, field(1, b"".join(parts)))


# Google's readers agree that a hundred levels are enough, but not whether the file itself is one.
deep = {n: b"".join(key(6, 3) for _ in range(n)) + b"".join(key(6, 4) for _ in range(n))
        for n in [1, 2, 50, 98, 101, 500]}

CASES = {
  "nothing": b"",
  "an empty graph": within(),
  "a graph in two parts": within(field(2, "a"), field(1, field(4, "Relu"))) +
    within(field(1, field(4, "Add")), field(2, "b")),
  "a graph in three parts, one of them empty": within(field(2, "a")) + within() + within(field(2, "")),
  "a constant of an attribute in two parts": attributes(
    field(5, field(1, 2) + field(9, b"ab") + field(8, "one")),
    field(5, field(1, 3) + field(9, b"c") + field(2, 1))),
  "a type in two parts": described(
    field(2, field(1, field(1, 1))), field(2, field(1, field(2, field(1, field(1, 4)))))),
  "a type in two parts that both say it": typed(field(1, 1), dim(field(1, 4))) +
    typed(field(1, 3), dim(field(1, 5))),
  "a shape in two parts": typed(dim(field(1, 4)), dim(field(1, 5))),
  "the last of several numbers and texts": attributes(
    field(1, "a"), field(3, 1), four(2, f32(1)), field(4, b"x"), field(20, 1), field(1, "b"),
    field(3, 2), four(2, f32(2)), field(4, b""), field(20, 2)),
  "an extent, then a name": typed(dim(field(1, 4), field(2, "n"))),
  "a name, then an extent": typed(dim(field(2, "n"), field(1, 4))),
  "an extent of neither": typed(dim()),
  "a name without a letter": typed(dim(field(2, ""))),
  "raw data without a byte": constant(field(9, b"")),
  "raw data twice": constant(field(9, b"abc"), field(9, b"d")),
  "a list one by one": attributes(field(8, 1), field(8, -1), field(8, 2**62)),
  "a packed list": attributes(field(8, number(1) + number(2**64 - 1) + number(2**62))),
  "a list in every form": attributes(
    field(8, 1), field(8, number(2) + number(3)), field(8, b""), field(8, 4), field(8, number(5))),
  "reals one by one": attributes(four(7, f32(1.5)), four(7, f32(-0.0))),
  "packed reals": attributes(field(7, f32(1.5, float("nan"), float("inf")))),
  "reals in every form": attributes(
    four(7, f32(1)), field(7, f32(2, 3)), field(7, b""), four(7, f32(4)), field(7, f32(5))),
  "packed reals with a byte too few": attributes(field(7, f32(1, 2)[:7])),
  "packed reals with a byte too many": attributes(field(7, f32(1) + b"\0")),
  "packed dims": constant(field(1, number(2) + number(3)), field(1, 4)),
  "data one by one": constant(
    four(4, f32(1)), field(5, 7), field(5, -7), field(7, 9), four(4, f32(2)), field(7, -9)),
  "packed data": constant(
    field(4, f32(1, 2)), field(5, number(7) + number(2**64 - 7)), field(7, number(9))),
  "a packed list that ends within a number": attributes(field(8, b"\x01\x80")),
  "a packed list of a number that never ends": attributes(field(8, b"\xff" * 11 + b"\x01")),
  "numbers of more than 32 bits": constant(
    field(2, 2**32 + 1), field(5, 2**31), field(5, 2**32 - 1), field(5, number(2**33 + 5)),
    field(14, 2**32)),
  "numbers longer than they need to be": constant(
    field(1, 2, longer=1), field(1, 3, longer=8), field(2, 1, longer=4), field(8, "name", longer=2)),
  "a number of ten bytes": attributes(key(3, 0) + b"\xff" * 9 + b"\x01"),
  "a number of ten bytes with bits to spare": attributes(key(3, 0) + b"\xff" * 9 + b"\x7f"),
  "a number of eleven bytes": attributes(key(3, 0) + b"\xff" * 10 + b"\x01"),
  "zero in ten bytes": attributes(key(3, 0) + b"\x80" * 9 + b"\x00"),
  "zero in eleven bytes": attributes(key(3, 0) + b"\x80" * 10 + b"\x00"),
  "a key of two bytes that needs one": within(key(2, 2, longer=1) + b"\x01a"),
  "a key of five bytes that needs one": within(key(2, 2, longer=4) + b"\x01a"),
  "a key of six bytes": within(key(2, 2, longer=5) + b"\x01a"),
  "the last field of all": within(key(2**29 - 1, 0) + b"\x01"),
  "a field beyond the last": within(number(2**32 + 8) + b"\x01"),
  "a field of number zero": within(b"\x00\x01"),
  "a field of number zero in two bytes": within(b"\x80\x00\x01"),
  "a form of six": within(b"\x0e"),
  "a form of seven": within(b"\x0f\x01"),
  "a length that ends the file": within(b"\x12"),
  "a length beyond its message": within(b"\x12\x05ab") + field(8, field(2, 13)),
  "a length of 2^31 − 1": within(b"\x12" + number(2**31 - 1)),
  "a length of 2^63": within(b"\x12" + number(2**63)),
  "a length of 2^64 − 1": within(b"\x12" + number(2**64 - 1)),
  "a real with a byte too few": attributes(four(2, f32(1)[:3])),
  "a field that is not known, in every form": within(
    field(100, 1), key(100, 1) + b"12345678", field(100, b"abc"), group(100, field(1, "x")),
    four(100, b"1234"), field(2, "after")),
  "eight bytes with one too few": within(key(100, 1) + b"1234567"),
  "four bytes with one too few": within(key(100, 5) + b"123"),
  "a known field in other forms": within(
    field(2, 5), key(2, 1) + b"12345678", group(2, field(1, 1)), four(2, b"1234"), field(2, "name"),
    field(1, 7), four(5, b"1234"), field(11, 1)),
  "a list in other forms": attributes(
    key(8, 1) + b"12345678", four(8, b"1234"), key(7, 0) + b"\x05", key(7, 1) + b"12345678",
    four(20, b"1234"), field(2, 1), field(3, b"x"), field(8, 1)),
  "an extent in another form": typed(dim(field(1, b"x"), field(2, 5))),
  "groups in groups": within(group(6, group(7, field(1, 1)), group(6, b"")), field(2, "after")),
  "a group that is not closed": within(key(6, 3), field(1, 1)),
  "a group that another one's end closes": within(key(6, 3), key(7, 4)),
  "groups that cross": within(key(6, 3), key(7, 3), key(6, 4), key(7, 4)),
  "a group's end without a beginning": within(key(6, 4)),
  "a group whose end stands beyond its message": within(key(6, 3)) + key(6, 4),
  "a key of six bytes in a group": within(key(6, 3), key(1, 0, longer=5), b"\x01", key(6, 4)),
  "a form of seven in a group": within(key(6, 3) + b"\x0f" + key(6, 4)),
  "a length beyond its message in a group": within(key(6, 3) + b"\x12\x09" + key(6, 4)),
  **{f"{n} groups in each other in the model": made for n, made in deep.items()},
  **{f"{n} groups in each other in the graph": within(made) for n, made in deep.items()},
  "a name in UTF-8": within(field(2, "α–β🙂")),
  "a name that is not UTF-8": within(field(2, b"\xff")),
  "a name that is cut off within a letter": within(field(2, "α".encode()[:1])),
  "a surrogate in a name": within(field(2, b"\xed\xa0\x80")),
  "a letter in more bytes than it needs": within(field(2, b"\xc0\xaf")),
  "a name with a zero in it": within(field(2, b"a\0b")),
  "an operand that is not UTF-8": within(field(1, field(1, b"\xfe"))),
  "a producer that is not UTF-8": field(2, b"\xff"),
  "a version that is not UTF-8": field(3, b"\xff"),
  "a reference that is not UTF-8": attributes(field(21, b"\xff")),
  "external data that is not UTF-8": constant(field(13, field(2, b"\xff"))),
  "a text of an attribute that is not UTF-8": attributes(field(4, b"\xff")),
  "external data": constant(field(13, field(1, "location") + field(2, "x")), field(13, b"")),
  "external data that is damaged": constant(field(13, b"\x0a")),
  "a sparse constant": within(field(15, field(1, field(9, b"ab"))), field(15, b"")),
  "a sparse constant that is damaged": within(field(15, field(1, field(9, b"ab") + b"\x0a"))),
  "doubles": constant(eight(10, f64(0.1)), field(10, f64(1, -2.5)), field(10, b"")),
  "doubles with a byte too few": constant(field(10, f64(1)[:7])),
  "numbers without a sign": constant(field(11, 2**64 - 1), field(11, number(7) + number(2**63))),
  "a branch": attributes(field(1, "then_branch"), field(20, 5), field(6, field(2, "inner") + field(
    1, field(2, "y") + field(4, "Relu")))),
  "a branch in two parts": attributes(
    field(6, field(2, "a") + field(1, field(4, "Relu"))), field(6, field(1, field(4, "Neg")))),
  "branches in each other": attributes(field(6, field(1, field(5, field(6, field(
    1, field(5, field(6, field(2, "deepest"))))))))),
  "a function": field(25, field(1, "f") + field(4, "a") + field(5, "b") + field(6, "slope") + field(
    7, field(1, "a") + field(2, "b") + field(4, "LeakyRelu") + field(5, field(1, "alpha") + field(
      20, 1) + field(21, "slope")) + field(8, "second")) + field(9, field(2, 17)) + field(
        10, "own") + field(11, field(1, "slope") + four(2, f32(0.5))) + field(13, "first")),
  "a function that is damaged": field(25, field(7, b"\x0a")),
  "opsets": field(8, field(2, 13)) + field(8, field(1, "ai.onnx.ml") + field(2, 2**63)) + field(8, b""),
}

# A model of every field, for damage.
SAMPLE = (
  field(1, 8) + field(2, "someone") + field(3, "1.0") + field(14, field(1, "k") + field(2, "v")) +
  within(
    field(2, "net"),
    field(1, field(1, "x") + field(1, "w") + field(2, "h") + field(3, "first") + field(4, "Gemm") +
      field(5, field(1, "alpha") + four(2, f32(0.5)) + field(20, 1)) +
      field(5, field(1, "transB") + field(3, 1) + field(20, 2))),
    field(1, field(1, "h") + field(2, "y") + field(4, "Foo") + field(7, "other") +
      field(5, field(1, "mode") + field(4, b"linear") + field(20, 3)) +
      field(5, field(1, "value") + field(5, field(1, 2) + field(2, 7) + field(7, number(300) + number(5)))
        + field(20, 4)) +
      field(5, field(1, "pads") + field(8, number(1) + number(2)) + field(8, 3) + field(20, 7)) +
      field(5, field(1, "scales") + field(7, f32(1, 2)) + field(20, 6))),
    field(5, field(1, 2) + field(1, 2) + field(2, 1) + field(4, f32(1, 2, 3, 4)) + field(8, "w")),
    field(5, field(1, 3) + field(2, 3) + field(8, "b") + field(9, b"\x01\x02\x03")),
    field(5, field(1, 1) + field(2, 6) + field(5, number(2**64 - 4)) + field(14, 1) +
      field(13, field(1, "location") + field(2, "file"))),
    field(15, field(1, field(1, 1))),
    field(11, field(1, "x") + field(2, field(1, field(1, 1) + field(2,
      field(1, field(2, "batch")) + field(1, field(1, 2)))))),
    field(12, field(1, "y") + field(2, field(1, field(1, 1)))),
    field(13, field(1, "h") + field(2, field(1, field(1, 1) + field(2, field(1, field(1, 2)))))),
  ) + field(8, field(1, "") + field(2, 17)) + field(8, field(1, "other") + field(2, 1))
)


class SplitMix64:
  def __init__(self, seed):
    self.state = seed

  def next(self):
    self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
    z = self.state
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
    return z ^ z >> 31


random = SplitMix64(13)
changes = []
for _ in range(2000):
  changed = bytearray(SAMPLE)
  place, content = random.next() % len(SAMPLE), random.next() % 256
  changed[place] = content
  changes.append(short(read(changed)))

out = {
  "cases": [{"name": name, "bytes": made.hex(), "reading": read(made)} for name, made in CASES.items()],
  "sample": SAMPLE.hex(),
  "reading": read(SAMPLE),
  "prefixes": [short(read(SAMPLE[:n])) for n in range(len(SAMPLE) + 1)],
  "changes": changes,
}
lines = [json.dumps(case, ensure_ascii=False) for case in out.pop("cases")]
rest = json.dumps(out, ensure_ascii=False)
path = pathlib.Path(__file__).parent / "wire.json"
path.write_text('{"cases": [\n' + ",\n".join(lines) + "\n],\n" + rest[1:] + "\n")
print(len(CASES), "cases,", len(SAMPLE), "bytes,", changes.count("-"), "changes refused")

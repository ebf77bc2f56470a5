"""Writes cases.json: quantized networks that read by the integers of an input, with onnxruntime's answers."""

import sys
import zlib
from pathlib import Path

import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import packed  # noqa: E402

ROWS = 4
F, I8, I32, I64 = TensorProto.FLOAT, TensorProto.INT8, TensorProto.INT32, TensorProto.INT64
VOCABULARY, WIDTH, LENGTH = 20, 8, 6


class Network:
  """Nodes and constants of one case; its random numbers depend on its name alone."""

  def __init__(self, name):
    self.name, self.nodes, self.constants = name, [], []
    self.random = np.random.default_rng(zlib.crc32(name.encode()))

  def constant(self, name, value):
    self.constants.append(numpy_helper.from_array(np.asarray(value), name))

  def node(self, op, inputs, output, **attributes):
    self.nodes.append(helper.make_node(op, inputs.split(), [output], f"{op}.{output}", **attributes))

  def table(self, name, shape, scale=0.02, zero=0):
    """A constant of int8 and its reals, `name`."""
    self.constant(f"{name}.q", self.random.integers(-127, 128, shape).astype(np.int8))
    self.constant(f"{name}.s", np.float32(scale))
    self.constant(f"{name}.z", np.int8(zero))
    self.node("DequantizeLinear", f"{name}.q {name}.s {name}.z", name)

  def quantized(self, name, like=None, scale=None, zero=0):
    """`name` through a quantizer, as `name`.d; the scale is another tensor's or its own."""
    if like is None:
      self.constant(f"{name}.s", np.float32(scale))
      self.constant(f"{name}.z", np.int8(zero))
      like = name
    self.node("QuantizeLinear", f"{name} {like}.s {like}.z", f"{name}.q")
    self.node("DequantizeLinear", f"{name}.q {like}.s {like}.z", f"{name}.d")
    return f"{name}.d"

  def build(self, inputs, output):
    made = helper.make_graph(
      self.nodes, self.name, [helper.make_tensor_value_info(*i) for i in inputs],
      [helper.make_tensor_value_info(output, I8, None)], self.constants)
    return helper.make_model(
      made, ir_version=10, producer_name="Tests/Vectors/onnx-indices",
      opset_imports=[helper.make_opsetid("", 17)])


def cases():
  ids = ("ids", I64, [1, LENGTH])

  net = Network("embedding")
  net.table("t", (VOCABULARY, WIDTH), zero=3)
  net.node("Gather", "t ids", "e")
  net.node("Flatten", net.quantized("e", like="t"), "f")
  net.table("w", (LENGTH * WIDTH, 4), scale=0.01)
  net.node("Gemm", "f w", "y")
  net.quantized("y", scale=0.2)
  yield net, net.build([ids], "y.q"), [VOCABULARY]

  # Rows of the table along its second axis, two axes of indices.
  net = Network("columns")
  net.table("t", (3, 5, 2))
  net.node("Gather", "t ids", "y", axis=1)
  net.quantized("y", like="t")
  yield net, net.build([("ids", I32, [2, 3])], "y.q"), [5]

  net = Network("two-tables")
  net.table("t", (VOCABULARY, WIDTH), scale=0.0213)
  net.table("p", (4, WIDTH), scale=0.0317)
  net.node("Gather", "t ids", "e")
  net.node("Gather", "p places", "a")
  net.node("Add", f"{net.quantized('e', like='t')} {net.quantized('a', like='p')}", "y")
  net.quantized("y", scale=0.0471, zero=-5)
  yield net, net.build([ids, ("places", I64, [1, LENGTH])], "y.q"), [VOCABULARY, 4]

  # A place of an activation that an input chooses.
  net = Network("chosen")
  x = net.quantized("x", scale=0.02, zero=7)
  net.table("w", (5, 4), scale=0.01)
  net.node("MatMul", f"{x} w", "m")
  net.node("Gather", f"{net.quantized('m', scale=0.05)} last", "y", axis=1)
  net.quantized("y", like="m")
  yield net, net.build([("x", F, [1, 7, 5]), ("last", I64, [1])], "y.q"), [None, 7]


def main():
  ort.set_default_logger_severity(4)
  made = []
  for net, model, bounds in cases():
    runtime = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    rows = []
    for _ in range(ROWS):
      values = [
        net.random.uniform(-2, 2, i.shape).astype(np.float32) if bound is None
        else net.random.integers(0, bound, i.shape).astype(
          np.int64 if i.type == "tensor(int64)" else np.int32)
        for i, bound in zip(runtime.get_inputs(), bounds)]
      fed = {i.name: v for i, v in zip(runtime.get_inputs(), values)}
      rows.append((values, runtime.run(None, fed)))
    made.append(packed.case(net.name, model, rows))
  packed.write(HERE / "cases.json", made)


main()

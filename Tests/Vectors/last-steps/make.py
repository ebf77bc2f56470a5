"""Writes cases.json: networks that are little but their public last steps, and what onnxruntime and LiteRT answer.

    python3 make.py             packages as in ../networks/requirements.txt
    python3 make.py --rates     prints how often larger random softmaxes differ from their definition here

Inputs are integers. Every case has random numbers of its own, so that a new one changes no other.
"""

import math
import sys
import zlib
from pathlib import Path

import numpy as np
import onnxruntime as ort
import tflite as t
from ai_edge_litert.interpreter import Interpreter
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent), str(HERE.parent / "networks")]
import packed  # noqa: E402
from tflite_writer import Writer  # noqa: E402

ROWS = 4
U8, S8 = np.uint8, np.int8
BYTE = 1 / 256, 1 / 255, 1 / 250


class Network:
  """ONNX nodes between an integer input `x` and outputs."""

  def __init__(self, shape, kind=U8, scale=0.11, zero=3, opset=17):
    self.shape, self.kind, self.opset = shape, kind, opset
    self.nodes, self.constants, self.outputs = [], [], []
    self.q(scale, zero, kind, "x")
    self.add("DequantizeLinear", ["x", "x.s", "x.z"], "r")

  def constant(self, name, value):
    self.constants.append(numpy_helper.from_array(np.asarray(value), name))
    return name

  def q(self, scale, zero, kind, name):
    return [self.constant(f"{name}.s", np.float32(scale)), self.constant(f"{name}.z", kind(zero))]

  def add(self, op, inputs, output, domain="", **attributes):
    self.nodes.append(helper.make_node(op, inputs, [output], output, domain=domain, **attributes))
    return output

  def quantize(self, source, output, scale, zero, kind):
    return self.add("QuantizeLinear", [source] + self.q(scale, zero, kind, output), output)

  def output(self, name, kind=np.float32):
    self.outputs.append(helper.make_tensor_value_info(
      name, helper.np_dtype_to_tensor_dtype(np.dtype(kind)), None))
    return self

  def model(self):
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(self.kind))
    used = {name for node in self.nodes for name in node.input}
    graph = helper.make_graph(
      self.nodes, "last-steps", [helper.make_tensor_value_info("x", kind, self.shape)],
      self.outputs, [c for c in self.constants if c.name in used])
    opsets = [helper.make_opsetid("", self.opset), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, ir_version=8, opset_imports=opsets)


def softmax(shape, kind, to, scale, zero, op="Softmax", opset=17, x_scale=0.11, **attributes):
  """DequantizeLinear, Softmax, QuantizeLinear."""
  network = Network(shape, kind, x_scale, 3, opset)
  network.add(op, ["r"], "s", **attributes)
  network.quantize("s", "y", scale, zero, to)
  return network.output("y", to)


def qlinear(shape, kind, scale, zero, **attributes):
  network = Network(shape, kind)
  network.nodes.clear()
  network.add("QLinearSoftmax", ["x", "x.s", "x.z"] + network.q(scale, zero, kind, "y"), "y",
              domain="com.microsoft", **attributes)
  return network.output("y", kind)


def reals(nodes, shape=(8, 10), kind=S8, scale=0.05, zero=-7, opset=20):
  """Nodes in float behind the only DequantizeLinear: (operator, constants behind the first operand, attributes)."""
  network = Network(list(shape), kind, scale, zero, opset)
  last = "r"
  for index, (op, others, attributes) in enumerate(nodes):
    others = [network.constant(f"c{index}.{place}", v) for place, v in enumerate(others)]
    last = network.add(op, [last] + others, f"t{index}", **attributes)
  network.nodes[-1].output[0] = "y"
  return network.output("y", np.int64 if nodes[-1][0] == "ArgMax" else np.float32)


def onnx_cases():
  """(name, network)"""
  for kind, least in ((U8, 0), (S8, -128)):
    name = kind.__name__
    for index, scale in enumerate(BYTE):
      yield f"softmax-{name}-{index}", softmax([16, 10], kind, kind, scale, least)
    yield f"softmax-{name}-steep", softmax([16, 10], kind, kind, 1 / 255, least, x_scale=1.5)
    yield f"softmax-{name}-flat", softmax([4, 100], kind, kind, 1 / 256, least, x_scale=0.003)
    yield f"softmax-{name}-zero-point", softmax([16, 10], kind, kind, 1 / 255, least + 8)
    yield f"softmax-{name}-axis", softmax([2, 7, 3], kind, kind, 1 / 255, least, axis=1)
    yield f"softmax-{name}-flattened", softmax([2, 3, 5], kind, kind, 1 / 255, least, opset=11, axis=1)
    yield f"softmax-{name}-opset-11", softmax([6, 5], kind, kind, 1 / 255, least, opset=11)
    yield f"qlinear-{name}", qlinear([16, 10], kind, 1 / 255, least, opset=13)
    yield f"qlinear-{name}-axis", qlinear([2, 7, 3], kind, 1 / 255, least, opset=13, axis=1)
    yield f"qlinear-{name}-flattened", qlinear([2, 7, 3], kind, 1 / 255, least, opset=12, axis=1)
    yield f"log-softmax-{name}", softmax([16, 10], kind, kind, 1 / 16, least + 255, op="LogSoftmax")
  yield "softmax-uint8-int8", softmax([16, 10], U8, S8, 1 / 255, -128)
  yield "softmax-int8-uint8", softmax([16, 10], S8, U8, 1 / 255, 0)
  yield "softmax-int8-uint8-axis", softmax([2, 7, 3], S8, U8, 1 / 255, 0, axis=1)

  for name, op, attributes in (
      ("softmax", "Softmax", {}), ("softmax-axis", "Softmax", {"axis": 0}),
      ("log-softmax", "LogSoftmax", {}), ("log-softmax-axis", "LogSoftmax", {"axis": 0}),
      ("sigmoid", "Sigmoid", {}), ("tanh", "Tanh", {}), ("gelu", "Gelu", {}),
      ("gelu-tanh", "Gelu", {"approximate": "tanh"}), ("elu", "Elu", {"alpha": 0.7}),
      ("hard-swish", "HardSwish", {}), ("hard-sigmoid", "HardSigmoid", {}), ("relu", "Relu", {}),
      ("leaky-relu", "LeakyRelu", {"alpha": 0.2}), ("exp", "Exp", {}), ("softplus", "Softplus", {}),
      ("argmax", "ArgMax", {"axis": 1}), ("argmax-flat", "ArgMax", {"axis": 1, "keepdims": 0})):
    yield f"real-{name}", reals([(op, [], attributes)])
  yield "real-softmax-wide", reals([("Softmax", [], {})], shape=(2, 500))
  for opset in (10, 12):
    yield f"real-softmax-opset-{opset}", reals(
      [("Softmax", [], {"axis": 1})], shape=(2, 3, 4), opset=opset)
  yield "real-scaled-tanh", reals([("Tanh", [], {}), ("Mul", [np.float32(2.5)], {})])
  yield "real-swish-like", reals([
    ("Mul", [np.float32(1.7)], {}), ("Sigmoid", [], {}), ("Sub", [np.float32(0.5)], {})])
  yield "real-softmax-reshaped", reals([
    ("Softmax", [], {}), ("Reshape", [np.array([2, 4, 10])], {}), ("Transpose", [], {"perm": [2, 0, 1]})])
  yield "real-reshaped-sigmoid", reals([
    ("Reshape", [np.array([2, 4, 10])], {}), ("Sigmoid", [], {}), ("Transpose", [], {"perm": [2, 0, 1]})])
  yield "real-softmax-sigmoid", reals([("Softmax", [], {}), ("Sigmoid", [], {})])

  # Several outputs, each with its own steps.
  network = Network([8, 10], U8)
  network.add("Softmax", ["r"], "probabilities")
  network.add("ArgMax", ["r"], "class", axis=1, keepdims=0)
  network.add("Sigmoid", ["r"], "scores")
  yield "outputs-of-one-tensor", network.output("probabilities").output("class", np.int64).output(
    "scores")
  network = Network([8, 10], U8)
  network.add("Softmax", ["r"], "probabilities")
  network.add("ArgMax", ["probabilities"], "class", axis=1, keepdims=0)
  yield "output-of-an-output", network.output("probabilities").output("class", np.int64)
  network = Network([8, 10], U8)
  network.add("Relu", ["r"], "positive")
  network.quantize("positive", "q", 0.08, 0, U8)
  network.add("DequantizeLinear", ["q", "q.s", "q.z"], "d")
  network.add("Softmax", ["d"], "s")
  network.quantize("s", "y", 1 / 255, 0, U8)
  network.add("DequantizeLinear", ["y", "y.s", "y.z"], "z")
  yield "outputs-on-the-way", network.output("d").output("z")


def tflite_softmax(shape, scale, beta=1.0, then=None):
  """SOFTMAX, and QUANTIZE to another type where `then` says one."""
  w = Writer()
  x = w.tensor("x", shape, "int8", scale, 5)
  y = w.tensor("y", shape, "int8", 1 / 256, -128)
  w.softmax(x, y, beta)
  if then is None:
    return w.bytes([x], [y])
  z = w.tensor("z", shape, *then)
  w.quantize(y, z)
  return w.bytes([x], [z])


def tflite_cases():
  """(name, model)"""
  for index, scale in enumerate((0.003, 0.04, 0.11, 0.9)):
    yield f"tflite-softmax-{index}", tflite_softmax([16, 10], scale)
  yield "tflite-softmax-beta", tflite_softmax([16, 10], 0.11, beta=0.37)
  yield "tflite-softmax-wide", tflite_softmax([2, 500], 0.06)
  yield "tflite-softmax-uint8", tflite_softmax([16, 10], 0.11, then=("uint8", 1 / 256, 0))
  w = Writer()
  x = w.tensor("x", [8, 10], "int8", 0.11, 5)
  y = w.tensor("softmax", [8, 10], "int8", 1 / 256, -128)
  z = w.tensor("reals", [8, 10], "float32")
  w.softmax(x, y)
  w.dequantize(x, z)
  yield "tflite-outputs", w.bytes([x], [y, z])
  for name, code in (
      ("logistic", t.BuiltinOperator.LOGISTIC), ("tanh", t.BuiltinOperator.TANH),
      ("relu", t.BuiltinOperator.RELU)):
    w = Writer()
    x = w.tensor("x", [8, 10], "int8", 0.06, 5)
    real = w.tensor("reals", [8, 10], "float32")
    y = w.tensor("y", [8, 10], "float32")
    w.dequantize(x, real)
    w.operator(code, [real], [y])
    yield f"tflite-real-{name}", w.bytes([x], [y])
  w = Writer()
  x = w.tensor("x", [8, 10], "int8", 0.06, 5)
  real = w.tensor("reals", [8, 10], "float32")
  y = w.tensor("probabilities", [8, 10], "float32")
  z = w.tensor("reshaped", [80], "float32")
  w.dequantize(x, real)
  w.softmax(real, y)
  w.reshape(y, z, [80])
  yield "tflite-real-softmax-reshaped", w.bytes([x], [z])


class Bytes:
  def __init__(self, content):
    self.content = content

  def SerializeToString(self):
    return self.content


def drawn(rng, shape, kind):
  """Rows of integers: spread, steep, all of one value, and the ends of the type."""
  low, high = np.iinfo(kind).min, np.iinfo(kind).max
  middle = (low + high + 1) // 2
  rows = [np.clip(np.round(rng.normal(middle, spread, shape)), low, high) for spread in (30, 120)]
  rows += [np.full(shape, middle + 9), rng.choice([low, high], shape)]
  return [row.astype(kind) for row in rows]


def onnx_run(model, rows):
  options = ort.SessionOptions()
  options.intra_op_num_threads = 1
  session = ort.InferenceSession(
    model.SerializeToString(), options, providers=["CPUExecutionProvider"])
  return [session.run(None, {"x": row}) for row in rows]


def tflite_run(model, rows):
  interpreter = Interpreter(model_content=bytes(model))
  interpreter.allocate_tensors()
  result = []
  for row in rows:
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], row)
    interpreter.invoke()
    result.append([interpreter.get_tensor(o["index"]) for o in interpreter.get_output_details()])
  return result


def main():
  ort.set_default_logger_severity(3)
  cases = []
  for name, network in onnx_cases():
    model = network.model()
    rows = drawn(np.random.default_rng(zlib.crc32(name.encode())), network.shape, network.kind)
    answers = onnx_run(model, rows)
    for value, answer in zip(model.graph.output, answers[0]):
      value.CopyFrom(helper.make_tensor_value_info(
        value.name, value.type.tensor_type.elem_type, answer.shape))
    cases.append(packed.case(name, model, [([r], a) for r, a in zip(rows, answers)]))
  for name, model in tflite_cases():
    shape = Interpreter(model_content=bytes(model)).get_input_details()[0]["shape"]
    rows = drawn(np.random.default_rng(zlib.crc32(name.encode())), list(shape), S8)
    answers = tflite_run(model, rows)
    cases.append(packed.case(name, Bytes(bytes(model)), [([r], a) for r, a in zip(rows, answers)]))
  packed.write(HERE / "cases.json", cases)
  print(f"onnxruntime {ort.__version__}: {len(cases)} cases")


def nearest_exponentials(exponents):
  """Singles by a double's exponential: the nearest ones but for rare last bits."""
  return np.exp(np.asarray(exponents, np.float64)).astype(np.float32)


def summed(terms):
  total = np.zeros(len(terms), np.float32)
  for column in range(terms.shape[1]):
    total = (total + terms[:, column]).astype(np.float32)
  return total[:, None]


def litert_definition(x, scale):
  distances = np.arange(256).astype(np.float32)
  table = nearest_exponentials((np.float32(-np.float32(scale)) * distances).astype(np.float32))
  terms = table[x.max(1, keepdims=True).astype(int) - x]
  inverse = (np.float32(1) / (summed(terms) * np.float32(1 / 256)).astype(np.float32)).astype(np.float32)
  steps = ((terms * inverse).astype(np.float32) + np.float32(0.5)).astype(np.float32)
  return np.clip(np.floor(steps).astype(int) - 128, -128, 127).astype(np.int8)


def qlinear_definition(x, scale, out):
  width, scale = x.shape[1], float(np.float32(scale))
  room = float(np.log(np.finfo(np.float32).max / np.float32(width)))  # a single's
  table = nearest_exponentials((-np.arange(256.0) + max(0, room - 5) / scale) * scale)
  terms = table[x.max(1, keepdims=True).astype(int) - x]
  steps = math.floor(np.float32(1) / np.float32(out))
  quotient = ((terms * np.float32(steps)).astype(np.float32) / summed(terms)).astype(np.float32)
  return np.clip(np.rint(quotient).astype(int), 0, 255).astype(np.uint8)


def rates():
  counts = {"litert": [0, 0], "onnxruntime": [0, 0]}
  for width in (2, 10, 100, 1000):
    for scale in (0.01, 0.04, 0.11, 0.3, 0.9):
      rng = np.random.default_rng(width)
      x = np.clip(np.round(rng.normal(0, 40, (2_000_000 // width // 4, width))), -128, 127).astype(S8)
      answer = tflite_run(tflite_softmax(list(x.shape), scale), [x])[0][0]
      counts["litert"][0] += int((answer != litert_definition(x, scale)).sum())
      counts["litert"][1] += x.size
      u = (x.astype(int) + 128).astype(U8)
      for out in (1 / 256, 1 / 255):
        network = softmax(list(u.shape), U8, U8, out, 0, x_scale=scale)
        answer = onnx_run(network.model(), [u])[0][0]
        counts["onnxruntime"][0] += int((answer != qlinear_definition(u, scale, out)).sum())
        counts["onnxruntime"][1] += u.size
  for runtime, (differing, values) in counts.items():
    print(f"{runtime}: {differing} of {values} differ")


if __name__ == "__main__":
  rates() if "--rates" in sys.argv else main()

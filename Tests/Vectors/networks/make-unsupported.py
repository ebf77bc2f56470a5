"""Writes unsupported/*: networks in which several nodes cannot be proven, each for its own reason."""

from pathlib import Path

import numpy as np
import onnx
import tflite as t
from onnx import TensorProto, helper, numpy_helper

from tflite_writer import Writer

HERE = Path(__file__).resolve().parent / "unsupported"
RELU, TANH = 1, 4


def tflite_model():
  rng = np.random.default_rng(1)
  w = Writer()

  def weight(name, zero_point=0):
    return w.tensor(name, [8, 8], "int8", 0.01, zero_point, rng.integers(-9, 9, (8, 8), np.int8))

  def value(name, kind="int8"):
    return w.tensor(name, [1, 8], kind, 0.05 if kind == "int8" else None)

  x = value("input")
  names = ["svdf", "tanh", "good", "shifted", "real", "back", "middle", "last"]
  v = {n: value(n, "float32" if n == "real" else "int8") for n in names}
  w.operator(t.BuiltinOperator.SVDF, [x], [v["svdf"]])
  w.fully_connected([v["svdf"], weight("w0")], v["tanh"], TANH)
  w.fully_connected([v["tanh"], weight("w1")], v["good"], RELU)
  w.fully_connected([v["good"], weight("w2", 3)], v["shifted"])
  w.fully_connected([v["shifted"], weight("w3")], v["real"])
  w.fully_connected([v["real"], weight("w4")], v["back"])
  w.softmax(v["back"], v["middle"])
  w.fully_connected([v["middle"], weight("w5")], v["last"])
  return w.bytes([x], [v["last"]])


def checked_model():
  """Every node is read; two are refused for what their tensors hold."""
  rng = np.random.default_rng(3)
  w = Writer()
  x = w.tensor("input", [1, 8], "int8", 0.05)
  v = [w.tensor(name, [1, 8], "int8", 0.05) for name in ["biased", "middle", "last"]]
  weights = [w.tensor(f"w{i}", [8, 8], "int8", 0.01, 0, rng.integers(-9, 9, (8, 8), np.int8))
             for i in range(2)]
  # The input's scale times the weight's is 0.0005.
  bias = w.tensor("b", [8], "int32", 0.002, 0, rng.integers(-9, 9, 8, np.int32))
  w.fully_connected([x, weights[0], bias], v[0])
  w.softmax(v[0], v[1])
  w.fully_connected([v[1], weights[1], -1], v[2])
  return w.bytes([x], [v[2]])


def hybrid_model():
  """Weights alone are quantized: the kernels find scales of the activations while they run."""
  rng = np.random.default_rng(4)
  w = Writer()
  x = w.tensor("input", [1, 8], "float32")
  v = [w.tensor(name, [1, 8], "float32") for name in ["hybrid", "real"]]
  weight = w.tensor("w0", [8, 8], "int8", 0.01, 0, rng.integers(-9, 9, (8, 8), np.int8))
  w.fully_connected([x, weight], v[0])
  real = w.tensor("w1", [8, 8], "float32", data=rng.normal(size=(8, 8)).astype(np.float32))
  w.fully_connected([v[0], real], v[1])
  return w.bytes([x], [v[1]])


def onnx_model():
  rng = np.random.default_rng(2)

  def constant(name, kind=np.float32):
    return numpy_helper.from_array(rng.normal(size=(8, 8)).astype(kind), name)

  def node(op, inputs, output, **attributes):
    return helper.make_node(op, inputs, [output], output, **attributes)

  nodes = [
    node("Hardmax", ["input"], "hardmax"),
    # Its input's shape is stated nowhere: not judged, and not reported.
    node("Relu", ["hardmax"], "behind"),
    node("BatchNormalization", ["input"] + 4 * ["v"], "trained", training_mode=1),
    node("Gemm", ["input", "text"], "short"),
    node("Gemm", ["input", "w0"], "dense"),
    node("MatMul", ["dense", "input"], "product"),
    node("Softmax", ["dense"], "middle", axis=1),
    node("Gemm", ["middle", "w0"], "after"),
    # Stated in value_info: the node behind it is judged.
    node("Hardmax", ["after"], "stated"),
    node("Softmax", ["stated"], "again", axis=1),
    node("Add", ["again", "after"], "sum"),
    node("Add", ["sum", "behind"], "all"),
    node("Add", ["all", "short"], "more"),
    node("Add", ["more", "trained"], "output"),
  ]
  graph = helper.make_graph(
    nodes, "unsupported", [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 8])],
    [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["n", 8])],
    [constant("w0"), helper.make_tensor("text", TensorProto.STRING, [8, 8], 64 * [b"a"]), numpy_helper.from_array(np.ones(8, np.float32), "v")],
    value_info=[helper.make_tensor_value_info("stated", TensorProto.FLOAT, ["n", 8])])
  return helper.make_model(
    graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9).SerializeToString()


HERE.mkdir(exist_ok=True)
(HERE / "unsupported.tflite").write_bytes(tflite_model())
(HERE / "hybrid.tflite").write_bytes(hybrid_model())
(HERE / "checked.tflite").write_bytes(checked_model())
(HERE / "unsupported.onnx").write_bytes(onnx_model())

"""Writes cases.json: networks between QONNX's quantizers, and what the qonnx package answers.

qonnx runs ONNX's own operators by onnxruntime in single precision and its quantizers by numpy. Scales that are powers of two
make all of that exact; elsewhere inputs are such that nothing lies beside a tie by single precision alone.
"""

import logging
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import qonnx.core.onnx_exec as execution  # noqa: E402
from qonnx.core.modelwrapper import ModelWrapper  # noqa: E402
from qonnx.util.cleanup import cleanup_model  # noqa: E402

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import packed  # noqa: E402

ROWS = 6
GENERAL = "qonnx.custom_op.general"


class Network:
  """Nodes and constants of a network whose integers quantizers make. Every network has a seed of its own."""

  def __init__(self, name, shape, step, domain=GENERAL, opset=13, cut=1):
    self.name, self.shape, self.step, self.domain = name, shape, step, domain
    self.opset, self.cut = opset, cut
    self.nodes, self.constants = [], []
    self.rng = np.random.default_rng(list(name.encode()))
    self.reach = 127

  def add(self, op, inputs, domain="", **attributes):
    name = f"{op.lower()}{len(self.nodes)}"
    self.nodes.append(helper.make_node(op, inputs, [name], name, domain=domain, **attributes))
    return name

  def constant(self, value, type=np.float32):
    name = f"c{len(self.constants)}"
    self.constants.append(numpy_helper.from_array(np.asarray(value, type), name))
    return name

  def quant(self, x, scale, bits, signed=1, narrow=0, mode="ROUND", zero=0.0, op="Quant"):
    operands = [x, self.constant(scale), self.constant(zero), self.constant(bits)]
    return self.add(
      op, operands, self.domain, signed=signed, narrow=narrow, rounding_mode=mode)

  def bipolar(self, x, scale=1.0):
    return self.add("BipolarQuant", [x, self.constant(scale)], self.domain)

  def weights(self, shape, scale, bits, **quant):
    """Reals that a quantizer makes integers of; of one bit signs."""
    reals = self.constant(self.rng.normal(0, 2.0 ** max(bits - 2, 0), shape) * np.max(scale))
    if bits == 1:
      return self.bipolar(reals, scale)
    return self.quant(reals, scale, bits, narrow=1, **quant)

  def norm(self, x, channels, spread=1.0, signs=True):
    rng = self.rng
    factor = rng.uniform(0.5, 1.5, channels) * (rng.choice([-1, 1], channels) if signs else 1)
    operands = [factor, rng.normal(0, 1, channels), rng.normal(0, spread, channels),
                rng.uniform(0.5, 2, channels) * spread ** 2]
    return self.add("BatchNormalization", [x] + [self.constant(v) for v in operands])

  def model(self, output):
    graph = helper.make_graph(
      self.nodes, self.name,
      [helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)],
      [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)], self.constants)
    opsets = [helper.make_opsetid("", self.opset)]
    # Brevitas' exporter leaves its domain out.
    if self.domain == GENERAL:
      opsets.append(helper.make_opsetid(GENERAL, self.cut))
    return helper.make_model(graph, ir_version=8, opset_imports=opsets)

  def inputs(self):
    """Whole steps, the range filled, the first row at its ends."""
    steps = self.rng.integers(-self.reach - 1, self.reach + 1, [ROWS] + self.shape)
    steps[0].flat[:2] = [-self.reach - 1, self.reach]
    return (steps * np.float32(self.step)).astype(np.float32)


def answers(model, rows):
  wrapped = cleanup_model(ModelWrapper(onnx.ModelProto.FromString(model.SerializeToString())))
  name, output = wrapped.graph.input[0].name, wrapped.graph.output[0].name
  return [execution.execute_onnx(wrapped, {name: row})[output].astype(np.float32) for row in rows]


def jets(name, domain, quantizes):
  """hls4ml's jet tagging: 16-64-32-32-5 at six bits, as QKeras' converter writes it."""
  n = Network(name, [1, 16], 2.0 ** -5, domain, opset=9 if domain != GENERAL else 13)
  x = n.quant("x", 2.0 ** -5, 8) if quantizes else "x"
  extents = [16, 64, 32, 32, 5]
  for place, (inner, outer) in enumerate(zip(extents, extents[1:])):
    w = n.weights([inner, outer], 2.0 ** -5, 6)
    b = n.quant(n.constant(n.rng.normal(0, 0.3, outer)), 2.0 ** -5, 6)
    x = n.add("Add", [n.add("MatMul", [x, w]), b])
    if place < 3:
      x = n.quant(n.add("Relu", [x]), 2.0 ** -4, 6, signed=0)
  return n, n.add("Softmax", [x], axis=1)


def tiny(name, weight_bits, bits):
  """FINN's TFC: images in [0, 1], signs or two bits, batch normalization, a scaled output."""
  n = Network(name, [1, 1, 6, 6], 1 / 255, "onnx.brevitas", opset=9)
  n.reach = None
  act = (lambda t: n.bipolar(t)) if bits == 1 else (lambda t: n.quant(t, 1.0, bits, narrow=1))
  x = n.add("Reshape", ["x", n.constant([1, 36], np.int64)])
  x = act(n.add("Sub", [n.add("Mul", [x, n.constant(2)]), n.constant([1])]))
  for inner, outer in [(36, 16), (16, 16)]:
    w = n.add("Transpose", [n.weights([outer, inner], 1.0, weight_bits)], perm=[1, 0])
    x = act(n.norm(n.add("MatMul", [x, w]), outer, spread=3.0))
  w = n.add("Transpose", [n.weights([10, 16], 1.0, weight_bits)], perm=[1, 0])
  x = n.add("Sub", [n.add("MatMul", [x, w]), n.constant([0.375])])
  x = n.add("Div", [x, n.add("Pow", [n.constant([20.25]), n.constant(0.5)])])
  return n, n.add("Add", [n.add("Mul", [x, n.constant([0.75])]), n.constant([-1.125])])


def images(name, weight_bits, bits, scale):
  """FINN's CNV, small: convolutions, batch normalization, quantizers of few bits, maximum pooling."""
  n = Network(name, [1, 3, 10, 10], 2.0 ** -7, "onnx.brevitas", opset=11)
  x = n.quant("x", 2.0 ** -7, 8)
  act = (lambda t: n.bipolar(t)) if bits == 1 else (lambda t: n.quant(t, 1.0, bits, narrow=1))
  channels = 3
  for place, outer in enumerate([8, 8, 12]):
    w = n.weights([outer, channels, 3, 3], scale, weight_bits)
    x = act(n.norm(n.add("Conv", [x, w], kernel_shape=[3, 3]), outer, spread=2.0))
    if place == 1:
      x = n.add("MaxPool", [x], kernel_shape=[2, 2], strides=[2, 2])
    channels = outer
  x = n.add("Flatten", [x], axis=1)
  w = n.weights([12, 10], scale, weight_bits)
  return n, n.add("MatMul", [x, w])


def radio(name):
  """A 1-D VGG at eight bits, as Brevitas exports it: scales that are no powers of two, a bias of 23 bits."""
  n = Network(name, [1, 2, 16], 2.0 ** -6, "", opset=9)
  x = n.quant("x", 2.0 ** -6, 8)
  channels = 2
  for outer in [8, 8]:
    w = n.weights([outer, channels, 3], n.rng.uniform(0.02, 0.05), 8)
    x = n.norm(n.add("Conv", [x, w], kernel_shape=[3], pads=[1, 1]), outer, spread=4.0, signs=False)
    x = n.quant(n.add("Relu", [x]), n.rng.uniform(0.02, 0.05), 8, signed=0)
    x = n.add("MaxPool", [x], kernel_shape=[2], strides=[2])
    channels = outer
  x = n.add("Flatten", [x], axis=1)
  w = n.weights([5, 32], 0.0362, 8)
  b = n.quant(n.constant(n.rng.normal(0, 1, 5)), [0.00047], 23)
  return n, n.add("Gemm", [x, w, b], transB=1)


def words(name):
  """A keyword network at three bits with a scale for each output's weights."""
  n = Network(name, [1, 1, 5, 9], 0.83, "onnx.brevitas", opset=11)
  x = n.add("Flatten", [n.quant("x", 0.83, 8, narrow=1)], axis=1)
  for inner, outer in [(45, 16), (16, 16)]:
    scale = n.rng.uniform(0.05, 0.4, [outer, 1])
    w = n.add("Transpose", [n.weights([outer, inner], scale, 3)], perm=[1, 0])
    x = n.add("Relu", [n.norm(n.add("MatMul", [x, w]), outer, spread=20.0, signs=False)])
    x = n.quant(x, 0.142857, 3, signed=0)
  w = n.add("Transpose", [n.weights([12, 16], 0.081, 3)], perm=[1, 0])
  return n, n.add("MatMul", [x, w])


def single(name, build, shape=(1, 24), step=2.0 ** -4, **others):
  n = Network(name, list(shape), step, **others)
  return n, build(n)


def dense(n, x, inner, outer, bits=4, scale=2.0 ** -3):
  return n.add("MatMul", [x, n.weights([inner, outer], scale, bits)])


def small():
  """One kind of node or quantizer each."""
  image = (1, 4, 6, 6)
  for mode in ["ROUND", "CEIL", "FLOOR", "UP", "DOWN", "HALF_UP", "HALF_DOWN", "half_even"]:
    # Sums of sixteenths at a step of a quarter: one in four is a tie.
    yield single(f"rounding-{mode.lower()}", lambda n: n.quant(
      dense(n, n.quant("x", 2.0 ** -4, 6), 24, 8), 2.0 ** -5, 8, mode=mode))
    yield single(f"rounding-{mode.lower()}-again", lambda n: n.quant(
      n.quant("x", 2.0 ** -4, 8), 2.0 ** -2, 6, mode=mode))
  for bits, signed, narrow in [(1, 0, 0), (1, 1, 0), (2, 1, 1), (2, 0, 0), (3, 1, 0), (5, 0, 1),
                               (8, 0, 0), (8, 1, 1), (12, 1, 0), (15, 0, 0), (16, 1, 0)]:
    yield single(f"bits-{bits}-{'signed' if signed else 'unsigned'}{'-narrow' if narrow else ''}",
                 lambda n: n.quant(dense(n, n.quant("x", 2.0 ** -4, 8), 24, 8),
                                   2.0 ** (2 - min(bits, 9)), bits, signed, narrow))
  yield single("zero-points", lambda n: n.quant(
    dense(n, n.quant("x", 2.0 ** -4, 8, zero=4.0), 24, 8), 2.0 ** -2, 7, signed=0, zero=37.0))
  yield single("intquant", lambda n: n.quant(
    dense(n, n.quant("x", 2.0 ** -4, 8, op="IntQuant"), 24, 8), 2.0 ** -2, 7, op="IntQuant"))
  yield single("signs-only", lambda n: n.bipolar(
    dense(n, n.bipolar("x"), 24, 8, bits=1, scale=1.0)))
  yield single("signs-clipped", lambda n: n.bipolar(n.add(
    "Clip", [dense(n, n.quant("x", 2.0 ** -4, 4), 24, 8), n.constant(-1), n.constant(1)]), 0.5))
  yield single("dense-float-bias", lambda n: n.quant(n.add("Gemm", [
    n.quant("x", 0.06, 8), n.weights([24, 8], 0.031, 5), n.constant(n.rng.normal(0, 1, 8))]),
    0.11, 6), step=0.06)
  yield single("dense-steps", lambda n: n.quant(n.add("Add", [n.add("Mul", [n.add(
    "Sub", [n.constant([3.0]), dense(n, n.quant("x", 2.0 ** -4, 6), 24, 8)]),
    n.constant(n.rng.choice([0.5, -0.25, 2.0, 0.0], 8))]),
    n.constant(n.rng.integers(-9, 9, 8) / 32)]), 2.0 ** -2, 5))
  yield single("steps-before-dense", lambda n: n.quant(dense(n, n.add("Div", [n.add(
    "Add", [n.quant("x", 2.0 ** -4, 6), n.constant([1])]), n.constant(2)]), 24, 8), 2.0 ** -3, 7))
  yield single("requantized", lambda n: n.quant(n.quant("x", 2.0 ** -4, 8), 0.17, 5, signed=0))
  yield single("relu-between", lambda n: dense(n, n.add("Relu", [n.quant("x", 2.0 ** -4, 6)]), 24, 8))
  yield single("relu-signed", lambda n: n.quant(n.add(
    "Relu", [dense(n, n.quant("x", 2.0 ** -4, 6), 24, 8)]), 2.0 ** -2, 6))
  for name, op in [("sum", "Add"), ("difference", "Sub"), ("product", "Mul")]:
    yield single(f"{name}-of-two", lambda n: n.quant(n.add(op, [
      n.quant("x", 2.0 ** -4, 8),
      n.quant(dense(n, n.quant("x", 2.0 ** -4, 8), 24, 24), 2.0 ** -2, 5)]), 2.0 ** -2, 7))
    yield single(f"{name}-of-odd-scales", lambda n: n.quant(n.add(op, [
      n.quant("x", 0.061, 8),
      n.quant(dense(n, n.quant("x", 0.061, 8), 24, 24, scale=0.12), 0.24, 5)]), 0.3, 6), step=0.061)
  yield single("two-readers", lambda n: twice(n))
  yield single("concatenated", lambda n: n.quant(n.add("Concat", [
    n.quant("x", 2.0 ** -4, 8), n.quant(dense(n, n.quant("x", 2.0 ** -4, 8), 24, 8), 2.0 ** -1, 5)],
    axis=1), 2.0 ** -2, 6))
  yield single("norm-alone", lambda n: n.quant(n.norm(
    n.quant("x", 2.0 ** -4, 8), 4, spread=2.0), 0.2, 6), image)
  yield single("maximum-then-finer", lambda n: n.quant(n.add("MaxPool", [
    n.quant("x", 2.0 ** -4, 8)], kernel_shape=[2, 2], strides=[2, 2]), 2.0 ** -3, 5), image)
  yield single("maximum-of-sums", lambda n: n.quant(n.add("MaxPool", [n.add("Conv", [
    n.quant("x", 2.0 ** -4, 5), n.weights([5, 4, 3, 3], 2.0 ** -2, 3)], pads=[1] * 4)],
    kernel_shape=[2, 2], strides=[2, 2]), 2.0 ** -1, 4), image)
  for mode in ["ROUND", "FLOOR", "CEIL"]:
    yield single(f"average-{mode.lower()}", lambda n: n.quant(n.add("AveragePool", [
      n.quant("x", 2.0 ** -4, 6)], kernel_shape=[2, 2], strides=[2, 2]), 2.0 ** -4, 5, mode=mode), image)
  yield single("average-of-nine", lambda n: n.quant(n.add("AveragePool", [
    n.quant("x", 0.061, 7)], kernel_shape=[3, 3], strides=[3, 3]), 0.083, 6), image, 0.061)
  yield single("global-average", lambda n: dense(n, n.add("Flatten", [n.quant(n.add(
    "GlobalAveragePool", [n.quant("x", 2.0 ** -4, 8)]), 2.0 ** -4, 6)]), 4, 5), image)
  yield single("mean-then-dense", lambda n: n.quant(dense(n, n.add("ReduceMean", [
    n.quant("x", 2.0 ** -4, 4)], axes=[2, 3], keepdims=0), 4, 5), 2.0 ** -2, 6), image)
  yield single("cut", lambda n: n.add("Trunc", [
    n.quant("x", 2.0 ** -4, 8), n.constant(2.0 ** -4), n.constant(0), n.constant(8), n.constant(5)],
    GENERAL, rounding_mode="FLOOR"))
  yield single("cut-average", lambda n: n.add("Trunc", [n.add("Mul", [n.add("AveragePool", [
    n.quant("x", 2.0 ** -4, 6)], kernel_shape=[3, 3], strides=[3, 3]), n.constant(9)]),
    n.constant(2.0 ** -4), n.constant(0), n.constant(10), n.constant(6)],
    GENERAL, rounding_mode="FLOOR"), image)
  yield single("cut-version-2", lambda n: n.add("Trunc", [
    n.quant("x", 2.0 ** -4, 8), n.constant(2.0 ** -4), n.constant(0), n.constant(8),
    n.constant(2.0 ** -1), n.constant(5)], GENERAL, rounding_mode="ROUND", signed=1, narrow=0), cut=2)
  for op, attributes in [("Sigmoid", {}), ("Tanh", {}), ("LeakyRelu", {"alpha": 0.1015625})]:
    yield single(f"{op.lower()}-of-integers", lambda n: n.quant(n.add(
      op, [n.quant("x", 2.0 ** -4, 8)], **attributes), 2.0 ** -5, 6))
    yield single(f"{op.lower()}-of-sums", lambda n: n.quant(n.add(
      op, [dense(n, n.quant("x", 2.0 ** -4, 4), 24, 8, bits=3)], **attributes), 2.0 ** -4, 5))
  yield single("depthwise", lambda n: n.quant(n.add("Conv", [
    n.quant("x", 2.0 ** -4, 6), n.weights([4, 1, 3, 3], 2.0 ** -2, 4)], group=4, pads=[1] * 4),
    2.0 ** -2, 6), image)
  yield single("weights-of-ten-bits", lambda n: n.quant(
    dense(n, n.quant("x", 2.0 ** -4, 6), 24, 8, bits=10, scale=2.0 ** -9), 2.0 ** -3, 8))
  yield single("weights-with-zero-points", lambda n: n.quant(n.add("MatMul", [
    n.quant("x", 2.0 ** -4, 6), n.quant(n.constant(n.rng.uniform(0, 2, [24, 8])), 2.0 ** -3, 4,
                                        signed=0, zero=7.0)]), 2.0 ** -2, 7))
  # Sub-pixel convolution: what moves values stands between the layer and its quantizer.
  yield single("relu-behind-depth-to-space", lambda n: n.quant(n.add("Relu", [n.add("DepthToSpace", [
    n.add("Conv", [n.quant("x", 2.0 ** -4, 6), n.weights([8, 4, 3, 3], 2.0 ** -2, 4)], pads=[1] * 4)],
    blocksize=2)]), 2.0 ** -2, 6, signed=0), image)
  yield single("clip-behind-moves", lambda n: n.quant(n.add("Clip", [n.add("Reshape", [n.add("Transpose", [
    n.norm(n.add("Conv", [n.quant("x", 2.0 ** -4, 6), n.weights([8, 4, 3, 3], 2.0 ** -2, 4)]), 8)],
    perm=[0, 2, 3, 1]), n.constant([1, 128], np.int64)]), n.constant(-2), n.constant(3)]), 2.0 ** -3, 6),
    image)


def twice(n):
  """Two quantizers of the same rule are one; what they make is read twice."""
  sums = dense(n, n.quant("x", 2.0 ** -4, 6), 24, 24)
  a, b = n.quant(sums, 2.0 ** -2, 6), n.quant(sums, 2.0 ** -2, 6)
  return n.quant(n.add("Add", [dense(n, a, 24, 24), b]), 2.0 ** -1, 6)


def networks():
  yield jets("jets-6bit", "finn.custom_op.general", False)
  yield jets("jets-6bit-input", GENERAL, True)
  yield tiny("tfc-1w1a", 1, 1)
  yield tiny("tfc-1w2a", 1, 2)
  yield tiny("tfc-2w2a", 2, 2)
  yield images("cnv-1w1a", 1, 1, 1.0)
  yield images("cnv-1w2a", 1, 2, 1.0)
  yield images("cnv-2w2a", 2, 2, 0.37)
  yield radio("radio-8bit")
  yield words("words-3bit")
  yield from small()


def main():
  cases = []
  for n, output in networks():
    model = n.model(output)
    if n.reach is None:
      rows = (n.rng.integers(0, 256, [ROWS] + n.shape) / np.float32(255)).astype(np.float32)
      rows[0].flat[:2] = [0, 1]
    else:
      rows = n.inputs()
    outputs = answers(model, rows)
    cases.append(packed.case(n.name, model, [([x], [y]) for x, y in zip(rows, outputs)]))
  packed.write(HERE / "cases.json", cases)


main()

"""Writes cases.json: small networks as onnxruntime's quantize_static writes them, and its answers.

Every network in four forms: QDQ with uint8 activations and int8 weights, QDQ of int8 with a scale per
channel, QOperator of uint8, QOperator of int8 with a scale per channel. The last DequantizeLinear is cut off, so
that answers are integers, but where the network ends in a Softmax.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import packed  # noqa: E402

RNG = np.random.default_rng(2027)
ROWS = 8
U8, S8 = QuantType.QUInt8, QuantType.QInt8
FORMS = {
  "qdq-u8s8": (QuantFormat.QDQ, U8, S8, False),
  "qdq-s8-channel": (QuantFormat.QDQ, S8, S8, True),
  "qop-u8": (QuantFormat.QOperator, U8, U8, False),
  "qop-s8-channel": (QuantFormat.QOperator, S8, S8, True),
}


class Network:
  """Nodes and weights of a float network, in order."""

  def __init__(self, shape):
    self.shape, self.nodes, self.constants = shape, [], []

  def add(self, op, inputs, **attributes):
    name = f"{op.lower()}{len(self.nodes)}"
    self.nodes.append(helper.make_node(op, inputs, [name], name, **attributes))
    return name

  def constant(self, value):
    name = f"c{len(self.constants)}"
    self.constants.append(numpy_helper.from_array(np.asarray(value), name))
    return name

  def reals(self, *shape, spread=None):
    fan = int(np.prod(shape[1:])) if len(shape) > 1 else 1
    spread = np.sqrt(2 / fan) if spread is None else spread
    return self.constant(RNG.normal(0, spread, shape).astype(np.float32))

  def conv(self, x, outputs, inputs, kernel=3, bias=True, relu=True, **attributes):
    attributes.setdefault("pads", [kernel // 2] * 4)
    inner = inputs // attributes.get("group", 1)
    operands = [x, self.reals(outputs, inner, kernel, kernel)]
    if bias:
      operands.append(self.reals(outputs, spread=0.2))
    y = self.add("Conv", operands, **attributes)
    return self.add("Relu", [y]) if relu else y

  def model(self, output):
    graph = helper.make_graph(
      self.nodes, "network", [helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)],
      [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)], self.constants)
    return helper.make_model(
      graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])


IMAGE = [1, 3, 6, 7]


def networks():
  """(name, network, output)"""
  def single(name, shape, build):
    network = Network(shape)
    return name, network, build(network)

  yield single("conv", IMAGE, lambda n: n.conv("x", 4, 3, relu=False))
  yield single("conv-relu", IMAGE, lambda n: n.conv("x", 4, 3))
  yield single("conv-no-bias", IMAGE, lambda n: n.conv("x", 4, 3, bias=False))
  yield single("conv-strided", IMAGE, lambda n: n.conv("x", 4, 3, strides=[2, 3], pads=[0, 1, 2, 1]))
  yield single("conv-dilated", IMAGE, lambda n: n.conv("x", 2, 3, dilations=[2, 2], pads=[2, 2, 2, 2]))
  yield single("depthwise", IMAGE, lambda n: n.conv("x", 3, 3, group=3))
  yield single("groups", [1, 4, 6, 5], lambda n: n.conv("x", 6, 4, group=2, relu=False))
  yield single("gemm", [1, 12], lambda n: n.add("Gemm", ["x", n.reals(12, 5), n.reals(5)]))
  yield single("gemm-relu", [1, 12], lambda n: n.add(
    "Relu", [n.add("Gemm", ["x", n.reals(5, 12), n.reals(5)], transB=1)]))
  yield single("matmul", [1, 12], lambda n: n.add("MatMul", ["x", n.reals(12, 5)]))
  yield single("maxpool", IMAGE, lambda n: n.add(
    "MaxPool", [n.conv("x", 2, 3)], kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 1]))
  yield single("averagepool", IMAGE, lambda n: n.add(
    "AveragePool", [n.conv("x", 2, 3)], kernel_shape=[3, 3], strides=[2, 2]))
  yield single("averagepool-pads", IMAGE, lambda n: n.add(
    "AveragePool", [n.conv("x", 2, 3)], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]))
  yield single("global-average", IMAGE, lambda n: n.add("GlobalAveragePool", [n.conv("x", 4, 3)]))
  yield single("add", IMAGE, lambda n: n.add("Add", [n.conv("x", 3, 3), "x"]))
  yield single("add-relu", IMAGE, lambda n: n.add(
    "Relu", [n.add("Add", [n.conv("x", 3, 3, relu=False), n.conv("x", 3, 3, relu=False)])]))
  yield single("mul", IMAGE, lambda n: n.add("Mul", [n.conv("x", 3, 3), "x"]))
  yield single("concat", IMAGE, lambda n: n.add(
    "Concat", [n.conv("x", 2, 3), n.conv("x", 3, 3, relu=False)], axis=1))
  yield single("sigmoid", [1, 12], lambda n: n.add(
    "Sigmoid", [n.add("Gemm", ["x", n.reals(12, 5), n.reals(5)])]))
  yield single("leakyrelu", IMAGE, lambda n: n.add(
    "LeakyRelu", [n.conv("x", 4, 3, relu=False)], alpha=0.1))
  yield single("clip", IMAGE, lambda n: n.add(
    "Clip", [n.conv("x", 4, 3, relu=False), n.constant(np.float32(0)), n.constant(np.float32(1))]))
  yield single("reshape-transpose", [1, 3, 4], lambda n: n.add("Gemm", [
    n.add("Reshape", [
      n.add("Transpose", [n.add("MatMul", ["x", n.reals(4, 4)])], perm=[0, 2, 1]),
      n.constant(np.array([1, -1], np.int64))]), n.reals(12, 3), n.reals(3)]))

  n = Network([1, 1, 12, 12])
  x = n.add("MaxPool", [n.conv("x", 4, 1, 5)], kernel_shape=[2, 2], strides=[2, 2])
  x = n.add("MaxPool", [n.conv(x, 6, 4)], kernel_shape=[2, 2], strides=[2, 2])
  x = n.add("Flatten", [x])
  x = n.add("Relu", [n.add("Gemm", [x, n.reals(54, 16), n.reals(16)])])
  yield "lenet", n, n.add("Gemm", [x, n.reals(16, 5), n.reals(5)])

  n = Network([1, 3, 8, 8])
  x = n.conv("x", 6, 3, strides=[2, 2])
  x = n.conv(n.conv(x, 6, 6, group=6), 8, 6, 1)
  x = n.conv(n.conv(x, 8, 8, group=8), 8, 8, 1)
  x = n.add("Flatten", [n.add("GlobalAveragePool", [x])])
  yield "separable", n, n.add("Gemm", [x, n.reals(8, 5), n.reals(5)])

  n = Network([1, 3, 8, 8])
  a = n.conv("x", 4, 3)
  b = n.conv(n.conv(a, 4, 4), 4, 4, relu=False)
  a = n.add("Relu", [n.add("Add", [b, a])])
  b = n.conv(n.conv(a, 6, 4, strides=[2, 2]), 6, 6, relu=False)
  a = n.conv(a, 6, 4, 1, relu=False, strides=[2, 2])
  a = n.add("Relu", [n.add("Add", [b, a])])
  x = n.add("Flatten", [n.add("GlobalAveragePool", [a])])
  yield "residual", n, n.add("Gemm", [x, n.reals(6, 5), n.reals(5)])

  n = Network([1, 3, 8, 8])
  a = n.conv("x", 4, 3)
  gate = n.conv(n.conv(n.add("GlobalAveragePool", [a]), 2, 4, 1), 4, 2, 1, relu=False)
  a = n.add("Mul", [a, n.add("Sigmoid", [gate])])
  x = n.add("Flatten", [n.add("AveragePool", [a], kernel_shape=[4, 4], strides=[4, 4])])
  yield "gated", n, n.add("Gemm", [x, n.reals(16, 5), n.reals(5)])


def averages():
  """(name, network, output): windows with ties."""
  def single(name, build):
    network = Network([1, 3, 6, 8])
    return name, network, build(network)

  yield single("averagepool-2x2", lambda n: n.add(
    "AveragePool", [n.conv("x", 4, 3, relu=False)], kernel_shape=[2, 2], strides=[2, 2]))
  yield single("averagepool-2x2-relu", lambda n: n.add(
    "AveragePool", [n.conv("x", 4, 3)], kernel_shape=[2, 2], strides=[2, 2]))


def transposed():
  """(name, network, output): transposed convolutions, which QOperator leaves in float."""
  def single(name, shape, build):
    network = Network(shape)
    return name, network, build(network)

  def up(n, x, inputs, outputs, kernel, bias=True, **attributes):
    operands = [x, n.reals(inputs, outputs, *kernel, spread=np.sqrt(2 / (inputs * np.prod(kernel))))]
    return n.add("ConvTranspose", operands + [n.reals(outputs, spread=0.2)] * bias, **attributes)

  yield single("transposed", IMAGE, lambda n: up(n, "x", 3, 4, (2, 2), strides=[2, 2]))
  yield single("transposed-pads", IMAGE, lambda n: up(
    n, "x", 3, 2, (3, 4), strides=[2, 3], pads=[1, 0, 0, 2], output_padding=[1, 0]))
  yield single("transposed-row", [1, 3, 7], lambda n: up(
    n, "x", 3, 2, (3,), bias=False, strides=[3], dilations=[2]))
  yield single("transposed-relu", IMAGE, lambda n: n.conv(
    n.add("Relu", [up(n, n.conv("x", 4, 3), 4, 3, (4, 4), strides=[2, 2], pads=[1, 1, 1, 1])]), 2, 3))


def transposed_groups():
  """(name, network, output): transposed convolutions in groups. With a scale per channel onnxruntime's quantizer has
  none for a bias of several groups."""
  def single(name, shape, inputs, outputs, kernel, group, behind=None, bias=True, **attributes):
    rng = np.random.default_rng(len(name))
    network = Network(shape)
    weight = network.constant(rng.normal(0, 0.5, (inputs, outputs // group, *kernel)).astype(np.float32))
    operands = ["x", weight]
    if bias:
      operands.append(network.constant(rng.normal(0, 0.2, outputs).astype(np.float32)))
    y = network.add("ConvTranspose", operands, group=group, **attributes)
    return name, network, network.add(behind, [y]) if behind else y

  yield single("transposed-groups", [1, 4, 5, 4], 4, 6, (3, 2), 2, strides=[2, 1], pads=[1, 0, 0, 1])
  yield single("transposed-depthwise", IMAGE, 3, 3, (3, 3), 3, "Relu", strides=[2, 2], pads=[1, 1, 1, 1],
               output_padding=[1, 1])
  yield single("transposed-several-of-one", [1, 2, 9], 2, 6, (4,), 2, bias=False,
               strides=[3], dilations=[2])


BY_HAND = [1, 3, 6, 8]


def between(kind, x, nodes, y, shape=BY_HAND, constants=()):
  """Nodes between a DequantizeLinear and a QuantizeLinear."""
  ends = [numpy_helper.from_array(value, name) for end, (scale, zero) in (("q", x), ("y", y))
          for value, name in ((np.float32(scale), f"{end}.s"), (kind(zero), f"{end}.z"))]
  constants = [numpy_helper.from_array(np.array([3], np.int64), "axis"), *constants]
  all_nodes = [helper.make_node("QuantizeLinear", ["x", "q.s", "q.z"], ["q"], "q"),
               helper.make_node("DequantizeLinear", ["q", "q.s", "q.z"], ["r0"], "r0")]
  for index, (op, others, attributes) in enumerate(nodes):
    all_nodes.append(helper.make_node(
      op, [f"r{index}"] + others, [f"r{index + 1}"], f"{op.lower()}{index}", **attributes))
    if op == "Unsqueeze":
      all_nodes[-1].output[0] = "u"
      all_nodes += [helper.make_node("QuantizeLinear", ["u", "q.s", "q.z"], ["v"], "v"),
                    helper.make_node("DequantizeLinear", ["v", "q.s", "q.z"], [f"r{index + 1}"], "w")]
  all_nodes.append(helper.make_node("QuantizeLinear", [f"r{len(nodes)}", "y.s", "y.z"], ["y"], "y"))
  used = {name for node in all_nodes for name in node.input}
  graph = helper.make_graph(
    all_nodes, "network", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
    [helper.make_tensor_value_info("y", helper.np_dtype_to_tensor_dtype(np.dtype(kind)), None)],
    [c for c in ends + constants if c.name in used])
  return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])


def by_hand():
  """(name, shape, model): nodes between a DequantizeLinear and a QuantizeLinear, as `quantize_static` leaves out."""
  shape = BY_HAND

  for kind, zero in ((np.uint8, 90), (np.int8, -31)):
    x, other = (0.011, zero), (0.0044, zero + 7)
    mean = ("ReduceMean", [], {"axes": [3], "keepdims": 0})
    yield f"mean-{kind.__name__}", shape, between(kind, x, [mean], x)
    yield f"mean-rescaled-{kind.__name__}", shape, between(kind, x, [mean], other)
    yield f"mean-new-axis-{kind.__name__}", shape, between(kind, x, [
      ("Unsqueeze", ["axis"], {}), ("ReduceMean", [], {"axes": [3, 4], "keepdims": 0})], x)
    yield f"requantized-{kind.__name__}", shape, between(kind, x, [], other)
    yield f"relu-rescaled-{kind.__name__}", shape, between(kind, x, [("Relu", [], {})], other)


def reductions():
  """(name, shape, model): over axes and windows, between two scales. Scales in no small ratio, but for `-ties`."""
  window = {"kernel_shape": [2, 3], "strides": [2, 2], "pads": [1, 1, 0, 1]}
  over = {"axes": [2, 3], "keepdims": 0}
  nodes = [  # name, node, output's scale, shape
    ("reduce-max", ("ReduceMax", [], over), 0.011, BY_HAND),
    ("reduce-max-rescaled", ("ReduceMax", [], {"axes": [-1]}), 0.0093, BY_HAND),
    ("reduce-min-rescaled", ("ReduceMin", [], {"axes": [1, 2]}), 0.0137, BY_HAND),
    ("maxpool-rescaled", ("MaxPool", [], window), 0.0137, BY_HAND),
    ("reduce-sum", ("ReduceSum", ["axis"], {"keepdims": 0}), 0.0371, BY_HAND),
    ("reduce-sum-ties", ("ReduceSum", ["axis"], {}), 4 * float(np.float32(0.011)), BY_HAND),
    ("reduce-l1", ("ReduceL1", [], over), 0.213, BY_HAND),
    ("reduce-sum-square", ("ReduceSumSquare", [], over), 0.413, BY_HAND),
    ("reduce-l2", ("ReduceL2", [], {"axes": [2]}), 0.0171, [1, 6, 2]),
    ("lppool", ("LpPool", [], {"p": 1, **window}), 0.0471, BY_HAND),
  ]
  for index, (name, node, scale, shape) in enumerate(nodes):
    kind, zero = ((np.uint8, 90), (np.int8, -31))[index % 2]
    # Norms are not negative.
    end = np.iinfo(kind).min if scale > 0.2 or "L2" in node[0] or "Lp" in node[0] else zero + 7
    if name == "reduce-max":
      end = zero
    yield name, shape, between(kind, (0.011, zero), [node], (scale, end), shape)
  yield "reduce-log-sum", BY_HAND, between(
    np.uint8, (0.011, 0), [("ReduceLogSum", [], {"axes": [3]})], (0.0211, 90))
  yield "cumsum", BY_HAND, between(
    np.uint8, (0.011, 90), [("CumSum", ["axis"], {})], (0.0371, 97))
  yield "cumsum-reversed", BY_HAND, between(
    np.int8, (0.011, -31), [("CumSum", ["axis"], {"exclusive": 1, "reverse": 1})], (0.0293, -24))


def clamped_inputs():
  """(name, shape, model): an input that is clamped before its QuantizeLinear, and a batch normalization in float."""
  def build(nodes, constants):
    ends = [numpy_helper.from_array(np.float32(0.0117), "a.s"), numpy_helper.from_array(np.uint8(0), "a.z"),
            numpy_helper.from_array(np.float32(0.0213), "y.s"), numpy_helper.from_array(np.uint8(120), "y.z")]
    nodes = nodes + [
      helper.make_node("QuantizeLinear", ["a", "a.s", "a.z"], ["q"], "q"),
      helper.make_node("DequantizeLinear", ["q", "a.s", "a.z"], ["r"], "r"),
      helper.make_node("BatchNormalization", ["r", "scale", "shift", "mean", "variance"], ["n"], "n"),
      helper.make_node("QuantizeLinear", ["n", "y.s", "y.z"], ["y"], "y")]
    rng = np.random.default_rng(len(nodes))
    for name, low, high in (("scale", -1, 2), ("shift", -1, 1), ("mean", 0, 1), ("variance", 0.5, 2)):
      ends.append(numpy_helper.from_array(rng.uniform(low, high, 3).astype(np.float32), name))
    graph = helper.make_graph(
      nodes, "network", [helper.make_tensor_value_info("x", TensorProto.FLOAT, BY_HAND)],
      [helper.make_tensor_value_info("y", TensorProto.UINT8, None)], ends + constants)
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])

  yield "relu-at-input", BY_HAND, build([helper.make_node("Relu", ["x"], ["a"], "relu")], [])
  yield "clip-at-input", BY_HAND, build(
    [helper.make_node("Clip", ["x", "low", "high"], ["a"], "clip")],
    [numpy_helper.from_array(np.float32(0.3), "low"), numpy_helper.from_array(np.float32(1.2), "high")])


def resizes():
  """(name, shape, model): Resize between one scale, and between scales in no small ratio; what `quantize_static` makes
  of one behind a convolution."""
  ways = [  # name, attributes, scales
    ("linear-up", {"mode": "linear"}, (2, 2)), ("linear-up-3", {"mode": "linear"}, (3, 1.5)),
    ("linear-down", {"mode": "linear"}, (0.5, 0.75)),
    ("linear-corners", {"mode": "linear", "coordinate_transformation_mode": "align_corners"}, (2, 2)),
    ("linear-decimal", {"mode": "linear"}, (1.7, 1.3)),
    ("cubic-up", {"mode": "cubic"}, (2, 1)), ("cubic-down", {"mode": "cubic"}, (0.5, 0.5)),
    ("nearest-decimal", {"mode": "nearest"}, (1.7, 1.3)),
    ("nearest-ceil", {"mode": "nearest", "nearest_mode": "ceil",
                      "coordinate_transformation_mode": "align_corners"}, (1.5, 0.6)),
  ]
  for index, (name, attributes, scales) in enumerate(ways):
    kind, zero = ((np.uint8, 90), (np.int8, -31))[index % 2]
    node = ("Resize", ["", "scales"], attributes)
    constants = [numpy_helper.from_array(np.float32([1, 1, *scales]), "scales")]
    yield f"resize-{name}", BY_HAND, between(
      kind, (0.011, zero), [node], (0.011, zero), constants=constants)
    if "nearest" not in name:
      yield f"resize-{name}-rescaled", BY_HAND, between(
        kind, (0.011, zero), [node], (0.0093, zero + 7), constants=constants)


def channel_steps():
  """(name, shape, model): factors and terms for each channel."""
  rng = np.random.default_rng(7)

  def numbers(name, *shape, low=-1.5, high=1.5):
    return numpy_helper.from_array(rng.uniform(low, high, shape).astype(np.float32), name)

  last = [1, 6, 4]
  zero = numpy_helper.from_array(np.float32([[0.7], [0], [-1.1]]).reshape(3, 1, 1), "zero")
  ways = [  # name, nodes, constants, shape
    ("add", [("Add", ["t"], {})], [numbers("t", 3, 1, 1)], BY_HAND),
    ("add-relu", [("Add", ["t"], {}), ("Relu", [], {})], [numbers("t", 1, 3, 1, 1)], BY_HAND),
    ("add-last", [("Add", ["t"], {})], [numbers("t", 4)], last),
    ("sub", [("Sub", ["t"], {})], [numbers("t", 6, 1)], last),
    ("mul", [("Mul", ["f"], {})], [numbers("f", 4)], last),
    ("mul-zero", [("Mul", ["zero"], {})], [zero], BY_HAND),
    ("mul-add-clip", [("Mul", ["f"], {}), ("Add", ["t"], {}), ("Clip", ["low", "high"], {})],
     [numbers("f", 3, 1, 1), numbers("t", 3, 1, 1), numpy_helper.from_array(np.float32(-0.4), "low"),
      numpy_helper.from_array(np.float32(0.9), "high")], BY_HAND),
    ("mul-sub-one", [("Mul", ["f"], {}), ("Sub", ["t"], {})],
     [numbers("f", 3, 1, 1), numpy_helper.from_array(np.float32(0.3), "t")], BY_HAND),
    ("normalized-relu", [("BatchNormalization", ["scale", "shift", "mean", "variance"], {}), ("Relu", [], {})],
     [numbers("scale", 3), numbers("shift", 3), numbers("mean", 3), numbers("variance", 3, low=0.5, high=2)],
     BY_HAND),
  ]
  for index, (name, nodes, constants, shape) in enumerate(ways):
    kind, zero = ((np.uint8, 90), (np.int8, -31))[index % 2]
    yield f"channels-{name}", shape, between(
      kind, (0.011, zero), nodes, (0.0173, zero + 7), shape, constants)


def integer_products():
  """(name, model): ConvInteger and MatMulInteger between static scales, as people write them."""
  def quantizer(name, scale, zero):
    return [numpy_helper.from_array(np.float32(scale), f"{name}.s"),
            numpy_helper.from_array(np.uint8(zero), f"{name}.z")]

  def build(op, shape, weight, factor, bias, **attributes):
    nodes = [
      helper.make_node("QuantizeLinear", ["x", "q.s", "q.z"], ["q"], "q"),
      helper.make_node(op, ["q", "w", "q.z", "w.z"], ["sums"], "sums", **attributes),
      helper.make_node("Cast", ["sums"], ["reals"], "cast", to=TensorProto.FLOAT),
      helper.make_node("Mul", ["reals", "factor"], ["scaled"], "scaled"),
      helper.make_node("Add", ["scaled", "b"], ["sum"], "biased"),
      helper.make_node("Relu", ["sum"], ["r"], "r"),
      helper.make_node("QuantizeLinear", ["r", "y.s", "y.z"], ["y"], "y"),
    ]
    constants = quantizer("q", 0.011, 90) + quantizer("y", 0.013, 0) + [
      numpy_helper.from_array(weight, "w"), numpy_helper.from_array(weight.dtype.type(0), "w.z"),
      numpy_helper.from_array(np.float32(factor), "factor"), numpy_helper.from_array(bias, "b")]
    graph = helper.make_graph(
      nodes, "network", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
      [helper.make_tensor_value_info("y", TensorProto.UINT8, None)], constants)
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])

  weight = RNG.integers(-127, 128, (4, 3, 3, 3)).astype(np.int8)
  bias = RNG.normal(0, 0.2, (1, 4, 1, 1)).astype(np.float32)
  yield "convinteger", IMAGE, build(
    "ConvInteger", IMAGE, weight, 0.011 * 0.003, bias, pads=[1, 1, 1, 1])
  weight = RNG.integers(-127, 128, (12, 5)).astype(np.int8)
  factors = 0.011 * RNG.uniform(0.001, 0.006, 5)
  yield "matmulinteger", [1, 12], build(
    "MatMulInteger", [1, 12], weight, factors, RNG.normal(0, 0.2, 5).astype(np.float32))


class Reader(CalibrationDataReader):
  def __init__(self, rows):
    self.rows = iter([{"x": row} for row in rows])

  def get_next(self):
    return next(self.rows, None)


def cut(model, output):
  """Without the DequantizeLinear that makes the output."""
  last = next((n for n in model.graph.node if output in n.output), None)
  if last is None or last.op_type != "DequantizeLinear":
    return model
  zero = next(c for c in model.graph.initializer if c.name == last.input[2])
  model.graph.node.remove(last)
  del model.graph.output[:]
  model.graph.output.append(helper.make_tensor_value_info(last.input[0], zero.data_type, None))
  return model


def session(model):
  return ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def answered(name, model, runtime, rows):
  # The runtime's shape, which was left open.
  answer = runtime.run(None, {"x": rows[0]})[0]
  value = model.graph.output[0]
  value.CopyFrom(helper.make_tensor_value_info(
    value.name, value.type.tensor_type.elem_type, answer.shape))
  tests = rows[:ROWS - 2] + [3 * rows[0], -rows[1]]
  return packed.case(
    name, model, [([row], runtime.run(None, {"x": row})) for row in tests])


def main():
  ort.set_default_logger_severity(3)
  cases = []
  add_quantized(cases, networks())
  for name, shape, model in integer_products():
    rows = [RNG.uniform(-1, 1.5, shape).astype(np.float32) for _ in range(ROWS)]
    cases.append(answered(name, model, session(model), rows))
  # Behind the others, whose random numbers stay as they were.
  add_quantized(cases, averages())
  for name, shape, model in by_hand():
    rows = [RNG.uniform(-1, 1.5, shape).astype(np.float32) for _ in range(ROWS)]
    cases.append(answered(name, model, session(model), rows))
  for index, (name, shape, model) in enumerate(reductions()):
    rng = np.random.default_rng(index)
    rows = [rng.uniform(-1, 1.5, shape).astype(np.float32) for _ in range(ROWS)]
    cases.append(answered(name, model, session(model), rows))
  add_quantized(cases, transposed(), "qdq")
  for index, (name, shape, model) in enumerate(clamped_inputs()):
    rng = np.random.default_rng(index)
    rows = [rng.uniform(-1, 2, shape).astype(np.float32) for _ in range(ROWS)]
    cases.append(answered(name, model, session(model), rows))
  for index, (name, shape, model) in enumerate(resizes()):
    rng = np.random.default_rng(index)
    rows = [rng.uniform(-1, 1.5, shape).astype(np.float32) for _ in range(ROWS)]
    cases.append(answered(name, model, session(model), rows))
  add_quantized(cases, transposed_groups(), "qdq")
  for index, (name, shape, model) in enumerate(channel_steps()):
    rng = np.random.default_rng(index)
    rows = [rng.uniform(-1, 1.5, shape).astype(np.float32) for _ in range(ROWS)]
    cases.append(answered(name, model, session(model), rows))
  packed.write(HERE / "cases.json", cases)
  print(f"onnxruntime {ort.__version__}: {len(cases)} cases")


def add_quantized(cases, networks, prefix=""):
  """Every network in every form (whose name begins so) that onnxruntime quantizes and runs it in."""
  for name, network, output in networks:
    rows = [RNG.uniform(-1, 1.5, network.shape).astype(np.float32) for _ in range(32)]
    for form, (kind, activations, weights, per_channel) in FORMS.items():
      if not form.startswith(prefix):
        continue
      with tempfile.TemporaryDirectory() as folder:
        source, target = f"{folder}/float.onnx", f"{folder}/int8.onnx"
        onnx.save(network.model(output), source)
        try:
          quantize_static(
            source, target, Reader(rows), quant_format=kind, activation_type=activations,
            weight_type=weights, per_channel=per_channel)
        except Exception as error:
          print(f"{name}-{form}: {error}")
          continue
        model = cut(onnx.load(target), output)
      del model.metadata_props[:]
      model.graph.ClearField("value_info")
      kept = {"", "com.microsoft"}
      opsets = [o for o in model.opset_import if o.domain in kept]
      del model.opset_import[:]
      model.opset_import.extend(opsets)
      try:
        runtime = session(model)
      except Exception as error:
        print(f"{name}-{form}: {error}")
        continue
      cases.append(answered(f"{name}-{form}", model, runtime, rows))


if __name__ == "__main__":
  main()

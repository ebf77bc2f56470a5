"""Writes cases.json: float networks, one for each rewriting that the ONNX reader does, in onnxruntime."""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import packed  # noqa: E402

RNG = np.random.default_rng(91)
ROWS = 6


def constant(name, value):
  return numpy_helper.from_array(np.asarray(value), name)


def ints(name, *values):
  return constant(name, np.array(values, np.int64))


def reals(name, *shape, spread=None):
  fan = int(np.prod(shape[1:])) if len(shape) > 1 else 1
  spread = np.sqrt(2 / fan) if spread is None else spread
  return constant(name, RNG.normal(0, spread, shape).astype(np.float32))


def node(op, inputs, output, **attributes):
  return helper.make_node(op, inputs, [output], f"{op}.{output}", **attributes)


def norm(name, channels):
  return [
    reals(f"{name}.scale", channels), reals(f"{name}.shift", channels), reals(f"{name}.mean", channels),
    constant(f"{name}.variance", RNG.uniform(0.3, 2, channels).astype(np.float32)),
  ]


def batch_norm(x, name, y):
  return node("BatchNormalization", [x] + [f"{name}.{k}" for k in ("scale", "shift", "mean", "variance")],
              y, epsilon=1e-3)


IMAGE = [1, 2, 5, 6]
W = ("w", 4, 2, 3, 3)


def networks():
  """(name, input shapes, nodes, constants)"""
  conv = node("Conv", ["x", "w"], "c", pads=[1, 1, 1, 1])
  biased = node("Conv", ["x", "w", "b"], "c", pads=[1, 1, 1, 1])
  yield "conv-add", [IMAGE], [conv, node("Add", ["c", "b"], "s"), node("Relu", ["s"], "y")], [
    reals(*W), reals("b", 4, 1, 1)]
  yield "conv-bias-add", [IMAGE], [biased, node("Add", ["a", "c"], "y")], [
    reals(*W), reals("b", 4), reals("a", 1, 4, 1, 1)]
  yield "conv-add-number", [IMAGE], [conv, node("Add", ["c", "a"], "y")], [
    reals(*W), constant("a", np.float32(0.25))]
  yield "conv-batchnorm", [IMAGE], [biased, batch_norm("c", "n", "m"), node("Relu", ["m"], "y")], [
    reals(*W), reals("b", 4)] + norm("n", 4)
  yield "conv-add-batchnorm", [IMAGE], [
    conv, node("Add", ["c", "b"], "s"), batch_norm("s", "n", "y")], [
      reals(*W), reals("b", 4, 1, 1)] + norm("n", 4)
  yield "gemm-batchnorm", [[2, 5]], [node("Gemm", ["x", "w", "b"], "c"), batch_norm("c", "n", "y")], [
    reals("w", 5, 3), reals("b", 3)] + norm("n", 3)
  yield "batchnorm-alone", [IMAGE], [node("Relu", ["x"], "r"), batch_norm("r", "n", "y")], norm("n", 2)
  yield "batchnorm-of-vectors", [[2, 5]], [node("Relu", ["x"], "r"), batch_norm("r", "n", "y")], norm(
    "n", 5)
  yield "batchnorm-of-both", [IMAGE], [biased, batch_norm("c", "n", "m"), node("Add", ["c", "m"], "y")], [
    reals(*W), reals("b", 4)] + norm("n", 4)
  yield "conv-relu6", [IMAGE], [biased, node("Clip", ["c", "low", "high"], "y")], [
    reals(*W), reals("b", 4), constant("low", np.float32(0)), constant("high", np.float32(1))]

  dense = [reals("v", 120, 3)]
  yield "shape-gather-concat", [IMAGE], [
    biased, node("Shape", ["c"], "shape"), node("Gather", ["shape", "zero"], "batch", axis=0),
    node("Unsqueeze", ["batch", "axes"], "one"), node("Concat", ["one", "rest"], "target", axis=0),
    node("Reshape", ["c", "target"], "f"), node("MatMul", ["f", "v"], "y")], [
      reals(*W), reals("b", 4), constant("zero", np.int64(0)), ints("axes", 0), ints("rest", -1)] + dense
  yield "shape-slice-cast", [IMAGE], [
    biased, node("Shape", ["c"], "shape"), node("Slice", ["shape", "one", "four"], "part"),
    node("Cast", ["part"], "real", to=TensorProto.FLOAT), node("Floor", ["real"], "floor"),
    node("Cast", ["floor"], "whole", to=TensorProto.INT64),
    node("ReduceProd", ["whole"], "product", keepdims=1),
    node("Concat", ["minus", "product"], "target", axis=0), node("Reshape", ["c", "target"], "f"),
    node("MatMul", ["f", "v"], "y")], [
      reals(*W), reals("b", 4), ints("one", 1), ints("four", 4), ints("minus", -1)] + dense
  yield "shape-arithmetic", [IMAGE], [
    biased, node("Size", ["c"], "size"), node("Shape", ["c"], "shape"),
    node("Gather", ["shape", "one"], "channels", axis=0), node("Div", ["size", "channels"], "area"),
    node("Mul", ["area", "four"], "all"), node("Sub", ["all", "none"], "same"),
    node("Reshape", ["same", "list"], "last"), node("Concat", ["first", "last"], "target", axis=0),
    node("Reshape", ["c", "target"], "f"), node("MatMul", ["f", "v"], "y")], [
      reals(*W), reals("b", 4), constant("one", np.int64(1)), constant("four", np.int64(4)),
      constant("none", np.int64(0)), ints("list", 1), ints("first", 1)] + dense
  yield "shape-where", [IMAGE], [
    biased, node("Shape", ["given"], "n"), node("ConstantOfShape", ["n"], "ones",
      value=helper.make_tensor("one", TensorProto.INT64, [1], [1])),
    node("Equal", ["given", "minus"], "open"), node("Where", ["open", "ones", "given"], "target"),
    node("Expand", ["bias", "target"], "spread"), node("Reshape", ["c", "target2"], "f"),
    node("MatMul", ["f", "v"], "m"), node("Add", ["m", "spread"], "y")], [
      reals(*W), reals("b", 4), ints("given", -1, 3), ints("minus", -1), reals("bias", 1),
      ints("target2", 1, 120)] + dense
  yield "constant-weights", [[1, 6]], [
    node("Constant", [], "flat", value=reals("", 24)), node("Reshape", ["flat", "two"], "square"),
    node("Transpose", ["square"], "w", perm=[1, 0]), node("Mul", ["half", "b"], "scaled"),
    node("Neg", ["scaled"], "bias"), node("Gemm", ["x", "w", "bias"], "y")], [
      ints("two", 4, 6), constant("half", np.float32(0.5)), reals("b", 4)]
  yield "inference-only", [[1, 6]], [
    node("Gemm", ["x", "w", "b"], "c"),
    helper.make_node("Dropout", ["c", "ratio"], ["d", "mask"], "dropout"),
    node("Identity", ["d"], "i"), node("Cast", ["i"], "k", to=TensorProto.FLOAT),
    node("Relu", ["k"], "y")], [reals("w", 6, 4), reals("b", 4), constant("ratio", np.float32(0.4))]
  yield "split", [[1, 6]], [
    node("Gemm", ["x", "w", "b"], "c"),
    helper.make_node("Split", ["c"], ["p", "q", "unread"], "split", axis=1),
    node("Relu", ["p"], "r"), node("Add", ["r", "q"], "y")], [reals("w", 6, 6), reals("b", 6)]
  yield "split-sizes", [[1, 6]], [
    node("Gemm", ["x", "w", "b"], "c"),
    helper.make_node("Split", ["c", "sizes"], ["p", "q"], "split", axis=-1),
    node("MatMul", ["q", "v"], "r"), node("Add", ["r", "p"], "y")], [
      reals("w", 6, 6), reals("b", 6), ints("sizes", 2, 4), reals("v", 4, 2)]
  yield "two-inputs", [[1, 6], [1, 6]], [
    node("Add", ["x", "x1"], "s"), node("Gemm", ["s", "w", "b"], "y")], [reals("w", 6, 4), reals("b", 4)]
  yield "initializers-as-inputs", [IMAGE], [conv, node("Add", ["c", "b"], "y")], [
    reals(*W), reals("b", 4, 1, 1)]

  gemm = node("Gemm", ["x", "w", "b"], "c")
  row, layer = [2, 6], [reals("w", 6, 4), reals("b", 4)]

  def number(name, value):
    return constant(name, np.float32(value))

  yield "gelu-by-erf", [row], [
    gemm, node("Div", ["c", "root"], "d"), node("Erf", ["d"], "e"), node("Add", ["e", "one"], "f"),
    node("Mul", ["c", "f"], "g"), node("Mul", ["g", "half"], "y")], layer + [
      number("root", np.sqrt(2)), number("one", 1), number("half", 0.5)]
  yield "silu", [IMAGE], [biased, node("Sigmoid", ["c"], "s"), node("Mul", ["c", "s"], "y")], [
    reals(*W), reals("b", 4)]
  yield "hardswish-by-clip", [IMAGE], [
    biased, node("Add", ["c", "three"], "a"), node("Clip", ["a", "none", "six"], "p"),
    node("Mul", ["c", "p"], "m"), node("Div", ["m", "six"], "y")], [
      reals(*W), reals("b", 4), number("three", 3), number("none", 0), number("six", 6)]
  yield "mish-by-softplus", [row], [
    gemm, node("Softplus", ["c"], "s"), node("Tanh", ["s"], "t"), node("Mul", ["t", "c"], "y")], layer
  yield "inside-is-read", [row], [
    gemm, node("Sigmoid", ["c"], "s"), node("Mul", ["c", "s"], "m"), node("Add", ["m", "s"], "p"),
    node("MatMul", ["s", "v"], "q"), node("Add", ["p", "q"], "y")], layer + [reals("v", 4, 4)]
  yield "divided", [row], [gemm, node("Div", ["c", "d"], "y")], layer + [
    constant("d", RNG.uniform(1, 3, 4).astype(np.float32))]
  yield "negated", [row], [gemm, node("Neg", ["c"], "n"), node("Relu", ["n"], "y")], layer
  yield "sum-of-two", [row, row], [gemm, node("MatMul", ["x1", "w"], "d"), node(
    "Sum", ["c", "d"], "y")], layer
  yield "max-min", [row], [gemm, node("Max", ["c", "none"], "m"), node("Min", ["one", "m"], "y")], (
    layer + [number("none", 0), number("one", 1)])
  yield "conv-minus", [IMAGE], [conv, node("Sub", ["c", "b"], "y")], [reals(*W), reals("b", 4, 1, 1)]
  yield "global-max", [IMAGE], [biased, node("GlobalMaxPool", ["c"], "y")], [reals(*W), reals("b", 4)]
  yield "pad-conv", [IMAGE], [
    node("Pad", ["x", "pads"], "p"), node("Conv", ["p", "w"], "y")], [
      reals(*W), ints("pads", 0, 0, 1, 2, 0, 0, 0, 1)]
  yield "pools", [IMAGE], [
    biased, node("MaxPool", ["c"], "m", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
    node("AveragePool", ["m"], "y", kernel_shape=[2, 2], pads=[1, 0, 0, 1])], [reals(*W), reals("b", 4)]
  yield "mean-classifier", [IMAGE], [
    biased, node("GlobalAveragePool", ["c"], "g"), node("Flatten", ["g"], "f"),
    node("Gemm", ["f", "v", "k"], "y")], [reals(*W), reals("b", 4), reals("v", 4, 3), reals("k", 3)]
  yield "mean-of-axes", [IMAGE], [
    biased, node("ReduceMean", ["c"], "g", axes=[2, 3], keepdims=0), node("MatMul", ["g", "v"], "y")], [
      reals(*W), reals("b", 4), reals("v", 4, 3)]
  yield "gate", [IMAGE], [
    biased, node("GlobalAveragePool", ["c"], "g"), node("Conv", ["g", "v"], "k"),
    node("Sigmoid", ["k"], "s"), node("Mul", ["c", "s"], "y")], [
      reals(*W), reals("b", 4), reals("v", 4, 4, 1, 1)]
  yield "shuffle", [IMAGE], [
    biased, node("Reshape", ["c", "cut"], "r"), node("Transpose", ["r"], "t", perm=[0, 2, 1, 3, 4]),
    node("Reshape", ["t", "joined"], "j"), node("Conv", ["j", "v"], "y")], [
      reals(*W), reals("b", 4), ints("cut", 1, 2, 2, 5, 6), ints("joined", 1, 4, 5, 6),
      reals("v", 2, 4, 3, 3)]
  yield "concatenated", [IMAGE], [
    biased, node("Relu", ["x"], "r"), node("Concat", ["c", "r", "x"], "y", axis=1)], [
      reals(*W), reals("b", 4)]
  yield "slopes", [IMAGE], [biased, node("PRelu", ["c", "slopes"], "y")], [
    reals(*W), reals("b", 4), reals("slopes", 4, 1, 1, spread=0.3)]
  yield "enlarged", [IMAGE], [
    biased, node("Resize", ["c", "", "scales"], "y", mode="nearest", nearest_mode="floor",
      coordinate_transformation_mode="asymmetric")], [
        reals(*W), reals("b", 4), constant("scales", np.array([1, 1, 2, 2], np.float32))]

  for name, shape, kernel, attributes in (
    ("depthwise", [1, 4, 6, 5], [4, 1, 3, 3], {"group": 4, "pads": [1, 1, 1, 1]}),
    ("depthwise-twice", [1, 2, 5, 5], [4, 1, 3, 3], {"group": 2, "pads": [1, 1, 1, 1]}),
    ("groups-dilated", [1, 4, 7, 7], [6, 2, 3, 2], {"group": 2, "dilations": [2, 3]}),
    ("strided", [1, 2, 7, 6], [3, 2, 3, 3], {"strides": [2, 3], "pads": [0, 1, 2, 1]}),
    ("same-upper", [1, 2, 5, 6], [3, 2, 2, 4], {"auto_pad": "SAME_UPPER", "strides": [2, 1]}),
    ("same-lower", [1, 2, 5, 6], [3, 2, 2, 4], {"auto_pad": "SAME_LOWER", "strides": [2, 1]}),
    ("valid", [1, 2, 5, 6], [3, 2, 2, 4], {"auto_pad": "VALID"}),
    ("sequence", [1, 3, 9], [4, 3, 3], {"pads": [1, 1], "strides": [2]}),
    ("volume", [1, 2, 3, 4, 3], [2, 2, 2, 2, 2], {"pads": [0, 1, 0, 1, 0, 1]}),
    ("kernel-beyond-input", [1, 1, 2, 2], [2, 1, 4, 4], {"pads": [2, 1, 1, 2]}),
    ("batch", [2, 2, 4, 4], [3, 2, 3, 3], {}),
  ):
    yield f"conv-{name}", [shape], [node("Conv", ["x", "w", "b"], "y", **attributes)], [
      reals("w", *kernel), reals("b", kernel[0])]
  yield "product-of-five", [[1, 2, 5, 3]], [node("ReduceProd", ["x"], "y", axes=[2], keepdims=0)], []
  yield "log-sum-exp", [[1, 2, 5, 3]], [node("ReduceLogSumExp", ["x"], "y", axes=[-1, 1])], []
  yield "cubes", [IMAGE], [
    node("LpPool", ["x"], "y", p=3, kernel_shape=[2, 3], strides=[2, 1], pads=[1, 0, 0, 1])], []
  places = constant("places", np.array([[0, 1, 2], [0, 0, 4]], np.int64))
  yield "scattered", [IMAGE], [node("ScatterND", ["x", "places", "values"], "y")], [
    places, reals("values", 2, 6)]
  yield "scattered-sums", [IMAGE], [node("ScatterND", ["x", "places", "values"], "y", reduction="add")], [
    places, reals("values", 2, 6)]
  yield "scattered-products", [[3, 4]], [
    node("ScatterElements", ["x", "places", "values"], "y", axis=1, reduction="mul")], [
      constant("places", np.array([[0, 3], [-1, 1]], np.int64)), reals("values", 2, 2)]


def build(name, shapes, nodes, constants):
  inputs = [
    helper.make_tensor_value_info("x" if i == 0 else f"x{i}", TensorProto.FLOAT, shape)
    for i, shape in enumerate(shapes)
  ]
  listed = inputs
  if name == "initializers-as-inputs":
    listed = inputs + [
      helper.make_tensor_value_info(c.name, c.data_type, c.dims) for c in constants]
  graph = helper.make_graph(nodes, name, listed, [
    helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], constants)
  model = helper.make_model(
    graph, ir_version=8, producer_name="Tests/Vectors/onnx-passes",
    opset_imports=[helper.make_opsetid("", 17)])
  # The output's shape is the runtime's.
  zeros = {v.name: np.zeros(shape, np.float32) for v, shape in zip(inputs, shapes)}
  output = session(model).run(["y"], zeros)[0]
  model.graph.output[0].CopyFrom(
    helper.make_tensor_value_info("y", TensorProto.FLOAT, output.shape))
  onnx.checker.check_model(model, full_check=True)
  return model


def session(model):
  return ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def main():
  ort.set_default_logger_severity(3)
  cases = []
  for name, shapes, nodes, constants in networks():
    model = build(name, shapes, nodes, constants)
    runtime = session(model)
    rows = []
    for _ in range(ROWS):
      values = [RNG.uniform(-1, 2, shape).astype(np.float32) for shape in shapes]
      feed = {"x" if i == 0 else f"x{i}": v for i, v in enumerate(values)}
      rows.append((values, runtime.run(["y"], feed)))
    cases.append(packed.case(name, model, rows))
  packed.write(HERE / "cases.json", cases)
  print(f"onnxruntime {ort.__version__}: {len(cases)} cases")


if __name__ == "__main__":
  main()

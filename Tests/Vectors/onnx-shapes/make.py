"""Writes cases.json: float networks whose shapes and constants are computed, moved or said in ways of their own,
and quantized.json: networks that move integers; both with onnxruntime's answers."""

import sys
import zlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import packed  # noqa: E402

ROWS = 4
F, I64, BOOL, DOUBLE, HALF = (
  TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL, TensorProto.DOUBLE, TensorProto.FLOAT16)
IMAGE = [1, 2, 5, 6]
# Of three rows of five: the first two places turned round, all of them, one place five times.
ROWS_OF_PLACES = [[1, 0, 2, 3, 4], [4, 3, -3, -4, 0], [0, 0, 0, 0, 0]]
BLOCKS = [[0, 1, 3], [0, 0, 0], [0, -1, 4]]


class Case:
  """A network from x to y; its random numbers depend on its name alone."""

  def __init__(self, name, *nodes, constants=(), shape=IMAGE, declared=None, given=None, opset=17,
               functions=(), imports=()):
    self.name, self.nodes, self.constants = name, nodes, list(constants)
    self.shape, self.declared, self.given = shape, declared or shape, given
    self.opset, self.functions, self.imports = opset, functions, imports


def random(name):
  return np.random.default_rng(zlib.crc32(name.encode()))


def constant(name, value, kind=None):
  return numpy_helper.from_array(np.asarray(value, kind), name)


def ints(name, *values):
  return constant(name, np.array(values, np.int64))


def number(name, value):
  return constant(name, np.float32(value))


def reals(name, *shape):
  return constant(name, random(name).normal(0, 0.5, shape).astype(np.float32))


def node(op, inputs, outputs, **attributes):
  outputs = outputs.split()
  return helper.make_node(op, inputs.split() if isinstance(inputs, str) else inputs, outputs,
                          f"{op}.{outputs[0]}", **attributes)


def held(output, value):
  return node("Constant", "", output, value=numpy_helper.from_array(np.asarray(value), ""))


def graph(name, nodes, *outputs, constants=()):
  return helper.make_graph(
    nodes, name, [], [helper.make_tensor_value_info(o, F, None) for o in outputs], list(constants))


CONV = [node("Conv", "x w b", "c", pads=[1, 1, 1, 1])]
WEIGHTS = [reals("w", 3, 2, 3, 3), reals("b", 3)]
DENSE = [reals("v", 90, 4)]


def bfloat(name, values):
  bits = np.asarray(values, np.float32).view(np.uint32) >> 16
  return helper.make_tensor(name, TensorProto.BFLOAT16, [len(values)], bits.astype(np.uint16).tobytes(), raw=True)


def views():
  def one(name, *nodes, **others):
    return Case(name, *nodes, **others)

  def gather(name, indices, axis, last="y", **others):
    return one(name, node("Gather", "x i", last, axis=axis), constants=[
      constant("i", np.array(indices, np.int64))], **others)

  yield gather("gather-one", 1, 1)
  yield gather("gather-last", -1, 3)
  yield gather("gather-every-other", [0, 2, 4], 3)
  yield gather("gather-backwards", [4, 3, 2, 1, 0], 2)
  yield gather("gather-frames", [[0, 1, 2], [2, 3, 4]], 2)
  yield gather("gather-mixed", [3, 0, 1, 5, 5], 3)
  yield one("gather-swapped", *CONV, node("Gather", "c i", "g", axis=1), node("Conv", "g u", "y"), constants=[
    *WEIGHTS, ints("i", 2, 0, 1), reals("u", 2, 3, 1, 1)])
  def gathered(name, op, indices, **attributes):
    shape = attributes.pop("shape", IMAGE)
    return one(name, node(op, "x i", "y", **attributes), constants=[constant("i", np.array(indices, np.int64))],
               shape=shape)

  yield gathered("gather-elements-steps", "GatherElements", np.broadcast_to([5, 3, 1], (1, 2, 5, 3)), axis=3)
  yield gathered("gather-elements-rows", "GatherElements", ROWS_OF_PLACES, axis=1, shape=[3, 5])
  yield gathered("gather-elements-first", "GatherElements", [[2, -1, 0, 1]], shape=[3, 5])
  yield gathered("gather-nd-values", "GatherND", [[i, j] for i in range(4) for j in range(i, 4)], shape=[4, 4])
  yield gathered("gather-nd-blocks", "GatherND", BLOCKS)
  yield gathered("gather-nd-batch", "GatherND", [[[4], [-5]], [[1], [1]]], batch_dims=1, shape=[2, 5, 6])
  yield one("gather-nd-conv", node("GatherND", "x i", "g", batch_dims=1), node("Reshape", "g n", "c"), node(
    "Conv", "c u", "y"), constants=[
      ints("n", 1, 2, 5, 6), constant("i", np.int64([[[1], [0]]])), reals("u", 3, 2, 1, 1)])
  yield Case("gather-constants", node("GatherElements", "k i", "e", axis=-1), node(
    "GatherND", "m j", "g", batch_dims=1), node("Add", "e g", "s"), node("Add", "x s", "y"), constants=[
      reals("k", 2, 4), constant("i", np.int64([[3, 0, -2], [1, 1, 2]])), reals("m", 2, 5),
      constant("j", np.int64([[[4], [0], [1]], [[-1], [2], [3]]]))], shape=[2, 3])
  yield one("compress", node("Compress", "x k", "y", axis=3), constants=[
    constant("k", [True, False, True, True, False])])
  yield one("compress-all", node("Compress", "x k", "y"), constants=[
    constant("k", [True, False] * 9)], shape=[3, 6])
  yield one("tile", node("Tile", "x r", "y"), constants=[ints("r", 1, 2, 1, 3)])
  yield one("tile-conv", node("Tile", "x r", "t"), node("Conv", "t w b", "y"), constants=[
    ints("r", 1, 2, 1, 1), reals("w", 3, 4, 3, 3), reals("b", 3)])
  yield one("expand", node("Expand", "x n", "y"), constants=[ints("n", 2, 1, 4, 5)], shape=[2, 1, 5])
  yield one("expand-add", node("GlobalAveragePool", "x", "g"), node("Shape", "x", "n"), node("Expand", "g n", "e"),
            node("Add", "x e", "y"))
  yield one("flip", node("Slice", "x s e a t", "y"), constants=[
    ints("s", -1, 4), ints("e", -(1 << 63), 0), ints("a", 3, 2), ints("t", -1, -2)])

  def pad(name, mode, pads, *others, then=(), **more):
    nodes = [node("Pad", "x p" + ("" if not others else " value"), "q" if then else "y", mode=mode), *then]
    return one(name, *nodes, constants=[ints("p", *pads), *others], **more)

  then = [node("Conv", "q w b", "y")]
  yield pad("pad-reflect", "reflect", [0, 0, 2, 1, 0, 0, 3, 1])
  yield pad("pad-edge", "edge", [0, 0, 1, 2, 0, 0, 0, 4])
  yield pad("pad-wrap", "wrap", [0, 0, 1, 2, 0, 0, 3, 1], opset=19)
  yield pad("pad-number", "constant", [0, 0, 1, 0, 0, 0, 0, 2], number("value", 1.5))
  yield one("pad-reflect-conv", node("Pad", "x p", "q", mode="reflect"), *then, constants=[
    ints("p", 0, 0, 1, 1, 0, 0, 1, 1), *WEIGHTS])
  yield one("pad-edge-conv", node("Pad", "x p", "q", mode="edge"), *then, constants=[
    ints("p", 0, 0, 3, 1, 0, 0, 1, 2), *WEIGHTS])
  yield one("pad-number-conv", node("Pad", "x p value", "q"), *then, constants=[
    ints("p", 0, 0, 1, 1, 0, 0, 1, 1), number("value", -0.75), *WEIGHTS])
  yield one("crop", node("CenterCropPad", "x n", "y", axes=[3, 2]), constants=[ints("n", 3, 8)], opset=18)
  yield one("reverse-sequence", node("ReverseSequence", "x n", "y", batch_axis=0, time_axis=1), constants=[
    ints("n", 2, 5, 0)], shape=[3, 5, 2])
  yield one("split-uneven", helper.make_node("Split", ["x"], ["p", "q"], "split", axis=3, num_outputs=2),
            node("ReduceMean", "q a", "m", keepdims=1), node("Add", "p m", "y"), constants=[ints("a", 3)],
            opset=18, shape=[1, 2, 4, 5])


def shapes():
  # F.interpolate(scale_factor=2), as torch.onnx.export wrote it with open extents.
  yield Case(
    "resize-by-computed-sizes", *CONV, node("Shape", "c", "n"), node("Slice", "n zero two", "kept"),
    node("Slice", "n two four", "size"), node("Cast", "size", "real", to=F), node("Mul", "real factor", "grown"),
    node("Floor", "grown", "floor"), node("Cast", "floor", "whole", to=I64),
    node("Concat", "kept whole", "sizes", axis=0),
    helper.make_node("Resize", ["c", "roi", "none", "sizes"], ["y"], "resize", mode="nearest",
                     nearest_mode="floor", coordinate_transformation_mode="asymmetric"),
    constants=[*WEIGHTS, ints("zero", 0), ints("two", 2), ints("four", 4), number("factor", 2),
               constant("roi", np.zeros(0, np.float32)), constant("none", np.zeros(0, np.float32))],
    declared=["batch", 2, 5, 6])
  # F.pad, as torch.onnx.export writes it.
  yield Case(
    "pad-by-computed-pads", held("given", np.array([1, 2, 0, 1], np.int64)), held("rank", np.array([8], np.int64)),
    node("Shape", "given", "n"), node("Sub", "rank n", "rest"),
    node("ConstantOfShape", "rest", "zeros", value=helper.make_tensor("z", I64, [1], [0])),
    node("Concat", "given zeros", "all", axis=0), node("Reshape", "all pairs", "square"),
    node("Slice", "square from to axis step", "turned"), node("Transpose", "turned", "sides", perm=[1, 0]),
    node("Reshape", "sides flat", "listed"), node("Cast", "listed", "pads", to=I64), node("Pad", "x pads", "p"),
    node("Conv", "p w b", "y"), constants=[
      *WEIGHTS, ints("pairs", -1, 2), ints("flat", -1), ints("from", -1), ints("to", -(1 << 63) + 1),
      ints("axis", 0), ints("step", -1)])
  # x.view(x.size(0), -1) and others of its kind, by several routes.
  yield Case(
    "flatten-by-prod", *CONV, node("Shape", "c", "n"), node("Slice", "n one four", "tail"),
    node("ReduceProd", "tail", "size", keepdims=0), node("Unsqueeze", "size axes", "last"),
    node("Gather", "n zero", "first", axis=0), node("Concat", "first last", "target", axis=0),
    node("Reshape", "c target", "f"), node("MatMul", "f v", "y"),
    constants=[*WEIGHTS, *DENSE, ints("one", 1), ints("four", 4), ints("zero", 0), ints("axes", 0)],
    declared=["N", 2, 5, 6])
  # tf.shape arithmetic in int32, as tf2onnx writes it.
  yield Case(
    "flatten-by-tf2onnx", *CONV, node("Shape", "c", "n"), node("Cast", "n", "n32", to=TensorProto.INT32),
    node("Slice", "n32 zero one", "part"), node("Squeeze", "part zero", "first"),
    node("Cast", "first", "wide", to=I64), node("Unsqueeze", "wide zero", "listed"),
    node("Concat", "listed rest", "target", axis=0), node("Reshape", "c target", "f"), node("MatMul", "f v", "y"),
    constants=[*WEIGHTS, *DENSE, ints("zero", 0), ints("one", 1), ints("rest", -1)], declared=[-1, 2, 5, 6])
  # Coordinates, as detectors make them: Range, Expand, Where, comparisons, NonZero, ScatterND of constants.
  yield Case(
    "grid", held("h", np.int64(5)), held("w6", np.int64(6)), held("none", np.int64(0)), held("one", np.int64(1)),
    node("Range", "none h one", "r"), node("Unsqueeze", "r ax1", "rows"), node("Range", "none w6 one", "s"),
    node("Add", "rows s", "sums"), node("Mod", "sums two", "odd"), node("Equal", "odd zero", "even"),
    node("Where", "even rows s", "picked"), node("Cast", "picked", "real", to=F), node("Less", "real limit", "low"),
    node("Not", "low", "high"), node("Cast", "high", "mask", to=F), node("Mul", "real mask", "grid"),
    node("Add", "x grid", "y"), constants=[ints("ax1", 1), ints("two", 2), ints("zero", 0), number("limit", 2)])
  yield Case(
    "scattered", node("NonZero", "m", "at"), node("Transpose", "at", "places"),
    node("ScatterND", "zeros places news", "all"), node("Tile", "all t", "wide"), node("Trilu", "wide", "upper"),
    node("CumSum", "steps k", "sums"), node("Cast", "sums", "real", to=F), node("Add", "upper real", "bias"),
    node("Split", "bias", "left right", axis=1), node("Add", "x left", "h"), node("Sub", "h right", "y"),
    constants=[
      constant("m", [[True, False], [False, True], [True, True]]), constant("zeros", np.zeros((3, 2), np.float32)),
      constant("news", np.float32([0.5, -1, 2, 0.25])), ints("t", 1, 2), ints("k", 0),
      constant("steps", np.int64([[1, 2, 3, 4]]))], shape=[3, 2])
  yield Case(
    "named-extents", *CONV, node("Shape", "c", "n"), node("Gather", "n two", "h", axis=0),
    node("Gather", "n three", "w_", axis=0), node("Mul", "h w_", "area"), node("Unsqueeze", "area zero", "last"),
    node("Concat", "head last", "target", axis=0), node("Reshape", "c target", "f"), node("Transpose", "f", "t", perm=[
      0, 2, 1]), node("MatMul", "t u", "y"), constants=[
        *WEIGHTS, constant("two", np.int64(2)), constant("three", np.int64(3)), ints("zero", 0), ints("head", 1, 3),
        reals("u", 3, 2)],
    declared=["batch", 2, "height", "width"], given=IMAGE)


def constants():
  base = [node("MatMul", "x u", "h")]
  u = [reals("u", 6, 4)]
  yield Case("double", node("Cast", "d", "f", to=F), node("Mul", "x f", "y"), constants=[
    constant("d", np.array([0.1, -2, 1e-3, 0.5, 3, 0.7]))], shape=[2, 6])
  # 0.7 / 0.1 is a little less than 7 in double precision, and 7 in single.
  yield Case(
    "double-arithmetic", node("Cast", "n", "d", to=DOUBLE), node("Mul", "d f", "m"), node("Div", "m g", "q"),
    node("Floor", "q", "r"), node("Cast", "r", "k", to=F), node("Sub", "x k", "y"),
    constants=[ints("n", 1, 2, 3), constant("f", np.float64(0.7)), constant("g", np.float64(0.1))], shape=[2, 3])
  yield Case("half-weights", node("Cast", "h16", "w32", to=F), node("MatMul", "x w32", "y"), constants=[
    constant("h16", random("half").normal(0, 1, (6, 3)).astype(np.float16))], shape=[2, 6])
  yield Case("half-rounds", node("Cast", "f", "h", to=HALF), node("Cast", "h", "g", to=F), node("Mul", "x g", "y"),
             constants=[constant("f", np.float32([0.1, 1 / 3, 2049, 1e-7, 65504, -0.7]))], shape=[2, 6])
  yield Case("bfloat-weights", node("Cast", "b", "f", to=F), node("Mul", "x f", "y"), constants=[
    bfloat("b", [0.1, -2.5, 3.14159, 1e-3, 7, 0.3])], shape=[2, 6])
  yield Case("half-inside", node("Cast", "x", "x16", to=HALF), node("Cast", "w16", "w32", to=F), node(
    "Cast", "x16", "x32", to=F), node("MatMul", "x32 w32", "y"), constants=[
      constant("w16", random("inside").normal(0, 1, (6, 3)).astype(np.float16))], shape=[2, 6])
  yield Case("truth", node("Not", "t", "n"), node("And", "n s", "a"), node("Or", "a t", "o"), node(
    "Xor", "o s", "q"), node("Cast", "q", "f", to=F), node("Add", "x f", "y"), constants=[
      constant("t", [True, False, True, False]), constant("s", [True, True, False, False])], shape=[2, 4])
  yield Case("where-mask", node("Where", "k x z", "m"), node("MatMul", "m u", "y"), constants=[
    *u, constant("k", [True, False, True, True, False, True]), number("z", 0)], shape=[2, 6])
  yield Case("where-always", node("Not", "k", "n"), node("Where", "k x z", "m"), node("Where", "n z m", "a"), node(
    "MatMul", "a u", "y"), constants=[*u, constant("k", [True] * 6), number("z", 0)], shape=[2, 6])
  yield Case("unsigned", *[node("Cast", f"u{n}", f"f{n}", to=F) for n in (16, 32, 64)], node("Mul", "f16 f32", "m"),
             node("Div", "m f64", "q"), node("Mul", "x q", "y"), constants=[
               constant("u16", np.uint16([1, 40000, 7])), constant("u32", np.uint32([2, 3, 4000000000])),
               constant("u64", np.uint64([5, 1 << 40, 9 << 30]))], shape=[2, 3])
  yield Case("constant-kinds", node("Constant", "", "a", value_float=0.5), node("Constant", "", "n", value_ints=[
    2, -1]), node("Constant", "", "s", value_floats=[1.0, -2.0, 0.25, 3.0]), node("Constant", "", "k", value_int=1),
    node("Mul", "x a", "h"), node("Add", "h s", "g"), node("Reshape", "g n", "r"), node("Gather", "r k", "y", axis=0),
    shape=[2, 4])
  yield Case("empty-roi", held("roi", np.zeros(0, np.float32)), held("scales", np.float32([1, 1, 2, 2])),
             helper.make_node("Resize", ["x", "roi", "scales"], ["y"], "resize", mode="nearest",
                              nearest_mode="floor", coordinate_transformation_mode="asymmetric"), opset=13)
  yield Case("functions-of-constants", node("Sigmoid", "a", "s"), node("Exp", "a", "e"), node("Sqrt", "s", "q"), node(
    "Pow", "q two", "p"), node("Mul", "p e", "m"), node("Add", "x m", "y"), constants=[
      constant("a", np.float32([-1, 0, 0.5, 2])), number("two", 2)], shape=[2, 4])
  yield Case("dropout", node("Dropout", "x r t", "d", seed=3), *[node("MatMul", "d u", "y")], constants=[
    *u, number("r", 0.5), constant("t", False)], shape=[2, 6])
  yield Case("dropout-of-nothing", node("Dropout", "x r t", "d"), node("MatMul", "d u", "y"), constants=[
    *u, number("r", 0), constant("t", True)], shape=[2, 6])
  yield Case("cast-like", node("CastLike", "d x", "f"), node("CastLike", "x f", "z"), node("Mul", "z f", "y"), constants=[
    constant("d", np.float64([0.1, 0.2]))], shape=[3, 2])


def control():
  squeeze = graph("then", [node("Squeeze", "c one", "t")], "t", constants=[ints("one", 0)])
  keep = graph("else", [node("Identity", "c", "e")], "e")
  # x.squeeze(0), as torch.onnx.export writes it of open extents.
  yield Case(
    "if-by-shape", *CONV, node("Shape", "c", "n"), node("Gather", "n zero", "k", axis=0), node("Equal", "k one", "q"),
    node("If", "q", "s", then_branch=squeeze, else_branch=keep), node("Relu", "s", "y"),
    constants=[*WEIGHTS, constant("zero", np.int64(0)), constant("one", np.int64(1))], declared=["batch", 2, 5, 6])
  inner = node("If", "no", "t", then_branch=graph("a", [node("Relu", "c", "a")], "a"),
               else_branch=graph("b", [node("Mul", "c half", "b2"), node("Add", "b2 bias", "b3")], "b3",
                                 constants=[number("bias", 0.25)]))
  yield Case(
    "if-in-if", *CONV, node("Not", "yes", "no"), node("If", "yes", "s u", then_branch=graph(
      "then", [inner, node("Neg", "t", "n")], "t", "n"), else_branch=graph(
        "else", [node("Identity", "c", "p"), node("Identity", "c", "q")], "p", "q")), node("Max", "s u", "y"),
    constants=[*WEIGHTS, constant("yes", True), number("half", 0.5)])

  def function(name, inputs, outputs, nodes, attributes=(), defaults=(), opset=17, imports=()):
    return helper.make_function(
      "own", name, inputs, outputs, nodes, [helper.make_opsetid("", opset), *imports], list(attributes), list(defaults))

  def referring(op, inputs, outputs, **names):
    made = node(op, inputs, outputs)
    for key, (name, kind) in names.items():
      made.attribute.append(onnx.AttributeProto(name=key, ref_attr_name=name, type=kind))
    return made

  kind = onnx.AttributeProto
  own = helper.make_opsetid("own", 1)
  leaky = function("Leaky", ["a"], ["b"], [referring("LeakyRelu", "a", "b", alpha=("slope", kind.FLOAT))],
                   defaults=[helper.make_attribute("slope", 0.25)])
  dense = function(
    "Dense", ["a", "k", "bias"], ["r", "h"], [
      referring("Constant", "", "axes", value_ints=("axes", kind.INTS)), node("MatMul", "a k", "p"),
      node("Add", "p bias", "h"), helper.make_node("Leaky", ["h"], ["r"], "act", domain="own")],
    attributes=["axes"], imports=[own])
  yield Case(
    "functions", helper.make_node("Dense", ["x", "u", "b4"], ["r", "h"], "first", domain="own", axes=[1]),
    helper.make_node("Leaky", ["h"], ["l"], "second", domain="own", slope=0.5),
    helper.make_node("Dense", ["l", "s", "b4"], ["y", "unread"], "third", domain="own", axes=[1]), constants=[
      reals("u", 6, 4), reals("s", 4, 4), reals("b4", 4)], shape=[2, 6], functions=[leaky, dense], imports=[own])
  flat = function("Flat", ["a"], ["b"], [
    node("Shape", "a", "n"), node("Size", "n", "rank"), held("two", np.int64(2)), node("Greater", "rank two", "deep"),
    node("If", "deep", "b", then_branch=graph("then", [node("Flatten", "a", "f")], "f"),
         else_branch=graph("else", [node("Identity", "a", "g")], "g"))])
  yield Case(
    "function-with-if", *CONV, helper.make_node("Flat", ["c"], ["f"], "flat", domain="own"), node("MatMul", "f v", "m"),
    helper.make_node("Flat", ["m"], ["y"], "flat2", domain="own"), constants=[*WEIGHTS, *DENSE], functions=[flat],
    imports=[own])


def quantized():
  """The same between QuantizeLinear and DequantizeLinear; the answer is the integers."""
  scale = [number("s", 0.0123), constant("z", np.int8(-7))]

  def between(name, *inner, constants=(), **others):
    return Case(name, node("QuantizeLinear", "x s z", "q"), node("DequantizeLinear", "q s z", "d"), *inner,
                node("QuantizeLinear", "e s z", "y"), constants=[*scale, *constants], **others)

  yield between("gather", node("Gather", "d i", "e", axis=3), constants=[ints("i", 5, 0, 1, 2)])
  yield between("gather-frames", node("Gather", "d i", "e", axis=2), constants=[
    constant("i", np.int64([[0, 1, 2], [2, 3, 4]]))])
  yield between("gather-elements", node("GatherElements", "d i", "e", axis=1), constants=[
    constant("i", np.int64(ROWS_OF_PLACES))], shape=[3, 5])
  yield between("gather-nd", node("GatherND", "d i", "e"), constants=[constant("i", np.int64(BLOCKS))])
  yield between("gather-nd-batch", node("GatherND", "d i", "e", batch_dims=1), constants=[
    constant("i", np.int64([[[4], [-5]], [[1], [1]]]))], shape=[2, 5, 6])
  yield between("tile", node("Tile", "d r", "e"), constants=[ints("r", 1, 3, 1, 2)])
  yield between("expand", node("Expand", "d n", "e"), constants=[ints("n", 3, 1, 6)], shape=[5, 1])
  for mode in ("reflect", "edge", "wrap"):
    yield between(f"pad-{mode}", node("Pad", "d p", "e", mode=mode), constants=[
      ints("p", 0, 0, 1, 3, 0, 0, 2, 1)], opset=19)
  for name, value in (("number", 0.5), ("half-way", 0.0123 * 4.5), ("beyond", -9), ("zero", 0)):
    yield between(f"pad-{name}", node("Pad", "d p v", "e"), constants=[
      ints("p", 0, 0, 1, 0, 0, 0, 0, 2), number("v", value)])
  yield between("pad-quantized", node("DequantizeLinear", "vq s z", "v"), node("Pad", "d p v", "e"), constants=[
    ints("p", 0, 0, 1, 0, 0, 0, 0, 2), constant("vq", np.int8(101))])
  yield between("flip", node("Slice", "d a b c t", "e"), constants=[
    ints("a", -1), ints("b", -99), ints("c", 2), ints("t", -1)])


def build(case, kind=F):
  inputs = [helper.make_tensor_value_info("x", F, case.declared)]
  outputs = [helper.make_tensor_value_info("y", kind, None)]
  made = helper.make_graph(case.nodes, case.name, inputs, outputs, case.constants)
  model = helper.make_model(
    made, ir_version=10, producer_name="Tests/Vectors/onnx-shapes", functions=list(case.functions),
    opset_imports=[helper.make_opsetid("", case.opset), *case.imports])
  return model


def pack(made, kind):
  cases = []
  for case in made:
    model, numbers = build(case, kind), random(case.name)
    runtime = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    rows = []
    for _ in range(ROWS):
      value = numbers.uniform(-1, 2, case.shape).astype(np.float32)
      rows.append(([value], runtime.run(["y"], {"x": value})))
    others = {"shapes": {"x": case.given}} if case.given else {}
    cases.append(packed.case(case.name, model, rows, **others))
  return cases


def main():
  ort.set_default_logger_severity(4)
  float_cases = pack([*views(), *shapes(), *constants(), *control()], F)
  integer_cases = pack(quantized(), TensorProto.INT8)
  packed.write(HERE / "cases.json", float_cases)
  packed.write(HERE / "quantized.json", integer_cases)
  print(f"onnxruntime {ort.__version__}: {len(float_cases)} and {len(integer_cases)} cases")


if __name__ == "__main__":
  main()

"""Writes refused.json: models that the ONNX reader has to refuse, and words of what it says of each."""

import sys
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import packed  # noqa: E402

F, I8, U8 = TensorProto.FLOAT, TensorProto.INT8, TensorProto.UINT8


def constant(name, value):
  return numpy_helper.from_array(np.asarray(value), name)


def ints(name, *values):
  return constant(name, np.array(values, np.int64))


def node(op, inputs, outputs="y", name=None, domain=None, **attributes):
  outputs = outputs.split(",")
  return helper.make_node(op, inputs, outputs, name or op.lower(), domain=domain, **attributes)


def model(nodes, constants=(), shape=(1, 2, 5, 5), kind=F, output=F, inputs=None):
  inputs = inputs or [helper.make_tensor_value_info("x", kind, shape)]
  graph = helper.make_graph(
    nodes, "refused", inputs, [helper.make_tensor_value_info("y", output, None)], list(constants))
  return helper.make_model(
    graph, ir_version=8, producer_name="Tests/Vectors/onnx-passes",
    opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])


WEIGHT = constant("w", np.ones((4, 2, 3, 3), np.float32))


def conv(**attributes):
  return model([node("Conv", ["x", "w"], **attributes)], [WEIGHT])


def quantized(name, scale=0.1, zero=3, kind=np.uint8):
  return [constant(f"{name}.s", np.float32(scale)), constant(f"{name}.z", kind(zero))]


def qlinear_conv(weight_scale=None, bias=None, **attributes):
  inputs = ["x", "x.s", "x.z", "w", "w.s", "w.z", "y.s", "y.z"]
  count = 1 if weight_scale is None else len(weight_scale)
  constants = quantized("x") + quantized("y") + [
    constant("w", np.ones((4, 2, 3, 3), np.int8)),
    constant("w.s", np.float32(0.1) if weight_scale is None else np.array(weight_scale, np.float32)),
    constant("w.z", np.int8(0) if count == 1 else np.zeros(count, np.int8))]
  if bias is not None:
    inputs.append("b")
    constants.append(constant("b", bias))
  return model([node("QLinearConv", inputs, **attributes)], constants, kind=U8, output=U8)


def integer_product(zero=3, to=F, factor=None, factor_nodes=(), before=None):
  nodes = [
    before or node("QuantizeLinear", ["x", "q.s", "q.z"], "q"),
    node("ConvInteger", ["q", "w", "z"], "i"), node("Cast", ["i"], "r", to=to),
    *factor_nodes, node("Mul", ["r", "f"])]
  constants = quantized("q") + [
    constant("w", np.ones((4, 2, 3, 3), np.int8)), constant("z", np.uint8(zero))]
  if factor is not None:
    constants.append(constant("f", np.float32(factor)))
  return model(nodes, constants)


def cases():
  yield "conv-dilations-short", conv(dilations=[1]), ["dilations"]
  yield "conv-stride-zero", conv(strides=[0, 1]), ["strides"]
  yield "conv-stride-huge", conv(strides=[1 << 40, 1]), ["strides"]
  yield "conv-pads-negative", conv(pads=[-1, 0, 0, 0]), ["pads"]
  yield "conv-pads-short", conv(pads=[1, 1]), ["pads"]
  yield "conv-pads-text", conv(pads="same"), ["pads"]
  yield "conv-kernel-other", conv(kernel_shape=[5, 5]), ["kernel_shape"]
  yield "conv-auto-pad-unknown", conv(auto_pad="SOME"), ["auto_pad"]
  yield "conv-group-zero", conv(group=0), ["group"]
  yield "conv-group-misfit", conv(group=3), ["does not fit"]
  yield "conv-unknown-attribute", conv(mystery=1), ["mystery"]
  yield "conv-kernel-too-large", model(
    [node("Conv", ["x", "w"])], [constant("w", np.ones((1, 2, 9, 3), np.float32))]), ["does not fit"]
  yield "conv-channels-misfit", model(
    [node("Conv", ["x", "w"])], [constant("w", np.ones((4, 3, 3, 3), np.float32))]), ["does not fit"]
  yield "conv-weight-activation", model([
    node("Conv", ["x", "v"])], inputs=[
      helper.make_tensor_value_info("x", F, (1, 2, 5, 5)),
      helper.make_tensor_value_info("v", F, (4, 2, 3, 3))]), ["weight is not a constant"]
  yield "conv-bias-shape", model(
    [node("Conv", ["x", "w", "b"])], [WEIGHT, constant("b", np.ones(3, np.float32))]), ["bias"]
  yield "conv-weight-infinite", model(
    [node("Conv", ["x", "w"])], [constant("w", np.full((4, 2, 3, 3), np.inf, np.float32))]), [
      "NaN or infinite"]
  external = conv()
  external.graph.initializer[0].ClearField("raw_data")
  external.graph.initializer[0].data_location = TensorProto.EXTERNAL
  entry = external.graph.initializer[0].external_data.add()
  entry.key, entry.value = "location", "weights.bin"
  yield "weights-elsewhere", external, ["data in the file \"weights.bin\"", "weights inside"]

  yield "qlinearconv-scales-misfit", qlinear_conv([0.1, 0.1, 0.1]), ["scales"]
  yield "qlinearconv-scale-zero", qlinear_conv([0.1, 0.0, 0.1, 0.1]), ["zero"]
  yield "qlinearconv-bias-misfit", qlinear_conv(bias=np.ones(3, np.int32)), ["bias"]
  yield "qlinearconv-group", qlinear_conv(group=-1), ["group"]
  pool = dict(kernel_shape=[2, 2], channels_last=1)
  yield "qlinearpool-channels-last", model(
    [node("QLinearAveragePool", ["x", "x.s", "x.z", "y.s", "y.z"], domain="com.microsoft", **pool)],
    quantized("x") + quantized("y"), kind=U8, output=U8), ["channels_last"]
  yield "qlinearconcat-operands", model(
    [node("QLinearConcat", ["y.s", "y.z", "x", "x.s"], domain="com.microsoft", axis=1)],
    quantized("x") + quantized("y"), kind=U8, output=U8), ["QLinearConcat with 4 operands"]

  dynamic = helper.make_node(
    "DynamicQuantizeLinear", ["x"], ["q", "d.s", "d.z"], "dynamic")
  yield "dynamic", integer_product(
    before=dynamic, factor_nodes=[node("Mul", ["d.s", "q.s"], "f")]), [
      "DynamicQuantizeLinear \"dynamic\"", "scales that depend on the input", "quantize_static"]
  yield "convinteger-zero-point", integer_product(zero=4, factor=0.01), ["zero point is not that"]
  yield "convinteger-cast", integer_product(to=TensorProto.DOUBLE, factor=0.01), ["not cast to float32"]
  yield "convinteger-factor", integer_product(
    factor_nodes=[node("Relu", ["x"], "f")]), ["factor after it is not a constant"]
  yield "convinteger-input", model(
    [node("ConvInteger", ["x", "w"], "i"), node("Cast", ["i"], "y", to=F)],
    [constant("w", np.ones((4, 2, 3, 3), np.int8))], kind=I8), ["stands nowhere"]

  weights = [constant("w", np.ones((2, 3), np.float32))]
  yield "batchnorm-operands", model(
    [node("BatchNormalization", ["x", "s", "s", "s", "t"])],
    [constant("s", np.ones(2, np.float32)), constant("t", np.ones(3, np.float32))]), ["2 channels"]
  yield "batchnorm-training", model(
    [node("BatchNormalization", ["x", "s", "s", "s", "s"], training_mode=1)],
    [constant("s", np.ones(2, np.float32))]), ["training_mode"]
  yield "batchnorm-epsilon", model(
    [node("BatchNormalization", ["x", "s", "s", "s", "s"], epsilon=-1.0)],
    [constant("s", np.ones(2, np.float32))]), ["epsilon"]
  yield "batchnorm-of-activations", model(
    [node("Relu", ["v"], "s"), node("BatchNormalization", ["x", "s", "s", "s", "s"])], inputs=[
      helper.make_tensor_value_info("x", F, (1, 2, 5, 5)),
      helper.make_tensor_value_info("v", F, (2,))]), ["could not be folded"]

  def split(**attributes):
    return model([node("Split", ["x"], "y,z", **attributes), node("Relu", ["z"], "u")])
  yield "split-axis", split(axis=4), ["has no axis 4"]
  yield "split-sizes-sum", model(
    [node("Split", ["x", "n"], "y,z", axis=2)], [ints("n", 2, 2)]), ["2 pieces of [2, 2]"]
  yield "split-sizes-negative", model(
    [node("Split", ["x", "n"], "y,z", axis=2)], [ints("n", -2, 7)]), ["pieces of [-2, 7]"]
  yield "gather-outside", model(
    [node("Shape", ["x"], "s"), node("Gather", ["s", "n"], "g"), node("Reshape", ["x", "g"])],
    [ints("n", 4)]), ["Gather of element 4 of 4"]
  yield "gather-axis", model(
    [node("Gather", ["c", "n"], "g", axis=2), node("Reshape", ["x", "g"])],
    [ints("n", 0), ints("c", 1)]), ["along axis 2"]
  yield "gather-of-activation", model(
    [node("Relu", ["x"], "n"), node("Gather", ["w", "n"])], [ints("w", 0)]), [
      "places that depend on the input", "before the network"]
  yield "expand-huge", model(
    [node("Expand", ["c", "n"], "e"), node("Add", ["x", "e"])],
    [constant("c", np.ones(1, np.float32)), ints("n", 1 << 20, 1 << 10)]), ["Expand"]
  yield "constant-of-shape-huge", model(
    [node("ConstantOfShape", ["n"], "e"), node("Add", ["x", "e"])], [ints("n", 1 << 30)]), [
      "more than"]
  yield "constant-of-shape-negative", model(
    [node("ConstantOfShape", ["n"], "e"), node("Add", ["x", "e"])], [ints("n", -3)]), ["extent of -3"]
  yield "range-of-step-zero", model(
    [node("Range", ["a", "a", "b"], "r"), node("Reshape", ["x", "r"])],
    [constant("a", np.int64(1)), constant("b", np.int64(0))]), ["step of 0"]
  yield "range-endless", model(
    [node("Range", ["a", "c", "b"], "r"), node("Reshape", ["x", "r"])],
    [constant("a", np.int64(1)), constant("b", np.int64(1)), constant("c", np.int64(1 << 62))]), [
      "more than"]
  yield "division-by-zero", model(
    [node("Div", ["a", "b"], "r"), node("Reshape", ["x", "r"])], [ints("a", 4), ints("b", 0)]), [
      "division by zero"]
  yield "product-overflows", model(
    [node("Mul", ["a", "a"], "r"), node("Reshape", ["x", "r"])], [ints("a", 1 << 40)]), ["overflows"]
  yield "concat-of-kinds", model(
    [node("Concat", ["a", "b"], "r", axis=0), node("Reshape", ["x", "r"])],
    [ints("a", 1), constant("b", np.ones(1, np.float32))]), ["Concat of integers and reals"]
  yield "slice-of-nothing", model(
    [node("Slice", ["a", "b", "b"], "r"), node("Reshape", ["x", "r"])], [ints("a", 1, 2), ints("b", 1)]), [
      "cannot become"]
  yield "cast-of-infinity", model(
    [node("Cast", ["a"], "r", to=TensorProto.INT64), node("Reshape", ["x", "r"])],
    [constant("a", np.array([np.inf], np.float32))]), ["Cast of inf"]
  yield "matmul-of-activations", model(
    [node("Relu", ["x"], "r"), node("MatMul", ["x", "r"])], shape=(1, 2, 5, 4)), [
      "do not agree in a product"]
  yield "transpose-perm", model(
    [node("Transpose", ["w"], "t", perm=[0, 0]), node("MatMul", ["x", "t"])], weights), ["perm"]


def beyond_the_file():
  """What stands in other files, in functions and in branches, and what the file leaves open."""
  for name, location in (("above-the-folder", "../w.bin"), ("at-a-path", "/etc/passwd"), ("nowhere", "a//b")):
    elsewhere = conv()
    elsewhere.graph.initializer[0].ClearField("raw_data")
    elsewhere.graph.initializer[0].data_location = TensorProto.EXTERNAL
    entry = elsewhere.graph.initializer[0].external_data.add()
    entry.key, entry.value = "location", location
    yield f"weights-{name}", elsewhere, [location, "no plain name"]
  yield "no-nodes", model([]), ["has no nodes"]
  yield "open-extents", model([node("Relu", ["x"])], shape=("n", "length", 3)), [
    'dimension 1 ("length")', "--shape x=1,N,3"]
  yield "open-vector", model([node("Relu", ["x"])], shape=("length",)), ["--shape x=N"]
  yield "text", model([node("Add", ["x", "t"])], [helper.make_tensor("t", TensorProto.STRING, [1], [b"a"])]), [
    "holds string"]
  yield "unsigned-beyond", model([node("Cast", ["u"], "c", to=F), node("Add", ["x", "c"])], [
    constant("u", np.uint64(1 << 63))]), ["9223372036854775808", "below 2^63"]
  sparse = helper.make_sparse_tensor(
    constant("values", np.float32([1])), ints("places", 0), [4])
  yield "sparse-constant", model([
    node("Constant", [], "s", sparse_value=sparse), node("Add", ["x", "s"])]), ["sparse_value", "dense"]
  yield "constant-of-two", model([
    node("Constant", [], "s", value_int=1, value_float=2.0), node("Add", ["x", "s"])]), ["exactly one value"]

  def branch(*nodes):
    return helper.make_graph(
      list(nodes), "branch", [], [helper.make_tensor_value_info("b", F, None)])
  relu = branch(node("Relu", ["x"], "b"))
  yield "if-of-an-input", model([
    node("ReduceMax", ["x"], "m", keepdims=0), node("Greater", ["m", "n"], "c"),
    node("If", ["c"], then_branch=relu, else_branch=relu)], [constant("n", np.float32(0))]), [
      "condition depends on the input", "without control flow"]
  yield "if-without-a-branch", model([node("If", ["c"], then_branch=relu)], [constant("c", False)]), [
    "If without its else_branch"]
  yield "if-of-nothing", model(
    [node("If", ["c"], then_branch=branch(), else_branch=relu)], [constant("c", True)]), [
      "nothing makes its output"]

  def calling(*functions):
    proto = model([node("F", ["x"], domain="own")])
    proto.opset_import.append(helper.make_opsetid("own", 1))
    proto.functions.extend(functions)
    return proto

  def function(name, *nodes, **others):
    return helper.make_function("own", name, ["a"], ["b"], list(nodes), [
      helper.make_opsetid("", 17), helper.make_opsetid("own", 1)], **others)
  yield "function-of-itself", calling(function("F", node("F", ["a"], "b", domain="own"))), ["more than 32 deep"]
  many = [function(f"F{n}" if n else "F", *[node(f"F{n + 1}", ["a"], "b", domain="own", name=f"n{m}") if m == 0 else node(
    f"F{n + 1}", ["a"], f"b{m}", domain="own", name=f"n{m}") for m in range(4)]) for n in range(12)]
  yield "functions-of-functions", calling(*many, function("F12", node("Relu", ["a"], "b"))), ["a model of more than 16384 nodes"]
  yield "function-twice", calling(function("F", node("Relu", ["a"], "b")), function("F", node("Neg", ["a"], "b"))), [
    "defined twice"]
  yield "function-without-its-output", calling(function("F", node("Relu", ["a"], "c"))), ["nothing makes its output"]

  yield "dropout-in-training", model([node("Dropout", ["x", "r", "t"])], [
    constant("r", np.float32(0.5)), constant("t", True)]), ["in training mode", "for inference"]
  yield "mirror-too-far", model([node("Pad", ["x", "p"], mode="reflect")], [ints("p", 0, 0, 5, 0, 0, 0, 0, 0)]), [
    "a mirror of 5 places of an axis of 5"]
  yield "edge-that-cuts", model([node("Pad", ["x", "p"], mode="edge")], [ints("p", 0, 0, -1, 0, 0, 0, 0, 0)]), [
    "negative pads", "Slice"]
  yield "pad-unknown", model([node("Pad", ["x", "p"], mode="round")], [ints("p", *[0] * 8)]), ['mode = "round"']
  yield "pad-by-an-activation", model([node("ReduceMax", ["x"], "m", keepdims=0), node("Pad", ["x", "p", "m"])], [
    ints("p", *[0] * 8)]), ["value is not a constant"]
  yield "tile-endless", model([node("Tile", ["x", "r"])], [ints("r", 1 << 20, 1 << 20, 1, 1)]), ["repeated to"]
  yield "gather-of-mixed-places", model([node("Gather", ["x", "i"], axis=1)], [
    ints("i", *[(n * n) % 47 for n in range(48)])], shape=(1, 48, 2)), ["runs of places"]


def main():
  made = [packed.case(name, proto, [], words=words) for name, proto, words in [*cases(), *beyond_the_file()]]
  packed.write(HERE / "refused.json", made)
  print(f"{len(made)} cases")


if __name__ == "__main__":
  main()

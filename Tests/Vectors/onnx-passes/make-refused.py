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
  yield "weights-elsewhere", external, ["another file", "weights inside"]

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
    [node("Gather", ["x", "n"])], [ints("n", 0)]), ["Gather of an activation"]
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
      "to nothing"]
  yield "cast-of-infinity", model(
    [node("Cast", ["a"], "r", to=TensorProto.INT64), node("Reshape", ["x", "r"])],
    [constant("a", np.array([np.inf], np.float32))]), ["Cast of inf"]
  yield "matmul-of-activations", model(
    [node("Relu", ["x"], "r"), node("MatMul", ["x", "r"])]), ["product of two activations"]
  yield "transpose-perm", model(
    [node("Transpose", ["w"], "t", perm=[0, 0]), node("MatMul", ["x", "t"])], weights), ["perm"]


def main():
  made = [packed.case(name, proto, [], words=words) for name, proto, words in cases()]
  packed.write(HERE / "refused.json", made)
  print(f"{len(made)} cases")


if __name__ == "__main__":
  main()

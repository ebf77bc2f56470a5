"""Writes a trained network as ONNX, quantizes it by onnxruntime, and records what onnxruntime answers."""

import json
import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from . import data
from .layers import EPSILON

CALIBRATION_IMAGES = 100
RECORDED_IMAGES = 16


class Nodes:
  """The interpreter of a network (layers.py) that writes ONNX nodes; a tensor is its name.

  The first convolution's weights take the division by `unit`: pixels come as 0..16. `fold` puts
  batch norm into the convolution before it, as PyTorch's exporter does; without it the node stays.
  """

  def __init__(self, weights, fold=False, unit=16):
    self.weights, self.fold, self.unit = dict(weights), fold, unit
    self.nodes, self.tensors = [], {}

  def emit(self, kind, inputs, name, **attributes):
    self.nodes.append(helper.make_node(kind, inputs, [name], f"{name}.{kind}", **attributes))
    return name

  def constant(self, name):
    self.tensors[name] = self.weights[name]
    return name

  def conv(self, x, name, channels, kernel, stride=1, pad=0, groups=1, bias=True):
    if not self.nodes:
      self.weights[f"{name}.weight"] = self.weights[f"{name}.weight"] / np.float32(self.unit)
    parameters = [self.constant(f"{name}.weight")]
    if bias:
      parameters.append(self.constant(f"{name}.bias"))
    axes = self.weights[f"{name}.weight"].ndim - 2
    return self.emit(
      "Conv", [x, *parameters], name, kernel_shape=[kernel] * axes, strides=[stride] * axes,
      pads=[pad] * 2 * axes, dilations=[1] * axes, group=groups)

  def batch_norm(self, x, name):
    if not self.fold:
      parts = [self.constant(f"{name}.{p}") for p in ("gamma", "beta", "mean", "variance")]
      return self.emit("BatchNormalization", [x, *parts], name, epsilon=EPSILON)
    conv = self.nodes[-1]
    assert conv.op_type == "Conv" and list(conv.output) == [x] and len(conv.input) == 2
    gamma, beta, mean, variance = (
      self.weights[f"{name}.{p}"].astype(np.float64)
      for p in ("gamma", "beta", "mean", "variance"))
    scale = gamma / np.sqrt(variance + EPSILON)
    weight = self.tensors[conv.input[1]] * scale[:, None, None, None]
    self.tensors[conv.input[1]] = weight.astype(np.float32)
    self.tensors[f"{x}.bias"] = (beta - mean * scale).astype(np.float32)
    conv.input.append(f"{x}.bias")
    return x

  def relu(self, x, name):
    return self.emit("Relu", [x], name)

  def add(self, x, y, name):
    return self.emit("Add", [x, y], name)

  def max_pool(self, x, name):
    return self.emit("MaxPool", [x], name, kernel_shape=[2, 2], strides=[2, 2])

  def global_average(self, x, name):
    return self.flatten(self.emit("GlobalAveragePool", [x], name), f"{name}.flat")

  def flatten(self, x, name):
    return self.emit("Flatten", [x], name, axis=1)

  def dense(self, x, name, outputs):
    weight, bias = self.constant(f"{name}.weight"), self.constant(f"{name}.bias")
    return self.emit("Gemm", [x, weight, bias], name, transB=1)


def write(network, weights, folder, fold=False, *, input=("pixels", [1, 1, 28, 28]), classes=10,
          unit=16):
  """A classifier's model.onnx in `folder`, opset 17, whose output is `probabilities`."""
  ops = Nodes(weights, fold, unit)
  scores = network(ops, input[0])
  ops.nodes.append(helper.make_node("Softmax", [scores], ["probabilities"], "softmax", axis=-1))
  save(ops, folder, input, [("probabilities", [1, classes])])


def save(ops, folder, input, outputs):
  """model.onnx in `folder`; an input and an output are (name, extents)."""
  graph = helper.make_graph(
    ops.nodes, folder.name,
    [helper.make_tensor_value_info(input[0], TensorProto.FLOAT, input[1])],
    [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs],
    [numpy_helper.from_array(value, name) for name, value in ops.tensors.items()])
  model = helper.make_model(
    graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8,
    producer_name=f"Circuits/{folder.name}/train.py")
  onnx.checker.check_model(model, full_check=True)
  onnx.save(model, folder / "model.onnx")
  print(f"model.onnx: {sum(v.size for v in ops.tensors.values()):,} values")


def calibrate(folder):
  """calibration.npy: images of the training split, 0..16 as uint8."""
  images, _ = data.training_split()
  picks = np.random.default_rng(data.SEED).choice(len(images), CALIBRATION_IMAGES, replace=False)
  np.save(folder / "calibration.npy", images[np.sort(picks)].astype(np.uint8))


class _Calibration(CalibrationDataReader):
  def __init__(self, path, input):
    self.rows, self.input = iter(np.load(path).astype(np.float32)), input

  def get_next(self):
    row = next(self.rows, None)
    return None if row is None else {self.input: row[None]}


def quantize(folder, form, name):
  """`name` from model.onnx: int8 activations and per-channel int8 weights; Softmax stays in float."""
  logging.disable(logging.WARNING)
  with tempfile.TemporaryDirectory() as temporary:
    prepared = Path(temporary) / "prepared.onnx"
    # Folds batch norm into the convolutions.
    quant_pre_process(folder / "model.onnx", prepared, skip_symbolic_shape=True)
    quantize_static(
      prepared, folder / name, _Calibration(folder / "calibration.npy", input_name(prepared)),
      quant_format=form,
      per_channel=True, activation_type=QuantType.QInt8, weight_type=QuantType.QInt8,
      nodes_to_exclude=["softmax"])
  onnx.checker.check_model(onnx.load(folder / name))


def input_name(path):
  return onnx.load(path).graph.input[0].name


def answers(path, images):
  """What onnxruntime gives before Softmax, one row per image: int8 of a quantized model, else float."""
  model = onnx.load(path)
  scores = next(n for n in model.graph.node if n.op_type == "Softmax").input[0]
  maker = next(n for n in model.graph.node if scores in n.output)
  if maker.op_type == "DequantizeLinear":
    scores = maker.input[0]
    model.graph.output.append(helper.make_tensor_value_info(scores, TensorProto.INT8, None))
  else:
    model.graph.output.append(helper.make_tensor_value_info(scores, TensorProto.FLOAT, None))
  session = onnxruntime.InferenceSession(
    model.SerializeToString(), providers=["CPUExecutionProvider"])
  name = model.graph.input[0].name
  return np.stack([session.run([scores], {name: image[None]})[0][0] for image in images])


def record(folder, models):
  """input.npy and expected.json: a clearly drawn test image, and onnxruntime's answers."""
  images, labels = data.test_split()
  sample = record_answers(folder, models, images, labels)
  for row in images[sample, 0, 2:-2:3, 2:-2:3]:
    print("".join(" .:-=+*#@"[int(v) // 2] * 2 for v in row))


def record_answers(folder, models, inputs, labels):
  """Returns the row of the test input that input.npy holds: the one classified most clearly."""
  float_scores = answers(folder / "model.onnx", inputs)
  ranked = np.sort(float_scores, axis=1)
  margin = np.where(float_scores.argmax(1) == labels, ranked[:, -1] - ranked[:, -2], -np.inf)
  sample = int(margin.argmax())
  np.save(folder / "input.npy", inputs[sample:sample + 1])
  listed = []
  for name in models:
    scores = answers(folder / name, inputs)
    right = int((scores.argmax(1) == labels).sum())
    print(f"{name}: {right} of {len(labels)} right, {right / len(labels):.2%}")
    rows = np.round(scores[:RECORDED_IMAGES].astype(np.float64), 4).tolist()
    if scores.dtype == np.int8:
      rows = scores[:RECORDED_IMAGES].tolist()
    lines = ",\n".join(f"      {json.dumps(row)}" for row in rows)
    listed.append(
      f'    {json.dumps(name)}: {{"right": {right}, "before_softmax": [\n{lines}\n    ]}}')
  (folder / "expected.json").write_text(
    f'{{\n  "test_row": {sample},\n  "label": {int(labels[sample])},\n  "models": {{\n'
    + ",\n".join(listed) + "\n  }\n}\n")
  return sample

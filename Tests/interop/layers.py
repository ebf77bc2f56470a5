"""Each quantized layer recomputed from the runtime's own input to it, by the step that Tacit proves.

A layer with weights is y = clamp(rint(float32(acc) * M) + z), acc an exact integer and
M = f32(f32(s_x·s_w)/s_y); sums and averages have integers of their own. What differs would be a layer
whose arithmetic Tacit takes for another than the runtime's.
"""

import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

import litert


class Comparison(NamedTuple):
  """A layer's values beside the runtime's."""

  layer: str
  kind: str
  values: int
  differing: int
  largest: int


def compared(name, kind, quotients, zero, limits, theirs):
  ours = np.clip(quotients + zero, *limits)
  apart = np.abs(ours - theirs.reshape(ours.shape))
  return Comparison(name, kind, apart.size, int((apart > 0).sum()), int(apart.max()))


def step(acc, *scales):
  """The float32 step: scales are s_x, s_w and s_y, of which s_w may be one per channel."""
  x, w, y = (np.asarray(scale, np.float32) for scale in scales)
  return np.rint(acc.astype(np.float32) * (x * w / y))


class TFLiteLayers:
  """An int8 TFLite model with every tensor as an output."""

  def __init__(self, path):
    self.model = litert.Model(path)
    self.interpreter = self.model.interpreter(
      sorted({int(node.outputs[0]) for node in self.model.nodes}))

  def compare(self, rows, chunk=20):
    """One Comparison per layer and chunk of rows."""
    for start in range(0, len(rows), chunk):
      part = rows[start:start + chunk]
      answers = [self.interpreter(row) for row in part]
      seen = {k: np.concatenate([a[k] for a in answers]) for k in answers[0]}
      seen[self.model.input] = part
      for node in self.model.nodes:
        if (kind := self.model.kind(node)) in TFLITE:
          yield self._compared(node, kind, seen)

  def _compared(self, node, kind, seen):
    model, output = self.model, int(node.outputs[0])
    values = [seen[int(node.inputs[0])]]
    values += [model.constant(int(i)) for i in node.inputs[1:] if i >= 0]
    parts = [model.quantization(int(i)) for i in node.inputs if i >= 0]
    (scale,), (zero,) = model.quantization(output)
    quotients = TFLITE[kind](
      values, [*(s for s, _ in parts[:2]), scale], [*(z for _, z in parts[:2]), zero],
      node.builtinOptions,
      seen[output].shape)
    low, high = -128, 127
    bounds = {1: (0, np.inf), 2: (-1, 1), 3: (0, 6)}.get(
      getattr(node.builtinOptions, "fusedActivationFunction", 0))
    if bounds:
      low = max(low, np.rint(np.float32(bounds[0]) / np.float32(scale)) + zero)
      high = min(high, np.rint(np.float32(bounds[1]) / np.float32(scale)) + zero)
    return compared(model.name(output), kind, quotients, zero, (low, high), seen[output])


def fused(path):
  """The model as onnxruntime runs it: quantized operators in place of those between (de)quantizations.
  It does not fuse around a tensor that is an output, so they are made outputs afterwards."""
  with tempfile.TemporaryDirectory() as folder:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(Path(folder) / "fused.onnx")
    onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return onnx.load(options.optimized_model_filepath)


class ONNXLayers:
  """A quantized ONNX model with every quantized tensor as an output."""

  def __init__(self, path):
    self.model = fused(path)
    graph = self.model.graph
    self.constants = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    self.makers = {output: node for node in graph.node for output in node.output}
    self.readers = {}
    for node in graph.node:
      for name in node.input:
        self.readers.setdefault(name, []).append(node)
    self.input = next(i for i in graph.input if i.name not in self.constants)
    self.shape = [d.dim_value for d in self.input.type.tensor_type.shape.dim]
    # None in a float model.
    quantized = any(node.op_type == "QuantizeLinear" for node in graph.node)
    self.layers = [layer for layer in map(self._layer, graph.node) if layer] if quantized else []

  def compare(self, images):
    """One Comparison per layer."""
    names = sorted(
      {n for layer in self.layers for n in [*layer["inputs"], layer["output"]]} - set(self.constants))
    graph = self.model.graph
    outputs = {output.name for output in graph.output}
    types = {layer["output"]: layer["type"] for layer in self.layers}
    for name in names:
      if name not in outputs:
        kind = types.get(name) or self._type(name)
        graph.output.append(helper.make_tensor_value_info(name, kind, None))
    session = onnxruntime.InferenceSession(
      self.model.SerializeToString(), providers=["CPUExecutionProvider"])
    rows = [session.run(names, {self.input.name: i.reshape(self.shape)}) for i in images]
    seen = {name: np.concatenate([row[k] for row in rows]) for k, name in enumerate(names)}
    for layer in self.layers:
      quotients = layer["quotients"](*[
        self.constants[n] if n in self.constants else seen[n] for n in layer["inputs"]])
      theirs = seen[layer["output"]]
      limits = np.iinfo(theirs.dtype)
      yield compared(
        layer["name"], layer["kind"], quotients, layer["zero"], (limits.min, limits.max), theirs)

  def _type(self, name):
    maker = self.makers[name]
    if maker.op_type == "QuantizeLinear":
      return helper.np_dtype_to_tensor_dtype(self.constants[maker.input[2]].dtype)
    # A pool or a view of a quantized tensor.
    return self._type(maker.input[0])

  def _layer(self, node):
    kind = node.op_type.removeprefix("QLinear").removeprefix("Q")
    if kind not in ("Conv", "Gemm", "Add", "GlobalAveragePool", "AveragePool"):
      return None
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    constant = lambda place: np.asarray(self.constants[node.input[place]])  # noqa: E731
    if node.op_type == kind:
      parts = [self._dequantized(name) for name in node.input]
      tensors = [p[0] for p in parts]
      scales, zeros = [p[1] for p in parts], [p[2] for p in parts]
      output = self._quantized(node.output[0])
      if output is None:
        return None
    else:
      step = 3
      count = {"Conv": 2, "Gemm": 2, "Add": 2, "GlobalAveragePool": 1, "AveragePool": 1}[kind]
      tensors = [node.input[step * k] for k in range(count)]
      scales = [constant(step * k + 1).astype(np.float64) for k in range(count)]
      zeros = [constant(step * k + 2).astype(np.int64) for k in range(count)]
      rest = list(node.input[step * count:])
      if kind == "Gemm":
        tensors += rest[:1]
        rest = rest[1:]
      scale, zero = (self.constants[rest[k]] for k in (0, 1))
      output = (node.output[0], float(scale), int(zero), zero.dtype)
      tensors += rest[2:3] if kind == "Conv" else []
    name, scale, zero, dtype = output
    return {
      "name": node.name, "kind": kind, "inputs": tensors, "output": name, "zero": zero,
      "type": helper.np_dtype_to_tensor_dtype(dtype),
      "quotients": lambda *values: ONNX[kind](values, [*scales, scale], zeros, attributes)}

  def _dequantized(self, name):
    node = self.makers[name]
    assert node.op_type == "DequantizeLinear", node
    scale = self.constants[node.input[1]].astype(np.float64)
    zero = self.constants[node.input[2]] if len(node.input) > 2 else np.zeros((), np.int8)
    return node.input[0], scale, zero.astype(np.int64)

  def _quantized(self, name):
    """The integers that a float tensor becomes, through an activation that the clamp stands for."""
    (reader,) = self.readers[name]
    if reader.op_type in ("Relu", "Clip"):
      (reader,) = self.readers[reader.output[0]]
    if reader.op_type != "QuantizeLinear":
      return None
    scale, zero = self.constants[reader.input[1]], self.constants[reader.input[2]]
    return reader.output[0], float(scale), int(zero), zero.dtype


def _weights(weight, zero, axes):
  return weight.astype(np.float64) - np.reshape(zero, (-1, *[1] * axes) if zero.ndim else ())


def _sums(x, w, bias, pads, strides, groups):
  """Exact accumulators of a convolution: x [n, c, h, w], w [o, c/groups, kh, kw]; pads per axis."""
  x = np.pad(x, ((0, 0), (0, 0), *pads))
  windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], (2, 3))
  windows = windows[:, :, ::strides[0], ::strides[1]]
  if w.shape[1] == 1 and groups == len(w):
    taps = [windows[..., i, j] * w[:, 0, i, j, None, None] for i, j in np.ndindex(*w.shape[2:])]
    return sum(taps) + bias[:, None, None]
  parts = [
    np.tensordot(part, weights, ((1, 4, 5), (1, 2, 3)))
    for part, weights in zip(np.split(windows, groups, 1), np.split(w, groups))]
  return np.concatenate(parts, -1).transpose(0, 3, 1, 2) + bias[:, None, None]


def _conv(values, scales, zeros, attributes):
  x = values[0].astype(np.float64) - zeros[0]
  w = _weights(values[1], zeros[1], 3)
  top, left, bottom, right = attributes.get("pads", [0] * 4)
  strides = attributes.get("strides", [1, 1])
  if attributes.get("auto_pad", b"NOTSET") == b"SAME_UPPER":
    # As many outputs as strides fit in.
    totals = [
      max((-(-n // s) - 1) * s + k - n, 0) for n, s, k in zip(x.shape[2:], strides, w.shape[2:])]
    top, left = totals[0] // 2, totals[1] // 2
    bottom, right = totals[0] - top, totals[1] - left
  bias = values[2].astype(np.float64) if len(values) > 2 else np.zeros(len(w))
  acc = _sums(
    x, w, bias, ((top, bottom), (left, right)), strides, attributes.get("group", 1))
  return step(acc, scales[0], np.reshape(scales[1], (-1, 1, 1)), scales[-1])


def _gemm(values, scales, zeros, attributes):
  x = values[0].astype(np.float64).reshape(len(values[0]), -1) - zeros[0]
  w = values[1].astype(np.float64)
  w = (w.T if attributes.get("transB") else w) - zeros[1]
  acc = x @ w + (values[2].astype(np.float64) if len(values) > 2 else 0)
  return step(acc, scales[0], scales[1], scales[-1])


def _add(values, scales, zeros, attributes):
  """Integer multipliers of at most 23 bits, one shift, half upwards: MlasQLinearAdd."""
  ratios = [np.float32(s) / np.float32(scales[-1]) for s in scales[:2]]
  shift = 22 - int(np.floor(np.log2(max(ratios))))
  factors = [int(np.rint(np.ldexp(np.float64(r), shift))) for r in ratios]
  acc = sum((v.astype(np.int64) - z) * m for v, z, m in zip(values, zeros, factors))
  return (acc + (1 << (shift - 1))) >> shift


def _mean(values, scales, zeros, attributes):
  """The float32 step of a sum: MlasQLinearGlobalAveragePool."""
  sums = (values[0].astype(np.int64) - zeros[0]).sum((2, 3), keepdims=True)
  count = values[0].size // sums.size
  factor = np.float32(scales[0]) / (np.float32(scales[-1]) * np.float32(count))
  return np.rint(sums.astype(np.float32) * factor)


ONNX = {"Conv": _conv, "Gemm": _gemm, "Add": _add, "GlobalAveragePool": _mean}


def _tflite_conv(values, scales, zeros, options, shape, depthwise=False):
  x = values[0].transpose(0, 3, 1, 2).astype(np.float64) - zeros[0][0]
  w = values[1].transpose((3, 0, 1, 2) if depthwise else (0, 3, 1, 2)).astype(np.float64)
  strides = options.strideH, options.strideW
  pads = []
  for extent, out, kernel, stride in zip(x.shape[2:], shape[1:3], w.shape[2:], strides):
    total = max((out - 1) * stride + kernel - extent, 0) if options.padding == 0 else 0
    pads.append((total // 2, total - total // 2))
  bias = values[2].astype(np.float64) if len(values) > 2 else np.zeros(len(w))
  acc = _sums(x, w, bias, pads, strides, x.shape[1] // w.shape[1])
  return step(acc.transpose(0, 2, 3, 1), scales[0], scales[1], scales[-1])


def _tflite_depthwise(values, scales, zeros, options, shape):
  return _tflite_conv(values, scales, zeros, options, shape, depthwise=True)


def _tflite_dense(values, scales, zeros, options, shape):
  x = values[0].reshape(len(values[0]), -1).astype(np.float64) - zeros[0][0]
  acc = x @ values[1].astype(np.float64).T
  return step(acc + (values[2] if len(values) > 2 else 0), scales[0], scales[1], scales[-1])


def _tflite_mean(values, scales, zeros, options, shape):
  """The sum as it stands times M, in single precision; the zero points in an addend."""
  axes = tuple(int(axis) for axis in np.ravel(values[1]))
  sums = values[0].astype(np.int64).sum(axes).reshape(shape)
  count = values[0].size // sums.size
  factor = np.float32(scales[0][0]) / np.float32(scales[-1]) * (np.float32(1) / np.float32(count))
  addend = np.float32(-int(zeros[0][0]) * count) * factor + np.float32(zeros[-1])
  return np.rint(sums.astype(np.float32) * factor + addend) - zeros[-1]


def _tflite_average(values, scales, zeros, options, shape):
  x = values[0].astype(np.float64) - zeros[0][0]
  if options.filterHeight < x.shape[1] or options.filterWidth < x.shape[2]:
    # Windows that hang over the edge divide by the values they hold.
    if options.padding == 0 and (shape[1] * options.strideH, shape[2] * options.strideW) != (
        x.shape[1], x.shape[2]):
      raise NotImplementedError("average pooling with padding")
  windows = np.lib.stride_tricks.sliding_window_view(
    x, (options.filterHeight, options.filterWidth), (1, 2))
  means = windows[:, ::options.strideH, ::options.strideW].mean((4, 5))
  # Integers as they stand, half away from zero.
  return np.floor(means + np.copysign(1e-9, means + zeros[0][0]) + 0.5)


TFLITE = {
  "CONV_2D": _tflite_conv, "DEPTHWISE_CONV_2D": _tflite_depthwise, "FULLY_CONNECTED": _tflite_dense,
  "MEAN": _tflite_mean, "AVERAGE_POOL_2D": _tflite_average,
}

"""Why onnxruntime and integers may differ: each layer recomputed exactly from onnxruntime's own input.

A quantized layer is y = clamp(round(acc·M) + z), acc an exact integer and M = s_x·s_w/s_y. A proof
attests rounding half upwards; onnxruntime multiplies in float32 and rounds half to even. The two can
only differ where acc·M lies at a tie or within float32's precision of one, and then by one unit.
"""

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper


class Layers:
  """A quantized ONNX model with every quantized tensor as an output."""

  def __init__(self, path):
    self.model = onnx.load(path)
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
    """Yields (values, those that differ, largest difference, widest distance from a tie) per layer."""
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
      exact = layer["exact"](*[
        self.constants[n] if n in self.constants else seen[n] for n in layer["inputs"]])
      scale, zero = layer["scale"], layer["zero"]
      real = exact / scale
      theirs = seen[layer["output"]]
      limits = np.iinfo(theirs.dtype)
      ours = np.clip(np.floor(real + 0.5) + zero, limits.min, limits.max)
      apart = np.abs(ours - theirs.reshape(ours.shape))
      # How far acc·M is from a number with one half as its fraction, where the two differ.
      distance = np.abs(real - np.floor(real) - 0.5)[apart > 0]
      yield (layer["name"], apart.size, int((apart > 0).sum()), int(apart.max()),
             float(distance.max(initial=0)))

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
      "name": node.name, "inputs": tensors, "output": name, "scale": scale, "zero": zero,
      "type": helper.np_dtype_to_tensor_dtype(dtype),
      "exact": lambda *values: EXACT[kind](values, scales, zeros, attributes)}

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


def _conv(values, scales, zeros, attributes):
  x = values[0].astype(np.float64) - zeros[0]
  w = _weights(values[1], zeros[1], 3)
  top, left, bottom, right = attributes.get("pads", [0] * 4)
  if attributes.get("auto_pad", b"NOTSET") == b"SAME_UPPER":
    total = [k - 1 for k in w.shape[2:]]
    top, left = total[0] // 2, total[1] // 2
    bottom, right = total[0] - top, total[1] - left
  x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
  (down, across), groups = attributes.get("strides", [1, 1]), attributes.get("group", 1)
  windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], (2, 3))[:, :, ::down, ::across]
  n, channels, height, width = windows.shape[:4]
  windows = windows.reshape(n, groups, channels // groups, height, width, *w.shape[2:])
  grouped = w.reshape(groups, -1, *w.shape[1:])
  acc = np.einsum("ngchwij,gocij->ngohw", windows, grouped, optimize=True)
  acc = acc.reshape(n, -1, height, width)
  if len(values) > 2:
    acc += values[2].astype(np.float64)[:, None, None]
  return acc * (scales[0] * np.reshape(scales[1], (-1, 1, 1)))


def _gemm(values, scales, zeros, attributes):
  x = values[0].astype(np.float64).reshape(len(values[0]), -1) - zeros[0]
  w = values[1].astype(np.float64)
  w = (w.T if attributes.get("transB") else w) - zeros[1]
  acc = x @ w + (values[2].astype(np.float64) if len(values) > 2 else 0)
  return acc * (scales[0] * scales[1])


def _add(values, scales, zeros, attributes):
  a, b = ((v.astype(np.float64) - z) * s for v, s, z in zip(values, scales, zeros))
  return a + b


def _mean(values, scales, zeros, attributes):
  return (values[0].astype(np.float64) - zeros[0]).mean((2, 3), keepdims=True) * scales[0]


EXACT = {"Conv": _conv, "Gemm": _gemm, "Add": _add, "GlobalAveragePool": _mean}

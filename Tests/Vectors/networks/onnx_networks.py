"""Small quantized networks as Python data, written as QDQ or QOperator ONNX.

A network is an input description and a list of layers; each layer reads the one before it, or the
tensors that its `reads` names (0 is the network's input, 1 the first layer's output, ...).
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

KINDS = {"int8": TensorProto.INT8, "uint8": TensorProto.UINT8, "float32": TensorProto.FLOAT}
INT = {"int8": np.int8, "uint8": np.uint8}


def tensor(scale, zero_point, kind="int8"):
  return {"scale": np.float32(scale), "zero_point": zero_point, "kind": kind}


def dense(source, target, weight, weight_scale, bias=None, activation=None, weight_zero_point=0,
          weight_kind="int8", matmul="Gemm"):
  """`weight` [inputs, outputs]; `matmul`: Gemm, GemmT (transB), MatMul, MatMulAdd."""
  return {
    "op": "dense", "weight": np.asarray(weight, INT[weight_kind]), "weight_kind": weight_kind,
    "weight_scale": np.asarray(weight_scale, np.float32), "weight_zero_point": weight_zero_point,
    "bias": None if bias is None else np.asarray(bias, np.int32), "activation": activation,
    "matmul": matmul, "input_scale": source["scale"], "input_zero_point": source["zero_point"],
    **target}


def add(a, b, target, reads, activation=None):
  return {"op": "add", "input_scales": (a["scale"], b["scale"]), "reads": reads,
          "input_zero_points": (a["zero_point"], b["zero_point"]), "activation": activation,
          **target}


class _Graph:
  def __init__(self):
    self.nodes, self.constants = [], []

  def constant(self, name, value):
    self.constants.append(numpy_helper.from_array(np.asarray(value), name))
    return name

  def node(self, op, inputs, output, domain="", **attributes):
    self.nodes.append(
      helper.make_node(op, inputs, [output], output + "." + op, domain=domain or None, **attributes))
    return output

  def parameters(self, name, tensor):
    return [self.constant(name + ".scale", tensor["scale"]),
            self.constant(name + ".zero", np.array(tensor["zero_point"], INT[tensor["kind"]]))]

  def weight(self, name, layer, transposed=False):
    """Three names: values, scale, zero point (the zero point shaped as the scale)."""
    zero = np.full(layer["weight_scale"].shape, layer["weight_zero_point"],
                   INT[layer["weight_kind"]])
    value = layer["weight"].T.copy() if transposed else layer["weight"]
    return [self.constant(name + ".weight", value),
            self.constant(name + ".weight.scale", layer["weight_scale"]),
            self.constant(name + ".weight.zero", zero)]


def qdq(network):
  """QuantizeLinear and DequantizeLinear around float operators."""
  g = _Graph()
  source = network["input"]
  quantized = ["input"]
  parameters = [g.parameters("input", source)]
  if network["input_kind"] == "float32":
    quantized = [g.node("QuantizeLinear", ["input"] + parameters[0], "input.q")]
  for i, layer in enumerate(network["layers"], 1):
    name = f"layer{i}"
    reads = layer.get("reads", [i - 1])
    floats = [g.node("DequantizeLinear", [quantized[r]] + parameters[r], f"{name}.in{k}")
              for k, r in enumerate(reads)]
    if layer["op"] == "add":
      value = g.node("Add", floats, name + ".sum")
    else:
      value = _qdq_dense(g, name, layer, floats[0])
    value = _activation(g, name, layer, value)
    parameters.append(g.parameters(name, layer))
    quantized.append(g.node("QuantizeLinear", [value] + parameters[-1], name + ".q"))
  output = quantized[-1]
  if network["output_kind"] == "float32":
    output = g.node("DequantizeLinear", [output] + parameters[-1], "output")
  return _model(g, network, output, quantized)


def _qdq_dense(g, name, layer, value):
  transposed = layer["matmul"] == "GemmT"
  per_channel = layer["weight_scale"].ndim == 1
  axis = {"axis": 0 if transposed else 1} if per_channel else {}
  weight = g.node("DequantizeLinear", g.weight(name, layer, transposed), name + ".w", **axis)
  inputs = [value, weight]
  if layer["bias"] is not None:
    scale = layer["input_scale"] * layer["weight_scale"]
    inputs.append(g.node("DequantizeLinear", [
      g.constant(name + ".bias", layer["bias"]),
      g.constant(name + ".bias.scale", scale.astype(np.float32)),
      g.constant(name + ".bias.zero", np.zeros(scale.shape, np.int32))], name + ".b",
      **({"axis": 0} if per_channel else {})))
  if layer["matmul"].startswith("Gemm"):
    return g.node("Gemm", inputs, name + ".sum", **({"transB": 1} if transposed else {}))
  product = g.node("MatMul", inputs[:2], name + ".product")
  return g.node("Add", [product, inputs[2]], name + ".sum") if len(inputs) == 3 else product


def _activation(g, name, layer, value):
  if layer["activation"] is None:
    return value
  if layer["activation"] == (0, None):
    return g.node("Relu", [value], name + ".relu")
  low, high = layer["activation"]
  return g.node("Clip", [value, g.constant(name + ".low", np.float32(low)),
                         g.constant(name + ".high", np.float32(high))], name + ".clip")


def qoperator(network):
  """QGemm (com.microsoft), QLinearMatMul (ONNX), QLinearAdd (com.microsoft)."""
  g = _Graph()
  parameters = [g.parameters("input", network["input"])]
  quantized = ["input"]
  if network["input_kind"] == "float32":
    quantized = [g.node("QuantizeLinear", ["input"] + parameters[0], "input.q")]
  for i, layer in enumerate(network["layers"], 1):
    name = f"layer{i}"
    reads = layer.get("reads", [i - 1])
    target = g.parameters(name, layer)
    sources = [[quantized[r]] + parameters[r] for r in reads]
    if layer["op"] == "add":
      q = g.node("QLinearAdd", sources[0] + sources[1] + target, name + ".q", "com.microsoft")
    elif layer["matmul"].startswith("MatMul"):
      q = g.node("QLinearMatMul", sources[0] + g.weight(name, layer) + target, name + ".q")
    else:
      transposed = layer["matmul"] == "GemmT"
      bias = "" if layer["bias"] is None else g.constant(name + ".bias", layer["bias"])
      q = g.node("QGemm", sources[0] + g.weight(name, layer, transposed) + [bias] + target,
                 name + ".q", "com.microsoft", **({"transB": 1} if transposed else {}))
    parameters.append(target)
    quantized.append(q)
  output = quantized[-1]
  if network["output_kind"] == "float32":
    output = g.node("DequantizeLinear", [output] + parameters[-1], "output")
  return _model(g, network, output, quantized)


def _model(g, network, output, quantized):
  """Also returns the names of the integer tensors: the input's, then one per layer."""
  last = network["layers"][-1]
  width = last["weight"].shape[1] if last["op"] == "dense" else network["output_width"]
  shape = [1, network["input_width"]]
  graph = helper.make_graph(
    g.nodes, network["name"],
    [helper.make_tensor_value_info("input", KINDS[network["input_kind"]], shape)],
    [helper.make_tensor_value_info(output, KINDS[network["output_kind"]], [1, width])],
    g.constants)
  model = helper.make_model(
    graph, ir_version=8, producer_name="Tests/Vectors/networks",
    opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])
  onnx.checker.check_model(model)
  return model, quantized


def watched(model, names, kinds):
  """A copy that also returns the named integer tensors."""
  copy = onnx.ModelProto()
  copy.CopyFrom(model)
  present = {value.name for value in copy.graph.output}
  for name, kind in zip(names, kinds):
    if name not in present and name not in {value.name for value in copy.graph.input}:
      copy.graph.output.append(helper.make_tensor_value_info(name, KINDS[kind], None))
  return copy

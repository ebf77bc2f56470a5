"""Writes tflite/*.tflite and tflite.json: small TFLite networks and what LiteRT makes of them."""

import json
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

import integer_semantics as semantics
from tflite_writer import Writer

HERE = Path(__file__).resolve().parent
NONE, RELU, RELU_N1_TO_1, RELU6 = 0, 1, 2, 3
RANGES = {NONE: None, RELU: (0, None), RELU_N1_TO_1: (-1, 1), RELU6: (0, 6)}


class Network(Writer):
  """A writer that also keeps what the integer simulator needs, step by step."""

  def __init__(self, name, width, scale, zero_point, shape=None, kind="int8", seed=0):
    super().__init__()
    self.name, self.rng, self.steps = name, np.random.default_rng(seed), []
    self.kind, self.width, self.shape = kind, width, shape or [1, width]
    self.scale, self.zero_point = (np.float32(scale), zero_point) if scale else (None, 0)
    self.input_scale, self.input_zero_point = self.scale, self.zero_point
    self.input = self.last = self.tensor("input", self.shape, kind, self.scale, zero_point)

  def dense(self, outputs, zero_point, activation=NONE, per_channel=False, bias=True, weight=None,
            weight_scale=None, bias_values=None, scale=None):
    i = len(self.steps)
    scales = self.rng.uniform(0.002, 0.02, outputs if per_channel else 1)
    scales = np.asarray(scales if weight_scale is None else weight_scale, np.float32)
    if weight is None:
      weight = self.rng.integers(-127, 128, (outputs, self.width))
    weight = np.asarray(weight, np.int8)
    if scale is None:
      spread = 74 * 74 * np.sqrt(self.width) * float(self.scale) * float(np.mean(scales))
      scale = spread / 64 * self.rng.uniform(0.8, 1.2)
    scale = np.float32(scale)
    if bias_values is None and bias:
      bias_values = self.rng.integers(-4000, 4000, outputs)
    inputs = [self.last, self.tensor(f"weight{i}", list(weight.shape), "int8", scales, 0, weight)]
    if bias_values is None:
      inputs.append(-1)
    else:
      bias_scale = (scales * self.scale).astype(np.float32)
      inputs.append(self.tensor(f"bias{i}", [outputs], "int32", bias_scale, 0,
                                np.asarray(bias_values, np.int32)))
    output = self.tensor(f"dense{i}", [1, outputs], "int8", scale, zero_point)
    self.fully_connected(inputs, output, activation)
    self.steps.append({
      "op": "dense", "weight": weight.T, "weight_zero_point": 0, "weight_scale": scales,
      "bias": bias_values, "activation": RANGES[activation], "input_scale": self.scale,
      "input_zero_point": self.zero_point, "scale": scale, "zero_point": zero_point,
      "kind": "int8"})
    self.last, self.width, self.scale, self.zero_point = output, outputs, scale, zero_point
    return self

  def flatten(self):
    output = self.tensor("flat", [1, self.width], "int8", self.scale, self.zero_point)
    self.reshape(self.last, output, [1, self.width])
    self.last = output
    return self

  def softmaxed(self):
    output = self.tensor("probabilities", [1, self.width], "int8", 1 / 256, -128)
    self.softmax(self.last, output)
    self.steps.append({"op": "softmax", "input_scale": self.scale})
    self.last, self.scale, self.zero_point = output, np.float32(1 / 256), -128
    return self

  def quantized(self, scale, zero_point):
    scale = np.float32(scale)
    output = self.tensor("quantized", self.shape, "int8", scale, zero_point)
    self.quantize(self.last, output)
    self.steps.append({
      "op": "quantize", "input_scale": self.scale, "input_zero_point": self.zero_point,
      "scale": scale, "zero_point": zero_point})
    self.last, self.scale, self.zero_point = output, scale, zero_point
    return self

  def dequantized(self):
    output = self.tensor("float", [1, self.width], "float32")
    self.dequantize(self.last, output)
    self.steps.append({"op": "dequantize", "scale": self.scale, "zero_point": self.zero_point})
    self.last = output
    return self

  def file(self):
    return self.bytes([self.input], [self.last])


def networks():
  yield Network("fc-none", 7, 0.04, -5, seed=1).dense(5, 12)
  yield Network("fc-relu", 7, 0.04, 3, seed=2).dense(5, -128, RELU).dense(3, 7)
  yield Network("fc-relu-inside", 7, 0.04, 3, seed=3).dense(5, -31, RELU)
  yield Network("fc-relu6", 7, 0.03, -128, seed=4).dense(5, -128, RELU6, scale=0.03).dense(3, 0)
  yield Network("fc-relu-n1-to-1", 7, 0.03, 0, seed=5).dense(5, 10, RELU_N1_TO_1, scale=0.02)
  yield (Network("fc-channel", 16, 0.05, 20, seed=6).dense(8, -128, RELU, per_channel=True)
         .dense(4, 1, per_channel=True))
  yield Network("fc-no-bias", 7, 0.04, 127, seed=7).dense(5, -128, bias=False)
  yield Network("fc-zeros-at-ends", 7, 0.04, -128, seed=8).dense(5, 127, bias=False)
  yield Network("fc-one", 1, 0.04, 5, seed=9).dense(1, -128, RELU).dense(1, 0)
  yield Network("fc-reshape", 16, 0.04, -9, [1, 2, 2, 4], seed=10).flatten().dense(4, 6)
  yield (Network("fc-softmax", 8, 0.04, 2, seed=11).dense(6, -128, RELU).dense(10, 5)
         .softmaxed())
  yield (Network("quantize-fc-dequantize", 7, None, 0, kind="float32", seed=12)
         .quantized(0.0437, -3).dense(5, -128, RELU).dense(3, 4).dequantized())
  yield Network("fc-multipliers-above-one", 2, 0.5, 1, seed=13).dense(
    4, -11, weight=[[1, 1], [1, 2], [1, -1], [-2, 1]], weight_scale=[0.6, 1.85, 5.0, 20.0],
    bias_values=[3, 2, 0, -1], scale=0.25)
  yield Network("fc-multipliers-tiny", 2, 0.5, 1, seed=14).dense(
    4, -11, weight=[[127, -127]] * 4, weight_scale=[2.0**-15, 1e-6, 2.0**-26, 2.0**-31],
    bias_values=[1000, 20000000, 1500000000, 2000000000], scale=0.25)
  yield Network("fc-dead-unit", 3, 16 / 255, -128, seed=15).dense(
    2, -128, RELU, weight=[[100, -50, 127], [127, -3, 60]], weight_scale=[4e-4, 1.97e-8],
    bias_values=[700, -103732790], scale=0.025)
  yield Network("fc-ties", 2, 1.0, 0, seed=16).dense(
    4, 0, weight=[[1, 1], [-1, 1], [2, 1], [3, -1]], weight_scale=[1.0, 1.0, 0.5, 0.25],
    bias_values=[0, 1, 2, 3], scale=4.0)
  for scale in (0.1, 0.0039, 0.55):
    yield Network(f"softmax-{scale}", 12, scale, 14, seed=17).softmaxed()
  yield Network("softmax-two", 2, 0.17, -3, seed=18).softmaxed()
  yield Network("quantize-narrower", 16, 0.05, 10, seed=19).quantized(0.0317, -20)
  yield Network("quantize-wider", 16, 0.05, -128, seed=20).quantized(0.183, 77)
  yield Network("quantize-zero-point-only", 16, 0.05, 0, seed=21).quantized(0.05, -128)
  yield Network("quantize-float", 16, None, 0, kind="float32", seed=22).quantized(0.5, 3)
  yield Network("dequantize", 16, 0.0123, -77, seed=23).dequantized()


def input_rows(network):
  rng = np.random.default_rng(500)
  width = int(np.prod(network.shape))
  if network.kind == "float32":
    rows = [rng.uniform(-6, 6, width) for _ in range(6)]
    rows += [np.full(width, v) for v in (0.0, 9999.0, -9999.0)]
    rows += [(np.arange(width) + k + 0.5) / 2 for k in (-9, 2)]
    return np.array(rows, np.float32)
  rows = [rng.integers(-128, 128, width) for _ in range(8)]
  rows += [np.full(width, -128), np.full(width, 127), np.full(width, network.input_zero_point),
           np.where(np.arange(width) % 2, -128, 127)]
  # Close to the zero point, where large multipliers do not saturate.
  rows += [np.clip(network.input_zero_point + rng.integers(-6, 7, width), -128, 127)
           for _ in range(8)]
  return np.array(rows, np.int8)


def softmax(x, scale):
  """LiteRT's int8 softmax, in float32: exp of the distance to the maximum, sum, rescale, round."""
  table = [np.exp(-np.float32(scale) * np.float32(d)) for d in range(256)]
  terms = [table[max(x) - v] for v in x]
  total = np.float32(0)
  for term in terms:
    total = np.float32(total + term)
  inverse = np.float32(1) / np.float32(total * np.float32(1 / 256))
  return [min(max(int(np.floor(np.float32(t * inverse) + np.float32(0.5))) - 128, -128), 127)
          for t in terms]


def xnnpack_dense(x, layer):
  """What LiteRT's default kernels do on x86-64: float32 product, ties to even."""
  low, high = semantics.clamp_of(layer["activation"], layer["scale"], layer["zero_point"], "int8")
  scales = np.broadcast_to(layer["weight_scale"], layer["weight"].shape[1])
  result = []
  for o in range(layer["weight"].shape[1]):
    acc = 0 if layer["bias"] is None else int(layer["bias"][o])
    acc += sum((v - layer["input_zero_point"]) * int(w) for v, w in zip(x, layer["weight"][:, o]))
    ratio = np.float32(np.float32(layer["input_scale"] * scales[o]) / layer["scale"])
    q = int(np.rint(np.float32(np.float32(acc) * ratio)))
    result.append(min(max(q + layer["zero_point"], low), high))
  return result


def requantize(x, step):
  """LiteRT's int8 to int8 QUANTIZE: a multiplier with 8 fractional bits, not Q31."""
  m = int(np.rint(np.float32(256) * np.float32(step["input_scale"] / step["scale"])))
  return [min(max((((v - step["input_zero_point"]) * m + 128) >> 8) + step["zero_point"], -128), 127)
          for v in x]


def integer_run(network, row, dense=semantics.dense):
  x = row.tolist()
  for step in network.steps:
    if step["op"] == "dense":
      x = dense(x, step)
    elif step["op"] == "softmax":
      x = softmax(x, step["input_scale"])
    elif step["op"] == "dequantize":
      x = [float(np.float32(v - step["zero_point"]) * step["scale"]) for v in x]
    elif step["input_scale"] is None:
      x = [semantics.quantize(v, step["scale"], step["zero_point"], "int8") for v in x]
    else:
      x = requantize(x, step)
  return x


def run(file, rows, resolver=OpResolverType.AUTO):
  interpreter = Interpreter(model_content=file, experimental_op_resolver_type=resolver)
  interpreter.allocate_tensors()
  source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
  outputs = []
  for row in rows:
    interpreter.set_tensor(source["index"], row.reshape(source["shape"]))
    interpreter.invoke()
    outputs.append(interpreter.get_tensor(target["index"]).ravel().tolist())
  return outputs


def differences(a, b):
  gaps = [abs(p - q) for x, y in zip(a, b) for p, q in zip(x, y)]
  return sum(g != 0 for g in gaps), max(gaps)


def main():
  (HERE / "tflite").mkdir(exist_ok=True)
  cases, lines = [], []
  for network in networks():
    file, rows = network.file(), input_rows(network)
    (HERE / "tflite" / f"{network.name}.tflite").write_bytes(file)
    runtime = run(file, rows)
    other = run(file, rows, OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    integer = [integer_run(network, row) for row in rows]
    single = [integer_run(network, row, xnnpack_dense) for row in rows]
    columns = [differences(runtime, o) for o in (integer, single, other)]
    lines.append(f"| {network.name} | {sum(map(len, runtime))} | "
                 + " | ".join(f"{n}" + (f" (≤ {gap})" if n else "") for n, gap in columns) + " |")
    cases.append({
      "name": network.name, "model": f"tflite/{network.name}.tflite", "input_kind": network.kind,
      "input_shape": network.shape,
      "output_kind": "float32" if network.steps[-1]["op"] == "dequantize" else "int8",
      "inputs": rows.tolist(), "litert": runtime, "integer": integer})
  body = ",\n".join(
    "{" + ",\n ".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}"
                      for k, v in case.items()) + "}" for case in cases)
  (HERE / "tflite.json").write_text("[\n" + body + "\n]\n")
  print("| network | outputs | integer | float32, ties to even | LiteRT without XNNPACK |")
  print("\n".join(lines))


if __name__ == "__main__":
  main()

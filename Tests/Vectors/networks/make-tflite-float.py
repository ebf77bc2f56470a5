"""Writes tflite-float/*.tflite and tflite-float.json: small float TFLite networks and LiteRT's answers.

One network per way of writing a layer, of storing its weights, or of ending; inputs serve as calibration too.
"""

import json
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tflite as t
from ai_edge_litert.interpreter import Interpreter

from tflite_writer import Writer

HERE = Path(__file__).resolve().parent
SAME, VALID = 0, 1
NONE, RELU, RELU6 = 0, 1, 3


class Network(Writer):
  """A chain of float layers; `half` stores weights in float16 behind a DEQUANTIZE."""

  def __init__(self, name, shape, seed, half=False):
    super().__init__()
    self.name, self.shape, self.half = name, list(shape), half
    self.rng = np.random.default_rng(seed)
    self.count = 0
    self.input = self.last = self.tensor("input", self.shape, "float32")

  def constant(self, values):
    self.count += 1
    values = np.asarray(values)
    if values.dtype == np.int32:
      return self.tensor(f"c{self.count}", list(values.shape), "int32", data=values)
    if not self.half:
      return self.tensor(f"c{self.count}", list(values.shape), "float32",
                         data=values.astype(np.float32))
    stored = self.tensor(f"c{self.count}.half", list(values.shape), "float16",
                         data=values.astype(np.float16))
    result = self.tensor(f"c{self.count}", list(values.shape), "float32")
    self.operator(t.BuiltinOperator.DEQUANTIZE, [stored], [result])
    return result

  def add(self, code, operands, shape, table=None, **fields):
    """An operator of the last tensor and others."""
    self.count += 1
    output = self.tensor(f"t{self.count}", list(shape), "float32")

    def options(b):
      getattr(t, table + "Start")(b)
      for name, value in fields.items():
        getattr(t, table + "Add" + name)(b, value)
      return getattr(t, table + "End")(b)

    self.operator(getattr(t.BuiltinOperator, code), operands, [output],
                  (getattr(t.BuiltinOptions, table), options) if table else None)
    self.last, self.shape = output, list(shape)
    return self

  def dense(self, outputs, activation=NONE, bias=True):
    inputs = self.shape[-1]
    weight = self.constant(self.rng.normal(0, np.sqrt(2 / inputs), (outputs, inputs)))
    added = self.constant(self.rng.normal(0, 0.1, outputs)) if bias else -1
    return self.add("FULLY_CONNECTED", [self.last, weight, added], [1, outputs],
                    "FullyConnectedOptions", FusedActivationFunction=activation)

  def conv(self, outputs, kernel, activation=NONE, stride=1, padding=SAME, depthwise=False):
    channels = self.shape[3]
    extents = [1, kernel, kernel, outputs] if depthwise else [outputs, kernel, kernel, channels]
    fan = kernel * kernel * (1 if depthwise else channels)
    weight = self.constant(self.rng.normal(0, np.sqrt(2 / fan), extents))
    bias = self.constant(self.rng.normal(0, 0.1, outputs))
    spatial = [-(-e // stride) if padding == SAME else (e - kernel) // stride + 1
               for e in self.shape[1:3]]
    name = "DepthwiseConv2DOptions" if depthwise else "Conv2DOptions"
    more = {"DepthMultiplier": outputs // channels} if depthwise else {}
    return self.add("DEPTHWISE_CONV_2D" if depthwise else "CONV_2D", [self.last, weight, bias],
                    [1, *spatial, outputs], name, Padding=padding, StrideH=stride, StrideW=stride,
                    FusedActivationFunction=activation, **more)

  def channels(self, code, low, high, activation=NONE, first=False):
    """A sum, difference or product with a constant for each channel."""
    values = self.constant(self.rng.uniform(low, high, self.shape[-1]))
    operands = [values, self.last] if first else [self.last, values]
    return self.add(code, operands, self.shape, f"{code.title()}Options",
                    FusedActivationFunction=activation)

  def pool(self, code, size):
    spatial = [e // size for e in self.shape[1:3]]
    return self.add(code, [self.last], [1, *spatial, self.shape[3]], "Pool2DOptions",
                    Padding=VALID, StrideH=size, StrideW=size, FilterHeight=size, FilterWidth=size)

  def unary(self, code, table=None, **fields):
    return self.add(code, [self.last], self.shape, table, **fields)

  def mean(self):
    axes = self.constant(np.array([1, 2], np.int32))
    return self.add("MEAN", [self.last, axes], [1, self.shape[3]], "ReducerOptions",
                    KeepDims=False)

  def flatten(self):
    count = int(np.prod(self.shape))
    target = self.constant(np.array([1, count], np.int32))
    return self.add("RESHAPE", [self.last, target], [1, count])


def networks():
  yield Network("fc", [1, 7], 1).dense(5, RELU).dense(3)
  yield Network("fc-no-bias", [1, 7], 2).dense(5, RELU, bias=False).dense(3, bias=False)
  yield Network("fc-half", [1, 7], 3, half=True).dense(5, RELU).dense(3)
  yield (Network("conv", [1, 6, 6, 2], 4).conv(4, 3, RELU6, stride=2).conv(4, 3, RELU, depthwise=True)
         .mean().dense(3).unary("SOFTMAX", "SoftmaxOptions", Beta=1.0))
  yield (Network("conv-half", [1, 6, 6, 2], 5, half=True).conv(3, 3, RELU)
         .conv(6, 3, NONE, depthwise=True).pool("MAX_POOL_2D", 2).flatten().dense(4)
         .unary("LOGISTIC"))
  yield (Network("channels-after-conv", [1, 4, 4, 2], 6).conv(3, 3).channels("MUL", -1.5, 2)
         .channels("ADD", -1, 1, RELU).pool("AVERAGE_POOL_2D", 2).conv(2, 1)
         .channels("SUB", -1, 1).flatten())
  yield (Network("channels-after-fc", [1, 7], 7).dense(5).channels("ADD", -1, 1, first=True)
         .channels("MUL", 0.5, 2, RELU6, first=True).dense(3))
  yield (Network("activations", [1, 4, 4, 3], 8).conv(3, 1).unary("HARD_SWISH", "HardSwishOptions")
         .conv(3, 1).unary("LEAKY_RELU", "LeakyReluOptions", Alpha=0.1)
         .conv(3, 1).unary("TANH").unary("ELU").conv(3, 1).unary("RELU6").mean())
  prelu = Network("prelu", [1, 4, 4, 3], 9).conv(3, 3)
  slope = prelu.constant(prelu.rng.uniform(-0.2, 0.4, (1, 1, 3)))
  yield prelu.add("PRELU", [prelu.last, slope], prelu.shape).mean()
  branch = Network("residual", [1, 4, 4, 3], 10).conv(3, 3, RELU)
  before = branch.last
  branch.conv(3, 3)
  branch.add("ADD", [branch.last, before], branch.shape, "AddOptions",
             FusedActivationFunction=RELU)
  yield branch.add("CONCATENATION", [branch.last, before], [1, 4, 4, 6], "ConcatenationOptions",
                   Axis=3).pool("MAX_POOL_2D", 2).flatten().dense(4)
  yield Network("log-softmax", [1, 7], 11).dense(5).unary("LOG_SOFTMAX", "LogSoftmaxOptions")


def main():
  (HERE / "tflite-float").mkdir(exist_ok=True)
  cases = []
  for network in networks():
    shape = network.tensors[network.input][1]
    model = network.bytes([network.input], [network.last])
    (HERE / "tflite-float" / f"{network.name}.tflite").write_bytes(model)
    rng = np.random.default_rng(77)
    rows = rng.uniform(-1, 2, (12, int(np.prod(shape)))).astype(np.float32)
    interpreter = Interpreter(model_content=model)
    interpreter.allocate_tensors()
    answers = []
    for row in rows:
      interpreter.set_tensor(interpreter.get_input_details()[0]["index"], row.reshape(shape))
      interpreter.invoke()
      answers.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))
    cases.append({"name": network.name, "model": f"tflite-float/{network.name}.tflite",
                  "inputs": [[float(v) for v in row] for row in rows],
                  "litert": [[float(v) for v in a.ravel()] for a in answers]})
  (HERE / "tflite-float.json").write_text(
    "[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
  print(len(cases), "networks")


if __name__ == "__main__":
  main()

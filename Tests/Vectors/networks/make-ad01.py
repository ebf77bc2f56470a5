"""Writes ad01.input.i8 and ad01.output.i8: further inputs of MLPerf Tiny's ad01_int8 and LiteRT's
answers, raw int8, 640 bytes a row. Reads ../shared beside the checkout, or the model file given.

Rows: 20 seeded random (uniform noise, narrow noise, smooth spectra in turn), all -128, all 127,
all zero point, alternating ends.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tflite as t
from ai_edge_litert.interpreter import Interpreter

import integer_semantics as semantics

HERE = Path(__file__).resolve().parent
MODEL = HERE.parents[3] / "shared" / "models" / "mlperf_tiny" / "ad01_int8.tflite"


def layers(file):
  """The dense layers of a chain of FULLY_CONNECTED, as `integer_semantics.dense` reads them."""
  model = t.Model.GetRootAs(file, 0)
  graph = model.Subgraphs(0)
  result = []
  for i in range(graph.OperatorsLength()):
    op = graph.Operators(i)
    tensors = [graph.Tensors(int(j)) for j in (*op.InputsAsNumpy(), op.Outputs(0))]
    x, w, b, y = tensors
    options = t.FullyConnectedOptions()
    options.Init(op.BuiltinOptions().Bytes, op.BuiltinOptions().Pos)
    shape = w.ShapeAsNumpy()
    data = [model.Buffers(v.Buffer()).DataAsNumpy() for v in (w, b)]
    result.append({
      "weight": data[0].view(np.int8).reshape(shape).T, "weight_zero_point": 0,
      "weight_scale": w.Quantization().ScaleAsNumpy(), "bias": data[1].view(np.int32),
      "activation": (0, None) if options.FusedActivationFunction() == 1 else None,
      "input_scale": x.Quantization().Scale(0), "input_zero_point": x.Quantization().ZeroPoint(0),
      "scale": y.Quantization().Scale(0), "zero_point": y.Quantization().ZeroPoint(0),
      "kind": "int8"})
  return result


def rows(zero_point):
  rng = np.random.default_rng(640)
  made = []
  for i in range(20):
    if i % 3 == 0:
      made.append(rng.integers(-128, 128, 640))
    elif i % 3 == 1:
      made.append(np.clip(np.rint(rng.normal(rng.integers(-60, 100), 12, 640)), -128, 127))
    else:
      walk = np.cumsum(rng.normal(0, 6, 640))
      made.append(np.clip(np.rint(walk - walk.mean() + 40), -128, 127))
  made += [np.full(640, v) for v in (-128, 127, zero_point)]
  made.append(np.where(np.arange(640) % 2, -128, 127))
  return np.array(made, np.int8)


def main():
  path = Path(sys.argv[1]) if len(sys.argv) > 1 else MODEL
  chain = layers(path.read_bytes())
  interpreter = Interpreter(model_path=str(path))
  interpreter.allocate_tensors()
  source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
  inputs, outputs, differing = rows(chain[0]["input_zero_point"]), [], 0
  for row in inputs:
    interpreter.set_tensor(source["index"], row[None, :])
    interpreter.invoke()
    outputs.append(interpreter.get_tensor(target["index"]).ravel().copy())
    x = row.tolist()
    for layer in chain:
      x = semantics.dense(x, layer)
    differing += int((outputs[-1] != np.array(x)).sum())
  inputs.tofile(HERE / "ad01.input.i8")
  np.array(outputs, np.int8).tofile(HERE / "ad01.output.i8")
  print(f"| ad01_int8 | {len(inputs)} rows, {len(inputs) * 640} outputs | {differing} differ |")


if __name__ == "__main__":
  main()

"""Writes last-steps/*.tflite and last-steps.json: public last steps behind one another, and what LiteRT
makes of them."""

import json
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tflite as t
from ai_edge_litert.interpreter import Interpreter

from tflite_writer import Writer

HERE = Path(__file__).resolve().parent


def softmax_as_uint8():
  """Softmax, then QUANTIZE to uint8: what TF2's converter writes for a network with uint8 outputs."""
  w = Writer()
  x = w.tensor("x", [1, 6], "int8", 0.12, 5)
  softmax = w.tensor("softmax", [1, 6], "int8", 1 / 256, -128)
  y = w.tensor("y", [1, 6], "uint8", 1 / 256, 0)

  def beta(b):
    t.SoftmaxOptionsStart(b)
    t.SoftmaxOptionsAddBeta(b, 1.0)
    return t.SoftmaxOptionsEnd(b)

  w.operator(t.BuiltinOperator.SOFTMAX, [x], [softmax], (t.BuiltinOptions.SoftmaxOptions, beta))
  w.operator(t.BuiltinOperator.QUANTIZE, [softmax], [y], None)
  return w.bytes([x], [y])


def main():
  random = np.random.default_rng(14)
  model = bytes(softmax_as_uint8())
  (HERE / "last-steps").mkdir(exist_ok=True)
  (HERE / "last-steps" / "softmax-uint8.tflite").write_bytes(model)
  interpreter = Interpreter(model_content=model)
  interpreter.allocate_tensors()
  rows = []
  for row in random.integers(-128, 128, (40, 1, 6)).astype(np.int8):
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], row)
    interpreter.invoke()
    answer = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
    rows.append({"input": row.flatten().tolist(), "litert": answer.flatten().tolist()})
  lines = ",\n".join(f"  {json.dumps(row)}" for row in rows)
  (HERE / "last-steps.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
  main()

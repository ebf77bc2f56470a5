"""Quantizes model.onnx to int8 with onnxruntime's own quantizer, in both forms it can write.

model-int8-qdq.onnx        QuantizeLinear/DequantizeLinear around float operators
model-int8-qoperator.onnx  QGemm

Signed int8 activations, per-channel symmetric int8 weights, ranges from calibration.npy. Softmax
stays in float. Reads and writes only files beside itself.
"""

import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

HERE = Path(__file__).resolve().parent


class Calibration(CalibrationDataReader):
  def __init__(self):
    self.rows = iter(np.load(HERE / "calibration.npy"))

  def get_next(self):
    row = next(self.rows, None)
    return None if row is None else {"pixels": row[None, :]}


def quantize(form, path):
  with tempfile.TemporaryDirectory() as folder:
    prepared = Path(folder) / "prepared.onnx"
    quant_pre_process(HERE / "model.onnx", prepared, skip_symbolic_shape=True)
    quantize_static(
      prepared, path, Calibration(), quant_format=form, per_channel=True,
      activation_type=QuantType.QInt8, weight_type=QuantType.QInt8, nodes_to_exclude=["softmax"])
  model = onnx.load(path)
  onnx.checker.check_model(model)
  return model


def accuracy(path):
  session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
  labels = np.load(HERE / "test-labels.npy")
  answers = [session.run(None, {"pixels": row[None, :]})[0].argmax()
             for row in np.load(HERE / "test-inputs.npy")]
  return int((np.array(answers) == labels).sum()), len(labels)


def main():
  logging.disable(logging.WARNING)
  for form, name in ((QuantFormat.QDQ, "qdq"), (QuantFormat.QOperator, "qoperator")):
    path = HERE / f"model-int8-{name}.onnx"
    quantize(form, path)
    right, total = accuracy(path)
    print(f"{path.name}: {right} of {total} right, {right / total:.2%}")
  right, total = accuracy(HERE / "model.onnx")
  print(f"model.onnx: {right} of {total} right, {right / total:.2%}")


if __name__ == "__main__":
  main()

"""Writes digits.json: what onnxruntime makes of Circuits/digits-mlp's int8 forms, 64 test images."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import numpy_helper

import integer_semantics as semantics
from onnx_networks import watched

HERE = Path(__file__).resolve().parent
CIRCUIT = HERE.parents[2] / "Circuits" / "digits-mlp"
ROWS = 64


def layers(model, hidden):
  """The two dense layers, read from the quantizer's constants; `hidden`: name of its range."""
  value = {c.name: numpy_helper.to_array(c) for c in model.graph.initializer}

  def layer(source, name, target):
    return {
      "weight": value[f"{name}.weight_quantized"], "weight_zero_point": 0, "activation": None,
      "weight_scale": value[f"{name}.weight_scale"], "bias": value[f"{name}.bias_quantized"],
      "input_scale": value[f"{source}_scale"],
      "input_zero_point": int(value[f"{source}_zero_point"]), "kind": "int8",
      "scale": value[f"{target}_scale"], "zero_point": int(value[f"{target}_zero_point"])}

  return layer("pixels", "hidden", hidden), layer(hidden, "output", "logits")


def measure(form, names, hidden):
  model = onnx.load(CIRCUIT / f"model-int8-{form}.onnx")
  session = ort.InferenceSession(watched(model, names, ["int8"] * 3).SerializeToString())
  first, second = layers(model, hidden)
  inputs, labels = np.load(CIRCUIT / "test-inputs.npy"), np.load(CIRCUIT / "test-labels.npy")
  rounding, right, kept = 0, 0, {"pixels": [], "hidden": [], "logits": [], "probabilities": []}
  for row in inputs:
    *tensors, answer = [t.ravel() for t in session.run(
      names + ["probabilities"], {"pixels": row[None, :]})]
    pixels, middle, logits = [t.tolist() for t in tensors]
    assert pixels == [semantics.quantize(v, first["input_scale"], first["input_zero_point"], "int8")
                      for v in row]
    rounding += sum(a != b for a, b in zip(semantics.dense(pixels, first), middle))
    rounding += sum(a != b for a, b in zip(semantics.dense(middle, second), logits))
    integer = semantics.dense(semantics.dense(pixels, first), second)
    right += int(np.argmax(integer) == labels[len(kept["pixels"])])
    for name, value in zip(kept, (pixels, middle, logits, [float(v) for v in answer])):
      kept[name].append(value)
  print(f"| digits-mlp {form} | {len(inputs)} | {len(inputs) * 42} | {rounding} | "
        f"integer accuracy {right} of {len(inputs)} |")
  return {name: rows[:ROWS] for name, rows in kept.items()}


def main():
  result = {
    "qdq": measure("qdq", [f"{n}_QuantizeLinear_Output" for n in ("pixels", "hidden.relu", "logits")],
                   "hidden.relu"),
    "qoperator": measure("qoperator", [f"{n}_quantized" for n in ("pixels", "hidden", "logits")],
                         "hidden"),
  }
  assert result["qdq"] == result["qoperator"], "the two forms answer differently: store both"
  lines = ",\n".join(f'"{name}": [\n' + ",\n".join(
    json.dumps(row, separators=(",", ":")) for row in rows) + "\n]"
    for name, rows in result["qdq"].items())
  (HERE / "digits.json").write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
  main()

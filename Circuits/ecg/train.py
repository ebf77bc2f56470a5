# /// script
# requires-python = "==3.11.*"
# dependencies = [
#   "jax[cpu]==0.4.30", "numpy==1.26.4", "scipy==1.11.4", "onnx==1.23.2", "onnxruntime==1.31.1",
#   "scikit-learn==1.9.1",
# ]
# ///
"""Trains a 1-D convolutional network on heartbeats and writes its float and int8 models and data here."""

import sys
from pathlib import Path

import numpy as np
from onnxruntime.quantization import QuantFormat

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import data as heartbeats  # noqa: E402
from training import export, layers  # noqa: E402

UNIT = 1  # millivolt


def network(ops, x):
  """Three convolutions over time, each with batch norm and ReLU, then the average over time."""
  for index, channels in enumerate((8, 16, 24), 1):
    x = ops.conv(x, f"conv{index}", channels, 9, stride=2, pad=4, bias=False)
    x = ops.relu(ops.batch_norm(x, f"norm{index}"), f"relu{index}")
  return ops.dense(ops.global_average(x, "average"), "logits", len(heartbeats.KINDS))


def main():
  (windows, labels), (test_windows, test_labels) = heartbeats.splits()
  print(f"{len(labels)} beats to train on, {labels.sum()} ventricular; "
        f"{len(test_labels)} to test on, {test_labels.sum()} ventricular")
  weights = layers.train(
    network, windows, labels, seed=heartbeats.SEED, epochs=40, move=heartbeats.moved, unit=UNIT)
  export.write(
    network, weights, HERE, input=("signal", [1, *windows.shape[1:]]),
    classes=len(heartbeats.KINDS), unit=UNIT)
  picks = np.random.default_rng(heartbeats.SEED).choice(len(windows), 100, replace=False)
  np.save(HERE / "calibration.npy", windows[np.sort(picks)])
  np.save(HERE / "calibration-labels.npy", labels[np.sort(picks)])
  np.save(HERE / "test-inputs.npy", test_windows)
  np.save(HERE / "test-labels.npy", test_labels)
  export.quantize(HERE, QuantFormat.QDQ, "model-int8-qdq.onnx")
  export.record_answers(HERE, ["model.onnx", "model-int8-qdq.onnx"], test_windows, test_labels)


if __name__ == "__main__":
  main()

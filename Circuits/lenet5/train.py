# /// script
# requires-python = "==3.11.*"
# dependencies = [
#   "jax[cpu]==0.10.2", "numpy==2.4.6", "onnx==1.23.2", "onnxruntime==1.31.1",
#   "scikit-learn==1.9.1",
# ]
# ///
"""Trains LeNet-5 on handwritten digits and writes its float model and data beside this file."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from training import data, export, layers  # noqa: E402


def network(ops, x):
  """LeCun et al. 1998 with ReLU and max-pooling in place of sigmoids and subsampling."""
  x = ops.relu(ops.conv(x, "conv1", 6, 5, pad=2), "relu1")
  x = ops.max_pool(x, "pool1")
  x = ops.relu(ops.conv(x, "conv2", 16, 5), "relu2")
  x = ops.flatten(ops.max_pool(x, "pool2"), "flat")
  x = ops.relu(ops.dense(x, "dense1", 120), "relu3")
  x = ops.relu(ops.dense(x, "dense2", 84), "relu4")
  return ops.dense(x, "logits", 10)


def main():
  weights = layers.train(network, *data.training_split(), seed=data.SEED, epochs=40)
  export.write(network, weights, HERE)
  export.calibrate(HERE)
  export.record(HERE, ["model.onnx"])


if __name__ == "__main__":
  main()

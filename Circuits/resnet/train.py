# /// script
# requires-python = "==3.11.*"
# dependencies = [
#   "jax[cpu]==0.10.2", "numpy==2.4.6", "onnx==1.23.2", "onnxruntime==1.31.1",
#   "scikit-learn==1.9.1",
# ]
# ///
"""Trains a residual network and writes its float and int8 models and data beside this file."""

import sys
from pathlib import Path

from onnxruntime.quantization import QuantFormat

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from training import data, export, layers  # noqa: E402

# Channels and stride of each residual block.
BLOCKS = [(8, 1), (16, 2), (32, 2)]


def network(ops, x):
  """ResNet's basic blocks; where the shape changes, the shortcut is a 1x1 convolution."""
  x = ops.conv(x, "stem", 8, 3, stride=2, pad=1, bias=False)
  x, channels = ops.relu(ops.batch_norm(x, "stem.norm"), "stem.relu"), 8
  for index, (outputs, stride) in enumerate(BLOCKS, 1):
    name = f"block{index}"
    shortcut = x
    if stride != 1 or outputs != channels:
      shortcut = ops.conv(x, f"{name}.shortcut", outputs, 1, stride=stride, bias=False)
      shortcut = ops.batch_norm(shortcut, f"{name}.norm0")
    x = ops.conv(x, f"{name}.conv1", outputs, 3, stride=stride, pad=1, bias=False)
    x = ops.relu(ops.batch_norm(x, f"{name}.norm1"), f"{name}.relu1")
    x = ops.conv(x, f"{name}.conv2", outputs, 3, pad=1, bias=False)
    x = ops.add(ops.batch_norm(x, f"{name}.norm2"), shortcut, f"{name}.sum")
    x, channels = ops.relu(x, f"{name}.relu2"), outputs
  return ops.dense(ops.global_average(x, "average"), "logits", 10)


def main():
  weights = layers.train(network, *data.training_split(), seed=data.SEED, epochs=40)
  export.write(network, weights, HERE, fold=True)
  export.calibrate(HERE)
  export.quantize(HERE, QuantFormat.QOperator, "model-int8-qoperator.onnx")
  export.record(HERE, ["model.onnx", "model-int8-qoperator.onnx"])


if __name__ == "__main__":
  main()

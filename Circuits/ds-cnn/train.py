# /// script
# requires-python = "==3.11.*"
# dependencies = [
#   "jax[cpu]==0.10.2", "numpy==2.4.6", "onnx==1.23.2", "onnxruntime==1.31.1",
#   "scikit-learn==1.9.1",
# ]
# ///
"""Trains a depthwise-separable network and writes its float and int8 models and data beside this file."""

import sys
from pathlib import Path

from onnxruntime.quantization import QuantFormat

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from training import data, export, layers  # noqa: E402

# Channels and stride of each separable block.
BLOCKS = [(24, 1), (32, 2), (32, 1), (48, 2)]


def network(ops, x):
  """MobileNet's blocks: 3x3 in each channel, then 1x1 over channels, each with batch norm and ReLU."""
  x = ops.conv(x, "stem", 16, 3, stride=2, pad=1, bias=False)
  x, channels = ops.relu(ops.batch_norm(x, "stem.norm"), "stem.relu"), 16
  for index, (outputs, stride) in enumerate(BLOCKS, 1):
    name = f"block{index}"
    x = ops.conv(
      x, f"{name}.depthwise", channels, 3, stride=stride, pad=1, groups=channels, bias=False)
    x = ops.relu(ops.batch_norm(x, f"{name}.norm1"), f"{name}.relu1")
    x = ops.conv(x, f"{name}.pointwise", outputs, 1, bias=False)
    x, channels = ops.relu(ops.batch_norm(x, f"{name}.norm2"), f"{name}.relu2"), outputs
  return ops.dense(ops.global_average(x, "average"), "logits", 10)


def main():
  weights = layers.train(network, *data.training_split(), seed=data.SEED, epochs=40)
  export.write(network, weights, HERE)
  export.calibrate(HERE)
  export.quantize(HERE, QuantFormat.QDQ, "model-int8-qdq.onnx")
  export.record(HERE, ["model.onnx", "model-int8-qdq.onnx"])


if __name__ == "__main__":
  main()

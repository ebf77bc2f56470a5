# /// script
# requires-python = "==3.11.*"
# dependencies = [
#   "jax[cpu]==0.10.2", "numpy==2.4.6", "onnx==1.23.2", "onnxruntime==1.31.1",
#   "scikit-learn==1.9.1",
# ]
# ///
"""Trains an object detector with two outputs and writes its model and data beside this file."""

import json
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import onnxruntime

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import data as scattered  # noqa: E402
from training import export, layers  # noqa: E402

SEED, STEPS, BATCH = 7, 6000, 48
TESTED, RECORDED = 200, 8
# Channels and stride of each separable block: 56 pixels become 7 cells.
BLOCKS = [(24, 2), (40, 1), (64, 2), (64, 1), (64, 1)]


def network(ops, x):
  """MobileNet's blocks, then two heads of 1x1: what is in each cell, and where."""
  x = ops.conv(x, "stem", 16, 3, stride=2, pad=1, bias=False)
  x, channels = ops.relu(ops.batch_norm(x, "stem.norm"), "stem.relu"), 16
  for index, (outputs, stride) in enumerate(BLOCKS, 1):
    name = f"block{index}"
    x = ops.conv(
      x, f"{name}.depthwise", channels, 3, stride=stride, pad=1, groups=channels, bias=False)
    x = ops.relu(ops.batch_norm(x, f"{name}.norm1"), f"{name}.relu1")
    x = ops.conv(x, f"{name}.pointwise", outputs, 1, bias=False)
    x, channels = ops.relu(ops.batch_norm(x, f"{name}.norm2"), f"{name}.relu2"), outputs
  return ops.conv(x, "classes", scattered.CLASSES, 1), ops.conv(x, "boxes", 4, 1)


def loss(outputs, targets):
  """Cross entropy of every cell, cells with a digit ten times; squared error of their boxes."""
  (scores, boxes), (classes, wanted) = outputs, targets
  there = classes != scattered.NOTHING
  likelihood = jnp.take_along_axis(
    jax.nn.log_softmax(scores, axis=1), classes[:, None], axis=1)[:, 0]
  error = ((boxes - wanted) ** 2).sum(1)
  return -(likelihood * (1 + 9 * there)).mean() + (error * there).sum() / there.sum()


def answers(inputs):
  session = onnxruntime.InferenceSession(
    HERE / "model.onnx", providers=["CPUExecutionProvider"])
  found = [session.run(["classes", "boxes"], {"pixels": row[None]}) for row in inputs]
  return tuple(np.concatenate(part) for part in zip(*found))


def judge(scores, boxes, classes, wanted):
  """Cells whose class is right among those with a digit and those without; pixels that a box is off."""
  named, there = scores.argmax(1), classes != scattered.NOTHING
  off = np.abs(boxes - wanted).max(1)[there].mean() * scattered.CELL
  return {
    "digits": int(there.sum()), "digits right": int((named == classes)[there].sum()),
    "empty cells": int((~there).sum()), "empty cells right": int((named == classes)[~there].sum()),
    "box off by pixels": round(float(off), 2)}


def main():
  (images, labels), (test_images, test_labels) = scattered.digits()
  random = np.random.default_rng(SEED)

  def batches():
    for _ in range(STEPS):
      pictures, classes, boxes = scattered.scenes(images, labels, BATCH, random)
      yield pictures.astype(np.float32), (classes, boxes)

  example = scattered.scenes(images, labels, 500, np.random.default_rng(SEED + 1))[0]
  weights = layers.descend(
    network, example.astype(np.float32), batches(), loss, seed=SEED, steps=STEPS)
  ops = export.Nodes(weights)
  network(ops, "pixels")
  side, cells = scattered.SIDE, scattered.CELLS
  export.save(
    ops, HERE, ("pixels", [1, 1, side, side]),
    [("classes", [1, scattered.CLASSES, cells, cells]), ("boxes", [1, 4, cells, cells])])
  np.save(HERE / "calibration.npy", example[:64])

  pictures, classes, wanted = scattered.scenes(
    test_images, test_labels, TESTED, np.random.default_rng(SEED + 2))
  found = answers(pictures.astype(np.float32))
  print(judge(*found, classes, wanted))
  np.save(HERE / "input.npy", pictures[:1].astype(np.float32))
  np.save(HERE / "test-inputs.npy", pictures[:RECORDED])
  np.savez_compressed(HERE / "test.npz", pixels=pictures, classes=classes, boxes=wanted)
  (HERE / "expected.json").write_text(json.dumps({
    "onnxruntime": judge(*found, classes, wanted),
    "first": {
      "classes": found[0][:RECORDED].argmax(1).tolist(),
      "boxes": np.round(found[1][0].astype(np.float64), 4).tolist()}}) + "\n")


if __name__ == "__main__":
  main()

"""Scenes of scattered digits, each with what a detector should say of them.

A scene is 56x56 pixels with one to three of scikit-learn's 8x8 digits, enlarged to 12 to 20 pixels, that
do not touch. It is divided into 7x7 cells of 8 pixels. The cell that holds a digit's centre answers for
it: with its class, and with its box: where in the cell its centre is (0..1), and its width and height in
cells. All other cells answer "nothing".
"""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from training import data  # noqa: E402

SIDE, CELLS, CELL = 56, 7, 8
NOTHING = 10
CLASSES = NOTHING + 1


def digits():
  """Training and test digits: uint8 [n, 8, 8] and int64 [n], in the split of Circuits/digits-mlp."""
  def small(split):
    images, labels = split
    return images[:, 0, 2:-2:3, 2:-2:3].astype(np.uint8), labels
  return small(data.training_split()), small(data.test_split())


def scene(images, labels, random):
  """uint8 [1, 56, 56], classes int64 [7, 7], boxes float32 [4, 7, 7]."""
  picture = np.zeros((1, SIDE, SIDE), np.uint8)
  classes = np.full((CELLS, CELLS), NOTHING)
  boxes = np.zeros((4, CELLS, CELLS), np.float32)
  placed = []
  for _ in range(random.integers(1, 4)):
    size = int(random.integers(12, 21))
    for _ in range(20):
      y, x = (int(v) for v in random.integers(0, SIDE - size + 1, 2))
      if all(abs(y + size / 2 - b) > (size + s) / 2 + 2 or abs(x + size / 2 - a) > (size + s) / 2 + 2
             for b, a, s in placed):
        break
    else:
      continue
    placed.append((y + size / 2, x + size / 2, size))
    index = random.integers(len(images))
    rows = np.arange(size) * 8 // size
    picture[0, y:y + size, x:x + size] = images[index][rows][:, rows]
    centre = np.array([y + size / 2, x + size / 2]) / CELL
    row, column = (int(v) for v in centre)
    classes[row, column] = labels[index]
    boxes[:, row, column] = (
      centre[1] - column, centre[0] - row, size / CELL, size / CELL)
  return picture, classes, boxes


def scenes(images, labels, count, random):
  made = [scene(images, labels, random) for _ in range(count)]
  return tuple(np.stack(part) for part in zip(*made))

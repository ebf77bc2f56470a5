"""What the runtimes are asked: seeded inputs, uniform and realistic."""

from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent.parent
CIRCUITS = ROOT / "Circuits"
SHARED = ROOT.parent / "shared" / "models"
SEED = 20


def uniform(shape, count):
  """int8, each value equally likely: far from what a network is trained on, so layers saturate."""
  random = np.random.default_rng(SEED)
  return random.integers(-128, 128, (count, *shape[1:]), dtype=np.int8)


def realistic(path, shape, count):
  """int8: two recorded inputs of the model mixed, with noise; smooth noise for one without a record."""
  random = np.random.default_rng(SEED + 1)
  recorded = SHARED / "golden" / f"{path.stem}.input.i8"
  if recorded.exists():
    rows = np.fromfile(recorded, np.int8).reshape(-1, *shape[1:]).astype(np.float64)
    share = random.random((count, *[1] * (len(shape) - 1)))
    mixed = (share * rows[random.integers(len(rows), size=count)]
             + (1 - share) * rows[random.integers(len(rows), size=count)])
  else:
    # A walk along each long axis, brought to a standard deviation of 40.
    mixed = random.normal(size=(count, *shape[1:]))
    for axis in range(1, len(shape)):
      if shape[axis] > 4:
        mixed = mixed.cumsum(axis=axis)
    mixed = 40 * (mixed - mixed.mean()) / mixed.std()
  noisy = mixed + random.normal(scale=6, size=mixed.shape)
  return np.clip(np.rint(noisy), -128, 127).astype(np.int8)


def digits(side):
  """The 360 test images of Circuits/digits-mlp, 0..16; at side 28 as the gallery enlarges them."""
  pixels = np.load(CIRCUITS / "digits-mlp" / "test-inputs.npy")
  if side == 8:
    return pixels
  images = np.kron(pixels.reshape(-1, 1, 8, 8), np.ones((3, 3), np.float32))
  return np.pad(images, ((0, 0), (0, 0), (2, 2), (2, 2)))

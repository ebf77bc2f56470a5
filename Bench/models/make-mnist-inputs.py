"""Writes inputs for mnist-8.onnx of the ONNX model zoo, which itself is not kept here.

    make-mnist-inputs.py [--calibration 12]

writes, beside itself: mnist-8.calibration.npy [rows, 1, 28, 28] and mnist-8.input.npy
[1, 1, 28, 28], float32 grey levels in 0..255: scikit-learn's 8x8 digits, enlarged to 20x20 and
centred, as MNIST's are.
"""

import argparse
from pathlib import Path

import numpy as np
from scipy import ndimage
from sklearn.datasets import load_digits

HERE = Path(__file__).resolve().parent


def enlarge(digit):
  image = np.clip(ndimage.zoom(digit / 16, 2.5, order=1), 0, 1)
  return np.pad(np.rint(image * 255), 4).astype(np.float32)


def main():
  arguments = argparse.ArgumentParser()
  arguments.add_argument("--calibration", type=int, default=12, help="rows")
  rows = arguments.parse_args().calibration
  digits = load_digits().images[:rows + 1]
  images = np.stack([enlarge(digit) for digit in digits])[:, None]
  np.save(HERE / "mnist-8.input.npy", images[:1])
  np.save(HERE / "mnist-8.calibration.npy", images[1:])


if __name__ == "__main__":
  main()

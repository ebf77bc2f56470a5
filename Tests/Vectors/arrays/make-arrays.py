"""Writes small .npy and .npz files with NumPy, the format's own writer. NumPy 2.4."""

from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
VALUES = [[0, 1, 2], [100, 101, 127]]
# The ends of float16: zeros, subnormal, smallest and largest normal, a third, infinities.
HALVES = np.array(
  [0.0, -0.0, 2.0**-24, 1023 * 2.0**-24, 2.0**-14, 65504, -1 / 3, np.inf, -np.inf], np.float16)


def main():
  for kind in ("f2", "f4", "f8", "i1", "u1", "i2", "i4", "i8"):
    np.save(HERE / f"{kind}.npy", np.array(VALUES, dtype=kind))
  np.save(HERE / "scalar.npy", np.float32(2.5))
  np.save(HERE / "row.npy", np.array([-1.5, 0.25], dtype=np.float32))
  np.save(HERE / "fortran.npy", np.asfortranarray(np.array(VALUES, dtype=np.float32)))
  np.save(HERE / "big-endian.npy", np.array(VALUES, dtype=">f4"))
  for kind in ("f2", "f8", "i2", "i4", "i8"):
    np.save(HERE / f"big-{kind}.npy", np.array(VALUES, dtype=">" + kind))
  blocks = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
  np.save(HERE / "fortran-3d.npy", np.asfortranarray(blocks))
  np.save(HERE / "half.npy", HALVES)
  with open(HERE / "version2.npy", "wb") as file:
    np.lib.format.write_array(file, np.array(VALUES, dtype=np.float32), version=(2, 0))
  np.savez(HERE / "stored.npz", x=np.array(VALUES, dtype=np.int8))
  np.savez(HERE / "two.npz", x=np.array(VALUES), y=np.array([1]))
  np.savez_compressed(HERE / "deflated.npz", x=np.array(VALUES, dtype=np.int8))
  np.savez_compressed(HERE / "deflated-two.npz", x=np.zeros((40, 6), np.float32), y=blocks)


if __name__ == "__main__":
  main()

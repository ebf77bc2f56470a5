"""Writes small .npy and .npz files with NumPy, the format's own writer. NumPy 2.4."""

from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
VALUES = [[0, 1, 2], [100, 101, 127]]


def main():
  for kind in ("f4", "f8", "i1", "u1", "i2", "i4", "i8"):
    np.save(HERE / f"{kind}.npy", np.array(VALUES, dtype=kind))
  np.save(HERE / "scalar.npy", np.float32(2.5))
  np.save(HERE / "row.npy", np.array([-1.5, 0.25], dtype=np.float32))
  np.save(HERE / "fortran.npy", np.asfortranarray(np.array(VALUES, dtype=np.float32)))
  np.save(HERE / "big-endian.npy", np.array(VALUES, dtype=">f4"))
  with open(HERE / "version2.npy", "wb") as file:
    np.lib.format.write_array(file, np.array(VALUES, dtype=np.float32), version=(2, 0))
  np.savez(HERE / "stored.npz", x=np.array(VALUES, dtype=np.int8))
  np.savez(HERE / "two.npz", x=np.array(VALUES), y=np.array([1]))
  np.savez_compressed(HERE / "deflated.npz", x=np.array(VALUES, dtype=np.int8))


if __name__ == "__main__":
  main()

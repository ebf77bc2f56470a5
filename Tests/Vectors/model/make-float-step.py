"""Writes float-step.json: the float32 step of the int8 runtimes, by numpy.

    python3 make-float-step.py        needs numpy
"""

import json
import random
from pathlib import Path

import numpy as np

random.seed(2026)


def step(factor, acc):
  return int(np.rint(np.float32(acc) * np.float32(factor)))


def bits(factor):
  return int(np.float32(factor).view(np.uint32))


cases = []
for _ in range(400):
  factor = np.float32(2.0 ** random.uniform(-20, 3))
  reach = 1 << random.randint(4, 31)
  accs = [random.randint(-reach, reach) for _ in range(6)]
  # Beside the halves, where the product rounds to one.
  for k in random.sample(range(-128, 128), 6):
    nearest = round((k + 0.5) / float(factor))
    accs += [a for a in range(nearest - 1, nearest + 2) if abs(a) < 1 << 31]
  cases.append({"factor": bits(factor), "steps": [[a, step(factor, a)] for a in accs]})
# Ties without end: every odd multiple of a half.
for shift in range(1, 12):
  for odd in (1, 3, 5):
    factor = np.float32(odd * 2.0 ** -shift)
    accs = [(2 * k + 1) << (shift - 1) for k in range(-40, 40)]
    cases.append({"factor": bits(factor), "steps": [[a, step(factor, a)] for a in accs]})

target = Path(__file__).with_name("float-step.json")
target.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")

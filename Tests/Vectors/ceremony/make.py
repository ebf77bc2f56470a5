"""Cuts the first powers out of published files of two ceremonies.

    python3 make.py g1.point powersOfTau28_hez_final_11.ptau

challenge-85.point, challenge-85-128.point, challenge-85-2048.point: the first 64, 128 and 2,048 points of
EigenDA's g1.point, gnark's compressed form.
hermez-04.ptau: the .ptau file with its header and powers alone, cut to power 4, as `snarkjs powersoftau
truncate` does.
"""

import pathlib
import sys

here = pathlib.Path(__file__).parent
points = pathlib.Path(sys.argv[1]).read_bytes()
ptau = pathlib.Path(sys.argv[2]).read_bytes()

(here / "challenge-85.point").write_bytes(points[: 64 * 32])
(here / "challenge-85-128.point").write_bytes(points[: 128 * 32])
(here / "challenge-85-2048.point").write_bytes(points[: 2048 * 32])


def fixed(value, size):
  return value.to_bytes(size, "little")


sections = {}
place = 12
while place < len(ptau):
  kind, size = (int.from_bytes(ptau[a:b], "little") for (a, b) in [(place, place + 4), (place + 4, place + 12)])
  sections[kind] = ptau[place + 12 : place + 12 + size]
  place += 12 + size
assert ptau[:8] == b"ptau" + fixed(1, 4) and place == len(ptau)

power = 4
header = sections[1][:36] + fixed(power, 4) + sections[1][40:44]
kept = {1: header, 2: sections[2][: (2 * 2**power - 1) * 64], 3: sections[3][: 2**power * 128]}
content = b"ptau" + fixed(1, 4) + fixed(len(kept), 4)
for kind, bytes in kept.items():
  content += fixed(kind, 4) + fixed(len(bytes), 8) + bytes
(here / "hermez-04.ptau").write_bytes(content)

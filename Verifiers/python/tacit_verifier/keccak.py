"""Keccak-256 as the EVM has it (`docs/protocol/scheme-srs.md#transcript`)."""

ROUNDS = 24
MASK = (1 << 64) - 1
RATE = 136


def round_constants():
  """The constants of all rounds, by the register of eight bits that makes them (`docs/protocol/scheme-srs.md#transcript`)."""
  register, found = 1, []
  for _ in range(ROUNDS):
    constant = 0
    for j in range(7):
      if register & 1:
        constant |= 1 << ((1 << j) - 1)
      register = register << 1 ^ (0x171 if register >> 7 else 0)
    found.append(constant)
  return found


def lane_moves():
  """For each lane but the first where it comes to stand and by how much it turns, in one walk (`docs/protocol/scheme-srs.md#transcript`)."""
  x, y, found = 1, 0, []
  for t in range(24):
    place = x + 5 * y
    x, y = y, (2 * x + 3 * y) % 5
    found.append((place, x + 5 * y, (t + 1) * (t + 2) // 2 % 64))
  return found


CONSTANTS = round_constants()
MOVES = lane_moves()


def permute(lanes):
  """Keccak-f[1600] of 25 lanes, lane x + 5·y at that place (`docs/protocol/scheme-srs.md#transcript`)."""
  for constant in CONSTANTS:
    sums = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
    turned = [(s << 1 | s >> 63) & MASK for s in sums]
    mixed = [sums[x - 1] ^ turned[x - 4] for x in range(5)]
    lanes = [lane ^ mixed[i % 5] for i, lane in enumerate(lanes)]
    moved = lanes[:1] + [0] * 24
    for old, new, turn in MOVES:
      lane = lanes[old]
      moved[new] = (lane << turn | lane >> (64 - turn)) & MASK
    lanes = [moved[i] ^ (moved[i // 5 * 5 + (i + 1) % 5] ^ MASK) & moved[i // 5 * 5 + (i + 2) % 5] for i in range(25)]
    lanes[0] ^= constant
  return lanes


def keccak256(data):
  """The 32 bytes of a message (`docs/protocol/scheme-srs.md#transcript`)."""
  padded = bytearray(data) + b"\1" + bytes(-(len(data) + 1) % RATE)
  padded[-1] |= 128
  lanes = [0] * 25
  for start in range(0, len(padded), RATE):
    for i in range(RATE // 8):
      lanes[i] ^= int.from_bytes(padded[start + 8 * i:start + 8 * i + 8], "little")
    lanes = permute(lanes)
  return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])

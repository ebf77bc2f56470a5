"""Known answers for the transcript, by the text of Sources/Transcript/Transcript.swift alone.

    python3 challenges.py > challenges.txt
    pip install pycryptodome==3.23.0
    python3 challenges.py keccak > keccak.txt

Lines: `absorb LABEL HEX` (HEX is - for no bytes) and `challenge LABEL VALUE...`, labels by number.
"""
import hashlib
import random
import sys

P = 21888242871839275222246405745257275088548364400416034343698204186575808495617
NAME = b"tacit proof v7"


class Transcript:
    def __init__(self):
        self.held = NAME

    def absorb(self, label, data):
        self.held += bytes([label]) + len(data).to_bytes(8, "big") + data
        print("absorb", label, data.hex() or "-")

    def challenges(self, count, label):
        digest = hashlib.sha256(self.held).digest()
        drawn = []
        for i in range(count):
            seed = digest + bytes([label]) + i.to_bytes(8, "big")
            wide = b"".join(hashlib.sha256(seed + bytes([half])).digest() for half in (0, 1))
            drawn.append(int.from_bytes(wide, "big") % P)
        self.held = NAME + digest
        print("challenge", label, *("%064x" % x for x in drawn))


class KeccakTranscript:
    """By the text of Sources/Transcript/KeccakTranscript.swift alone."""

    def __init__(self):
        self.state = keccak256(NAME)
        self.held = b""

    def absorb(self, label, data):
        self.held += bytes([label]) + len(data).to_bytes(8, "big") + data
        print("absorb", label, data.hex() or "-")

    def challenges(self, count, label):
        self.state = keccak256(self.state + self.held + bytes([label]) + count.to_bytes(8, "big"))
        self.held = b""
        words = [self.state]
        if count > 1:
            words = [keccak256(self.state + i.to_bytes(32, "big")) for i in range(count)]
        print("challenge", label, *("%064x" % (int.from_bytes(word, "big") % P) for word in words))


def keccak256(data):
    from Crypto.Hash import keccak
    return keccak.new(digest_bits=256, data=data).digest()


# Labels of what is said, and of challenges.
SAID = [*range(1, 7), *range(16, 21), *range(32, 44), *range(64, 70)]
DRAWN = range(96, 116)

source = random.Random(2026)
t = KeccakTranscript() if sys.argv[1:] == ["keccak"] else Transcript()
t.challenges(1, 96)
for step in range(24):
    for _ in range(source.randrange(4)):
        size = source.choice([0, 1, 31, 32, 33, 55, 64, 200])
        t.absorb(source.choice(SAID), bytes(source.randrange(256) for _ in range(size)))
    t.challenges(source.randrange(1, 5), source.choice(DRAWN))

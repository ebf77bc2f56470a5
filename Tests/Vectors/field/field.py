"""Writes field.json: arithmetic in BN254's two prime fields by Python's integers.

Run: python3 field.py > field.json
"""
import json
import random

PRIMES = {
    "r": 21888242871839275222246405745257275088548364400416034343698204186575808495617,
    "q": 21888242871839275222246405745257275088696311157297823662689037894645226208583,
}
random.seed(20261121)


def text(value):
    return format(value, "064x")


def edges(p):
    radix = 2**256
    values = [0, 1, 2, 3, p - 1, p - 2, (p - 1) // 2, (p + 1) // 2]
    values += [radix % p, radix * radix % p, pow(radix, -1, p), -pow(radix, -1, p) % p]
    # Montgomery forms of extreme limbs: a * R mod p has the bits named here.
    ones = 2**64 - 1
    for form in [ones, ones << 64, ones << 128, 2**192 - 1, 2**253, p - 1, p - 2**64]:
        values.append(form * pow(radix, -1, p) % p)
    values += [2**k % p for k in (31, 32, 63, 64, 127, 128, 191, 192, 253, 255)]
    values += [2**k - 1 for k in (32, 64, 128, 192, 253)]
    return values


def main():
    out = {}
    for name, p in PRIMES.items():
        pairs = [(a, b) for a in edges(p) for b in edges(p)[::4]]
        pairs += [(random.randrange(p), random.randrange(p)) for _ in range(200)]
        smalls = [0, 1, -1, 2, -2, 127, -128, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63), 2**62]
        small = [(a, s) for a in edges(p)[::2] for s in smalls]
        small += [(random.randrange(p), random.randrange(-(2**63), 2**63)) for _ in range(100)]
        wide = [0, 1, p, p - 1, 2**256 - 1, 2**256, 2**512 - 1, 2**511, p * p, p << 256]
        wide += [random.randrange(2**512) for _ in range(50)]
        out[name] = {
            "pairs": [
                [text(v) for v in (a, b, (a + b) % p, (a - b) % p, a * b % p)] for a, b in pairs
            ],
            "inverses": [
                [text(a), text(pow(a, -1, p) if a else 0)]
                for a in edges(p) + [random.randrange(p) for _ in range(200)]
            ],
            "small": [[text(a), str(s), text(a * s % p)] for a, s in small],
            "wide": [[format(w, "0128x"), text(w % p)] for w in wide],
            "refused": [text(v) for v in (p, p + 1, 2 * p, 2**254, 2**255, 2**256 - 1)],
            "powers": [
                [text(a), str(e), text(pow(a, e, p))]
                for a in (0, 1, 2, p - 1, random.randrange(p))
                for e in (0, 1, 2, 3, 65537, 2**64 - 1)
            ],
            "sums": [
                {
                    "terms": [[text(a), text(b), str(s)] for a, b, s in terms],
                    "products": text(sum(a * b for a, b, _ in terms) % p),
                    "small": text(sum(a * s for a, _, s in terms) % p),
                }
                for terms in (
                    [],
                    [(p - 1, p - 1, -(2**63))] * 40,
                    [(p - 1, p - 1, 2**63 - 1)] * 40,
                    [((p - 1) * pow(2**256, -1, p) % p,) * 2 + (-(2**63),)] * 40,
                    [((p - 1) * pow(2**256, -1, p) % p,) * 2 + (2**63 - 1,)] * 40,
                    [(random.randrange(p), random.randrange(p), random.randrange(-(2**63), 2**63))
                     for _ in range(100)],
                    [(random.randrange(p), random.randrange(p), random.randrange(-128, 128))
                     for _ in range(100)],
                )
            ],
        }
        if name == "q":
            squares = [random.randrange(p) for _ in range(60)] + [0, 1, 2, 3, 4, p - 1]
            out[name]["squareRoots"] = [
                [text(a), "square" if pow(a, (p - 1) // 2, p) <= 1 else "none"] for a in squares
            ]
    print(json.dumps(out, indent=0))


main()

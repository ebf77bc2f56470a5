"""BN254 G1 by RFC 9380: suite BN254G1_XMD:SHA-256_SVDW_RO_ and Tacit's generators.

Written from the RFC alone (sections 5.2, 5.3.1, 6.6.1, appendix H.1), affine arithmetic on Python
integers. Three uses:

  python3 hash_to_curve.py vectors > hash_to_curve.json
  python3 hash_to_curve.py table > ../../../Sources/CGenerators/generators.bin
  python3 hash_to_curve.py constants
"""
import hashlib
import json
import sys

Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583
B = 3


def inv0(x):
    return pow(x, Q - 2, Q)


def is_square(x):
    return pow(x, (Q - 1) // 2, Q) in (0, 1)


def sqrt(x):
    return pow(x, (Q + 1) // 4, Q)


def sgn0(x):
    return x % 2


def g(x):
    return (x * x * x + B) % Q


def find_z_svdw():
    """Appendix H.1 with A = 0."""
    ctr = 1
    while True:
        for z in (ctr % Q, -ctr % Q):
            gz = g(z)
            hz = -(3 * z * z) * inv0(4 * gz) % Q
            if gz == 0 or hz == 0 or not is_square(hz):
                continue
            if is_square(gz) or is_square(g(-z * inv0(2) % Q)):
                return z
        ctr += 1


Z = find_z_svdw()
C1 = g(Z)
C2 = -Z * inv0(2) % Q
C3 = sqrt(-g(Z) * (3 * Z * Z) % Q)
if sgn0(C3) == 1:
    C3 = Q - C3
assert C3 * C3 % Q == -g(Z) * 3 * Z * Z % Q
C4 = -4 * g(Z) * inv0(3 * Z * Z) % Q


def expand_message_xmd(msg, dst, length):
    if len(dst) > 255:
        dst = hashlib.sha256(b"H2C-OVERSIZE-DST-" + dst).digest()
    ell = (length + 31) // 32
    assert ell <= 255 and length <= 65535
    dst_prime = dst + bytes([len(dst)])
    b0 = hashlib.sha256(
        bytes(64) + msg + length.to_bytes(2, "big") + b"\0" + dst_prime).digest()
    blocks = [hashlib.sha256(b0 + b"\1" + dst_prime).digest()]
    for i in range(2, ell + 1):
        mixed = bytes(x ^ y for x, y in zip(b0, blocks[-1]))
        blocks.append(hashlib.sha256(mixed + bytes([i]) + dst_prime).digest())
    return b"".join(blocks)[:length]


def hash_to_field(msg, dst):
    data = expand_message_xmd(msg, dst, 96)
    return [int.from_bytes(data[48 * i:48 * i + 48], "big") % Q for i in (0, 1)]


def map_to_curve_svdw(u):
    """Section 6.6.1, the steps of the mathematical description."""
    tv1 = u * u * C1 % Q
    tv2 = (1 + tv1) % Q
    tv1 = (1 - tv1) % Q
    tv3 = inv0(tv1 * tv2 % Q)
    tv4 = u * tv1 * tv3 * C3 % Q
    x1 = (C2 - tv4) % Q
    x2 = (C2 + tv4) % Q
    x3 = (Z + C4 * pow(tv2 * tv2 * tv3 % Q, 2, Q)) % Q
    x = x1 if is_square(g(x1)) else x2 if is_square(g(x2)) else x3
    y = sqrt(g(x))
    assert y * y % Q == g(x)
    if sgn0(u) != sgn0(y):
        y = -y % Q
    return x, y


def add(p, q):
    if p is None:
        return q
    if q is None:
        return p
    (x1, y1), (x2, y2) = p, q
    if x1 == x2:
        if (y1 + y2) % Q == 0:
            return None
        slope = 3 * x1 * x1 * inv0(2 * y1) % Q
    else:
        slope = (y2 - y1) * inv0(x2 - x1) % Q
    x3 = (slope * slope - x1 - x2) % Q
    return x3, (slope * (x1 - x3) - y1) % Q


def hash_to_curve(msg, dst):
    u0, u1 = hash_to_field(msg, dst)
    return add(map_to_curve_svdw(u0), map_to_curve_svdw(u1))  # the cofactor is 1


GENERATOR_DST = b"tacit-v1-generators-BN254G1_XMD:SHA-256_SVDW_RO_"


def generators(count):
    """H, then G_1 ... G_count."""
    yield hash_to_curve(b"tacit-v1-H", GENERATOR_DST)
    for i in range(1, count + 1):
        yield hash_to_curve(b"tacit-v1-G" + i.to_bytes(4, "big"), GENERATOR_DST)


def raw(point):
    return point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def text(value):
    return format(value, "064x")


def main():
    if sys.argv[1] == "constants":
        for name, value in (("Z", Z), ("c1", C1), ("c2", C2), ("c3", C3), ("c4", C4)):
            print(name, text(value))
    elif sys.argv[1] == "table":
        sys.stdout.buffer.write(b"".join(raw(p) for p in generators(4096)))
    else:
        dst = b"QUUX-V01-CS02-with-BN254G1_XMD:SHA-256_SVDW_RO_"
        messages = ["", "abc", "abcdef0123456789", "q128_" + "q" * 128, "a512_" + "a" * 512]
        hashes = []
        for m in messages:
            u = hash_to_field(m.encode(), dst)
            x, y = hash_to_curve(m.encode(), dst)
            hashes.append(
                {"message": m, "u": [text(v) for v in u], "x": text(x), "y": text(y)})
        maps = []
        # 0, both signs, and u with u² · c1 = ±1, where the map's denominator vanishes.
        exceptional = [sqrt(s * inv0(C1) % Q) for s in (1, -1) if is_square(s * inv0(C1) % Q)]
        for u in [0, 1, Q - 1, 2, 3, 4, 5, 6, 7, 8, Q - 2] + exceptional:
            x, y = map_to_curve_svdw(u)
            maps.append([text(u), text(x), text(y)])
        print(json.dumps({"dst": dst.decode(), "hashes": hashes, "maps": maps}, indent=1))


main()

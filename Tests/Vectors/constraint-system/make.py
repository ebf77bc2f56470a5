"""Writes outputs.json: the y of every layer of the toy circuits in Tests/Support/Circuits.swift.

Each network is written out here as ordinary loops over nested lists, in plain Python integers; the
numbers come from SplitMix64 with seed 1, drawn in the order in which the circuits draw them.
Run: python3 make.py > outputs.json
"""
import json

MASK = (1 << 64) - 1


class Random:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def array(self, shape, low, high):
        if not shape:
            return low + self.next() % (high - low + 1)
        return [self.array(shape[1:], low, high) for _ in range(shape[0])]


def flat(a):
    return [v for x in a for v in flat(x)] if isinstance(a, list) else [a]


def rescale(acc, m, s):
    return (acc * m + (1 << (s - 1))) >> s


def clip(v, low, high):
    return max(low, min(high, v))


def mlp():
    r, s, widths = Random(1), 8, [8, 6, 4]
    y = {"x": r.array([8], -8, 7)}
    x, reach = y["x"], 8
    for n, (i, o) in enumerate(zip(widths, widths[1:])):
        w, b = r.array([o, i], -7, 7), r.array([o], -20, 20)
        top = ((127 - 8) << s) // (i * 7 * reach + 20)
        m = r.array([o], top // 3, top)
        low = -8 if n == 1 else 0
        x = [clip(rescale(sum(p * q for p, q in zip(w[j], x)) + b[j], m[j], s), low, low + 15) for j in range(o)]
        y[f"l{n}"], reach = x, 15
    return y


def tiny():
    r = Random(1)
    y = {"x": r.array([2], -4, 3)}
    x = y["x"]
    for n in range(2):
        w, m = r.array([2, 2], -2, 2), r.array([2], 3, 7)
        x = [clip(rescale(w[j][0] * x[0] + w[j][1] * x[1], m[j], 4), 0, 3) for j in range(2)]
        y[f"l{n}"] = x
    return y


def elementwise():
    r = Random(1)
    x, z = r.array([5, 3], -8, 7), r.array([5, 3], -8, 7)
    p = [[a * b for a, b in zip(u, v)] for u, v in zip(x, z)]
    qk = [[clip(rescale(sum(a * b for a, b in zip(u, v)), 40, 8), 0, 15) for v in z] for u in x]
    sq = [[clip(rescale(p[i][j] * x[i][j] + 3 * z[i][j], 16, 8), 0, 15) for j in range(3)] for i in range(5)]
    return {"x": x, "z": z, "p": p, "qk": qk, "sq": sq}


def at(image, h, w):
    return image[h][w] if 0 <= h < len(image) and 0 <= w < len(image[0]) else 0


def depthwise():
    r = Random(1)
    x, w, m = r.array([3, 5, 5], -8, 7), r.array([3, 3, 3], -3, 3), r.array([3], 60, 120)
    d = [[[clip(rescale(sum(w[c][a][b] * at(x[c], 2 * i + a - 1, 2 * j + b - 1) for a in range(3) for b in range(3)),
                        m[c], 8), -4, 11) for j in range(3)] for i in range(3)] for c in range(3)]
    return {"x": x, "d": d}


def convnet():
    r = Random(1)
    x = r.array([2, 5, 5], -8, 7)
    w, b, m = r.array([3, 2, 3, 3], -3, 3), r.array([3], -20, 20), r.array([3], 40, 80)
    conv = [[[clip(rescale(b[o] + sum(w[o][c][k][l] * at(x[c], i + k - 1, j + l - 1)
                                      for c in range(2) for k in range(3) for l in range(3)), m[o], 8), 0, 15)
              for j in range(5)] for i in range(5)] for o in range(3)]
    res = [[[conv[o][i][j] + x[0][i][j] for j in range(5)] for i in range(5)] for o in range(3)]
    p1 = [[[max(row[2 * j], row[2 * j + 1]) for j in range(2)] for row in plane] for plane in res]
    p1r = [[[max(row[2 * j] - row[2 * j + 1], 0) for j in range(2)] for row in plane] for plane in res]
    p2 = [[[max(pl[2 * i][j], pl[2 * i + 1][j]) for j in range(2)] for i in range(2)] for pl in p1]
    p2r = [[[max(pl[2 * i][j] - pl[2 * i + 1][j], 0) for j in range(2)] for i in range(2)] for pl in p1]
    avg = [[[rescale(sum(pl[i + a][j + e] for a in range(3) for e in range(3)), 28, 8)
             for j in range(3)] for i in range(3)] for pl in res]
    f, g = r.array([4, 3, 2, 2], -3, 3), r.array([4, 3, 3, 3], -3, 3)
    fb, fm = r.array([4], -20, 20), r.array([4], 20, 40)
    dot = lambda u, v: sum(a * c for a, c in zip(flat(u), flat(v)))
    out = [clip(rescale(dot(f[z], p2) + dot(g[z], avg) + fb[z], fm[z], 8), -8, 7) for z in range(4)]
    return {"x": x, "conv": conv, "res": res, "p1r": p1r, "p1": p1, "p2r": p2r, "p2": p2, "avg": avg, "out": out}


networks = [tiny, mlp, elementwise, depthwise, convnet]
print("{")
for n, f in enumerate(networks):
    values = {k: flat(v) for k, v in f().items()}
    print(f' "{f.__name__}": {json.dumps(values)}' + ("," if n < len(networks) - 1 else ""))
print("}")

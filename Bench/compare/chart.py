"""The results of compare.py as a line of text and as a chart for docs/benchmarks.md."""

from math import ceil, floor, log10

LABELS = {
    "digits-mlp": "digits MLP, 2.4 k parameters", "784-128-10": "784-128-10, 102 k",
    "lenet5": "LeNet-5 max-pool, 62 k", "ad01": "ad01 shape, 270 k",
    "kws": "kws shape, 23 k", "resnet-8": "ResNet-8 shape, 78 k",
}
PANELS = [("Time to prove", "prove_s"), ("Memory to prove", "prove_peak_bytes"),
          ("Proving key", "prover_key_bytes")]


def amount(value: float, key: str) -> str:
    if key.endswith("_s"):
        steps = [(60, 60, "min"), (1, 1, "s"), (0, 1e-3, "ms")]
    else:
        steps = [(1e9, 1e9, "GB"), (1e6, 1e6, "MB"), (0, 1e3, "KB")]
    for least, unit, name in steps:
        if value >= least:
            number = value / unit
            return f"{number:.1f} {name}" if number < 10 else f"{number:.0f} {name}"
    return ""


def ratio(one: dict, key: str) -> str:
    ours, theirs = one["tacit"].get(key), one["ezkl"].get(key)
    return f"{theirs / ours:,.0f}×" if ours and theirs else ""


def row(one: dict) -> str:
    keys = ["prove_s", "verify_s", "prove_peak_bytes", "prover_key_bytes", "proof_bytes"]
    names = ["prove", "verify", "memory", "key", "proof"]
    if "unfinished" in one["tacit"]:
        return f'{one["network"]}: Tacit: {one["tacit"]["unfinished"]}'
    if "unfinished" in one["ezkl"]:
        ours = ", ".join(f'{n} {amount(one["tacit"][k], k)}' for n, k in zip(names, keys))
        return f'{one["network"]}: Tacit: {ours}; EZKL: {one["ezkl"]["unfinished"]}'
    parts = [
        f'{n} {amount(one["tacit"][k], k)} beside {amount(one["ezkl"][k], k)}'
        for n, k in zip(names, keys)
    ]
    return f'{one["network"]}: ' + ", ".join(parts)


STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .head { font-weight: 600 }
  .small { font-size: 11.5px; fill: #59636e }
  .grid { stroke: #d1d9e0 } .tacit { fill: #1a7f5a } .ezkl { fill: #b3bcc6 }
  .open { fill: none; stroke: #b3bcc6; stroke-dasharray: 3 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .small { fill: #9198a1 } .grid { stroke: #3d444d }
    .tacit { fill: #3fb984 } .ezkl { fill: #656c76 } .open { stroke: #656c76 }
  }
"""
LEFT, BARS, GAP, GROUP, TOP = 196, 150, 86, 42, 62


def svg(record: dict) -> str:
    results = record["results"]
    width = LEFT + len(PANELS) * (BARS + GAP)
    height = TOP + GROUP * len(results) + 34
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" '
        f'aria-label="Tacit and EZKL proving the same networks">',
        f"<style>{STYLE}</style>",
        '<rect class="tacit" x="0" y="4" width="12" height="12"/><text x="18" y="15">Tacit</text>',
        f'<rect class="ezkl" x="66" y="4" width="12" height="12"/>'
        f'<text x="84" y="15">EZKL {record["ezkl"]}</text>',
    ]
    for index, one in enumerate(results):
        y = TOP + GROUP * index
        out.append(f'<text x="0" y="{y + 19}">{LABELS[one["network"]]}</text>')
    for panel, (title, key) in enumerate(PANELS):
        x = LEFT + panel * (BARS + GAP)
        known = [one[s][key] for one in results for s in ("tacit", "ezkl") if key in one[s]]
        low, high = floor(log10(min(known))), ceil(log10(max(known)))
        at = lambda value: BARS * (log10(value) - low) / (high - low)
        out.append(f'<text class="head" x="{x}" y="38">{title}</text>')
        for decade in range(low, high + 1):
            line = x + at(10.0**decade)
            out.append(
                f'<line class="grid" x1="{line:.1f}" x2="{line:.1f}" y1="{TOP - 14}" '
                f'y2="{TOP + GROUP * len(results) - 6}"/>')
        for index, one in enumerate(results):
            for lane, system in enumerate(("tacit", "ezkl")):
                y = TOP + GROUP * index + 15 * lane
                if key in one[system]:
                    length, text, style = at(one[system][key]), amount(one[system][key], key), system
                    if system == "ezkl" and ratio(one, key):
                        text += f" · {ratio(one, key)}"
                elif system == "ezkl" and "unfinished" in one[system]:
                    length, style = BARS, "open"
                    text = one[system]["unfinished"] if panel == 0 else ""
                else:
                    continue
                out.append(
                    f'<rect class="{style}" x="{x}" y="{y}" width="{max(length, 1.5):.1f}" '
                    f'height="11"/><text class="small" x="{x + max(length, 1.5) + 5:.1f}" '
                    f'y="{y + 10}">{text}</text>')
    out.append(
        f'<text class="small" x="0" y="{height - 8}">Logarithmic scales. Last run on '
        f'{record["machine"]}; lines not run again then are of an earlier one.</text></svg>')
    return "\n".join(out) + "\n"

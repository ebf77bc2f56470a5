"""What action.yml runs: checks proofs, and tells a workflow what they prove.

It is asked by variables of the environment, TACIT_KEY to TACIT_FOLDER, and answers in the files that GITHUB_OUTPUT and
GITHUB_STEP_SUMMARY name, where they are set. It exits as the command does: 0, 1 for a rejected proof, 2 for bad input.
"""

from __future__ import annotations

import base64
import glob
import hashlib
import html
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from . import __version__
from ._errors import InputError, Rejected, TacitError
from ._keys import Verifier
from ._results import Result, Tensor, Verdict

#: What the Statement says of its subjects. A name, and no address.
PREDICATE_TYPE = "urn:tacit:attestation:inference:1"


def _context(text: str) -> Optional[bytes]:
    if not text:
        return None
    if not text.startswith("0x"):
        return text.encode()
    try:
        return bytes.fromhex(text[2:])
    except ValueError:
        raise InputError(f"the context {text!r} is no hexadecimal digits after 0x") from None


def _paths(patterns: str) -> List[str]:
    paths: List[str] = []
    for pattern in filter(None, map(str.strip, patterns.splitlines())):
        found = sorted(glob.glob(pattern, recursive=True)) or ([pattern] if os.path.exists(pattern) else [])
        if not found:
            raise InputError(f"no proof is found at {pattern!r}")
        paths += [path for path in found if path not in paths]
    if not paths:
        raise InputError("there is no proof to verify")
    return paths


def _check_output(key: str, proof: str, model_id: str, output: str) -> None:
    """The command compares an output with what was proven."""
    words = ["verify", key, proof, "--model-id", model_id, "--output", output, "--json"]
    ran = subprocess.run([sys.executable, "-m", "tacit", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if ran.returncode != 0:
        said = json.loads(ran.stdout)
        raise (Rejected if ran.returncode == 1 else InputError)(said["message"], said["kind"], said)


def _digest(data: bytes) -> Dict[str, str]:
    return {"sha256": hashlib.sha256(data).hexdigest()}


def _tensor(tensor: Tensor) -> Dict[str, Any]:
    integers = tensor.integer_list()
    about: Dict[str, Any] = {"name": tensor.name, "visibility": tensor.visibility, "shape": list(tensor.shape)}
    if integers is not None:
        # Of the integers that are proven, eight bytes each, little endian.
        about["digest"] = _digest(b"".join(integer.to_bytes(8, "little", signed=True) for integer in integers))
    return about


def statement(key: Tuple[str, bytes], proofs: List[Tuple[str, bytes, Result]]) -> Dict[str, Any]:
    """An in-toto Statement: its subjects are the proofs' files, as tools compare digests of files."""
    first = proofs[0][2]
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": _digest(data)} for name, data, _ in proofs],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            # A model id is no digest of a file, so it has a name of its own.
            "model": {"name": first.model_name, "digest": {"tacitModelId": first.model_id}},
            "verifierKey": {"name": key[0], "digest": _digest(key[1])},
            "verifier": {"name": "tacit", "version": __version__},
            "proofs": [
                {
                    "name": name,
                    "context": base64.b64encode(result.context).decode(),
                    "inferences": result.inferences,
                    "inputs": [_tensor(tensor) for tensor in result.inputs],
                    "outputs": [_tensor(tensor) for tensor in result.outputs],
                }
                for name, _, result in proofs
            ],
        },
    }


def _told(verdict: Verdict) -> str:
    if verdict.result is None:
        return str(verdict.error)
    return "; ".join(" ".join(tensor._row()[2:]) for tensor in verdict.result.outputs)


def _cell(text: str) -> str:
    """Text in a table of Markdown's: no markup, no new cell, no new line."""
    return html.escape(" ".join(text.split())).replace("|", "&#124;").replace("`", "&#96;")


def _write(variable: str, text: str) -> None:
    path = os.environ.get(variable)
    if path:
        with open(path, "a", encoding="utf-8") as stream:
            stream.write(text)


def _command(kind: str, text: str) -> None:
    """An annotation of the run; the text gives no command of its own."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::{kind}::{escaped}")


def run(environment: Any) -> int:
    key_path, model_id = environment["TACIT_KEY"], environment["TACIT_MODEL_ID"].strip()
    if not model_id:
        raise InputError("model-id is the model that you expect; without it a key of any model would do")
    context, paths = _context(environment.get("TACIT_CONTEXT", "")), _paths(environment["TACIT_PROOFS"])
    output, folder = environment.get("TACIT_OUTPUT", ""), Path(environment.get("TACIT_FOLDER") or "tacit-results")
    if output and len(paths) != 1:
        raise InputError(f"an output is that of one proof, and there are {len(paths)}")
    key = Path(key_path).read_bytes()
    verifier = Verifier(key, model_id=model_id)
    files = [Path(path).read_bytes() for path in paths]
    verdicts = verifier.verify_all(files, model_id=model_id, context=context)
    if output and verdicts[0].ok:
        _check_output(key_path, paths[0], model_id, output)

    held = sum(verdict.ok for verdict in verdicts)
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / "results.json"
    listed = [
        {
            "proof": path, "verified": verdict.ok, "kind": verdict.error.kind if verdict.error else None,
            "message": str(verdict.error) if verdict.error else None,
            "outputs": [
                {"name": tensor.name, "shape": list(tensor.shape), "values": tensor.tolist()}
                for tensor in (verdict.result.outputs if verdict.result else [])
            ],
        }
        for path, verdict in zip(paths, verdicts)
    ]  # fmt: skip
    about = {"model_id": verifier.model_id, "verified": held, "rejected": len(paths) - held, "proofs": listed}
    results.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    stated = ""
    if held == len(paths):
        proven = [(path, file, verdict.unwrap()) for path, file, verdict in zip(paths, files, verdicts)]
        stated = str(folder / "statement.json")
        Path(stated).write_text(json.dumps(statement((key_path, key), proven), indent=1) + "\n", encoding="utf-8")
    _write(
        "GITHUB_OUTPUT",
        f"model-id={verifier.model_id}\nverified={held}\nresults={results}\nstatement={stated}\n",
    )
    rows = [
        f"| {_cell(path)} | {'verified' if verdict.ok else '**rejected**'} | {_cell(_told(verdict))} |"
        for path, verdict in zip(paths, verdicts)
    ]
    _write(
        "GITHUB_STEP_SUMMARY",
        f"### {held} of {len(paths)} proofs hold, of model `{verifier.model_id}`\n\n"
        + "| proof | | |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n",
    )  # fmt: skip
    print(f"{held} of {len(paths)} proofs hold, of model {verifier.model_id}")
    for path, verdict in zip(paths, verdicts):
        if verdict.error:
            _command("error", f"{path}: {verdict.error}")
    return 0 if held == len(paths) else 1


def main() -> int:
    try:
        return run(os.environ)
    except (TacitError, OSError) as error:
        word = "Rejected" if isinstance(error, Rejected) else "Not checked"
        text = str(error) if isinstance(error, TacitError) else f"{error.filename}: {error.strerror}"
        _command("error", text)
        _write("GITHUB_STEP_SUMMARY", f"### {word}\n\n{_cell(text)}\n")
        return 1 if isinstance(error, Rejected) else 2


if __name__ == "__main__":
    sys.exit(main())

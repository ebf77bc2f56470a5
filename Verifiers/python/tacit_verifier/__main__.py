"""The command `python3 -m tacit_verifier KEY PROOF…`, which prints a verdict and what was proven (`docs/protocol/verification.md#outputs`)."""

import argparse
import json
import sys
from pathlib import Path

from . import batches, key_proofs, last_steps
from .circuit import PUBLIC
from .last_steps import NAMES
from .refusal import Refused, demand
from .verification import Key, Proof, argue

VISIBILITIES = ("public", "private", "committed")
TYPES = ("float32", "int8", "uint8", "int16", "int32", "int64")


def parse_arguments():
  """The command's arguments."""
  parser = argparse.ArgumentParser(prog="tacit_verifier", description="Check proofs and print what they prove.")
  parser.add_argument("key", metavar="KEY", help="a verifier key")
  parser.add_argument("proofs", metavar="PROOF", nargs="*", help="proofs under the key")
  parser.add_argument("--context", help="refuse a proof that is bound to anything else: text, or digits after 0x")
  parser.add_argument("--model-id", help="refuse a key of any other model: 64 hexadecimal digits")
  parser.add_argument("--key-proof", help="check first that every weight of the key is an integer of its type")
  parser.add_argument("--json", action="store_true", help="print one JSON object")
  return parser.parse_args()


def expected_context(text):
  """The bytes of a context that is given as text, or as digits after 0x."""
  if text is None:
    return None
  return bytes.fromhex(text[2:]) if text.startswith("0x") else text.encode("utf-8")


def check_key(data, model_id, key_proof):
  """Reads a key that is of the expected model and has the key proof, or refuses it."""
  key = Key(data)
  demand(model_id is None or key.model_id == model_id, "a key of another model")
  if key_proof is not None:
    key_proofs.verify(key, key_proof)
  return key


def check_proofs(key, files, context):
  """For each file its proof and `None`, or `None` and the reason of its refusal (`docs/protocol/batches.md#many-proofs`)."""
  results, argued = [], []
  for data in files:
    try:
      proof = Proof(key, data)
      demand(context is None or proof.context == context, "a proof of another context")
      argued.append((len(results), argue(key, proof)))
      results.append((proof, None))
    except Refused as refusal:
      results.append((None, str(refusal)))
  if len(argued) > 1 and batches.joint_equation(key.circuit.scheme, [argument for _, argument in argued]).vanishes():
    return results
  for place, argument in argued:
    if not argument.group.vanishes():
      results[place] = (None, "the final check fails")
  return results


def describe_port(key, proof, number):
  """What was proven of one port (`docs/protocol/verification.md#outputs`)."""
  port, key_port = proof.circuit.ports[number], key.circuit.ports[number]
  found = {
    "name": port.name, "visibility": VISIBILITIES[port.visibility], "shape": list(port.shape), "type": TYPES[port.type],
    "scale": port.scale, "zero_point": port.zero_point, "integers": proof.values[number],
  }
  if port.padding:
    found["counts"] = proof.counts[number]
  output = number - len(key.circuit.inputs)
  if port.visibility == PUBLIC and output >= 0 and key.circuit.final_steps[output]:
    found["final"] = final_values(key_port, key.circuit.final_steps[output], proof.values[number], proof.inferences)
  return found


def final_values(port, steps, integers, inferences):
  """What last steps make of an output, inference by inference (`docs/protocol/last-steps.md`)."""
  size, values = len(integers) // inferences, []
  for i in range(inferences):
    result, form = last_steps.run(port, steps, integers[i * size:(i + 1) * size])
    values += result
  shape = form.shape if inferences == 1 else batches.batched_shape(form.shape, inferences)
  return {"steps": [NAMES[step.kind] for step in steps], "shape": list(shape), "type": TYPES[form.type], "values": values}


def describe(key, proof, reason):
  """The verdict on one proof, and what it proves."""
  if proof is None:
    return {"verified": False, "message": reason}
  inputs = range(len(key.circuit.inputs))
  outputs = range(len(key.circuit.inputs), len(key.circuit.ports))
  return {
    "verified": True, "model_id": key.model_id.hex(), "inferences": proof.inferences, "context": proof.context.hex(),
    "inputs": [describe_port(key, proof, i) for i in inputs], "outputs": [describe_port(key, proof, i) for i in outputs],
  }


def print_plainly(name, verdict):
  """Prints a verdict as lines of text."""
  if not verdict["verified"]:
    print(f"{name}: refused: {verdict['message']}")
    return
  print(f"{name}: verified, {verdict['inferences']} inference(s), context {verdict['context'] or 'empty'}")
  for port in verdict["inputs"] + verdict["outputs"]:
    counts = f", counts {port['counts']}" if "counts" in port else ""
    print(f"  {port['name']}: {port['visibility']}{counts}{'' if port['integers'] is None else ' ' + str(port['integers'])}")
    if "final" in port:
      print(f"    not proven: {', '.join(port['final']['steps'])}: {port['final']['values']}")


def main():
  """Runs the command; 0 says verified, 1 refused, 2 that there was nothing to check."""
  options = parse_arguments()
  try:
    context = expected_context(options.context)
    model_id = None if options.model_id is None else bytes.fromhex(options.model_id)
    key_data, files = Path(options.key).read_bytes(), [Path(name).read_bytes() for name in options.proofs]
    key_proof = options.key_proof and Path(options.key_proof).read_bytes()
  except (OSError, ValueError) as error:
    print(f"tacit_verifier: error: {error}", file=sys.stderr)
    return 2
  if not files and key_proof is None:
    print("tacit_verifier: error: nothing to check", file=sys.stderr)
    return 2
  try:
    key = check_key(key_data, model_id, key_proof)
  except Refused as refusal:
    verdict = {"verified": False, "message": str(refusal)}
    print(json.dumps(verdict)) if options.json else print_plainly(options.key, verdict)
    return 1
  verdicts = [describe(key, *result) for result in check_proofs(key, files, context)]
  verified = all(verdict["verified"] for verdict in verdicts)
  if options.json:
    print(json.dumps(verdicts[0] if len(verdicts) == 1 else {"verified": verified, "proofs": verdicts}))
  else:
    for name, verdict in zip(options.proofs, verdicts):
      print_plainly(name, verdict)
  return 0 if verified else 1


sys.exit(main())

// The verifier in WebAssembly on every vector, and beside the native one on altered keys and proofs.
//
//   node Verifiers/web/test.mjs [TACIT] [COUNT]

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Refusal, Verifier } from "./tacit.js";

const root = new URL("../../", import.meta.url);
const read = (path) => new Uint8Array(readFileSync(new URL(path, root)));
const verifier = await Verifier.load(read(".build/wasm/tacit.wasm"));
let failures = 0;

function fail(name, told) {
  failures += 1;
  console.error(`${name}: ${told}`);
}

/** SHA-256 of all public integers, each in eight bytes, big-endian. */
function digest(found) {
  const hash = createHash("sha256");
  for (const tensor of [...found.inputs, ...found.outputs]) {
    if (!tensor.integers) continue;
    const bytes = Buffer.alloc(8 * tensor.integers.length);
    tensor.integers.forEach((value, place) => bytes.writeBigInt64BE(BigInt(value), 8 * place));
    hash.update(bytes);
  }
  return hash.digest("hex");
}

function edited(bytes, edit) {
  if (!edit) return bytes;
  const [at, count, hex] = edit;
  return new Uint8Array([...bytes.slice(0, at), ...Buffer.from(hex, "hex"), ...bytes.slice(at + count)]);
}

function verdict(key, proof, keyProof) {
  try {
    if (keyProof) {
      verifier.verifyKeyProof(key, keyProof);
      return ["accepted"];
    }
    if (proof) return ["accepted", digest(verifier.verify(key, proof))];
    verifier.describe(key);
    return ["key accepted"];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.kind === "unchecked") return [error.message];
    return [error.kind === "verifier_key" ? "key refused" : "proof refused"];
  }
}

function vectors() {
  const folder = "Tests/Vectors/proofs/";
  const cases = JSON.parse(readFileSync(new URL(`${folder}manifest.json`, root)));
  for (const one of cases) {
    const key = edited(read(folder + one.key), one.key_edit);
    const shown = one.proof ?? one.key_proof;
    const proven = shown && edited(read(folder + shown), one.proof_edit);
    const [found, integers] = verdict(key, one.proof && proven, one.key_proof && proven);
    if (found !== one.verdict) fail(one.name, `${found} where ${one.verdict} is expected`);
    else if (one.integers && integers !== one.integers) fail(one.name, "other integers");
  }
  return cases.length;
}

/** A generator of numbers from a seed: a run can be repeated. */
function generator(seed) {
  let state = BigInt(seed);
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(below));
  };
}

function altered(bytes, random) {
  const place = random(bytes.length);
  switch (random(5)) {
    case 0: return new Uint8Array([...bytes.slice(0, place), ...bytes.slice(place + 1)]);
    case 1: return new Uint8Array([...bytes.slice(0, place), random(256), ...bytes.slice(place)]);
    case 2: return bytes.slice(0, place);
    default: {
      const changed = bytes.slice();
      changed[place] ^= 1 << random(8);
      return changed;
    }
  }
}

function differences(tacit, count) {
  const folder = mkdtempSync(join(tmpdir(), "tacit-web-"));
  const random = generator(1);
  const names = ["dense", "embedding", "quotient", "masked-maximum", "committed-limbs", "padded", "floats", "srs-dense"];
  for (let number = 0; number < count; number++) {
    const name = names[random(names.length)];
    let key = read(`Tests/Vectors/proofs/${name}.verifier`);
    let proof = read(`Tests/Vectors/proofs/${name}-1.proof`);
    if (random(3) === 0) key = altered(key, random);
    else proof = altered(proof, random);
    writeFileSync(join(folder, "k.verifier"), key);
    writeFileSync(join(folder, "p.proof"), proof);
    const native = spawnSync(tacit, ["verify", join(folder, "k.verifier"), join(folder, "p.proof"), "--json"], { encoding: "utf8" });
    const [found] = proof.length ? verdict(key, proof) : ["proof refused"];
    if ((native.status === 0) !== (found === "accepted")) fail(`${name}, alteration ${number}`, `native ${native.status}, here ${found}`);
  }
  rmSync(folder, { recursive: true });
}

const [tacit, count = "300"] = process.argv.slice(2);
const started = performance.now();
const cases = vectors();
console.log(`${cases} vectors in ${((performance.now() - started) / 1000).toFixed(1)} s`);
if (tacit) {
  differences(tacit, Number(count));
  console.log(`${count} altered files, beside ${execFileSync(tacit, ["--version"], { encoding: "utf8" }).trim()}`);
}
for (const name of ["tacit-private", "tacit-ds-cnn"]) {
  const [key, proof] = [read(`Tests/Vectors/proofs/${name}.verifier`), read(`Tests/Vectors/proofs/${name}.proof`)];
  let least = Infinity;
  for (let run = 0; run < 5; run++) {
    const begun = performance.now();
    verifier.verify(key, proof);
    least = Math.min(least, performance.now() - begun);
  }
  console.log(`${name}: ${least.toFixed(0)} ms`);
}
if (failures) {
  console.error(`${failures} failures`);
  process.exit(1);
}

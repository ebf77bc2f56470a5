// Tacit's verifier in a browser, a worker or node: the very Swift sources that verify everywhere, as WebAssembly.
//
//   import { Verifier } from "./tacit.js";
//   const verifier = await Verifier.load(bytesOrUrlOfTacitWasm);
//   const inference = verifier.verify(keyBytes, proofBytes, { modelId, context });
//
// Nothing is fetched but the module itself, where an address is given; nothing is sent anywhere.

/** Why a key or a proof is not accepted. `kind` is that of `tacit verify --json`: "refused_proof", "verifier_key", … */
export class Refusal extends Error {
  constructor(kind, message) {
    super(message);
    this.name = "Refusal";
    this.kind = kind;
  }
}

/** Verifies proofs. Each call has a memory of its own, so nothing of one key or proof is left to the next. */
export class Verifier {
  #module;

  constructor(module) {
    this.#module = module;
  }

  /**
   * @param {BufferSource | string | URL} source the bytes of tacit.wasm, or its address.
   * @returns {Promise<Verifier>}
   */
  static async load(source = new URL("tacit.wasm", import.meta.url)) {
    if (typeof source === "string" || source instanceof URL) {
      source = await (await fetch(source)).arrayBuffer();
    }
    return new Verifier(await WebAssembly.compile(source));
  }

  /**
   * Reads a verifier key.
   *
   * @param {Uint8Array} key the bytes of a .verifier file, of anyone's making.
   * @returns {object} model_id, model, inputs, outputs, layers, values, weights.
   * @throws {Refusal}
   */
  describe(key) {
    return tensors(this.#call(key, new Uint8Array(0), false));
  }

  /**
   * Verifies a proof of inferences.
   *
   * @param {Uint8Array} key the bytes of a .verifier file.
   * @param {Uint8Array} proof the bytes of a .proof file.
   * @param {{modelId?: string, context?: Uint8Array}} expected what the caller knows already: the model, in
   *   hexadecimal, and what the proof has to be bound to.
   * @returns {object} what was proven, with the members of `tacit verify --json`; `integers` of a tensor are an
   *   Int32Array or a BigInt64Array, reals a Float32Array.
   * @throws {Refusal} where anything is not as it has to be.
   */
  verify(key, proof, { modelId, context } = {}) {
    const found = tensors(this.#call(key, this.#proof(proof), false));
    expect(found.model_id, modelId);
    if (context !== undefined && hexadecimal(context) !== found.context) {
      throw new Refusal("other_context", `the proof is bound to context 0x${found.context}, not to 0x${hexadecimal(context)}`);
    }
    return found;
  }

  /**
   * Verifies that every weight of a key is of the type that the key declares.
   *
   * @param {Uint8Array} keyProof the bytes of a .keyproof file.
   * @throws {Refusal}
   */
  verifyKeyProof(key, keyProof, { modelId } = {}) {
    const found = this.#call(key, this.#proof(keyProof), true);
    expect(found.model_id, modelId);
    return found;
  }

  #proof(bytes) {
    // No byte says to the module that there is only a key.
    if (bytes.length === 0) throw new Refusal("malformed_proof", "the proof cannot be read: it has no byte");
    return bytes;
  }

  #call(key, proof, isKeyProof) {
    const random = (at, count) => crypto.getRandomValues(new Uint8Array(memory.buffer, at, count));
    const { allocate, verify, memory } = new WebAssembly.Instance(this.#module, { tacit: { random } }).exports;
    const place = (bytes) => {
      const at = allocate(bytes.length);
      new Uint8Array(memory.buffer, at, bytes.length).set(bytes);
      return at;
    };
    let found;
    try {
      const at = verify(place(key), key.length, place(proof), proof.length, isKeyProof ? 1 : 0);
      const length = new DataView(memory.buffer).getUint32(at, true);
      found = JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, at + 4, length)));
    } catch (error) {
      // Whatever goes wrong, nothing was proven.
      throw new Refusal("unchecked", `it could not be checked here: ${error.message}`);
    }
    if (found.verified === false) throw new Refusal(found.kind, found.message);
    return found;
  }
}

function expect(found, modelId) {
  if (modelId !== undefined && found !== modelId.toLowerCase()) {
    throw new Refusal("pinned_model", `the key is of model ${found}, not of the model asked for, ${modelId.toLowerCase()}`);
  }
}

export function hexadecimal(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Numbers as the module cannot write them in JSON. */
function tensors(found) {
  for (const tensor of [...(found.inputs ?? []), ...(found.outputs ?? [])]) {
    tensor.scale = double(tensor.scale_bits);
    delete tensor.scale_bits;
    tensor.zero_point = number(tensor.zero_point);
    if (tensor.integers) tensor.integers = integers(tensor.integers, tensor.type);
    if (tensor.final) final(tensor.final);
  }
  if (found.final) final(found.final);
  return found;
}

function final(output) {
  output.values =
    output.type === "float32"
      ? new Float32Array(Uint32Array.from(output.values).buffer)
      : integers(output.values, output.type);
}

function integers(texts, type) {
  return type === "int64" ? BigInt64Array.from(texts, BigInt) : Int32Array.from(texts, Number);
}

function number(text) {
  const value = BigInt(text);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function double(bits) {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

/** The reals that the integers of a tensor stand for. */
export function reals(tensor) {
  if (tensor.type === "float32") return new Float32Array(tensor.integers.buffer);
  return Float64Array.from(tensor.integers, (value) => tensor.scale * (Number(value) - Number(tensor.zero_point)));
}

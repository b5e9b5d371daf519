// Answers the tests' questions to single functions of the verifier: a JSON list of [name, arguments] on standard input, a
// list of {value} or {refused} on standard output. Bytes travel as {"hex": ...}.

import * as verifier from "../../verifier/coldcheck-verify.mjs";

const FUNCTIONS = {
  ...verifier,
  rootOfLeaves: (leaves) => verifier.rootOf(leaves.map(verifier.leafHash)),
  openCheckpoint: (bytes, vkey) => verifier.openCheckpoint(bytes, verifier.readVkey(vkey)),
  verifyNote: async (bytes, vkey) => {
    const key = verifier.readVkey(vkey);
    const { text, signatures } = verifier.readNote(bytes);
    const own = signatures.find(({ name, keyId }) => name === key.name && keyId === key.keyId);
    return { text, fits: await verifier.verifyEd25519(key.publicBytes, own.signature, verifier.ascii(text)) };
  },
  acting: ({ name, keyClass, publicBytes, signature, message }) => {
    const key = verifier.actingKey({ name, keyClass, publicBytes, owner: null });
    return verifier.verifyEs256(key, signature, message).then((fits) => ({ keyId: key.keyId, fits }));
  },
  passkey: async ({ name, publicBytes, signature, line1, rp, origins }) => {
    const key = verifier.actingKey({ name, keyClass: "passkey", publicBytes, owner: null });
    return { keyId: key.keyId, fits: await verifier.verifyPasskey(key, signature, line1, { rp, origins }) };
  },
  // An export in memory; `listed` takes keys.json at its word, for vectors whose entries enrol nobody.
  verifyFiles: ({ files, listed = false, ...options }) =>
    verifier.verifyExport({
      read: (path) => files[path] ?? null,
      list: Object.keys(files),
      ...(listed ? { book: new verifier.ListedKeys(files["keys.json"]) } : {}),
      ...options,
    }),
};

const isHex = (value) => typeof value === "object" && value !== null && Object.keys(value).length === 1 && typeof value.hex === "string";
const toBytes = (_, value) => (isHex(value) ? verifier.fromHex(value.hex, "a test's bytes") : value);
const fromBytes = (_, value) => (value instanceof Uint8Array ? { hex: verifier.hex(value) } : value);

async function answer([name, args]) {
  try {
    return { value: (await FUNCTIONS[name](...args)) ?? null };
  } catch (problem) {
    if (problem instanceof verifier.BadRecord) return { refused: problem.message };
    throw problem;
  }
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const questions = JSON.parse(Buffer.concat(chunks).toString(), toBytes);
const answers = [];
for (const question of questions) answers.push(await answer(question));
process.stdout.write(JSON.stringify(answers, fromBytes));

// An independent verifier of exported Coldcheck logs: one module, no dependencies, for Node 20 or newer and for browsers.
//
// Written from docs/format.md and tests/vectors alone; it shares no code with the software that writes the logs.
// Promises: `ok` is true only if every byte of the export's files is what the log's key and the authors' keys signed, with
// every key counted by its place in the log as the entries themselves say. The first flaw is named by entry or by file.
// Does not do: judge acts under rulebooks, read openings, or know the log's key from anywhere but the caller or the copy.
// Reads no disk, network or clock: `read` and `list` come from the caller.
//
//     const report = await verifyExport({ read: (path, limit) => bytesOrNull, list: [...paths], vkey: null })

// --- what can be wrong ----------------------------------------------------------------------------------------------

/** Something is not as signed or not in the format. `entry` is the entry it was found at, null when it is a file's. */
export class BadRecord extends Error {
  constructor(reason, entry = null) {
    super(reason);
    this.entry = entry;
  }
}

/** This machine cannot decide: a missing algorithm, a file that cannot be read. Never to be taken for a good result. */
export class CannotVerify extends Error {}

// --- SHA-256 (FIPS 180-4), synchronous: WebCrypto's is a promise for every node of the tree --------------------------

const K = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
  0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
  0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
  0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
  0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const W = new Int32Array(64);
const START = Int32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);

let padded = new Uint8Array(1 << 17); // one buffer for every call: a call runs to its end before the next begins
let words = new DataView(padded.buffer);

/** The SHA-256 of all `parts` joined, 32 bytes. */
export function sha256(...parts) {
  let size = 0;
  for (const part of parts) size += part.length;
  const end = (((size + 8) >>> 6) + 1) << 6;
  if (end > padded.length) {
    padded = new Uint8Array(2 * end);
    words = new DataView(padded.buffer);
  }
  let at = 0;
  for (const part of parts) {
    padded.set(part, at);
    at += part.length;
  }
  padded.fill(0, size, end);
  padded[size] = 0x80;
  words.setUint32(end - 8, Math.floor(size / 0x20000000));
  words.setUint32(end - 4, (size << 3) >>> 0);
  const state = new Int32Array(START);
  for (let block = 0; block < end; block += 64) compress(state, words, block);
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  for (let i = 0; i < 8; i++) out.setInt32(4 * i, state[i]);
  return digest;
}

function compress(state, view, block) {
  for (let i = 0; i < 16; i++) W[i] = view.getInt32(block + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15];
    const y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7]; // prettier-ignore
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0; // prettier-ignore
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h; // prettier-ignore
}

// --- bytes as text, each value with exactly one text (format 1.2) ----------------------------------------------------

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const HEX64 = /^[0-9a-f]{64}$/;
const NOTHING = new Uint8Array(0);

const HEX_PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export const ascii = (text) => ENCODER.encode(text);

/** Lower-case hex. */
export function hex(bytes) {
  let text = "";
  for (const byte of bytes) text += HEX_PAIRS[byte];
  return text;
}

/** Whether two byte strings are equal. */
export function same(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The bytes of lower-case hex. */
export function fromHex(text, what) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new BadRecord(`${what} is not lower-case hex.`);
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The bytes of padded base64 whose leftover bits are zero. */
export function fromBase64(text, what) {
  if (!BASE64.test(text)) throw new BadRecord(`${what} is not base64 with its padding.`);
  const binary = atob(text);
  if (btoa(binary) !== text) throw new BadRecord(`${what} has leftover bits in its base64: the value has another text.`);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));

/** The text of strict UTF-8. */
export function utf8(bytes, what) {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new BadRecord(`${what} is not UTF-8.`);
  }
}

// --- canonical JSON (format 1.1): read strictly, so that what is accepted has one form only ---------------------------

const PLAIN_RUN = /[^"\\\u0000-\u001f]*/y;
const INTEGER = /-?(?:0|[1-9][0-9]*)/y;
const SHORT_ESCAPES = { '"': '"', "\\": "\\", b: "\b", t: "\t", n: "\n", f: "\f", r: "\r" };
const MAX_LEVELS = 32;

class JsonReader {
  constructor(text, what) {
    this.text = text;
    this.what = what;
    this.at = 0;
  }

  refuse(why) {
    throw new BadRecord(`${this.what} is not canonical JSON: ${why}, at character ${this.at}.`);
  }

  document() {
    const value = this.value(0);
    if (this.at !== this.text.length) this.refuse("something follows the value");
    return value;
  }

  value(level) {
    switch (this.text[this.at]) {
      case "{":
        return this.object(level + 1);
      case "[":
        return this.array(level + 1);
      case '"':
        return this.string();
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        return this.integer();
    }
  }

  word(word, value) {
    if (!this.text.startsWith(word, this.at)) this.refuse("an unknown word");
    this.at += word.length;
    return value;
  }

  integer() {
    INTEGER.lastIndex = this.at;
    const found = INTEGER.exec(this.text)?.[0];
    if (found === undefined) {
      const space = [" ", "\t", "\n", "\r"].includes(this.text[this.at]);
      this.refuse(space ? "a space or a line break" : "no value where one is due");
    }
    if (found === "-0") this.refuse("a negative zero");
    if (found.length > 17 || !Number.isSafeInteger(Number(found))) this.refuse("an integer beyond 2^53 - 1");
    this.at += found.length;
    if (/[.eE0-9]/.test(this.text[this.at] ?? "")) this.refuse("a number with a fraction, an exponent or a leading zero");
    return Number(found);
  }

  string() {
    this.at += 1;
    let value = "";
    for (;;) {
      PLAIN_RUN.lastIndex = this.at;
      const run = PLAIN_RUN.exec(this.text)[0];
      value += run;
      this.at += run.length;
      const stop = this.text[this.at];
      if (stop === '"') break;
      if (stop !== "\\") this.refuse(stop === undefined ? "a string without an end" : "a raw control character");
      value += this.escape();
    }
    this.at += 1;
    return value;
  }

  escape() {
    const letter = this.text[this.at + 1];
    if (letter !== undefined && Object.hasOwn(SHORT_ESCAPES, letter)) {
      this.at += 2;
      return SHORT_ESCAPES[letter];
    }
    const code = /^u00([01][0-9a-f])$/.exec(this.text.slice(this.at + 1, this.at + 6));
    const character = code && String.fromCharCode(parseInt(code[1], 16));
    if (!character || /[\b\t\n\f\r]/.test(character)) this.refuse("an escape that this value does not have");
    this.at += 6;
    return character;
  }

  array(level) {
    if (level > MAX_LEVELS) this.refuse(`more than ${MAX_LEVELS} levels`);
    const items = [];
    this.at += 1;
    if (this.text[this.at] === "]") return this.closed(items);
    for (;;) {
      items.push(this.value(level));
      const stop = this.text[this.at];
      if (stop === "]") return this.closed(items);
      if (stop !== ",") this.refuse("neither a comma nor the end of the array");
      this.at += 1;
    }
  }

  object(level) {
    if (level > MAX_LEVELS) this.refuse(`more than ${MAX_LEVELS} levels`);
    const fields = Object.create(null); // without a prototype "__proto__" is a name like any other
    let last = null;
    this.at += 1;
    if (this.text[this.at] === "}") return this.closed(fields);
    for (;;) {
      const key = this.key(last);
      if (this.text[this.at] !== ":") this.refuse("no colon after a key");
      this.at += 1;
      fields[key] = this.value(level);
      last = key;
      const stop = this.text[this.at];
      if (stop === "}") return this.closed(fields);
      if (stop !== ",") this.refuse("neither a comma nor the end of the object");
      this.at += 1;
    }
  }

  key(last) {
    if (this.text[this.at] !== '"') this.refuse("no key where one is due");
    const key = this.string();
    if (/[^\u0000-\u007f]/.test(key)) this.refuse("a key outside ASCII");
    if (key === last) this.refuse(`the key ${JSON.stringify(key)} twice`);
    if (last !== null && key < last) this.refuse("keys out of order");
    return key;
  }

  closed(value) {
    this.at += 1;
    return value;
  }
}

/** The value of canonical JSON; objects come without a prototype. */
export function readJson(bytes, what = "This text") {
  return readJsonText(utf8(bytes, what), what);
}

function readJsonText(text, what) {
  return new JsonReader(text, what).document();
}

// --- notes and keys (format 2) ---------------------------------------------------------------------------------------

const MAX_NOTE_BYTES = 1_000_000;
const MAX_SIGNATURES = 100;
const KEY_NAME = /^[^\p{Z}\p{C}+]+$/u;

/** `text` (with its last LF) and `signatures` [{name, keyId, signature}] of a signed note; nothing is verified yet. */
export function readNote(bytes, what = "This note") {
  if (bytes.length > MAX_NOTE_BYTES) throw new BadRecord(`${what} has more than ${MAX_NOTE_BYTES} bytes.`);
  const all = utf8(bytes, what);
  if (/[\u0000-\u0009\u000b-\u001f]/.test(all)) throw new BadRecord(`${what} holds a control character.`);
  if (!all.endsWith("\n")) throw new BadRecord(`${what} does not end its last line.`);
  const gap = all.lastIndexOf("\n\n");
  if (gap < 0) throw new BadRecord(`${what} has no empty line before its signatures.`);
  const text = all.slice(0, gap + 1);
  if (/^\n*$/.test(text)) throw new BadRecord(`${what} has no text.`);
  const lines = all.slice(gap + 2).split("\n").slice(0, -1);
  if (!lines.length) throw new BadRecord(`${what} has no signature.`);
  if (lines.length > MAX_SIGNATURES) {
    throw new BadRecord(`${what} has ${lines.length} signature lines; more than ${MAX_SIGNATURES} are refused unread.`);
  }
  const signatures = lines.map((line) => readSignatureLine(line, what));
  if (new Set(signatures.map(({ name, keyId }) => `${name} ${keyId}`)).size !== signatures.length) {
    throw new BadRecord(`${what} has two signature lines by one key.`);
  }
  return { text, signatures };
}

function readSignatureLine(line, what) {
  const parts = line.split(" ");
  if (parts.length !== 3 || parts[0] !== "\u2014") throw new BadRecord(`${what} has a line that is no signature line.`);
  const [, name, encoded] = parts;
  if (!KEY_NAME.test(name)) throw new BadRecord(`${what} has a signature line whose key name is none.`);
  const decoded = fromBase64(encoded, `${what}, the signature by ${name},`);
  if (decoded.length <= 4) throw new BadRecord(`${what} has a line by ${name} without a signature.`);
  return { name, keyId: hex(decoded.subarray(0, 4)), signature: decoded.subarray(4) };
}

/** The key id, 8 hex digits: `type` is the type byte and what follows it. */
export const keyIdOf = (name, type, publicBytes) => hex(sha256(ascii(name), ascii("\n"), type, publicBytes).subarray(0, 4));

const ED25519 = Uint8Array.of(0x01);
const COSIGNATURE = Uint8Array.of(0x04);
const FIELD_25519 = 2n ** 255n - 19n;
/** The y coordinates of the eight points of small order. */
const SMALL_ORDER_Y = new Set([
  0n,
  1n,
  FIELD_25519 - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);

const bigEndian = (bytes) => BigInt(`0x${hex(bytes) || "0"}`);

/** {name, keyId, publicBytes, text} of a log's vkey line. */
export const readVkey = (text) => readTypedVkey(text, ED25519, "The log's key");

/** The same of a cosigner's, whose type is another one: a log's key never passes as a cosigner's. */
export const readCosignerVkey = (text) => readTypedVkey(text, COSIGNATURE, "The cosigner's key");

function readTypedVkey(text, type, what) {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  if (!parts || !KEY_NAME.test(parts[1])) throw new BadRecord(`${what} is no line of the form <name>+<id>+<base64>.`);
  const [, name, keyId, encoded] = parts;
  const data = fromBase64(encoded, what);
  if (data.length !== 33 || data[0] !== type[0]) throw new BadRecord(`${what} is not an Ed25519 key of 32 bytes of its type: key confusion.`);
  const publicBytes = data.subarray(1);
  if (keyIdOf(name, type, publicBytes) !== keyId) throw new BadRecord(`${what} carries a key id that is not its own.`);
  const y = bigEndian(Uint8Array.from(publicBytes).reverse()) & (2n ** 255n - 1n);
  if (y >= FIELD_25519) throw new BadRecord(`${what} has a coordinate that is too large.`);
  if (SMALL_ORDER_Y.has(y)) throw new BadRecord(`${what} is a point of small order: it would fit any signature.`);
  return { name, keyId, publicBytes, text };
}

export const CLASSES = Object.freeze(["passkey", "unlocked", "device", "attended", "demo", "report", "hub"]);
const classType = (keyClass) => new Uint8Array([0xff, ...ascii(`coldcheck/es256/${keyClass}/v1`)]);

const P256 = Object.freeze({
  p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
  n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  gx: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
});

/** Nothing if these are an acceptable P-256 point (format 2.1). */
export function examinePoint(publicBytes) {
  if (publicBytes.length !== 65 || publicBytes[0] !== 0x04) throw new BadRecord("A public key is not 0x04 || x || y.");
  const x = bigEndian(publicBytes.subarray(1, 33));
  const y = bigEndian(publicBytes.subarray(33));
  if (x >= P256.p || y >= P256.p) throw new BadRecord("A public key has a coordinate that is too large.");
  if ((y * y - x * x * x + 3n * x - P256.b) % P256.p !== 0n) throw new BadRecord("A public key is no point of the curve.");
  if (x === P256.gx) throw new BadRecord("A public key is the base point: everybody has its private key.");
}

/** An acting key {name, keyClass, publicBytes, owner, keyId}; `owner` is who acts with it. */
export function actingKey({ name, keyClass, publicBytes, owner }) {
  if (!CLASSES.includes(keyClass)) throw new BadRecord(`The class ${JSON.stringify(keyClass)} of a key is none of ours.`);
  examinePoint(publicBytes);
  return { name, keyClass, publicBytes, owner, keyId: keyIdOf(name, classType(keyClass), publicBytes), imported: null };
}

const ES256 = { name: "ECDSA", hash: "SHA-256" };

function subtleCrypto() {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new CannotVerify("This browser has no WebCrypto here, so no signature was verified; try another one.");
  return subtle;
}

/** Whether `line` is `key`'s signature over `message`. */
export async function verifyEs256(key, signature, message) {
  if (signature.length !== 64) return false;
  const inRange = (number) => number > 0n && number < P256.n;
  if (!inRange(bigEndian(signature.subarray(0, 32))) || !inRange(bigEndian(signature.subarray(32)))) return false;
  const subtle = subtleCrypto();
  key.imported ??= subtle.importKey("raw", key.publicBytes, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  return subtle.verify(ES256, await key.imported, signature, message);
}

// --- passkeys: a WebAuthn assertion whose challenge is the hash of line 1 (tests/vectors/passkey.json) -----------------

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED_DATA = 0x40;
const EXTENSION_DATA = 0x80;
const FLAGS_AT = 32;
const COUNTER_END = 37;

/** Whether `assertion` is `key`'s over `line1`, made for the domain `rp` on one of `origins` with the user verified. */
export async function verifyPasskey(key, assertion, line1, { rp, origins }) {
  const [authenticator, rest] = cutOff(assertion, "authenticator data");
  const [client, der] = cutOff(rest, "client data");
  examineAuthenticatorData(authenticator, rp);
  examineClientData(utf8(client, "A passkey's client data"), line1, origins);
  const message = new Uint8Array([...authenticator, ...sha256(client)]);
  return verifyEs256(key, readDer(der), message);
}

/** The bytes that u16(length) announces, and what follows them. */
function cutOff(bytes, what) {
  const end = 2 + bytes[0] * 256 + bytes[1];
  if (!(end <= bytes.length)) throw new BadRecord(`A passkey's assertion ends inside its ${what}.`);
  return [bytes.subarray(2, end), bytes.subarray(end)];
}

function examineAuthenticatorData(bytes, rp) {
  const flags = bytes[FLAGS_AT];
  if (bytes.length < COUNTER_END || !same(bytes.subarray(0, FLAGS_AT), sha256(ascii(rp)))) {
    throw new BadRecord(`A passkey's assertion was not made for ${rp}.`);
  }
  if (!(flags & USER_PRESENT) || !(flags & USER_VERIFIED)) throw new BadRecord("A passkey's assertion says that its user was not verified.");
  if (flags & ATTESTED_DATA) throw new BadRecord("A passkey's assertion carries a new key.");
  if (!(flags & EXTENSION_DATA) !== (bytes.length === COUNTER_END)) {
    throw new BadRecord("A passkey's authenticator data is longer or shorter than its flags say.");
  }
}

/** Client data begin in exactly one way (WebAuthn 5.8.1.1), so they are compared as text, never parsed. */
function examineClientData(text, line1, origins) {
  const challenge = toBase64(sha256(line1)).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
  const begin = `{"type":"webauthn.get","challenge":"${challenge}","origin":`;
  if (!text.startsWith(begin)) throw new BadRecord("A passkey's assertion is not over this line 1.");
  const origin = origins.map((name) => JSON.stringify(name)).find((name) => text.startsWith(name, begin.length));
  if (origin === undefined) throw new BadRecord("A passkey's assertion was made on a page of another origin.");
  const after = text.slice(begin.length + origin.length);
  if (after !== "}" && !/^,"crossOrigin":false(?:,[^\u0000-\u001f]*)?\}$/.test(after)) throw new BadRecord("A passkey's assertion was made inside another page.");
}

/** r || s of a DER signature in its one short form. */
function readDer(der) {
  const wrong = () => new BadRecord("A passkey's signature is not DER in its one form.");
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) throw wrong();
  const out = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const size = der[at + 1];
    const number = der.subarray(at + 2, at + 2 + size);
    const padded = number[0] === 0 && number.length > 1;
    const digits = number.subarray(padded ? 1 : 0);
    if (der[at] !== 0x02 || number.length !== size || !size || number[0] > 0x7f || (padded && number[1] < 0x80) || digits.length > 32) throw wrong();
    out.set(digits, end - digits.length);
    at += 2 + size;
  }
  if (at !== der.length) throw wrong();
  return out;
}

/** Whether `signature` is the log's over `message`. Raises CannotVerify where WebCrypto has no Ed25519. */
export async function verifyEd25519(publicBytes, signature, message) {
  if (signature.length !== 64) return false;
  const subtle = subtleCrypto();
  let key;
  try {
    key = await subtle.importKey("raw", publicBytes, { name: "Ed25519" }, false, ["verify"]);
  } catch (problem) {
    if (problem?.name === "NotSupportedError") {
      throw new CannotVerify("This browser has no Ed25519: the checkpoint's signature was kept, not checked here; try another one.");
    }
    throw new BadRecord("The log's key is no point of its curve.");
  }
  return subtle.verify("Ed25519", key, signature, message);
}

// --- sealed values (format 1.3) --------------------------------------------------------------------------------------

const u32 = (number) => Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number);

/** The commitment, 64 hex digits, to `value` under `field` with 32 bytes of salt. */
export function commitment({ salt, field, value }) {
  const [name, words] = [ascii(field), ascii(value)];
  return hex(sha256(ascii("coldcheck/sealed/v1\n"), salt, u32(name.length), name, u32(words.length), words));
}

// --- entries (format 3) ----------------------------------------------------------------------------------------------

const MAX_ENTRY_BYTES = 65_535;
const TIME = /^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?Z$/;

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isWord = (value) => typeof value === "string" && /^[!-~]{1,200}$/.test(value);
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
const isId = (value) => typeof value === "string" && /^[a-z][0-9A-HJKMNP-TV-Z]{12}$/.test(value);
const isHash = (value) => typeof value === "string" && HEX64.test(value);
const isTime = (value) => typeof value === "string" && TIME.test(value);
const isListOf = (test) => (value) => Array.isArray(value) && value.every(test);
const isOneOf = (...values) => (value) => values.includes(value);
const hasWord = (name) => (value) => isObject(value) && isWord(value[name]);
const isText = (value) => typeof value === "string";

const isSeen = (value) =>
  value === null || (isObject(value) && hasExactly(value, ["root", "size"]) && isHash(value.root) && isCount(value.size));

const LINE1 = Object.freeze({
  v: isOneOf(1),
  id: isWord,
  log: isWord,
  by: isWord,
  key: (value) => isWord(value) && !value.includes("+"),
  at: isTime,
  after: isSeen,
  prev: (value) => value === null || isHash(value),
  about: isListOf(isWord),
  acts: (value) => isListOf(hasWord("act"))(value) && value.length > 0,
});

const LINE2 = Object.freeze({
  v: isOneOf(1),
  epoch: isCount,
  boot: isWord,
  mono_ms: isCount,
  at: isTime,
  delivered: isOneOf("live", "queued"),
  rules: isWord,
  build: isWord,
  verdict: isOneOf("admitted", "granted", "refused"),
  findings: isListOf(hasWord("rule")),
});

const hasExactly = (value, names) => Object.keys(value).length === names.length && names.every((name) => name in value);

function readFields(value, tests, what) {
  if (!isObject(value)) throw new BadRecord(`${what} is not an object.`);
  for (const name of Object.keys(value)) if (!(name in tests)) throw new BadRecord(`${what} has a field ${JSON.stringify(name)} more.`);
  for (const [name, test] of Object.entries(tests)) {
    if (!(name in value)) throw new BadRecord(`${what} lacks its field ${name}.`);
    if (!test(value[name])) throw new BadRecord(`${what} has a field ${name} that is not of its form.`);
  }
  return value;
}

/** {author, receipt, line1, signatures} of an entry, strictly read; line1 are the stored bytes with their LF. */
export function readEntry(bytes) {
  if (bytes.length > MAX_ENTRY_BYTES) throw new BadRecord(`The entry has more than ${MAX_ENTRY_BYTES} bytes.`);
  const { text, signatures } = readNote(bytes, "The entry");
  const lines = text.split("\n");
  if (lines.length !== 3) throw new BadRecord(`The entry's text has ${lines.length - 1} lines and not two.`);
  const author = readFields(readJsonText(lines[0], "Line 1"), LINE1, "Line 1");
  const receipt = readFields(readJsonText(lines[1], "Line 2"), LINE2, "Line 2");
  if (!signatures.some(({ name }) => name === author.key)) {
    throw new BadRecord(`No signature line is by ${author.key}, the key that line 1 names: key confusion.`);
  }
  return { author, receipt, line1: bytes.subarray(0, bytes.indexOf(0x0a) + 1), signatures };
}

// --- the tree (format 4) ---------------------------------------------------------------------------------------------

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (entry) => sha256(LEAF, entry);
export const nodeHash = (left, right) => sha256(NODE, left, right);

/** A tree that grows leaf by leaf and keeps only the roots of its complete subtrees, largest first. */
export class GrowingTree {
  constructor() {
    this.size = 0;
    this.peaks = [];
  }

  /** Adds a leaf hash. */
  push(leaf) {
    let node = leaf;
    for (let rest = this.size; rest % 2 === 1; rest = Math.floor(rest / 2)) node = nodeHash(this.peaks.pop(), node);
    this.peaks.push(node);
    this.size += 1;
  }

  root() {
    if (!this.size) return sha256(NOTHING);
    return this.peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The root of leaf hashes. */
export function rootOf(leaves) {
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.push(leaf);
  return tree.root();
}

const half = (number) => Math.floor(number / 2);

/** Nothing if `proof` shows that `leaf` is entry `index` of the tree (RFC 9162 2.1.3.2). */
export function verifyInclusion({ leaf, index, size, proof, root }) {
  if (!(index >= 0 && index < size)) throw new BadRecord("The proof is for an entry that this tree does not have.");
  let [at, last, node] = [index, size - 1, leaf];
  for (const other of proof) {
    if (last === 0) throw new BadRecord("The inclusion proof is too long.");
    if (at % 2 === 1 || at === last) {
      node = nodeHash(other, node);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      node = nodeHash(node, other);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0 || !same(node, root)) throw new BadRecord("The inclusion proof does not lead to this root.");
}

/** Nothing if `proof` shows that the old tree is the beginning of the new one (RFC 9162 2.1.4.2). */
export function verifyConsistency({ oldSize, oldRoot, newSize, newRoot, proof }) {
  if (oldSize > newSize) throw new BadRecord("The older tree is larger than the newer one.");
  if (oldSize === newSize || oldSize === 0) {
    if (proof.length) throw new BadRecord("The consistency proof should be empty.");
    if (oldSize === 0 && !same(oldRoot, sha256(NOTHING))) throw new BadRecord("A tree of nothing has another root.");
    if (oldSize === newSize && !same(oldRoot, newRoot)) throw new BadRecord("Equal sizes with different roots: a fork.");
    return;
  }
  if (!proof.length) throw new BadRecord("The consistency proof is empty.");
  const exactPower = Number.isInteger(Math.log2(oldSize));
  const [first, ...rest] = exactPower ? [oldRoot, ...proof] : proof;
  let [at, last, older, newer] = [oldSize - 1, newSize - 1, first, first];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  for (const other of rest) {
    if (last === 0) throw new BadRecord("The consistency proof is too long.");
    if (at % 2 === 1 || at === last) {
      [older, newer] = [nodeHash(other, older), nodeHash(other, newer)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      newer = nodeHash(newer, other);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0 || !same(older, oldRoot) || !same(newer, newRoot)) {
    throw new BadRecord("The consistency proof does not join these two roots: one history is not the other's beginning.");
  }
}

// --- checkpoints (format 4) ------------------------------------------------------------------------------------------

const CHECKPOINT_TEXT = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\n$/;

/** {text, origin, size, root, strangers} of a checkpoint whose signature by `log` (a read vkey) was verified. */
export async function openCheckpoint(bytes, log, what = "The checkpoint") {
  const { text, signatures } = readNote(bytes, what);
  const { origin, size, root } = readTree(text, what);
  if (origin !== log.name) throw new BadRecord(`${what} is of the log ${origin}, not of ${log.name}: a foreign log.`);
  const isTheLogs = ({ name, keyId }) => name === log.name && keyId === log.keyId;
  const own = signatures.find(isTheLogs);
  if (!own) throw new BadRecord(`${what} is not signed by the log's key.`);
  if (!(await verifyEd25519(log.publicBytes, own.signature, ascii(text)))) {
    throw new BadRecord(`${what} does not fit the log's signature on it.`);
  }
  const others = signatures.filter((line) => !isTheLogs(line));
  return { text, origin, size, root, others };
}

/** {origin, size, root} of a checkpoint's text; nothing is verified. */
function readTree(text, what) {
  const parts = CHECKPOINT_TEXT.exec(text);
  if (!parts || !Number.isSafeInteger(Number(parts[2]))) throw new BadRecord(`${what}'s text is not origin, size and root.`);
  const root = fromBase64(parts[3], `${what}'s root`);
  if (root.length !== 32) throw new BadRecord(`${what}'s root is not of 32 bytes.`);
  return { origin: parts[1], size: Number(parts[2]), root };
}

/** The seconds since 1970 at which the cosigner (a read vkey) signed `text`, null if it has no line there (format 4.1). */
export async function verifyCosignature(text, signatures, cosigner) {
  const line = signatures.find(({ name, keyId }) => name === cosigner.name && keyId === cosigner.keyId);
  if (!line) return null;
  const wrong = () => new BadRecord(`The cosignature by ${cosigner.name} does not fit this checkpoint and its time.`);
  if (line.signature.length !== 72) throw wrong();
  const at = bigEndian(line.signature.subarray(0, 8));
  if (at >= 2n ** 63n) throw wrong();
  const message = ascii(`cosignature/v1\ntime ${at}\n${text}`);
  if (!(await verifyEd25519(cosigner.publicBytes, line.signature.subarray(8), message))) throw wrong();
  return Number(at);
}

// --- which key counts where (format 6): by the entries, in order ------------------------------------------------------

const isIdOf = (letters) => (value) => isId(value) && letters.includes(value[0]);
const [isKey, isPerson, isNamed] = ["k", "p", "grlcpwaks"].map(isIdOf);
const isHashOrEmpty = (value) => value === "" || isHash(value);
const isPoint = (value) => typeof value === "string" && /^[0-9a-f]{130}$/.test(value);
const ROLES = Object.freeze([
  "armorer", "property_master", "assistant_property_master", "first_ad", "safety_advisor", "performer", "camera", "director", "crew",
  "costume", "supplier", "maker", "employer", "police", "compiler", "outsider", "hub",
]); // prettier-ignore
const isRoles = isListOf(isOneOf(...ROLES));
const CREW_ROW = Object.freeze({ card: isHash, label: isText, name: isHash, person: isPerson, roles: isRoles });
/** The fields of every act about keys, and of what binds files beside the log, beside `act`. */
const KEY_ACTS = Object.freeze({
  production_opened: { key: isKey, name: isHash, production: isText, public: isPoint, vkey: isText },
  person_enrolled: {
    key: isKey, key_class: isText, label: isText, name: isHash, person: isPerson, public: (value) => value === "" || isPoint(value), roles: isRoles,
  }, // prettier-ignore
  officer_named: { label: isText, name: isHash, person: isPerson, roles: isRoles },
  key_enrolled: {
    credential: isHashOrEmpty, device: isHashOrEmpty, key: isKey, key_class: isText, origins: isListOf(isText), person: isPerson, public: isPoint, rp: isText,
  }, // prettier-ignore
  enrolment_confirmed: { key: isKey, sha256: isHash },
  crew_listed: { rows: isListOf(isObject) },
  crew_confirmed: { sha256: isHash },
  key_revoked: { key: isKey, reason: isText },
  key_rotated: { key: isKey, old: isKey, sha256: isHash },
  key_unlocked: { key: isKey, seconds: isCount, sha256: isHash },
  key_claimed: { card: isPoint, key: isKey, proof: (value) => typeof value === "string" && /^[0-9a-f]{128}$/.test(value) },
  quarantined: { key: isKey, named: isListOf(isNamed), reason: isText, sha256: isHash },
  held_out: { told: hasWord("act"), viewer: isPerson },
  epoch_opened: { epoch: isCount, public: isHash, reason: isText, seen_root: isHash, seen_size: isCount },
  opening_erased: { commitments: isListOf(isHash), reason: isText },
  legal_hold_placed: { reason: isText, scope: isText },
  legal_hold_lifted: { hold: isCount },
  cosigner_named: { vkey: isText },
  deliveries_sealed: { from_entry: isCount, rows: isCount, sha256: isHash, to_entry: isCount },
});
const STAND_ALONE = Object.freeze([
  "enrolment_confirmed", "crew_listed", "crew_confirmed", "key_revoked", "key_rotated", "key_unlocked",
  "opening_erased", "legal_hold_placed", "legal_hold_lifted", "epoch_opened",
]); // prettier-ignore
const HUB_ACTS = Object.freeze(["production_opened", "person_enrolled", "rulebook_adopted", "quarantined", "deliveries_sealed"]);
const ATTENDED_ACTS = Object.freeze([
  "held_out", "key_rotated", "stopped", "near_miss_logged", "round_found", "discharged", "gun_mishap", "asked_to_see", "sight_lost",
  "frozen", "help_called", "concern_raised", "presence_ended",
]);
const DOMAIN = /^(?:localhost|(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)$/;
const ORIGIN = /^(https?):\/\/([a-z0-9.-]+)(?::[1-9][0-9]{0,4})?$/;
/** The domain and origins of a passkey, if a browser can ask for one there. */
function examineParty(party) {
  const { rp, origins } = party;
  if (!DOMAIN.test(rp) || rp.length > 253) throw new BadRecord("A passkey is enrolled under something that is no domain.");
  if (origins.length > 16 || new Set(origins).size !== origins.length) throw new BadRecord("A passkey is enrolled with one origin twice, or too many.");
  for (const origin of origins) {
    const [, scheme, host = ""] = ORIGIN.exec(origin) ?? [];
    const isAskedThere = host === rp || host.endsWith(`.${rp}`);
    if (!isAskedThere || (scheme === "http" && host !== "localhost")) throw new BadRecord("A passkey is enrolled with an origin that is not of its domain.");
  }
  return party;
}

const ASKING_CLASSES = Object.freeze(["passkey", "unlocked", "device", "attended", "hub"]);
/** Names that speak of keys: one that is not in KEY_ACTS may change which keys count, so the log is not decided here. */
const SPEAKS_OF_KEYS = /^(?:key|officer|enrolment|crew|epoch)_/;

/** The epoch in the name of a log's key, null where it says none. */
function epochOf(vkey) {
  const named = /^[^+]+\/e(0|[1-9][0-9]{0,15})\+/.exec(vkey);
  return named && Number(named[1]);
}

/** The canonical JSON of a value that `readJson` gave: its keys are sorted here, since JavaScript puts numbers first. */
function writeJson(value) {
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${writeJson(value[name])}`); // prettier-ignore
  return `{${fields.join(",")}}`;
}

const actHash = (act) => hex(sha256(ascii(writeJson(act))));

/** The acting keys as the entries bring them in, entry by entry: the rules of section 6, by their numbers. */
export class KeyBook {
  constructor() {
    this.known = new Map(); // every key that ever became known, by name
    this.asked = new Map(); // every key_enrolled so far, by key name: {act, key}
    this.waiting = new Map(); // those not yet known: {sha256, confirmedBy}
    this.revoked = new Set();
    this.publics = new Set();
    this.officers = new Set();
    this.people = new Map(); // whom the log knows: {label, roles}
    this.lists = new Map(); // crew lists by hash: {by, rows}
    this.cards = new Map(); // hashes of join cards not used yet, by person
    this.vkey = null; // the log's key in force
    this.vkeys = []; // of every epoch so far
    this.ended = new Map(); // epochs that ended, by the name of their key: {at, seenSize, seenRoot}
    this.epoch = null;
    this.cosigners = new Set(); // the vkeys of cosigners that officers named
    this.writers = []; // entries with which another writer goes on: {index, reason, lost}
    this.keptApart = []; // entries that keep an act out of the log by a key that was not revoked
  }

  /** The keys of entry `index`'s signature lines, in their order. Raises what is wrong with who signs what. */
  keysFor(index, entry) {
    this.examineActs(index, entry.author);
    this.examineEpoch(index, entry);
    const names = entry.signatures.map(({ name }) => name);
    if (index === 0) return this.begin(entry.author, names);
    if (names.length !== 1) throw new BadRecord(`The entry carries ${names.length} signature lines; every entry after 0 has exactly one.`);
    const [first] = entry.author.acts;
    if (first.act === "key_enrolled" && first.key === entry.author.key) return [this.asking(entry.author)];
    return [this.signing(entry.author)];
  }

  /** That acts about keys have their fields and stand where they may. */
  examineActs(index, { acts }) {
    acts.forEach((act, number) => {
      const form = Object.hasOwn(KEY_ACTS, act.act) ? KEY_ACTS[act.act] : null;
      if (form) readFields(act, { act: isText, ...form }, `The act ${act.act}`);
      else if (SPEAKS_OF_KEYS.test(act.act)) {
        throw new CannotVerify(`Entry ${index} holds an act ${act.act}, which may change the keys that count and is not known here; take a newer verifier.`);
      }
      if (act.act === "cosigner_named") readCosignerVkey(act.vkey);
      if (act.act === "quarantined" && act.reason !== "forked_log" && !this.revoked.has(act.key)) this.keptApart.push(index);
      if (act.act === "crew_listed") for (const row of act.rows) readFields(row, CREW_ROW, "A row of the act crew_listed");
      if (STAND_ALONE.includes(act.act) && acts.length > 1) throw new BadRecord(`The act ${act.act} does not stand alone in its entry.`);
      if (act.act === "officer_named" && index) throw new BadRecord("Officers are named in entry 0, and this is a later one.");
      if (act.act === "production_opened" && (index || number)) throw new BadRecord("A production is opened once, by entry 0's first act.");
      if (act.act === "key_enrolled" && index && number) throw new BadRecord("A key's enrolment does not begin its entry.");
      if (act.act === "key_claimed" && !(index && number === 1 && acts[0].act === "key_enrolled" && acts[0].key === act.key)) {
        throw new BadRecord("A claim by join card does not follow the enrolment of its own key.");
      }
    });
  }

  /** Rule 9: which epoch comes next, and by whose word. */
  examineEpoch(index, { author: { acts, by, key, log }, receipt: { epoch } }) {
    if (index === 0) return;
    const [opened] = acts;
    if (opened.act !== "epoch_opened") {
      if (epoch !== this.epoch) throw new BadRecord(`The log is in epoch ${this.epoch}, and this entry is of ${epoch}: a writer that was replaced, or a clone.`);
      return;
    }
    if (opened.epoch !== epoch || epoch <= this.epoch) throw new BadRecord(`Epoch ${opened.epoch} does not follow ${this.epoch}.`);
    if (opened.seen_size < index) throw new BadRecord("A new epoch names an older head than its own.");
    if (this.known.get(key)?.keyClass !== "hub" && !this.officers.has(by)) throw new BadRecord("An epoch is opened by a hub's own key or an officer, and another one signed this.");
    this.newVkey(log, opened);
    this.writers.push({ index, reason: opened.reason, lost: opened.seen_size - index });
    this.ended.set(`${log}/e${this.epoch}`, { at: index, seenSize: opened.seen_size, seenRoot: opened.seen_root });
  }

  /** The vkey of the log from the entry of `opened` on. */
  newVkey(log, opened) {
    const name = `${log}/e${opened.epoch}`;
    const publicBytes = fromHex(opened.public, "The log's new key");
    return readVkey(`${name}+${keyIdOf(name, ED25519, publicBytes)}+${toBase64(new Uint8Array([0x01, ...publicBytes]))}`).text;
  }

  /** Rule 1: entry 0 brings the hub's key and the officers', and every one of them signs it. */
  begin({ acts, by, key }, names) {
    const [opened] = acts;
    if (opened.act !== "production_opened") throw new BadRecord("Entry 0 does not open a production, so nothing says whose log this is.");
    if (opened.key !== key) throw new BadRecord("Entry 0 is not signed by the hub's key that it names.");
    this.vkey = opened.vkey;
    this.vkeys = [opened.vkey];
    this.know(actingKey({ name: opened.key, keyClass: "hub", publicBytes: fromHex(opened.public, "The hub's public key"), owner: by }));
    const asking = acts.filter(({ act }) => act === "key_enrolled");
    const named = new Set(acts.filter(({ act }) => act === "officer_named").map(({ person }) => person));
    if (named.size !== new Set(asking.map(({ person }) => person)).size || asking.some(({ person }) => !named.has(person))) {
      throw new BadRecord("In entry 0 every officer has a key, and nobody else.");
    }
    if (named.size && acts.some(({ act, public: key, person }) => act === "person_enrolled" && (key || named.has(person)))) {
      throw new BadRecord("In entry 0 the hub enrols somebody beside the officers, and nobody asked them.");
    }
    const keys = new Map([[key, this.known.get(key)], ...asking.map((act) => [act.key, this.askedKey(act)])]);
    const missing = [...keys.keys()].find((name) => !names.includes(name));
    if (missing !== undefined) throw new BadRecord(`Entry 0 is not signed by ${missing}, a key that it brings.`);
    const stranger = names.find((name) => !keys.has(name));
    if (stranger !== undefined) throw new BadRecord(`Entry 0 carries a line by ${stranger}, a key that it does not bring.`);
    return names.map((name) => keys.get(name));
  }

  /** Rule 2: a known key, not revoked, of whoever acts. */
  signing({ key: name, by, acts }) {
    if (this.revoked.has(name)) throw new BadRecord(`The key ${name} was revoked by an entry before this one.`);
    const key = this.known.get(name);
    if (!key) throw new BadRecord(`A signature line is by ${name}, a key that no entry before it enrolled.`);
    if (key.owner !== by) throw new BadRecord(`The key ${name} is ${key.owner}'s, and line 1 says that ${by} acted: key confusion.`);
    const holdsOnly = (list) => acts.every(({ act }) => list.includes(act));
    if (key.keyClass !== "hub" && acts.some(({ act }) => HUB_ACTS.includes(act))) {
      throw new BadRecord("Only the hub's own key enrols people, adopts rulebooks and seals its delivery log; another key signed this.");
    }
    if (key.keyClass === "attended" && !holdsOnly(ATTENDED_ACTS)) throw new BadRecord("A floor phone's key signs only what it is held out for.");
    if (acts.some(({ act }) => act === "key_enrolled")) throw new BadRecord("A new key's enrolment is signed by another key: no possession was shown.");
    return key;
  }

  /** Rule 3: a key that asks for itself. */
  asking({ by, acts }) {
    const [act] = acts;
    if (acts.length > (acts[1]?.act === "key_claimed" ? 2 : 1)) throw new BadRecord("A new key signs its enrolment and nothing else.");
    if (act.person !== by || !(this.people.has(by) || this.hubs().has(by))) {
      throw new BadRecord(`A key is enrolled for ${act.person}, who is not known here or does not sign.`);
    }
    if (act.key_class === "hub" && !this.hubs().has(by)) throw new BadRecord("Only the hub brings another key for the hub.");
    return this.askedKey(act);
  }

  askedKey(act) {
    if (this.known.has(act.key) || this.asked.has(act.key) || this.publics.has(act.public)) {
      throw new BadRecord(`The key ${act.key} or its public key stands in an enrolment before this one.`);
    }
    if (!ASKING_CLASSES.includes(act.key_class)) throw new BadRecord(`A key of class ${act.key_class} does not ask for itself.`);
    const isPasskey = act.key_class === "passkey";
    const hasParty = [act.credential, act.rp, act.origins.length].map(Boolean);
    if (!hasParty.every((has) => has === isPasskey)) throw new BadRecord("A passkey names domain, origins and credential, and no other key does.");
    if ((act.key_class === "hub") === Boolean(act.device)) throw new BadRecord("Every key but the hub's names its device.");
    const party = isPasskey ? examineParty({ rp: act.rp, origins: act.origins }) : null;
    const publicBytes = fromHex(act.public, `The public key ${act.key}`);
    return { ...actingKey({ name: act.key, keyClass: act.key_class, publicBytes, owner: act.person }), party };
  }

  hubs() {
    return new Set([...this.known.values()].filter(({ keyClass }) => keyClass === "hub").map(({ owner }) => owner));
  }

  /** Takes in what entry `index` says of keys: it counts from the next entry on. Acts told in a report enrol nobody. */
  take(index, { author, receipt }) {
    if (index === 0) this.begins(receipt.epoch);
    for (const act of author.acts) {
      const step = this.stepsOf(index, author, act)[act.act];
      if (step) step();
    }
  }

  begins(epoch) {
    const said = epochOf(this.vkey);
    if (said !== epoch) throw new BadRecord(`Entry 0 is of epoch ${epoch}, and the log's key that it brings is of ${said}.`);
    this.epoch = epoch;
  }

  epochOpened(log, act) {
    this.vkey = this.newVkey(log, act);
    this.vkeys.push(this.vkey);
    this.epoch = act.epoch;
  }

  stepsOf(index, { by, key, log }, act) {
    return {
      __proto__: null, // an act may be named like something every object has
      person_enrolled: () => this.enrolledByHub(act),
      officer_named: () => this.officerNamed(act),
      key_enrolled: () => this.waits(index, act),
      enrolment_confirmed: () => this.confirmed(by, act),
      crew_listed: () => this.officers.has(by) && this.lists.set(actHash(act), { by, rows: act.rows }),
      crew_confirmed: () => this.crewConfirmed(by, act),
      key_revoked: () => this.mayRevoke(by, act) && this.revoke(act.key),
      key_rotated: () => this.rotated(by, key, act),
      key_unlocked: () => this.unlocked(by, key, act),
      key_claimed: () => this.claimed(act),
      epoch_opened: () => this.epochOpened(log, act),
      cosigner_named: () => (this.officers.size ? this.officers : this.hubs()).has(by) && this.cosigners.add(act.vkey),
    };
  }

  officerNamed(act) {
    this.officers.add(act.person);
    this.named(act);
  }

  named({ person, label, roles }) {
    this.people.set(person, { label, roles });
  }

  know(key) {
    this.known.set(key.name, key);
    this.publics.add(hex(key.publicBytes));
    this.waiting.delete(key.name);
  }

  revoke(name) {
    this.revoked.add(name);
    this.waiting.delete(name);
  }

  waits(index, act) {
    this.asked.set(act.key, { act, key: this.askedKey(act) });
    this.publics.add(act.public);
    this.waiting.set(act.key, { sha256: actHash(act), confirmedBy: new Set() });
    if (index === 0) this.know(this.asked.get(act.key).key);
  }

  /** Rule 4: by two officers. */
  confirmed(by, { key: name, sha256: hash }) {
    const waiting = this.waiting.get(name);
    if (!this.officers.has(by) || waiting?.sha256 !== hash) return;
    const { key } = this.asked.get(name);
    if (key.keyClass === "hub" || key.owner === by) return;
    waiting.confirmedBy.add(by);
    if (waiting.confirmedBy.size === 2) this.know(key);
  }

  /** Rule 4: by an older key of the same class and person, which ends. */
  rotated(by, signer, { key: name, old, sha256: hash }) {
    if (this.waiting.get(name)?.sha256 !== hash || old !== signer) return;
    const { key } = this.asked.get(name);
    if (key.owner !== by || this.known.get(old)?.keyClass !== key.keyClass) return;
    this.know(key);
    this.revoke(old);
  }

  /** Rule 4: by the person's own passkey. */
  unlocked(by, signer, { key: name, sha256: hash }) {
    const asked = this.asked.get(name);
    if (!asked || this.revoked.has(name) || actHash(asked.act) !== hash || asked.key.owner !== by) return;
    if (asked.key.keyClass !== "unlocked" || this.known.get(signer)?.keyClass !== "passkey") return;
    if (this.waiting.has(name)) this.know(asked.key);
  }

  /** Rule 5. */
  enrolledByHub(act) {
    if (this.officers.size && (act.public || this.people.has(act.person))) throw new BadRecord("In a production with officers the hub enrols nobody alone.");
    if (act.public !== "") {
      if (this.known.has(act.key) || this.publics.has(act.public)) throw new BadRecord(`The key ${act.key} or its public key stands in an enrolment before this one.`);
      const publicBytes = fromHex(act.public, `The public key ${act.key}`);
      this.know(actingKey({ name: act.key, keyClass: act.key_class, publicBytes, owner: act.person }));
    }
    this.named(act);
  }

  /** Rule 6. */
  crewConfirmed(by, { sha256: hash }) {
    const list = this.lists.get(hash);
    if (!list || !this.officers.has(by) || list.by === by) return;
    this.lists.delete(hash);
    for (const row of list.rows) {
      this.named(row);
      this.cards.set(row.person, row.card);
    }
  }

  /** What a join card signs in this entry, as [{key, line, message}]: that this very key, in this log, is that person's. */
  proofsOf({ author: { log, acts } }) {
    const claim = acts.find(({ act }) => act === "key_claimed");
    if (!claim) return [];
    const [{ person, public: publicHex }] = acts;
    const name = `the join card of ${person}`;
    const card = fromHex(claim.card, "The public key of a join card");
    if (this.cards.get(person) !== hex(sha256(card))) throw new BadRecord(`A key is claimed by something else than ${name}, or by one that was used.`);
    examinePoint(card);
    const message = ascii(`coldcheck/join/v1\n${log}\n${person}\n${claim.key}\n${publicHex}\n`);
    const line = { name, signature: fromHex(claim.proof, "What a join card signed") };
    return [{ key: { name, publicBytes: card, imported: null }, line, message }];
  }

  /** Rule 4: by the join card, whose signature is verified with the entry's own. */
  claimed({ key: name }) {
    const { key } = this.asked.get(name);
    this.cards.delete(key.owner);
    this.know(key);
  }

  /** Rule 7. */
  mayRevoke(by, { key: name }) {
    const owner = this.known.get(name)?.owner ?? this.asked.get(name)?.key.owner;
    if (owner === undefined || this.revoked.has(name)) return false;
    return by === owner || this.officers.has(by) || (!this.officers.size && this.hubs().has(by));
  }

  /** What keys.json must hold. */
  listed() {
    const asked = [...this.asked.values()].map(({ key }) => key).filter(({ name }) => !this.known.has(name));
    const rows = [...this.known.values(), ...asked].sort((a, b) => (a.name < b.name ? -1 : 1));
    const plain = rows.map(({ keyClass, name, owner, publicBytes, party }) => ({
      class: keyClass, key: name, public: toBase64(publicBytes), ...(keyClass === "hub" ? {} : { person: owner }), ...party,
    })); // prettier-ignore
    return ascii(writeJson(plain));
  }
}

/** The keys of a keys.json taken at its word, for logs whose entries enrol nobody (test vectors); proves less. */
export class ListedKeys {
  constructor(bytes) {
    this.bytes = bytes;
    this.people = new Map();
    this.vkey = null;
    const rows = readJson(bytes, "keys.json").map((row) =>
      actingKey({
        name: row.key, keyClass: row.class, owner: row.person ?? null, publicBytes: fromBase64(row.public, "A key in keys.json"),
      }), // prettier-ignore
    );
    this.keys = new Map(rows.map((key) => [key.name, key]));
  }

  keysFor(index, { signatures }) {
    if (index > 0 && signatures.length !== 1) throw new BadRecord("Every entry after 0 has exactly one signature line.");
    return signatures.map(({ name }) => {
      if (!this.keys.has(name)) throw new BadRecord(`A signature line is by ${name}, a key that keys.json does not list.`);
      return this.keys.get(name);
    });
  }

  proofsOf() {
    return [];
  }

  take() {}

  listed() {
    return this.bytes;
  }
}

/** The entry's signature lines, each with the key that counts there; the arithmetic is still to do. */
function signaturesOf(index, entry, book) {
  const keys = book.keysFor(index, entry);
  return entry.signatures.map((line, number) => {
    if (line.keyId !== keys[number].keyId) throw new BadRecord(wrongKeyId(line, keys[number]));
    return { key: keys[number], line };
  });
}

/** Whether `line` is `key`'s signature over line 1, in the way of its class. */
async function verifyLine(key, line, line1) {
  if (!key.party) return verifyEs256(key, line.signature, line1);
  try {
    return await verifyPasskey(key, line.signature, line1, key.party);
  } catch (problem) {
    if (problem instanceof BadRecord) return false;
    throw problem;
  }
}

function wrongKeyId(line, key) {
  const other = CLASSES.find((keyClass) => keyIdOf(key.name, classType(keyClass), key.publicBytes) === line.keyId);
  if (other) return `The line by ${line.name} claims the class ${other}, and the key was enrolled as ${key.keyClass}: key confusion.`;
  return `The line by ${line.name} is by another key (id ${line.keyId}) than the one that counts here (${key.keyId}).`;
}

// --- an exported directory (format 5) --------------------------------------------------------------------------------

export const TILE_WIDTH = 256;
const HASH_BYTES = 32;

/** The path of tile `index` of `level` ("entries" for bundles), `width` hashes wide. */
export function tilePath(level, index, width) {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g);
  const name = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${name}${width < TILE_WIDTH ? `.p/${width}` : ""}`;
}

const tileCount = (hashes) => Math.ceil(hashes / TILE_WIDTH);
export const tileWidth = (hashes, index) => Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH);

/** Every path of an export of `size` entries. */
export function exportPaths(size) {
  const paths = ["checkpoint", "log.vkey", "keys.json"];
  for (let [level, hashes] = [0, size]; hashes > 0; [level, hashes] = [level + 1, Math.floor(hashes / TILE_WIDTH)]) {
    for (let index = 0; index < tileCount(hashes); index++) {
      paths.push(tilePath(level, index, tileWidth(hashes, index)));
      if (level === 0) paths.push(tilePath("entries", index, tileWidth(hashes, index)));
    }
  }
  return paths;
}

/** Every entry of a bundle, in order, as [bytes, ...]; what follows the last whole entry comes back as `left`. */
export function splitBundle(bytes, count) {
  const entries = [];
  let at = 0;
  while (entries.length < count && at + 2 <= bytes.length) {
    const end = at + 2 + bytes[at] * 256 + bytes[at + 1];
    if (end > bytes.length) break;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return { entries, left: bytes.length - at };
}

/** Whether the key in `text` is of a later epoch of the same log as the one that was given. */
function isLater(text, given) {
  const [[own, first], [mine, theirs]] = [text, given].map((vkey) => /^([^+]+)\/e([0-9]+)\+/.exec(vkey)?.slice(1) ?? ["", ""]);
  return own === mine && own !== "" && Number(first) > Number(theirs);
}

/** One walk over the files of an export, tile by tile. Entries are examined ahead and settled in order. */
class Walk {
  constructor({ read, book, seen, onEntry, onProgress }) {
    Object.assign(this, { read, book, seen, onEntry, onProgress });
    this.tree = new GrowingTree(); // of the entries that were settled
    this.tile = []; // leaf hashes of the tile that is filling
    this.upper = []; // upper[0] are the hashes of level 1, the roots of 256 leaves each, and so on upwards
    this.checkpoint = null;
    this.cosigned = [];
    this.strangers = [];
    this.lastEpoch = 0;
    this.ids = new Set();
    this.history = new History();
  }

  async file(path, limit, { orLonger = false } = {}) {
    const bytes = await this.read(path, limit);
    if (bytes === null) throw new BadRecord(`${path}: this file of the export is missing.`);
    if (bytes.length > limit && !orLonger) throw new BadRecord(`${path}: this file is longer than it can be (${limit} bytes).`);
    return bytes;
  }

  async logKey(given) {
    const own = await this.file("log.vkey", 1_000);
    const text = utf8(own, "log.vkey");
    this.given = given;
    if (given !== null && text !== `${given}\n` && !isLater(text, given)) throw new BadRecord("log.vkey: this is not the log's key that was given: a foreign log.");
    if (!text.endsWith("\n")) throw new BadRecord("log.vkey: the file does not end its one line.");
    this.vkey = readVkey(text.slice(0, -1));
    const named = /^(.+)\/e(0|[1-9][0-9]{0,15})$/.exec(this.vkey.name);
    if (!named) throw new BadRecord("log.vkey: the log's name does not end in /e<epoch>.");
    [this.log, this.epoch] = [named[1], Number(named[2])];
  }

  async open(cosigners) {
    this.checkpoint = await openCheckpoint(await this.file("checkpoint", MAX_NOTE_BYTES), this.vkey);
    for (const cosigner of cosigners.map(readCosignerVkey)) {
      const at = await verifyCosignature(this.checkpoint.text, this.checkpoint.others, cosigner);
      if (at !== null) this.cosigned.push({ by: cosigner.name, at_s: at });
    }
    const given = new Set(cosigners.map((text) => readCosignerVkey(text).keyId));
    this.strangers = this.checkpoint.others.filter(({ keyId }) => !given.has(keyId)).map(({ name, keyId }) => `${name} (${keyId})`);
    if (this.seen && this.seen.size > this.checkpoint.size) {
      throw new BadRecord(`This copy has ${this.checkpoint.size} entries and the checkpoint seen elsewhere ${this.seen.size}: rolled back or cut off.`);
    }
  }

  async entries() {
    let before = null;
    for (let index = 0; index < tileCount(this.checkpoint.size); index++) {
      const next = await this.bundle(index);
      if (before) await this.settle(before);
      before = next;
      if (next.flaw) break;
    }
    if (before) await this.settle(before);
  }

  /** The entries of one bundle, their signatures under way, and the first flaw among them or null. */
  async bundle(index) {
    const pending = [];
    try {
      const width = tileWidth(this.checkpoint.size, index);
      const first = index * TILE_WIDTH;
      const [tileName, name] = [tilePath(0, index, width), tilePath("entries", index, width)];
      const tile = await this.file(tileName, HASH_BYTES * width);
      if (tile.length !== HASH_BYTES * width) throw new BadRecord(`${tileName}: ${tile.length} bytes are not ${width} hashes.`);
      // However much follows the last entry: what is wrong with an entry comes before it.
      const { entries, left } = splitBundle(await this.file(name, (2 + MAX_ENTRY_BYTES) * width, { orLonger: true }), width);
      entries.forEach((bytes, number) => {
        pending.push(this.examine(first + number, bytes, tile.subarray(HASH_BYTES * number, HASH_BYTES * (number + 1)), name));
      });
      if (entries.length < width) throw new BadRecord(`${name}: the bundle ends before or inside this entry.`, first + entries.length);
      if (left) throw new BadRecord(`${name}: ${left} bytes follow its last entry.`);
      return { pending, flaw: null };
    } catch (flaw) {
      return { pending, flaw };
    }
  }

  /** One entry: its hash first, so that a change is found before a signature costs anything. */
  examine(index, bytes, listed, file) {
    try {
      const leaf = leafHash(bytes);
      if (!same(leaf, listed)) throw new BadRecord(`${file}: this entry does not hash to what the hash tile holds: one of the two was changed.`);
      const entry = readEntry(bytes);
      this.place(entry);
      const lines = signaturesOf(index, entry, this.book);
      const signed = [...lines, ...this.book.proofsOf(entry)];
      this.book.take(index, entry);
      if (index === 0 && this.given !== null && this.book.vkey !== null && this.book.vkey !== this.given && !isLater(this.given, this.book.vkey)) {
        throw new BadRecord("Entry 0 opened this production under another log key than the one that was given: a foreign log.");
      }
      const fits = Promise.all(signed.map(({ key, line, message }) => verifyLine(key, line, message ?? entry.line1)));
      fits.catch(() => {}); // it is heard in `settle`, or an earlier flaw has made it pointless
      return { index, leaf, entry, lines, signed, fits };
    } catch (problem) {
      if (problem instanceof BadRecord) problem.entry ??= index;
      throw problem;
    }
  }

  place({ author, receipt }) {
    if (author.log !== this.log) {
      throw new BadRecord(`This entry was signed for the log ${author.log}, not for ${this.log}: taken from another log.`);
    }
    // What an epoch may begin with is for the book: see rule 9.
    if (receipt.epoch < this.lastEpoch || receipt.epoch > this.epoch) {
      throw new BadRecord(`This entry is of epoch ${receipt.epoch}, out of order under e${this.epoch}.`);
    }
    this.lastEpoch = receipt.epoch;
    if (this.ids.has(author.id)) throw new BadRecord(`An entry with the id ${author.id} stands earlier in this log: an old act entered again, a replay.`);
    this.ids.add(author.id);
  }

  /** Waits for the signatures of a bundle, in order, and grows the tree. Raises at the first entry that does not fit. */
  async settle({ pending, flaw }) {
    for (const { index, leaf, entry, lines, signed, fits } of pending) {
      const wrong = (await fits).indexOf(false);
      if (wrong >= 0) throw new BadRecord(`The signature by ${signed[wrong].line.name} does not fit line 1 of this entry.`, index);
      if (this.seen && this.receipt?.leaf && this.receipt.index === index && !same(this.receipt.leaf, leaf)) {
        throw new BadRecord(ANOTHER, index);
      }
      this.grow(leaf);
      if (this.seen?.size === this.tree.size && !same(this.seen.root, this.tree.root())) {
        throw new BadRecord("At or before this entry the log differs from the checkpoint seen elsewhere: a fork.", index);
      }
      this.history.take(index, entry, this.tree.root());
      this.onEntry?.(index, entry, lines.map(({ key }) => key)); // prettier-ignore
    }
    await this.onProgress?.(this.tree.size, this.checkpoint.size);
    if (!flaw) return;
    // What is wrong over entries that come before the flaw is the first flaw.
    await this.compareUpper();
    throw flaw;
  }

  grow(leaf) {
    this.tree.push(leaf);
    this.tile.push(leaf);
    if (this.tile.length < TILE_WIDTH) return;
    let root = rootOf(this.tile);
    this.tile = [];
    for (let level = 0; root; level++) {
      this.upper[level] ??= [];
      this.upper[level].push(root);
      root = this.upper[level].length % TILE_WIDTH ? null : rootOf(this.upper[level].slice(-TILE_WIDTH));
    }
  }

  /** Compares the tiles above the leaves, the root, and the two files that repeat what entries say. */
  async around() {
    await this.compareUpper();
    if (!same(this.tree.root(), this.checkpoint.root)) {
      throw new BadRecord(`checkpoint: its root is not that of these ${this.tree.size} entries: some were dropped, swapped or changed, or it is a fork.`);
    }
    if (this.checkpoint.size === 0) throw new BadRecord("checkpoint: a log of no entries says nothing.");
    if (this.book.vkey !== null && this.book.vkey !== this.vkey.text) {
      throw new BadRecord("log.vkey: entry 0 opened this production under another log key, and no later epoch has it.");
    }
    if (this.given !== null && this.book.vkey !== null && !this.book.vkeys.includes(this.given)) {
      throw new BadRecord("log.vkey: no entry of this log brought the log key that was given: a foreign log, or a forged epoch.");
    }
    const listed = this.book.listed();
    const keys = await this.read("keys.json", listed.length);
    if (keys === null) throw new BadRecord("keys.json: this file of the export is missing.");
    if (!same(keys, listed)) throw new BadRecord("keys.json: it does not list exactly the keys that the entries enrolled.");
  }

  /** A checkpoint seen elsewhere that names an earlier epoch: what it covers must be here, or have been given up by name. */
  async compareEarlier(bytes) {
    const origin = readNote(bytes, SEEN).text.split("\n")[0];
    const vkey = (this.book.vkeys ?? []).map(readVkey).find(({ name }) => name === origin);
    const ended = this.book.ended?.get(origin);
    if (!vkey || !ended) throw new BadRecord(`${SEEN} is of ${origin}, which is no epoch of this log: a foreign log, or a newer writer.`);
    const { size, root } = await openCheckpoint(bytes, vkey, SEEN);
    if (size <= ended.at) {
      if (!same(root, this.history.rootAt(size))) throw new BadRecord("At or before this entry the log differs from the checkpoint seen elsewhere: a fork.", size - 1);
    } else if (size > ended.seenSize || (size === ended.seenSize && hex(root) !== ended.seenRoot)) {
      throw new BadRecord(`${SEEN} covers ${size} entries of an epoch that ended with ${ended.at}: a fork, its writer went on.`, ended.at);
    } else if (this.receipt?.leaf && this.receipt.index < ended.at && !(await this.isHere(this.receipt))) {
      throw new BadRecord(ANOTHER, this.receipt.index);
    } else if (this.receipt?.leaf && this.receipt.index >= ended.at) {
      this.history.givenUp = `The entry that the receipt proves was number ${this.receipt.index} of this log and is not here: a new epoch says that it was lost.`;
    } else this.history.givenUp = `${size - ended.at} entries of ${origin} that were seen elsewhere are not here: the next epoch says that they were lost.`;
  }

  /** Whether the entry of a receipt stands here at its place, by the tile of its leaf. */
  async isHere({ index, leaf }) {
    const number = Math.floor(index / TILE_WIDTH);
    const width = tileWidth(this.checkpoint.size, number);
    const tile = await this.file(tilePath(0, number, width), HASH_BYTES * width);
    const at = HASH_BYTES * (index % TILE_WIDTH);
    return same(tile.subarray(at, at + HASH_BYTES), leaf);
  }

  /** Compares the tiles above the leaves, as far as their hashes are known. */
  async compareUpper() {
    for (const [above, hashes] of this.upper.entries()) {
      for (let index = 0; index < tileCount(hashes.length); index++) await this.upperTile(above + 1, index, hashes);
    }
  }

  async upperTile(level, index, hashes) {
    const width = tileWidth(Math.floor(this.checkpoint.size / TILE_WIDTH ** level), index);
    const name = tilePath(level, index, width);
    const tile = await this.file(name, HASH_BYTES * width);
    if (tile.length !== HASH_BYTES * width) throw new BadRecord(`${name}: ${tile.length} bytes are not ${width} hashes.`);
    for (let number = 0; number < width; number++) {
      const at = index * TILE_WIDTH + number;
      if (at >= hashes.length) return;
      if (same(tile.subarray(HASH_BYTES * number, HASH_BYTES * (number + 1)), hashes[at])) continue;
      throw new BadRecord(`${name}: hash ${number} is not that of the entries under it, which begin with entry ${at * TILE_WIDTH ** level}.`);
    }
  }
}

/**
 * What `prev` and `after` say against this log: not flaws of the bytes (the hub enters such an act with a finding), but
 * the trace that a dropped act or a second history leaves. `remarks` are sentences.
 */
class History {
  constructor() {
    this.roots = new Uint8Array(HASH_BYTES * 64); // of every size so far, in one block: a million fit in 32 MB
    this.roots.set(sha256(NOTHING));
    this.previous = new Map();
    this.gaps = [];
    this.forks = [];
    this.commitments = new Set();
    this.erased = new Set();
    this.kept = new Set();
    this.delivered = []; // parts of the delivery log that entries seal: {entry, to, rows, sha256}
  }

  rootAt(size) {
    return this.roots.subarray(HASH_BYTES * size, HASH_BYTES * (size + 1));
  }

  /** What entries say of words and of bytes beside the log. */
  beside(index, { author, receipt }) {
    for (const found of JSON.stringify(author.acts).matchAll(/"([0-9a-f]{64})"/g)) this.commitments.add(found[1]);
    for (const act of author.acts) {
      if (act.act === "opening_erased" && receipt.verdict === "granted") for (const one of act.commitments) this.erased.add(one);
      if (act.act === "quarantined") this.kept.add(act.sha256);
      if (act.act === "deliveries_sealed") this.sealed(index, act);
    }
  }

  /** A part of the delivery log counts if it begins where the one before ended, and names no entry after itself. */
  sealed(entry, { from_entry: from, to_entry: to, rows, sha256: hash }) {
    if (from === (this.delivered.at(-1)?.to ?? 0) && from < to && to <= entry) this.delivered.push({ entry, to, rows, sha256: hash });
  }

  take(index, { author, line1, receipt }, root) {
    this.beside(index, { author, receipt });
    if (author.prev !== (this.previous.get(author.key) ?? null)) this.gaps.push(index);
    this.previous.set(author.key, hex(sha256(line1)));
    if (author.after && !this.isOurs(index, author.after)) this.forks.push(index);
    const at = HASH_BYTES * (index + 1);
    if (at === this.roots.length) {
      const wider = new Uint8Array(2 * at);
      wider.set(this.roots);
      this.roots = wider;
    }
    this.roots.set(root, at);
  }

  isOurs(index, { size, root }) {
    return size <= index && hex(this.roots.subarray(HASH_BYTES * size, HASH_BYTES * (size + 1))) === root;
  }

  /** What is as signed and yet to be asked about, of entries before `size`. */
  remarks({ writers = [], keptApart = [] }, size) {
    const named = (indexes) => indexes.slice(0, 5).join(", ") + (indexes.length > 5 ? ` and ${indexes.length - 5} more` : "");
    const said = [];
    for (const { index, reason, lost } of writers.filter((one) => one.index < size)) {
      const words = lost > 0 ? `${lost} entries that were signed before it are not here` : "it names none as lost, and a checkpoint kept elsewhere shows whether any are";
      said.push(`Another writer of this log goes on from entry ${index} (${reason}): ${words}.`);
    }
    const apart = keptApart.filter((index) => index < size);
    if (this.gaps.length) said.push(`The act before it by the same key is another one, or is missing: entry ${named(this.gaps)}.`);
    if (this.givenUp) said.push(this.givenUp);
    if (this.forks.length) said.push(`The device that signed it had seen another history of this log: entry ${named(this.forks)}.`);
    if (apart.length) said.push(`It keeps an act out of the log for a revoked key, and no entry before it revoked that key: entry ${named(apart)}.`);
    return said;
  }
}

const FIELDS = "The fields of acts that do not speak of keys: they are as signed, and coldcheck verify reads them too.";
const SEEN = "The checkpoint seen elsewhere";
const TAIL = "Whether later entries were cut off: compare with a checkpoint seen elsewhere.";
const OWN_WORD = "The log's key was taken from the copy itself: compare it with the printed one.";

/**
 * The report on an export: {ok, entries, root, checkpoint, first_bad: {entry, reason} | null, vkey, vkey_from, cannot,
 * remarks, unverified}. `entries` and `root` are over what was verified, in order, before any flaw. `cannot` is a sentence when this
 * machine could not decide; `ok` is then false too, with nothing said against the export. `remarks` name what is as signed
 * and yet speaks of a dropped act or of a second history.
 *
 * `read(path, limit)` gives a file's bytes or null when there is none; it may stop after limit + 1 bytes. `list` has the paths of all files
 * (for naming those that are no part of the export). `vkey` is the log's key as printed, or null. `seen` is a checkpoint
 * of this log kept elsewhere (bytes), or null. `cosigners` are the vkeys of machines whose lines are to be verified; `cosigned` says
 * which of them signed this checkpoint, and when by their own clocks. `onEntry(index, entry, keys)` and `onProgress(done, size)` hear of it.
 */
export async function verifyExport({ read, list = [], vkey = null, seen = null, cosigners = [], book = new KeyBook(), onEntry, onProgress, also }) {
  const walk = new Walk({ read, book, seen: null, onEntry, onProgress });
  let first_bad = null;
  let cannot = null;
  let openings = null;
  try {
    await walk.logKey(vkey);
    walk.receipt = receiptIn(seen);
    seen = walk.receipt?.checkpoint ?? seen;
    const isOfThisEpoch = seen && readNote(seen, SEEN).text.startsWith(`${walk.vkey.name}\n`);
    if (isOfThisEpoch) walk.seen = await openCheckpoint(seen, walk.vkey, SEEN);
    await walk.open(cosigners);
    await walk.entries();
    await walk.around();
    if (seen && !isOfThisEpoch) await walk.compareEarlier(seen);
    openings = (await also?.(walk)) ?? null;
  } catch (problem) {
    if (problem instanceof BadRecord) first_bad = { entry: problem.entry, reason: problem.message };
    else if (problem instanceof CannotVerify) cannot = problem.message;
    else throw problem;
  }
  const ok = first_bad === null && cannot === null;
  return {
    ok,
    entries: walk.tree.size,
    root: hex(walk.tree.root()),
    checkpoint: walk.checkpoint?.text ?? null,
    first_bad,
    vkey: walk.vkey?.text ?? null,
    vkey_from: vkey === null ? "its own word" : "given",
    cannot,
    openings,
    cosigned: walk.cosigned,
    remarks: walk.history.remarks(walk.book, walk.tree.size),
    unverified: unverified({ walk, list, ok, vkey, seen }),
  };
}

const PROOF = "c2sp.org/tlog-proof@v1";
const ANOTHER = "This entry is not the one that the receipt proves: it was changed, or another stands in its place.";

/** The entry that a receipt (format 4.2) proves under its own checkpoint, or null for a checkpoint, a seal, or nothing. */
function receiptIn(seen) {
  if (!seen || String.fromCharCode(...seen.subarray(0, PROOF.length)) !== PROOF) return null;
  const { entryIndex: index, hashes, checkpoint, extra } = readProof(seen);
  const leaf = extra && leafHash(extra);
  if (leaf) verifyInclusion({ leaf, index, proof: hashes, ...readTree(readNote(checkpoint, SEEN).text, SEEN) });
  return { index, leaf, checkpoint };
}

/** Sentences about what this did not show. */
function unverified({ walk, list, ok, vkey, seen }) {
  const said = [];
  if (vkey === null) said.push(OWN_WORD);
  for (const name of walk.unnamed ?? []) said.push(`Whose machine ${name} is: no officer named its key in the log.`);
  for (const line of walk.strangers) said.push(`A line on the checkpoint by ${line}: kept, its key was not given.`);
  const others = ok ? strangersIn(list, walk.checkpoint.size) : [];
  if (others.length) {
    const named = others.slice(0, 3).join(", ") + (others.length > 3 ? ` and ${others.length - 3} more` : "");
    said.push(`No part of the export, and not looked at: ${named}.`);
  }
  said.push(FIELDS);
  if (!seen) said.push(TAIL);
  return said;
}

function strangersIn(list, size) {
  const ours = new Set(exportPaths(size));
  return list.filter((path) => !ours.has(path)).sort();
}

// --- a bundle (format 8): a BagIt bag around an export, for one receiver ------------------------------------------------

const BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
const TAGS = ["bag-info.txt", "bagit.txt", "manifest-sha256.txt"];
const LOG_FILES = "data/log/";
const MAX_FILE_BYTES = 2 ** 30;
const LISTED = /^([0-9a-f]{64})  ([A-Za-z0-9._/-]+)$/;

/** The report on a bundle or a bare export, whichever these files are; the options are those of `verifyExport`. */
export async function verifyCopy(options) {
  if (!options.list?.includes("bagit.txt")) return verifyExport(options);
  const bag = new Bag(options);
  const inLog = options.list.filter((path) => path.startsWith(LOG_FILES)).map((path) => path.slice(LOG_FILES.length));
  const read = (path, limit) => options.read(LOG_FILES + path, limit);
  try {
    await bag.lists();
  } catch (problem) {
    if (!(problem instanceof BadRecord)) throw problem;
    return unlisted({ ...options, read, list: inLog }, problem);
  }
  return verifyExport({ ...options, read, list: inLog, also: (walk) => bag.against(walk) });
}

/** The report on a bundle whose lists do not fit: where its log differs too, the entry is named. */
async function unlisted(options, problem) {
  const inLog = await verifyExport(options);
  if (inLog.first_bad?.entry != null) {
    return { ...inLog, first_bad: { entry: inLog.first_bad.entry, reason: `${problem.message} ${inLog.first_bad.reason}` } };
  }
  return { ...(await verifyExport({ read: async () => null })), vkey_from: "its own word", unverified: [], first_bad: { entry: null, reason: problem.message } };
}

class Bag {
  constructor({ read, list }) {
    Object.assign(this, { read, list });
  }

  async file(path) {
    const bytes = await this.read(path, MAX_FILE_BYTES);
    if (bytes === null || bytes.length > MAX_FILE_BYTES) throw new BadRecord(`${path}: this file of the bundle is missing or too long.`);
    return bytes;
  }

  /** That the lists name every file there is, each as it is. */
  async lists() {
    if (this.list.includes("fetch.txt")) throw new BadRecord("fetch.txt: a bundle that wants files from elsewhere is refused.");
    if (!same(await this.file("bagit.txt"), ascii(BAGIT))) throw new BadRecord("bagit.txt: this is not the beginning of a bundle of ours.");
    const tags = await this.listed("tagmanifest-sha256.txt");
    const payload = await this.listed("manifest-sha256.txt");
    this.pack = this.list.includes("pack.pdf");
    const papers = this.pack ? this.list.filter((path) => path === "analysis.pdf").concat("pack.pdf") : [];
    if (tags.join() !== [...TAGS, ...papers].sort().join()) throw new BadRecord("tagmanifest-sha256.txt: it lists other files than it must.");
    const wrong = payload.find((path) => !path.startsWith("data/"));
    if (wrong !== undefined) throw new BadRecord(`manifest-sha256.txt: ${wrong} does not lie in data/.`);
    const known = new Set([...payload, ...tags, "tagmanifest-sha256.txt"]);
    const stranger = this.list.filter((path) => !known.has(path)).sort()[0];
    if (stranger !== undefined) throw new BadRecord(`${stranger}: this file is in no list of the bundle: it was put in.`);
  }

  async listed(name) {
    const text = utf8(await this.file(name), name);
    const paths = [];
    for (const line of text.split("\n").slice(0, -1)) {
      const found = LISTED.exec(line);
      if (!found || found[2].split("/").some((part) => ["", ".", ".."].includes(part))) throw new BadRecord(`${name}: a line is not a hash, two spaces and a plain path.`);
      if (hex(sha256(await this.file(found[2]))) !== found[1]) throw new BadRecord(`${found[2]}: this file is not as the bundle lists it: it was changed.`);
      if (paths.length && found[2] <= paths[paths.length - 1]) throw new BadRecord(`${name}: its lines are not in order, each once.`);
      paths.push(found[2]);
    }
    if (!text.endsWith("\n")) throw new BadRecord(`${name}: its last line has no end.`);
    return paths;
  }

  /** How many openings fit, null when there are none; every file beside the log is held against it. */
  async against(walk) {
    this.walk = walk;
    this.cosigners = [];
    if (this.list.includes("data/cosigners.txt")) {
      const lines = utf8(await this.file("data/cosigners.txt"), "data/cosigners.txt").split("\n");
      if (lines.pop() !== "") throw new BadRecord("data/cosigners.txt: its last line has no end.");
      if (lines.some((line, at) => at > 0 && line <= lines[at - 1])) throw new BadRecord("data/cosigners.txt: its lines are not in order, each once.");
      this.cosigners = lines.map(readCosignerVkey);
    }
    walk.unnamed = this.cosigners.filter(({ text }) => !walk.book.cosigners.has(text)).map(({ name }) => name);
    let openings = 0;
    for (const path of this.list.filter((name) => name.startsWith("data/") && !name.startsWith(LOG_FILES)).sort()) {
      if (path === "data/cosigners.txt") continue;
      try {
        openings += await this.verify(path, await this.file(path));
      } catch (problem) {
        if (problem instanceof BadRecord) throw new BadRecord(`${path}: ${problem.message}`);
        throw problem;
      }
    }
    return openings;
  }

  async verify(path, bytes) {
    if (this.pack) return this.packed(path, bytes);
    if (path === "data/openings.json") return this.openings(bytes);
    // One name for one file: 05, 1e1 and the like are none.
    const [, sort, name] = (/^data\/(seals|deliveries)\/([1-9][0-9]{0,15})$/.exec(path) ?? /^data\/(proofs)\/(0|[1-9][0-9]{0,15})\.tlog-proof$/.exec(path) ?? /^data\/(evidence)\/([0-9a-f]{64})$/.exec(path) ?? []); // prettier-ignore
    if (sort === "seals") await this.seal(bytes, Number(name));
    else if (sort === "deliveries") this.deliveries(bytes, path, name);
    else if (sort === "proofs") await this.proof(bytes, Number(name));
    else if (sort === "evidence" && this.walk.history.kept.has(name) && hex(sha256(bytes)) === name) readJson(bytes, "The evidence");
    else throw new BadRecord("a bundle has no such file, or no entry names it.");
    return 0;
  }

  /** A file of an evidence pack: openings and sources are held against the log, what is computed from it only listed. */
  packed(path, bytes) {
    const beside = /^data\/(?:sources\/(.*)|photos\/(.*)\.jpg)$/.exec(path);
    if (beside && hex(sha256(bytes)) !== (beside[1] ?? beside[2])) throw new BadRecord("a source or photo does not have the hash it is named by.");
    if (path !== "data/openings.json") return 0;
    const { commitments, erased } = this.walk.history;
    let rows;
    try {
      rows = Object.entries(JSON.parse(utf8(bytes, "The openings")));
    } catch {
      throw new BadRecord("the openings do not read.");
    }
    // A key twice would be read as one thing here and another elsewhere; inside a string a quote has a stroke before it.
    for (const key of ["[0-9a-f]{64}", "salt", "field", "value"]) {
      const times = (utf8(bytes, "The openings").match(new RegExp(`"${key}"\\s*:`, "g")) ?? []).length;
      if (times !== rows.length) throw new BadRecord("the openings have a key twice, or one too few.");
    }
    for (const [sealed, { salt, field, value }] of rows) {
      if (!commitments.has(sealed) || erased.has(sealed)) throw new BadRecord(`${sealed} is sealed by no entry, or was erased.`);
      if (commitment({ salt: fromHex(salt, "A salt"), field, value }) !== sealed) throw new BadRecord(`the opening of ${sealed} does not fit.`);
    }
    return rows.length;
  }

  openings(bytes) {
    const { commitments, erased } = this.walk.history;
    const rows = readJson(bytes, "The list of openings");
    if (!Array.isArray(rows)) throw new BadRecord("it is no list.");
    let last = "";
    for (const row of rows) {
      readFields(row, { commitment: isHash, field: isText, salt: isHash, value: isText }, "An opening");
      if (row.commitment <= last || !commitments.has(row.commitment)) throw new BadRecord("an opening is out of order, twice there, or belongs to no entry.");
      if (erased.has(row.commitment)) throw new BadRecord("words that an entry erased are here all the same.");
      if (commitment({ salt: fromHex(row.salt, "A salt"), field: row.field, value: row.value }) !== row.commitment) throw new BadRecord("an opening is not that of its commitment: other words.");
      last = row.commitment;
    }
    return rows.length;
  }

  /** The log's key of the epoch that a checkpoint names. */
  logKey(bytes, what) {
    const origin = readNote(bytes, what).text.split("\n")[0];
    const keys = this.walk.book.vkeys ?? [this.walk.vkey.text];
    const vkey = keys.map(readVkey).find(({ name }) => name === origin);
    if (!vkey) throw new BadRecord(`it is of ${origin}, which is no epoch of this log.`);
    return vkey;
  }

  async seal(bytes, size) {
    const found = await openCheckpoint(bytes, this.logKey(bytes, "The seal"), "The seal");
    const known = found.size === size && size <= this.walk.tree.size && size > 0;
    if (!known || !same(found.root, this.walk.history.rootAt(size))) throw new BadRecord("the seal is not of this history: a fork, or another log's.");
    for (const line of found.others) {
      const cosigner = this.cosigners.find(({ name, keyId }) => name === line.name && keyId === line.keyId);
      if (!cosigner) throw new BadRecord(`its line by ${line.name} is of a cosigner that is not named.`);
      await verifyCosignature(found.text, [line], cosigner);
    }
  }

  /** A part of the delivery log, named by the entry that seals it. */
  deliveries(bytes, path, name) {
    const part = this.walk.history.delivered.find(({ entry }) => String(entry) === name);
    if (!part || path !== `data/deliveries/${name}`) throw new BadRecord("no entry seals such a part of a delivery log.");
    const rows = bytes.reduce((count, byte) => count + (byte === 10), 0);
    if (hex(sha256(bytes)) !== part.sha256 || rows !== part.rows) throw new BadRecord("the delivery log is not what the entry sealed: a row was changed, put in or taken out.");
  }

  async proof(bytes, index) {
    const { entryIndex, hashes, checkpoint } = readProof(bytes);
    if (entryIndex !== index || index >= this.walk.tree.size) throw new BadRecord("it proves another entry than its name says.");
    const { size, root } = await openCheckpoint(checkpoint, this.logKey(checkpoint, "The proof's checkpoint"));
    const width = tileWidth(this.walk.checkpoint.size, Math.floor(index / TILE_WIDTH));
    const tile = await this.walk.file(tilePath(0, Math.floor(index / TILE_WIDTH), width), HASH_BYTES * width);
    const at = HASH_BYTES * (index % TILE_WIDTH);
    verifyInclusion({ leaf: tile.subarray(at, at + HASH_BYTES), index, size, proof: hashes, root });
  }
}

/** {entryIndex, hashes, checkpoint, extra} of a proof file (format 4.2); nothing is verified yet. */
export function readProof(bytes) {
  const text = utf8(bytes, "The proof file");
  const gap = text.indexOf("\n\n");
  const lines = gap < 0 ? [] : text.slice(0, gap).split("\n");
  if (lines.shift() !== PROOF) throw new BadRecord("it is no proof file.");
  const extra = lines[0]?.startsWith("extra ") ? fromBase64(lines.shift().slice(6), "What was added to a proof") : null;
  const [, index] = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? "") ?? [];
  if (index === undefined || !Number.isSafeInteger(Number(index)) || lines.length > 63) throw new BadRecord("the proof file does not name its entry, or is too long.");
  const hashes = lines.map((line) => fromBase64(line, "A hash of a proof"));
  if (hashes.some((hash) => hash.length !== HASH_BYTES)) throw new BadRecord("a proof consists of hashes of 32 bytes.");
  const checkpoint = ascii(text.slice(gap + 2));
  readNote(checkpoint, "The proof's checkpoint");
  return { entryIndex: Number(index), hashes, checkpoint, extra };
}

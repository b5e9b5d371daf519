// This phone's own keys. A device key never leaves the browser; a passkey never leaves the phone's secure hardware. A
// person verifies himself once for a while: his passkey then vouches, in an entry of its own, for a device key of his.

import { base64, canonical, hex, joined, newId, sha256, unhex, utf8 } from "./bytes.js";
import * as queue from "./queue.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" }, SIGN = { name: "ECDSA", hash: "SHA-256" };
export const UNLOCKED_S = 900;
const tag = (kind) => joined(Uint8Array.of(255), utf8(`coldcheck/es256/${kind}/v1`));
const url64 = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// Section 2: the 4 bytes that name a key, with its class, in a signature line.
const keyId = async (name, kind, publicBytes) => (await sha256(joined(utf8(`${name}\n`), tag(kind), publicBytes))).slice(0, 4);

export const device = () => {
  let name = localStorage.getItem("device");
  if (!name) { name = hex(crypto.getRandomValues(new Uint8Array(16))); localStorage.setItem("device", name); }
  return name;
};
const deviceHash = async () => hex(await sha256(utf8(device())));

export const canPasskey = async () => Boolean(await window.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable?.());

export async function makeDeviceKey(kind) {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign"]);
  const key = { name: newId("k"), kind, secret: pair.privateKey, public: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
  await queue.putKey(key);
  return key;
}

export async function makePasskey(person) {
  const made = await navigator.credentials.create({ publicKey: {
    rp: { id: location.hostname, name: "The book" }, user: { id: utf8(person), name: person, displayName: person },
    challenge: crypto.getRandomValues(new Uint8Array(32)), pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" }, attestation: "none",
  } });
  const key = { name: newId("k"), kind: "passkey", public: new Uint8Array(made.response.getPublicKey()).slice(-65), credential: new Uint8Array(made.rawId) };
  await queue.putKey(key);
  return key;
}

// What a new key says of itself.
export async function enrolling(key, person) {
  const own = key.kind === "passkey";
  return {
    act: "key_enrolled", person, key: key.name, key_class: key.kind, public: hex(key.public), rp: own ? location.hostname : "",
    origins: own ? [location.origin] : [], credential: own ? hex(await sha256(key.credential)) : "", device: await deviceHash(),
  };
}

export const actHash = async (act) => hex(await sha256(utf8(canonical(act))));

// The curve of ES256, for one thing only: a join card holds a seed, browsers sign with a key that has its public half.
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const BASE = [0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n, 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n];
const mod = (value) => ((value % P) + P) % P;
function inverse(value) {
  let [low, high, one, two] = [mod(value), P, 1n, 0n];
  while (low > 1n) { const times = high / low; [low, high, one, two] = [high - times * low, low, two - times * one, one]; }
  return mod(one);
}
function plus(one, two) {
  if (!one) return two;
  if (one[0] === two[0] && one[1] !== two[1]) return null;
  const slope = one[0] === two[0] ? mod((3n * one[0] * one[0] - 3n) * inverse(2n * one[1])) : mod((two[1] - one[1]) * inverse(two[0] - one[0]));
  const x = mod(slope * slope - one[0] - two[0]);
  return [x, mod(slope * (one[0] - x) - one[1])];
}
function times(number) {
  let sum = null, power = BASE;
  for (let left = number; left; left >>= 1n) { if (left & 1n) sum = plus(sum, power); power = plus(power, power); }
  return sum;
}
const bytes32 = (number) => unhex(number.toString(16).padStart(64, "0"));

// A key from its seed: docs/format.md, 2.1. A join card is class demo, name "card".
async function seeded(kind, name, seed) {
  const material = joined(utf8(`coldcheck/es256/seed/v1\n${kind}\n${name}\n`), unhex(seed));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", material));
  const secret = (BigInt(`0x${hex(digest)}`) % (N - 1n)) + 1n, [x, y] = times(secret);
  const [d, left, right] = [bytes32(secret), bytes32(x), bytes32(y)];
  const key = await crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: url64(left), y: url64(right), d: url64(d) }, CURVE, false, ["sign"]);
  return { key, public: `04${hex(left)}${hex(right)}` };
}
const cardKey = (seed) => seeded("demo", "card", seed);

// An officer's first key comes as a file with a seed: from here on it is a key of this browser, which nobody takes out again.
export async function takeSeeded(kind, name, seed) {
  if (kind !== "device" || !/^[0-9a-f]{64}$/.test(seed)) throw new Error("not a key's file");
  const made = await seeded(kind, name, seed);
  await queue.putKey({ name, kind, secret: made.key, public: unhex(made.public) });
}

// What an officer compares with his page: the first 64 bits of the hash of the public half.
export async function printOf(name) {
  const key = (await queue.keys()).find((known) => known.name === name);
  return key ? hex((await sha256(key.public)).slice(0, 8)).replace(/(....)(?=.)/g, "$1 ") : "";
}

// The join card signs that this very key is that person's, in this log.
export async function claiming(seed, log, enrolled) {
  const card = await cardKey(seed);
  const words = ["coldcheck/join/v1", log, enrolled.person, enrolled.key, enrolled.public].map((word) => `${word}\n`).join("");
  const proof = new Uint8Array(await crypto.subtle.sign(SIGN, card.key, utf8(words)));
  return { act: "key_claimed", key: enrolled.key, card: card.public, proof: hex(proof) };
}

const short = (size) => Uint8Array.of(size >> 8, size & 255);

async function asserted(key, line1) {
  const challenge = await sha256(utf8(line1));
  const { response } = await navigator.credentials.get({ publicKey: {
    challenge, rpId: location.hostname, userVerification: "required", allowCredentials: [{ type: "public-key", id: key.credential }],
  } });
  const [data, client] = [new Uint8Array(response.authenticatorData), new Uint8Array(response.clientDataJSON)];
  return joined(short(data.length), data, short(client.length), client, new Uint8Array(response.signature));
}

// The signature line of one of this phone's keys over line 1.
export async function signWith(name, line1) {
  const key = (await queue.keys()).find((known) => known.name === name);
  if (!key) throw Object.assign(new Error("key_gone"), { word: "key_gone" });
  const signed = key.kind === "passkey" ? await asserted(key, line1) : new Uint8Array(await crypto.subtle.sign(SIGN, key.secret, utf8(line1)));
  return { name, key_id: hex(await keyId(name, key.kind, key.public)), signature: base64(signed) };
}

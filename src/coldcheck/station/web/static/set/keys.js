// This phone's own keys. A device key never leaves the browser; a passkey never leaves the phone's secure hardware. A
// person verifies himself once for a while: his passkey then vouches, in an entry of its own, for a device key of his.

import { base64, canonical, hex, joined, newId, sha256, utf8 } from "./bytes.js";
import * as queue from "./queue.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" }, SIGN = { name: "ECDSA", hash: "SHA-256" };
export const UNLOCKED_S = 900;
const tag = (kind) => joined(Uint8Array.of(255), utf8(`coldcheck/es256/${kind}/v1`));
const from64 = (word) => Uint8Array.from(atob(word.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

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

// The join card signs that this very key is that person's, in this log.
export async function claiming(card, log, enrolled) {
  const [x, y, d] = card, secret = await crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x, y, d }, CURVE, false, ["sign"]);
  const words = ["coldcheck/join/v1", log, enrolled.person, enrolled.key, enrolled.public].map((word) => `${word}\n`).join("");
  const proof = new Uint8Array(await crypto.subtle.sign(SIGN, secret, utf8(words)));
  return { act: "key_claimed", key: enrolled.key, card: `04${hex(from64(x))}${hex(from64(y))}`, proof: hex(proof) };
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

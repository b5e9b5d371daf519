// The bytes an act is made of: canonical JSON, hashes, ids, sealed words. As docs/format.md has them, and nothing else.

const text = new TextEncoder();

export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (word) => Uint8Array.from(word.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
export const unbase64 = (word) => Uint8Array.from(atob(word), (letter) => letter.charCodeAt(0));
export const same = (one, two) => one.length === two.length && one.every((byte, at) => byte === two[at]);
export const utf8 = (word) => text.encode(word);
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
export const random = (size) => crypto.getRandomValues(new Uint8Array(size));

export function joined(...parts) {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}

// Section 1.1: keys sorted, no spaces, whole numbers only, no half characters.
export function canonical(value) {
  if (value === null || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "string") {
    if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value)) throw new Error("half a character");
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Error("not a whole number");
    return String(Object.is(value, -0) ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// Section 1.2: one letter and the first 60 of 64 random bits.
export function newId(letter) {
  let bits = random(8).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) >> 4n, word = "";
  for (let number = 0; number < 12; number += 1) { word = CROCKFORD[Number(bits & 31n)] + word; bits >>= 5n; }
  return letter + word;
}

const ID = /^[grlcpwaks][0-9A-HJKMNP-TV-Z]{12}$/;

function idsIn(value, found) {
  if (typeof value === "string") { if (ID.test(value)) found.add(value); } else if (value && typeof value === "object") Object.values(value).forEach((inner) => idsIn(inner, found));
  return found;
}

// Every item, place and person the acts name, and who signs; no keys.
export const about = (acts, by) => [...idsIn(acts, new Set([by]))].filter((name) => name[0] !== "k").sort();

const long = (number) => { const out = new Uint8Array(4); new DataView(out.buffer).setUint32(0, number); return out; };

// Section 1.3: what stands in the log for words, and the opening that stays beside it.
export async function sealed(field, value) {
  const salt = random(32), name = utf8(field), words = utf8(value);
  const bytes = joined(utf8("coldcheck/sealed/v1\n"), salt, long(name.length), name, long(words.length), words);
  const commitment = hex(await sha256(bytes));
  return { commitment, opening: { commitment, salt: hex(salt), field, value } };
}

// Section 3: line 1 with its line feed, the very text that is signed.
export const lineOne = (entry) => `${canonical({ v: 1, ...entry, about: about(entry.acts, entry.by) })}\n`;

// What this phone remembers of the log, apart from the hub: the newest checkpoint. A newer one must continue it, or the phone
// says so, keeps both, and shows the hub what it remembers. Where the browser has Ed25519 it cosigns; elsewhere it keeps only.

import { base64, hex, joined, same, sha256, unbase64, utf8 } from "./bytes.js";
import { device } from "./keys.js";
import * as queue from "./queue.js";

const EVERY_MS = 15_000, ED = { name: "Ed25519" };
const LINE = Uint8Array.of(0xe2, 0x80, 0x94, 0x20);
const state = { last: 0, later: null, shown: false, word: "", kept: null };

const long = (number) => { const bytes = new Uint8Array(8); new DataView(bytes.buffer).setBigUint64(0, BigInt(number)); return bytes; };
const call = (path, body) => fetch(path, { method: body === undefined ? "GET" : "POST", body, cache: "no-store", headers: body === undefined ? {} : { "Content-Type": "text/plain" } });

// docs/format.md, 4: a checkpoint's three lines, and what stands under them.
export function readCheckpoint(note) {
  const end = note.indexOf("\n\n"), text = note.slice(0, end + 1), found = /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  if (end < 0 || !found) throw new Error("no checkpoint");
  const [, origin, size, root] = found, log = /^(.+)\/e(0|[1-9][0-9]*)$/.exec(origin);
  if (!log) throw new Error("no origin");
  return { note, text, origin, log: log[1], epoch: Number(log[2]), size: Number(size), root: unbase64(root) };
}

export const node = (left, right) => sha256(joined(Uint8Array.of(1), left, right));

// RFC 9162 2.1.4.2. Sizes here are far below 2^31.
export async function joins(old, now, proof) {
  if (old.size === now.size) return same(old.root, now.root) && !proof.length;
  if (old.size > now.size) return false;
  let [at, last] = [old.size - 1, now.size - 1];
  while (at & 1) { at >>= 1; last >>= 1; }
  const path = at ? [...proof] : [old.root, ...proof];
  let one = path.shift(), two = one;
  if (!one) return false;
  for (const next of path) {
    if (!last) return false;
    if (at & 1 || at === last) {
      one = await node(next, one); two = await node(next, two);
      while (at && !(at & 1)) { at >>= 1; last >>= 1; }
    } else two = await node(two, next);
    at >>= 1; last >>= 1;
  }
  return !last && same(one, old.root) && same(two, now.root);
}

const keyId = async (name, kind, publicBytes) => (await sha256(joined(utf8(`${name}\n`), Uint8Array.of(kind), publicBytes))).slice(0, 4);

// Whether the log's own key signed it: null where this browser cannot tell.
export async function isSigned(checkpoint, vkey) {
  const name = checkpoint.origin, [, , , packed] = /^(.*)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(vkey) ?? [], bytes = packed ? unbase64(packed) : null;
  if (!bytes || bytes[0] !== 1 || bytes.length !== 33 || !vkey.startsWith(`${name}+`)) return false;
  const key = bytes.slice(1), id = await keyId(name, 1, key), mark = `\u2014 ${name} `;
  const line = checkpoint.note.split("\n").find((one) => one.startsWith(mark)), signed = line ? unbase64(line.slice(mark.length)) : null;
  if (!signed || signed.length !== 68 || !same(signed.slice(0, 4), id)) return false;
  try {
    return await crypto.subtle.verify(ED, await crypto.subtle.importKey("raw", key, ED, false, ["verify"]), signed.slice(4), utf8(checkpoint.text));
  } catch { return null; }
}

// This phone's cosigner key, made once; null where the browser has no Ed25519.
async function ownKey() {
  const known = (await queue.keys()).find((one) => one.kind === "cosigner");
  if (known) return known;
  try {
    const pair = await crypto.subtle.generateKey(ED, false, ["sign", "verify"]);
    const name = `phone/${hex(await sha256(utf8(device()))).slice(0, 16)}`;
    const key = { name, kind: "cosigner", secret: pair.privateKey, public: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)) };
    await queue.putKey(key);
    return key;
  } catch { return null; }
}

// docs/format.md, 4.1: the vkey and the line, as the hub takes them.
async function cosignature(key, text) {
  const at = Math.floor(Date.now() / 1000), id = await keyId(key.name, 4, key.public);
  const signed = new Uint8Array(await crypto.subtle.sign(ED, key.secret, utf8(`cosignature/v1\ntime ${at}\n${text}`)));
  const vkey = `${key.name}+${hex(id)}+${base64(joined(Uint8Array.of(4), key.public))}`;
  return joined(utf8(`${vkey}\n`), LINE, utf8(`${key.name} ${base64(joined(id, long(at), signed))}\n`));
}

// One visit: the hub is shown what is remembered, and asked to prove that it went on from there.
async function visit() {
  const kept = await queue.recall("log") ?? null;
  state.kept = kept;
  if (kept && !state.shown) { state.shown = (await call("/log/seen", kept.note)).status !== 503; }
  const reply = await call(`/log/since/${kept?.size ?? 0}`);
  if (reply.status === 404 || reply.status === 503) return "";
  if (reply.status === 409) return "log_shorter";
  if (!reply.ok) return "";
  const said = await reply.text(), gap = said.indexOf("\n\n"), now = readCheckpoint(said.slice(gap + 2)), proof = said.slice(0, gap).split("\n").slice(1).map(unbase64);
  // A hub that is too busy to say its key says nothing: that is no other record.
  const keys = await call("/log/vkeys");
  if (!keys.ok) return "";
  const vkey = (await keys.text()).split("\n").filter(Boolean).at(-1);
  // The key seen first stays the log's: a later epoch brings its own, and is said out loud once.
  if (kept && (kept.log !== now.log || kept.epoch > now.epoch || (kept.epoch === now.epoch && kept.vkey !== vkey))) return "log_other";
  const signed = await isSigned(now, vkey);
  if (signed === false) return "log_other";
  const continued = !kept || await joins({ size: kept.size, root: unbase64(kept.root) }, now, proof);
  if (!continued) {
    await queue.remember("fork", { kept: kept.note, other: now.note });
    if (kept.epoch === now.epoch) { await call("/log/seen", kept.note); return "log_forked"; }
  }
  const next = { note: now.note, log: now.log, epoch: now.epoch, size: now.size, root: base64(now.root), vkey };
  // On this phone before anybody is told: it never goes back.
  await queue.remember("log", next);
  state.kept = next;
  const key = await ownKey();
  if (key && signed) await call(`/log/cosignatures/${now.size}`, await cosignature(key, now.text));
  return continued ? "" : "log_epoch";
}

// Called with each view: a visit now, or soon; `told` hears a word of the catalogue when something does not join.
export function rememberLog(after, told) {
  if (!after || (state.kept && state.kept.size === after.size && state.shown) || state.later) return;
  const wait = Math.max(0, state.last + EVERY_MS - Date.now());
  state.later = setTimeout(async () => {
    state.last = Date.now();
    try { state.word = await (navigator.locks ? navigator.locks.request("log", visit) : visit()) || state.word; } catch { /* The hub was not heard; the next view asks again. */ }
    state.later = null;
    if (state.word) told(state.word);
  }, wait);
}

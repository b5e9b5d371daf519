// How a first account is locked: AES-256-GCM under a code of 64 letters and figures, a head that says what the bytes are.

import { hex, joined, random, unhex, utf8 } from "../set/bytes.js";

const HEAD = utf8("coldcheck/first-account/v1\n");
const keyOf = (code) => crypto.subtle.importKey("raw", unhex(code), "AES-GCM", false, ["encrypt", "decrypt"]);

export async function lock(words) {
  const code = hex(random(32)), iv = random(12);
  const locked = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: HEAD }, await keyOf(code), utf8(words)));
  return { code, bytes: joined(HEAD, iv, locked) };
}

export async function unlocked(bytes, code) {
  try {
    const iv = bytes.slice(HEAD.length, HEAD.length + 12), key = await keyOf(code.replace(/\s+/g, ""));
    return new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: HEAD }, key, bytes.slice(HEAD.length + 12)));
  } catch { throw new Error("This code does not open this account."); }
}

// This phone's own keys. A device key never leaves the browser; a passkey never leaves the phone's secure hardware.

import { base64, hex, joined, sha256, utf8 } from "./bytes.js";
import * as queue from "./queue.js";

const tag = (kind) => joined(Uint8Array.of(255), utf8(`coldcheck/es256/${kind}/v1`));

// Section 2: the 4 bytes that name a key, with its class, in a signature line.
export async function keyId(name, kind, publicBytes) {
  return (await sha256(joined(utf8(`${name}\n`), tag(kind), publicBytes))).slice(0, 4);
}

export async function signWith(me, line1) {
  const key = (await queue.keys()).find((known) => known.name === me.key);
  const signed = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.secret, utf8(line1));
  const id = await keyId(key.name, key.kind, key.public);
  return { name: key.name, key_id: hex(id), signature: base64(new Uint8Array(signed)) };
}

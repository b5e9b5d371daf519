// What the hub's answer to an act proves, held against itself on the phone that signed it, and kept there: the receipt of
// docs/format.md, 4.2, with which its holder shows to anybody that this very act was in the record, whatever becomes of the hub.

import { base64, joined, same, sha256, unhex, utf8 } from "./bytes.js";
import * as queue from "./queue.js";
import { isSigned, node, readCheckpoint } from "./remember.js";

// RFC 9162 2.1.3.2. Sizes here are far below 2^31.
export async function rootOf(leaf, index, size, proof) {
  let [at, last, one] = [index, size - 1, leaf];
  for (const other of proof) {
    if (!last) return null;
    if (at & 1 || at === last) {
      one = await node(other, one);
      while (at && !(at & 1)) { at >>= 1; last >>= 1; }
    } else one = await node(one, other);
    at >>= 1; last >>= 1;
  }
  return last ? null : one;
}

// The receipt as a file, or null when the answer does not prove that these very bytes are in the log.
export async function receiptFile(line1, { entry, note, proof, checkpoint }, vkey) {
  try {
    const head = readCheckpoint(checkpoint), hashes = proof.map(unhex), leaf = await sha256(joined(Uint8Array.of(0), utf8(note)));
    if (!note.startsWith(line1) || entry >= head.size || (vkey && (await isSigned(head, vkey)) === false)) return null;
    const root = await rootOf(leaf, entry, head.size, hashes);
    if (!root || !same(root, head.root)) return null;
    return ["c2sp.org/tlog-proof@v1", `extra ${base64(utf8(note))}`, `index ${entry}`, ...hashes.map(base64), "", checkpoint].join("\n");
  } catch { return null; }
}

// What a revoked key signs is no entry: the hub keeps it apart, says so, and has nothing to prove.
export const isRevoked = (receipt) => receipt.findings.some((one) => one.rule === "KEYS" && one.params.what === "key_revoked");

// Kept under the act's own id; an answer that proves nothing is said out loud, and the act stays named by what was signed.
export async function keepReceipt(act, receipt) {
  const log = await queue.recall("log"), vkey = receipt.checkpoint.startsWith(`${log?.note.split("\n")[0]}\n`) ? log.vkey : null;
  receipt.file = await receiptFile(act.line1, receipt, vkey);
  receipt.unproven = !receipt.file && !isRevoked(receipt);
  if (receipt.file) await queue.remember(`receipt ${act.id}`, receipt.file);
}

// One bit flipped in every byte of an export, with --bits every bit: node flips.mjs DIR [--whole | --bits]. Prints {tried, missed: [[path, offset], ...]}.
//
// Without --whole each flip goes to the function that reads that byte, and counts as found if the function refuses it or
// answers something else than the other files say. With --whole each goes through the whole verifier, in memory.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import * as v from "../../verifier/coldcheck-verify.mjs";

const [directory, mode] = process.argv.slice(2);
const files = new Map(
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath ?? item.path, item.name))
    .map((path) => [path.slice(directory.length + 1), new Uint8Array(readFileSync(path))]),
);

const whole = (changed) => v.verifyExport({ read: (path) => changed.get(path) ?? null, list: [...changed.keys()] });
const good = await whole(files);
if (!good.ok) throw new Error(`the export is bad before any flip: ${good.first_bad.reason}`);
const log = v.readVkey(good.vkey);
const size = good.entries;

/** Whether the function that reads `path` notices that its bytes are now `bytes`. */
async function partNotices(path, bytes, offset) {
  if (path === "checkpoint") {
    const seen = await v.openCheckpoint(bytes, log);
    return seen.size !== size || v.hex(seen.root) !== good.root;
  }
  if (path === "log.vkey") return v.readVkey(v.utf8(bytes, path).replace(/\n$/, "")).text !== good.vkey;
  if (path === "keys.json") return !v.same(bytes, files.get(path));
  const [, level, name] = /^tile\/(\d+|entries)\/(.*)$/.exec(path);
  const index = Number(name.replace(/\.p\/\d+$/, ""));
  const width = v.tileWidth(size, index);
  if (level !== "entries") return !v.same(bytes.subarray(offset - (offset % 32), offset - (offset % 32) + 32), leafOf(index, offset >> 5));
  const { entries, left } = v.splitBundle(bytes, width);
  if (entries.length !== width || left) return true;
  const number = entryAt(index, offset);
  return !v.same(v.leafHash(entries[number]), leafOf(index, number));
}

const bundles = new Map();
for (let index = 0; index * v.TILE_WIDTH < size; index++) {
  const path = v.tilePath("entries", index, v.tileWidth(size, index));
  bundles.set(index, v.splitBundle(files.get(path), v.TILE_WIDTH).entries);
}
const leaves = new Map([...bundles].map(([index, entries]) => [index, entries.map(v.leafHash)]));
const leafOf = (index, number) => leaves.get(index)[number];

function entryAt(index, offset) {
  let end = 0;
  for (const [number, entry] of bundles.get(index).entries()) {
    end += 2 + entry.length;
    if (offset < end) return number;
  }
  throw new Error("an offset beyond the bundle");
}

async function noticed(path, bytes, offset) {
  if (mode === "--whole") return !(await whole(new Map(files).set(path, bytes))).ok;
  try {
    return await partNotices(path, bytes, offset);
  } catch (problem) {
    if (problem instanceof v.BadRecord) return true;
    throw problem;
  }
}

const missed = [];
let tried = 0;
for (const [path, bytes] of files) {
  for (let offset = 0; offset < bytes.length; offset++) {
    for (const bit of mode === "--bits" ? [0, 1, 2, 3, 4, 5, 6, 7] : [offset % 8]) {
      const changed = bytes.slice();
      changed[offset] ^= 1 << bit;
      tried += 1;
      if (!(await noticed(path, changed, offset))) missed.push([path, offset]);
    }
  }
}
process.stdout.write(JSON.stringify({ tried, missed }));

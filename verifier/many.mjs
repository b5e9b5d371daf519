// node verifier/many.mjs: verifies folder after folder, each named on a line of standard input; one line of JSON a folder.
//
// For long runs, which would otherwise start node ten thousand times. The reading is the command's, the verifying the module's.
// With --remember, a signature that fitted once is not computed again for the very same key, bytes and signature: of thousands of
// copies of one log that differ in a byte, all else is equal. What does not fit is never remembered, and a line `fresh` before a
// folder has it verified without any of it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { verifyCopy } from "./coldcheck-verify.mjs";

const text = (bytes) => Buffer.from(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength).toString("latin1");
const memory = { on: process.argv.includes("--remember"), keys: new Map(), names: new Map(), fitted: new Set() };

if (memory.on) {
  const { subtle } = globalThis.crypto, importKey = subtle.importKey.bind(subtle), verify = subtle.verify.bind(subtle);
  subtle.importKey = async (form, bytes, algorithm, ...rest) => {
    const name = `${form} ${JSON.stringify(algorithm)} ${JSON.stringify(rest)} ${bytes.byteLength === undefined ? JSON.stringify(bytes) : text(bytes)}`;
    if (!memory.on || !memory.keys.has(name)) {
      const key = await importKey(form, bytes, algorithm, ...rest);
      memory.keys.set(name, key);
      memory.names.set(key, name);
      return key;
    }
    return memory.keys.get(name);
  };
  subtle.verify = async (algorithm, key, signature, bytes) => {
    const name = `${JSON.stringify(algorithm)}|${memory.names.get(key)}|${text(signature)}|${text(bytes)}`;
    if (memory.on && memory.fitted.has(name)) return true;
    const fits = await verify(algorithm, key, signature, bytes);
    if (fits) memory.fitted.add(name);
    return fits;
  };
}

const pathsIn = (directory, under = "") =>
  readdirSync(join(directory, under), { withFileTypes: true }).flatMap((item) => {
    const path = under ? `${under}/${item.name}` : item.name;
    return item.isDirectory() ? pathsIn(directory, path) : [path];
  });

const readerOf = (directory) => (path) => {
  try {
    return new Uint8Array(readFileSync(join(directory, ...path.split("/"))));
  } catch (problem) {
    if (["ENOENT", "ENOTDIR", "EISDIR"].includes(problem.code)) return null;
    throw problem;
  }
};

for await (const directory of createInterface({ input: process.stdin })) {
  if (directory === "fresh") { memory.on = false; continue; }
  const { ok, entries, first_bad: bad, cannot } = await verifyCopy({ read: readerOf(directory), list: pathsIn(directory) });
  process.stdout.write(`${JSON.stringify({ ok, entries, first_bad: bad, cannot })}\n`);
  memory.on = process.argv.includes("--remember");
}

// node verifier/many.mjs: verifies folder after folder, each named on a line of standard input; one line of JSON a folder.
//
// For long runs, which would otherwise start node ten thousand times. The reading is the command's, the verifying the module's.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { verifyCopy } from "./coldcheck-verify.mjs";

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
  const { ok, entries, first_bad: bad, cannot } = await verifyCopy({ read: readerOf(directory), list: pathsIn(directory) });
  process.stdout.write(`${JSON.stringify({ ok, entries, first_bad: bad, cannot })}\n`);
}

// node verifier/cli.mjs DIR [--json] [--vkey FILE] [--seen FILE] [--cosigner FILE]...: verifies what `coldcheck export L --tiles DIR` wrote.
//
// Exit 0: every byte is as signed. 1: it is not; the first bad entry or file is named. 2: bad use, or DIR is no export.
// 3: cannot (a file that cannot be read, a missing algorithm). Reads DIR and the files named, nothing else.

import { lstat, open, readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { parseArgs } from "node:util";

import { BadRecord, CannotVerify, readCosignerVkey, readVkey, verifyCopy } from "./coldcheck-verify.mjs";

const USE = "node verifier/cli.mjs DIR [--json] [--vkey FILE] [--seen CHECKPOINT] [--cosigner FILE]...";

class BadUse extends Error {}

/** At most limit + 1 bytes of a file below `directory`, or null when there is none. A link, a pipe or a device is no file of a copy. */
function readerOf(directory) {
  return async (path, limit) => {
    try {
      if (!(await lstat(join(directory, ...path.split("/")))).isFile()) return null;
      return await readFile(join(directory, ...path.split("/")), limit);
    } catch (problem) {
      if (["ENOENT", "ENOTDIR", "EISDIR"].includes(problem.code)) return null;
      throw new CannotVerify(`${path} cannot be read (${problem.code}); copy the export again and try that.`);
    }
  };
}

async function readFile(path, limit) {
  const file = await open(path);
  try {
    const buffer = new Uint8Array(Math.min((await file.stat()).size, limit) + 1);
    let size = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, size, buffer.length - size);
      size += bytesRead;
      if (!bytesRead || size === buffer.length) return buffer.subarray(0, size);
    }
  } finally {
    await file.close();
  }
}

async function pathsIn(directory) {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  return found
    .filter((item) => !item.isDirectory())
    .map((item) => join(item.parentPath ?? item.path, item.name).slice(directory.length + 1).split(sep).join("/"));
}

async function readNamed(path, option) {
  try {
    return await readFile(path, 1_000_000);
  } catch (problem) {
    throw new BadUse(`${path}, given with ${option}, cannot be read (${problem.code}); name a file.`);
  }
}

async function readGivenVkey(path, option = "--vkey", read = readVkey) {
  const text = new TextDecoder().decode(await readNamed(path, option)).trim();
  try {
    return read(text).text;
  } catch (problem) {
    throw new BadUse(`${path} holds no such key (${problem.message}) Name the file log.vkey, or one with the printed line.`);
  }
}

function readUse() {
  try {
    const options = { json: { type: "boolean" }, vkey: { type: "string" }, seen: { type: "string" }, cosigner: { type: "string", multiple: true }, help: { type: "boolean", short: "h" } };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (values.help) return { help: true };
    if (positionals.length !== 1) throw new BadUse("Name one folder.");
    return { ...values, directory: positionals[0].replace(/[/\\]+$/, "") || positionals[0] };
  } catch (problem) {
    throw new BadUse(`${problem.message.split("\n")[0].replace(/[.\s]*$/, ".")} Use: ${USE}`);
  }
}

async function listExport(directory) {
  let paths;
  try {
    if (!(await stat(directory)).isDirectory()) throw new BadUse(`${directory} is a file; name the folder that coldcheck export wrote.`);
    paths = await pathsIn(directory);
  } catch (problem) {
    if (problem instanceof BadUse) throw problem;
    if (problem.code === "ENOENT") throw new BadUse(`${directory} is not there; name the folder that coldcheck export wrote.`);
    throw new CannotVerify(`${directory} cannot be read (${problem.code}).`);
  }
  if (!paths.some((path) => ["bagit.txt", "checkpoint", "log.vkey"].includes(path) || path.startsWith("tile/"))) {
    throw new BadUse(`${directory} holds no export of a log; name the folder that coldcheck export wrote.`);
  }
  return paths;
}

function inWords(report) {
  const { ok, entries, first_bad: bad, cannot } = report;
  const lines = [];
  if (ok) lines.push(`OK: ${entries} entries, root ${report.root}`);
  else if (cannot) lines.push(`NOT DECIDED: ${cannot}`);
  else lines.push(`NOT OK: ${bad.entry === null ? "" : `entry ${bad.entry}: `}${bad.reason}`, `${entries} entries before it are as they were signed.`);
  const whose = report.vkey_from === "given" ? "given" : "its own word: compare it with the printed one";
  lines.push(`Log key (${whose}): ${report.vkey ?? "not known"}`);
  for (const { by, at_s: at } of report.cosigned) lines.push(`Cosigned by ${by} at ${new Date(1000 * at).toISOString()}, by its own clock`);
  lines.push(...report.remarks, ...report.unverified.map((words) => `Not shown by this: ${words}`));
  return lines.join("\n");
}

async function main() {
  const use = readUse();
  if (use.help) {
    console.log(USE);
    return 0;
  }
  const list = await listExport(use.directory);
  const vkey = use.vkey === undefined ? null : await readGivenVkey(use.vkey);
  const seen = use.seen === undefined ? null : await readNamed(use.seen, "--seen");
  const cosigners = [];
  for (const path of use.cosigner ?? []) cosigners.push(await readGivenVkey(path, "--cosigner", readCosignerVkey));
  const report = await verifyCopy({ read: readerOf(use.directory), list, vkey, seen, cosigners });
  console.log(use.json ? JSON.stringify(report, null, 2) : inWords(report));
  return report.ok ? 0 : report.cannot === null ? 1 : 3;
}

try {
  process.exitCode = await main();
} catch (problem) {
  const known = problem instanceof BadUse || problem instanceof CannotVerify || problem instanceof BadRecord;
  console.error(known ? problem.message : `Cannot verify: ${problem.stack}`);
  process.exitCode = problem instanceof BadUse ? 2 : 3;
}

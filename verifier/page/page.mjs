import { readVkey, splitBundle, tilePath, tileWidth, TILE_WIDTH, verifyCopy } from "../coldcheck-verify.mjs";

// The screen of verify.html. Text from files only ever becomes text nodes; nothing here builds markup from it.

const byId = (id) => document.getElementById(id);
const ROWS_AT_ONCE = 2_000;
let run = 0; // a newer choice makes an older run fall silent

/** An element with this text, or with these children. */
function element(tag, content, className = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...(Array.isArray(content) ? content : [String(content)]));
  return made;
}

// --- the files that were chosen --------------------------------------------------------------------------------------

/** The files by path below the folder that holds `checkpoint`, or null when no chosen folder holds an export. */
function filesOfExport(found) {
  const depth = (path) => path.split("/").length;
  const named = (name) => [...found.keys()].filter((path) => path === name || path.endsWith(`/${name}`)).sort((a, b) => depth(a) - depth(b))[0];
  const bag = named("bagit.txt"); // a bundle has an export in it
  const name = bag ? "bagit.txt" : named("checkpoint") ? "checkpoint" : "log.vkey"; // an export whose checkpoint was taken away is still one
  const anchor = named(name);
  if (!anchor) return null;
  const base = anchor.slice(0, -name.length);
  return new Map([...found].filter(([path]) => path.startsWith(base)).map(([path, file]) => [path.slice(base.length), file]));
}

/** Every file below what was dropped, by path. Chromium refuses entries to a page opened from a file, and gives handles. */
async function droppedFiles(items) {
  const found = new Map();
  // The items are gone after the first await, so both kinds are taken before it.
  const taken = [...items].map((item) => [item.getAsFileSystemHandle?.(), item.webkitGetAsEntry?.()]);
  for (const [promised, entry] of taken) {
    const handle = await promised;
    if (handle) await walkHandle(handle, handle.name, found);
    else if (entry) await walkEntry(entry, entry.name, found);
  }
  return found;
}

async function walkHandle(handle, path, found) {
  if (handle.kind === "file") found.set(path, await handle.getFile());
  else for await (const inner of handle.values()) await walkHandle(inner, `${path}/${inner.name}`, found);
}

async function walkEntry(entry, path, found) {
  if (entry.isFile) found.set(path, await new Promise((resolve, reject) => entry.file(resolve, reject)));
  else for (const inner of await entriesIn(entry)) await walkEntry(inner, `${path}/${inner.name}`, found);
}

async function entriesIn(directory) {
  const reader = directory.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // at most 100 at a time
    if (!some.length) return all;
    all.push(...some);
  }
}

// --- a packed folder -------------------------------------------------------------------------------------------------

const ZIP_END = 0x06054b50, ZIP_LISTED = 0x02014b50, ZIP_HERE = 0x04034b50;
const MOST_PACKED = 200_000;

/** The files in a zip by their paths, each read only when it is asked for. What a zip says of itself is believed in nothing that counts. */
async function filesInZip(zip) {
  const tail = await bytesOf(zip, Math.max(0, zip.size - 65_557), zip.size);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== ZIP_END) end -= 1;
  if (end < 0) throw new Error("this file is no zip, or it is cut short.");
  const [count, length, start] = [tail.getUint16(end + 10, true), tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  if (count === 0xffff || start === 0xffffffff) throw new Error("this zip is of the large sort; unpack it and choose the folder.");
  const list = await bytesOf(zip, start, start + length);
  const found = new Map();
  for (let at = 0, number = 0; number < count && number < MOST_PACKED; number++) {
    if (at + 46 > list.byteLength || list.getUint32(at, true) !== ZIP_LISTED) throw new Error("the zip's list of files does not read.");
    const [flags, method, packed, size] = [list.getUint16(at + 8, true), list.getUint16(at + 10, true), list.getUint32(at + 20, true), list.getUint32(at + 24, true)];
    const [named, extra, said, place] = [list.getUint16(at + 28, true), list.getUint16(at + 30, true), list.getUint16(at + 32, true), list.getUint32(at + 42, true)];
    const path = new TextDecoder().decode(new Uint8Array(list.buffer, at + 46, Math.max(0, Math.min(named, list.byteLength - at - 46))));
    at += 46 + named + extra + said;
    if (path.endsWith("/")) continue;
    if (flags & 1 || ![0, 8].includes(method)) throw new Error(`${path} is packed in a way that this page does not read; unpack the zip and choose the folder.`);
    if (found.has(path)) throw new Error(`${path} stands twice in this zip.`);
    found.set(path, packedFile(zip, { path, method, packed, size, place }));
  }
  return found;
}

const bytesOf = async (file, from, to) => new DataView(await file.slice(from, to).arrayBuffer());

/** What a chosen file can do as far as this page asks: give its first bytes. Never more is unpacked than was asked for. */
function packedFile(zip, { path, method, packed, size, place }) {
  const first = async (limit) => {
    const head = await bytesOf(zip, place, place + 30);
    if (head.byteLength < 30 || head.getUint32(0, true) !== ZIP_HERE) throw new Error(`${path} is not where the zip says.`);
    const from = place + 30 + head.getUint16(26, true) + head.getUint16(28, true);
    const stored = zip.slice(from, from + packed);
    return method === 0 ? stored.slice(0, limit).arrayBuffer() : unpacked(stored, limit, path);
  };
  return { size, slice: (_from, limit) => ({ arrayBuffer: () => first(limit) }), arrayBuffer: () => first(2 ** 30) };
}

async function unpacked(stored, limit, path) {
  const reader = stored.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts = [];
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done && length < limit; next = await reader.read()) {
      parts.push(next.value);
      length += next.value.length;
    }
    await reader.cancel();
  } catch {
    throw new Error(`${path} does not unpack: the zip is damaged. Ask for another copy.`);
  }
  return (await new Blob(parts).arrayBuffer()).slice(0, limit);
}

/** What was chosen or dropped; one zip stands for what is in it. */
async function opened(found) {
  const [[name, file] = ["", null], ...others] = found;
  return !others.length && name.toLowerCase().endsWith(".zip") ? filesInZip(file) : found;
}

/** The files of the log itself, which a bundle has in a folder. */
function logFilesOf(files) {
  if (!files.has("bagit.txt")) return files;
  const inLog = [...files].filter(([path]) => path.startsWith("data/log/"));
  return new Map(inLog.map(([path, file]) => [path.slice("data/log/".length), file]));
}

const readerOf = (files) => async (path, limit) => {
  const file = files.get(path);
  return file ? new Uint8Array(await file.slice(0, limit + 1).arrayBuffer()) : null;
};

// --- a run -----------------------------------------------------------------------------------------------------------

async function verify(chosen) {
  const mine = ++run;
  const current = () => mine === run;
  clear();
  let files = null;
  try {
    files = filesOfExport(await opened(chosen));
  } catch (problem) {
    return current() && undecided("Not decided", problem.message[0].toUpperCase() + problem.message.slice(1));
  }
  if (!current()) return undefined;
  if (!files) return undecided("No export in there", "Choose the folder that holds the files checkpoint and log.vkey and the folder tile, or a whole bundle, or a zip of either.");
  const vkey = byId("vkey").value.trim() || null;
  try {
    if (vkey !== null) readVkey(vkey);
  } catch (problem) {
    return undecided("Not decided", `The line given as the printed key is none: ${problem.message}`);
  }
  const rows = [];
  const people = new Map();
  byId("progress").hidden = false;
  try {
    const report = await verifyCopy({
      read: readerOf(files),
      list: [...files.keys()],
      vkey,
      seen: await chosenCheckpoint(),
      onEntry: (index, entry, keys) => rows.push(rowOf(index, entry, keys, people)),
      onProgress: async (done, size) => {
        if (!current()) return;
        showProgress(done, size);
        await new Promise((resolve) => setTimeout(resolve)); // lets the page draw
      },
    });
    if (current()) show(report, rows, await badText(report, logFilesOf(files)));
  } catch (problem) {
    if (current()) undecided("Not decided", `This page could not finish: ${problem.message}`);
  } finally {
    if (current()) byId("progress").hidden = true;
  }
}

async function chosenCheckpoint() {
  const [file] = byId("seen").files;
  return file ? new Uint8Array(await file.slice(0, 1_000_001).arrayBuffer()) : null;
}

/** The rows of an act that give a person a label and roles. */
function peopleIn(act) {
  if (["person_enrolled", "officer_named"].includes(act.act)) return [act];
  return act.act === "crew_listed" ? act.rows : [];
}

/** What the list shows of an entry: a few short strings, so that a long log fits into memory. */
function rowOf(index, { author, receipt }, keys, people) {
  for (const { person, label, roles } of author.acts.flatMap(peopleIn)) people.set(person, `${label}, ${roles.join(", ").replaceAll("_", " ")}`);
  const counts = new Map();
  for (const { act } of author.acts) counts.set(act, (counts.get(act) ?? 0) + 1);
  return {
    index,
    at: receipt.at.replace("T", " ").replace("Z", ""),
    by: author.by,
    known: keys[0].keyClass === "hub" ? "the hub" : (people.get(author.by) ?? ""),
    keyClass: keys.map(({ keyClass }) => keyClass).join(", "),
    acts: [...counts].map(([act, count]) => act.replaceAll("_", " ") + (count > 1 ? ` (${count})` : "")).join(", "),
    verdict: receipt.verdict + (receipt.delivered === "queued" ? ", queued" : ""),
  };
}

/** The first characters of the entry that is bad, as far as its bundle can be cut. */
async function badText({ first_bad: bad, checkpoint }, files) {
  if (bad === null || bad.entry === null || checkpoint === null) return null;
  const size = Number(checkpoint.split("\n")[1]);
  const bundle = Math.floor(bad.entry / TILE_WIDTH);
  const file = files.get(tilePath("entries", bundle, tileWidth(size, bundle)));
  if (!file) return null;
  const { entries } = splitBundle(new Uint8Array(await file.arrayBuffer()), TILE_WIDTH);
  const bytes = entries[bad.entry % TILE_WIDTH];
  return bytes ? new TextDecoder().decode(bytes.subarray(0, 4_000)) : null;
}

// --- what is shown ---------------------------------------------------------------------------------------------------

function clear() {
  for (const id of ["progress", "result", "bad", "bad-text", "remarked", "entries", "more"]) byId(id).hidden = true;
  for (const id of ["facts", "remarks", "unverified", "rows"]) byId(id).replaceChildren();
  byId("verdict").className = "verdict";
  showProgress(0, 0);
}

function showProgress(done, size) {
  byId("progress-words").textContent = size ? `${done} of ${size} entries` : "Reading the checkpoint";
  byId("progress-bar").value = size ? done / size : 0;
}

function undecided(word, words) {
  byId("verdict").className = "verdict undecided";
  byId("verdict-word").textContent = word;
  byId("verdict-words").textContent = words;
  byId("result").hidden = false;
}

function show(report, rows, text) {
  const { ok, cannot, entries } = report;
  if (cannot !== null) undecided("Not decided", cannot);
  else if (ok) {
    // Whoever forges a whole copy makes its key as well, so without the printed key this is a claim: dashes, not lines.
    const given = report.vkey_from === "given";
    byId("verdict").className = given ? "verdict" : "verdict undecided";
    byId("verdict-word").textContent = given ? "As signed" : "Fits its own key";
    byId("verdict-words").textContent =
      `All ${entries} entries, in this order, are what ${given ? "the log’s key" : "the key in this copy"} and their authors’ keys signed. ` +
      (given ? "It does not show that a statement was true." : "Compare that key with the printed one: until then nothing here shows whose log this is.");
  } else {
    byId("verdict").className = "verdict bad";
    byId("verdict-word").textContent = "Not as signed";
    byId("verdict-words").textContent = `Do not rely on this copy. ${entries} ${entries === 1 ? "entry" : "entries"} before the first bad place fit; ask for another copy and keep this one.`;
    showBad(report.first_bad, text);
  }
  byId("facts").append(...facts(report));
  fill("remarks", report.remarks);
  byId("remarked").hidden = !report.remarks.length;
  fill("unverified", [...report.unverified, "That everything which happened was entered: only what was entered can be verified."]);
  byId("result").hidden = false;
  showRows(rows, 0);
}

function showBad({ entry, reason }, text) {
  byId("bad").hidden = false;
  byId("bad-where").textContent = entry === null ? "In a file, not in one entry" : `Entry ${entry}`;
  byId("bad-why").textContent = reason;
  byId("bad-text").textContent = text ?? "";
  byId("bad-text").hidden = text === null;
}

function facts(report) {
  const log = report.checkpoint?.split("\n")[0] ?? "not known";
  const size = report.checkpoint?.split("\n")[1] ?? "not known";
  const rows = [
    ["Log", log],
    ["Entries by the checkpoint", size],
    ["Entries verified", report.entries],
    ["Root of those", report.root],
    ["Log’s key", report.vkey ?? "not known"],
    ["That key comes from", report.vkey_from === "given" ? "the line that was given above" : "this copy: compare it with the printed one"],
  ];
  return rows.flatMap(([name, value]) => [element("dt", name), element("dd", value, "mono")]);
}

function fill(id, sentences) {
  byId(id).append(...sentences.map((words) => element("li", words)));
}

function showRows(rows, from) {
  const next = rows.slice(from, from + ROWS_AT_ONCE);
  byId("rows").append(
    ...next.map(({ index, at, by, known, keyClass, acts, verdict }) => {
      const who = element("td", [element("span", by, "mono"), known ? ` ${known}` : ""]);
      return element("tr", [element("td", index), element("td", at), who, element("td", keyClass), element("td", acts), element("td", verdict)]);
    }),
  );
  byId("entries").hidden = !rows.length;
  const left = rows.length - from - next.length;
  const more = byId("more");
  more.hidden = left <= 0;
  more.textContent = `Show ${Math.min(left, ROWS_AT_ONCE)} more of ${left}`;
  more.onclick = () => showRows(rows, from + ROWS_AT_ONCE);
}

function refusedDrop() {
  run += 1;
  clear();
  undecided("Not decided", "This browser does not let this page read what was dropped. Use the button instead.");
}

// --- choosing --------------------------------------------------------------------------------------------------------

byId("choose").addEventListener("submit", (event) => event.preventDefault());
byId("folder").addEventListener("change", (event) => {
  const found = new Map([...event.target.files].map((file) => [file.webkitRelativePath || file.name, file]));
  event.target.value = ""; // the same folder may be chosen again after it was changed
  verify(found);
});
byId("zip").addEventListener("change", (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (file) verify(new Map([[file.name, file]]));
});
const drop = byId("drop");
for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault(); // else the browser leaves this page for the file
    drop.classList.toggle("over", name === "dragenter" || name === "dragover");
    if (name === "drop") droppedFiles(event.dataTransfer.items).then(verify, refusedDrop);
  });
}

// A first account: written here, locked here with a key that is made here, and sent locked. The code that opens it is shown
// once to its author and kept on this device; no copy of it goes anywhere. Before somebody says that he wants to write,
// there is nothing to write in, and nothing was sent.

import { base64, hex, sha256, utf8 } from "../set/bytes.js";
import { button, h } from "../set/dom.js";
import { drafting, file, newId, whoAmI } from "./file.js";
import { lock, unlocked } from "./locked.js";
import * as queue from "../set/queue.js";

const choices = document.getElementById("choices"), writing = document.getElementById("writing"), mine = document.getElementById("mine"), said = document.getElementById("said");
const say = (words) => said.replaceChildren(h("p.note", { role: "alert" }, words));
const shownCode = (code) => code.match(/.{8}/g).join(" ");

// ---- writing ----

function offer(me) {
  choices.replaceChildren(
    button("I have read this, and I want to write", () => write(), "", { id: "want" }),
    button("Not now", () => { location.href = "/board"; }, "", { id: "decline" }),
    me ? "" : h("p.note", {}, "Nobody has joined on this device yet, so it cannot seal anything here. Open the address on your join card first, or write on paper."),
  );
}

function write() {
  choices.replaceChildren();
  const words = h("textarea", { name: "words", rows: 14, maxlength: 20_000, "aria-label": "What I saw and did" });
  writing.replaceChildren(
    h("p", {}, "Only what you saw, heard and did yourself; when, and where you stood. What others told you: say that they told you. Leave out what you do not know."), words,
    h("div.row", {}, button("Lock it and seal it", () => seal(words).catch((problem) => say(problem.message)), "", { id: "seal" }), button("Throw it away", () => { words.value = ""; writing.replaceChildren(); whoAmI().then(offer); say("Nothing was kept."); }, "", { id: "discard" })),
  );
  words.focus();
}

async function seal(words) {
  if (!words.value.trim()) return say("There is nothing in it yet.");
  const { code, bytes } = await lock(words.value), digest = hex(await sha256(bytes)), ref = newId("s");
  // The code is kept before anything is sent: a sealed account that nobody can open would be worse than none.
  await queue.remember(`account ${digest}`, { ref, digest, code });
  const list = (await queue.recall("accounts")) ?? [];
  await queue.remember("accounts", [...list.filter((one) => one !== digest), digest]);
  const receipt = await file([{ act: "first_account_sealed", ref, sha256: digest }], [], { locked: base64(bytes) }, "/api/account/entries");
  writing.replaceChildren(
    h("h2", {}, "Sealed"), h("p", {}, `Entry ${receipt.entry}. Write this code down and keep it: with it the account can be opened on another device, and whoever has it can read the account.`),
    h("p.lead", { id: "code" }, shownCode(code)),
  );
  say("");
  await list_mine();
}

// ---- opening ----

async function opened(one, code, basis) {
  const reply = await fetch(`/api/account/${one.digest}`);
  if (!reply.ok) throw new Error((await reply.json()).sentence);
  const bytes = new Uint8Array(await reply.arrayBuffer());
  if (hex(await sha256(bytes)) !== one.digest) throw new Error("The locked bytes are not those that were sealed.");
  return { words: await unlocked(bytes, code), basis };
}

async function give(one, words) {
  const content = utf8(words), { openings, seal: hide } = drafting(), none = { start: "", end: "" }, source = newId("s");
  const acts = [
    { act: "source_filed", ref: source, label: `FA-${one.digest.slice(0, 6)}`, kind: "signed_account", sha256: hex(await sha256(content)), size_bytes: content.length, media: "text/plain", title: await hide("title", "First account"), outlet: await hide("outlet", ""), url: await hide("url", ""), published: none, captured: none, how: "first_account", derived_from: "", struck: [] },
    { act: "first_account_opened", regarding: one.ref, source, basis: "author" },
  ];
  const receipt = await file(acts, openings, { locked: base64(content) }, "/api/account/entries");
  say(`Opened by you, entry ${receipt.entry}. Its words are now a source like any other.`);
}

// What the record says of an account that legal process opened; its author reads it where he wrote it.
async function toldOf(one) {
  const reply = await fetch(`/api/account/${one.digest}/opened`).catch(() => null);
  const { opened: list = [] } = reply?.ok ? await reply.json() : {};
  return list.filter((each) => each.basis !== "author").map((each) => h("p.note", { "data-told": one.digest }, `Legal process opened this account on ${each.at.slice(0, 10)}, entry ${each.entry}. Its words are with the inquiry. The order stands in the record; you may ask for it, and you may answer.`));
}

async function list_mine() {
  const digests = (await queue.recall("accounts").catch(() => null)) ?? [];
  const rows = await Promise.all(digests.map((digest) => queue.recall(`account ${digest}`)));
  const told = (await Promise.all(rows.map(toldOf))).flat();
  mine.replaceChildren(...(rows.length ? [h("h2", {}, "Sealed on this device"), ...told, ...rows.map((one) => h("div.row", {}, h("span.entry", {}, one.digest.slice(0, 16)), button("Read it here", async () => {
    try {
      const { words } = await opened(one, one.code);
      mine.append(h("p", { class: "own" }, words), button("Give it to the inquiry", () => give(one, words).catch((problem) => say(problem.message)), "", { "data-give": one.digest }));
    } catch (problem) { say(problem.message); }
  }, "", { "data-open": one.digest })))] : []));
}

whoAmI().then(offer);
list_mine();

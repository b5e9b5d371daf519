// A first account: written here, locked here with a key that is made here, and sent locked. The code that opens it is shown
// once to its author and kept on this device; no copy of it goes anywhere. Before somebody says that he wants to write,
// there is nothing to write in, and nothing was sent.

import { base64, hex, sha256, utf8 } from "../set/bytes.js";
import { button, h } from "../set/dom.js";
import { drafting, file, newId, whoAmI } from "./file.js";
import { lock, unlocked } from "./locked.js";
import * as queue from "../set/queue.js";
import { t } from "./words.js";

const choices = document.getElementById("choices"), writing = document.getElementById("writing"), mine = document.getElementById("mine"), said = document.getElementById("said");
const say = (words) => said.replaceChildren(h("p.note", { role: "alert" }, words));
const shownCode = (code) => code.match(/.{8}/g).join(" ");

// ---- writing ----

function offer(me) {
  choices.replaceChildren(
    button(t("want"), () => write(), "", { id: "want" }),
    button(t("not_now"), () => { location.href = "/board"; }, "", { id: "decline" }),
    me ? "" : h("p.note", {}, t("nobody")),
  );
}

function write() {
  choices.replaceChildren();
  const words = h("textarea", { name: "words", rows: 14, maxlength: 20_000, "aria-label": t("what") });
  writing.replaceChildren(
    h("p", {}, t("how")), words,
    h("div.row", {}, button(t("seal"), () => seal(words).catch((problem) => say(problem.message)), "", { id: "seal" }), button(t("discard"), () => { words.value = ""; writing.replaceChildren(); whoAmI().then(offer); say(t("discarded")); }, "", { id: "discard" })),
  );
  words.focus();
}

async function seal(words) {
  if (!words.value.trim()) return say(t("nothing_yet"));
  const { code, bytes } = await lock(words.value), digest = hex(await sha256(bytes)), ref = newId("s");
  // The code is kept before anything is sent: a sealed account that nobody can open would be worse than none.
  await queue.remember(`account ${digest}`, { ref, digest, code });
  const list = (await queue.recall("accounts")) ?? [];
  await queue.remember("accounts", [...list.filter((one) => one !== digest), digest]);
  const receipt = await file([{ act: "first_account_sealed", ref, sha256: digest }], [], { locked: base64(bytes) }, "/api/account/entries");
  writing.replaceChildren(
    h("h2", {}, t("sealed")), h("p", {}, t("code", { entry: receipt.entry })),
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
  if (hex(await sha256(bytes)) !== one.digest) throw new Error(t("other_bytes"));
  return { words: await unlocked(bytes, code), basis };
}

async function give(one, words) {
  const content = utf8(words), { openings, seal: hide } = drafting(), none = { start: "", end: "" }, source = newId("s");
  const acts = [
    { act: "source_filed", ref: source, label: `FA-${one.digest.slice(0, 6)}`, kind: "signed_account", sha256: hex(await sha256(content)), size_bytes: content.length, media: "text/plain", title: await hide("title", "First account"), outlet: await hide("outlet", ""), url: await hide("url", ""), published: none, captured: none, how: "first_account", derived_from: "", struck: [] },
    { act: "first_account_opened", regarding: one.ref, source, basis: "author" },
  ];
  const receipt = await file(acts, openings, { locked: base64(content) }, "/api/account/entries");
  say(t("given", { entry: receipt.entry }));
}

// What the record says of an account that legal process opened; its author reads it where he wrote it.
async function toldOf(one) {
  const reply = await fetch(`/api/account/${one.digest}/opened`).catch(() => null);
  const { opened: list = [] } = reply?.ok ? await reply.json() : {};
  return list.filter((each) => each.basis !== "author").map((each) => h("p.note", { "data-told": one.digest }, t("told", { day: each.at.slice(0, 10), entry: each.entry })));
}

async function list_mine() {
  const digests = (await queue.recall("accounts").catch(() => null)) ?? [];
  const rows = await Promise.all(digests.map((digest) => queue.recall(`account ${digest}`)));
  const told = (await Promise.all(rows.map(toldOf))).flat();
  mine.replaceChildren(...(rows.length ? [h("h2", {}, t("here")), ...told, ...rows.map((one) => h("div.row", {}, h("span.entry", {}, one.digest.slice(0, 16)), button(t("read"), async () => {
    try {
      const { words } = await opened(one, one.code);
      mine.append(h("p", { class: "own" }, words), button(t("give"), () => give(one, words).catch((problem) => say(problem.message)), "", { "data-give": one.digest }));
    } catch (problem) { say(problem.message); }
  }, "", { "data-open": one.digest })))] : []));
}

whoAmI().then(offer);
list_mine();

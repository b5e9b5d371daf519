// A first account that legal process opens: read here with its code, or typed as it stood on the author's device. Three acts
// go in as one entry under one key: the words as a source with the order they rest on, the opening, and the notice to its author.

import { hex, sha256, utf8 } from "../set/bytes.js";
import { h } from "../set/dom.js";
import { unlocked } from "./locked.js";
import { drafting, file, newId } from "./file.js";
import { t } from "./words.js";

const form = document.getElementById("opening"), said = document.getElementById("said");
const say = (words) => said.replaceChildren(h("p.note", { role: "alert" }, words));

async function wordsOf(digest, code, typed) {
  if (!code) return typed;
  const reply = await fetch(`/api/account/${digest}`);
  if (!reply.ok) throw new Error((await reply.json()).sentence);
  const bytes = new Uint8Array(await reply.arrayBuffer());
  if (hex(await sha256(bytes)) !== digest) throw new Error(t("other_bytes"));
  return unlocked(bytes, code);
}

async function open() {
  const { account, issuer, order, dated, code, words } = form.elements, { sha256: digest, person } = account.selectedOptions[0].dataset;
  if (!code.value.trim() && !words.value.trim()) return say(t("give"));
  const content = utf8(await wordsOf(digest, code.value.trim(), words.value));
  const sent = await fetch("/api/inquiry/papers?name=account.txt", { method: "POST", body: content }), paper = await sent.json();
  if (!sent.ok) throw new Error(paper.sentence);
  const { openings, seal } = drafting(), source = newId("s"), none = { start: "", end: "" }, day = { start: dated.value, end: dated.value };
  const how = code.value.trim() ? "first_account_by_code" : "first_account_as_read";
  const receipt = await file([
    { act: "source_filed", ref: source, label: `FA-${digest.slice(0, 6)}-L`, kind: "signed_account", sha256: paper.sha256, size_bytes: paper.size_bytes, media: "text/plain", title: await seal("title", "First account, opened by legal process"), outlet: await seal("outlet", issuer.value), url: await seal("url", order.value), published: day, captured: none, how, derived_from: "", struck: [] },
    { act: "first_account_opened", regarding: account.value, source, basis: "legal_process" },
    { act: "notice_given", to: person, fact: "first_account_opened", words: await seal("words", `Your first account was opened by legal process: ${issuer.value}, ${order.value}, ${dated.value}.`), when: none, refs: [source] },
  ], openings, { papers: [paper.sha256] });
  form.remove();
  say(t("done", { entry: receipt.entry }));
}

form?.addEventListener("submit", (event) => { event.preventDefault(); open().catch((problem) => say(problem.message)); });

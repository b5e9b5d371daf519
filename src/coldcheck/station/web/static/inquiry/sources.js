// A paper comes in: pasted or as a file, as it is. The hub says what can be read in it; then it is filed under this
// person's key, together with the text that was taken out of it where that is not the file itself.

import { h } from "../set/dom.js";
import { drafting, file, newId } from "./file.js";
import { t } from "./words.js";

const form = document.getElementById("paper"), said = document.getElementById("said");
const say = (words) => said.replaceChildren(h("p.note", { role: "alert" }, words));
const none = { start: "", end: "" };

async function sent(content, name, encoding) {
  const query = new URLSearchParams({ name, encoding });
  const reply = await fetch(`/api/inquiry/papers?${query}`, { method: "POST", body: content });
  const body = await reply.json();
  if (!reply.ok) throw new Error(body.sentence);
  return body;
}

// A court paper is cited by what it says of itself; any other source has none of it.
const isCourt = () => form.elements.kind.value === "court_document";
async function courtRow(seal) {
  const { court, number, affiant, sworn } = form.elements, words = affiant.value.trim();
  if (!isCourt() || !(court.value.trim() || number.value.trim() || words || sworn.value)) return {};
  const known = [...document.querySelectorAll("#crew option")].find((one) => one.value === words);
  return { court: [{ court: await seal("court", court.value.trim()), number: await seal("number", number.value.trim()), affiant: known?.dataset.person ?? "", affiant_words: await seal("affiant_words", known ? "" : words), sworn: { start: sworn.value, end: sworn.value } }] };
}

async function fileIt() {
  const { label, title, outlet, url, kind, published, pasted, chosen, encoding } = form.elements;
  const one = chosen.files[0];
  if (!one && !pasted.value) return say(t("paste"));
  say(t("moment"));
  const paper = await sent(one ?? new Blob([pasted.value]), one?.name ?? "pasted.txt", encoding.value);
  const { openings, seal } = drafting(), day = published.value;
  const source = async (more) => ({
    act: "source_filed", ref: newId("s"), label: label.value, kind: kind.value, sha256: paper.sha256, size_bytes: paper.size_bytes,
    media: paper.media, title: await seal("title", title.value), outlet: await seal("outlet", outlet.value), url: await seal("url", url.value),
    published: { start: day, end: day }, captured: none, how: one ? "file" : "paste", derived_from: "", struck: [], ...await courtRow(seal), ...more,
  });
  // Lines that are no part of the story are marked in the text they were found in, and kept.
  const hasText = paper.text && paper.text.sha256 !== paper.sha256;
  const first = await source({ label: paper.text ? `${label.value}-file` : label.value, struck: hasText ? [] : paper.struck });
  const acts = [first], papers = [paper.sha256];
  if (hasText) {
    acts.push(await source({ sha256: paper.text.sha256, size_bytes: paper.text.size_bytes, media: "text/plain", how: "text_taken_out", derived_from: first.ref, struck: paper.struck }));
    papers.push(paper.text.sha256);
  }
  const receipt = await file(acts, openings, { papers });
  if (paper.problem) return say(`${t("filed", { entry: receipt.entry })} ${paper.problem}`);
  const there = `/inquiry/read/${encodeURIComponent(label.value)}`;
  if (paper.remarks.length) {
    return said.replaceChildren(h("div.note", { role: "alert" }, `${t("filed", { entry: receipt.entry })} ${paper.remarks.join(" ")} `, h("a", { href: there }, t("read"))));
  }
  location.href = there;
}

const showCourt = () => { document.getElementById("court").hidden = !isCourt(); };
form.elements.kind.addEventListener("change", showCourt);
showCourt();
form.addEventListener("submit", (event) => { event.preventDefault(); fileIt().catch((problem) => say(problem.message)); });

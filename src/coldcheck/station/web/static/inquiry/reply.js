// The reply slot of everybody whom a claim names, opened where the claim stands: that he was asked, or what came back. What
// is entered here is told by who is signed in, and reads so; the record keeps each, and his own word stands over it.

import { button, h } from "../set/dom.js";
import { drafting, file } from "./file.js";
import { t } from "./words.js";

const REPLIES = ["replied", "corrected", "declined"];

function formOf(slot) {
  const { person, claim } = slot.dataset;
  const said = h("div", { role: "status" });
  const sent = (work) => async () => {
    said.replaceChildren(h("p", {}, t("moment")));
    try {
      const receipt = await work();
      said.replaceChildren(h("p.note", {}, t("filed", { entry: receipt.entry })));
      // The matrix is computed again from the record: the same claim stays open.
      location.hash = slot.dataset.at;
      location.reload();
    } catch (problem) { said.replaceChildren(h("p.note", { role: "alert" }, problem.message)); }
  };
  const ask = sent(() => file([{ act: "account_asked", person, regarding: claim }], []));
  const form = h("form.reply", { onsubmit: (event) => {
    event.preventDefault();
    const { reply, words, day } = event.target.elements, { openings, seal } = drafting();
    sent(async () => file([{ act: "account_given", person, regarding: claim, reply: reply.value, words: await seal("words", words.value.trim()), when: { start: day.value, end: day.value } }], openings))();
  } },
    h("div.row", {}, button(t("asked"), ask)),
    h("label", {}, `${t("what")} `, h("select", { name: "reply" }, REPLIES.map((name) => h("option", { value: name }, t(name))))),
    h("label", {}, `${t("day")} `, h("input", { name: "day", type: "date" })),
    h("label.wide", {}, t("words"), h("textarea", { name: "words", rows: 3 })),
    h("button.btn", {}, t("enter")), h("p.quiet", {}, t("note")), said);
  return form;
}

for (const slot of document.querySelectorAll(".slot")) {
  const open = button(t("open", { who: slot.dataset.who }), () => { slot.replaceChildren(formOf(slot)); slot.querySelector("button, select").focus(); });
  slot.append(open);
}
const here = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (here?.tagName === "DETAILS") { here.open = true; here.scrollIntoView({ block: "start" }); }

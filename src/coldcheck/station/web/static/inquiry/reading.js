// Going through a paper: the text, each suggestion in the margin beside it, one of them open at a time. Every decision is
// one signed entry; a statement and its claim go out together. All of it by keyboard, all of it also by hand.

import { button, h } from "../set/dom.js";
import { ask } from "../set/hub.js";
import { drafting, file, newId } from "./file.js";
import { named as word, t } from "./words.js";

const root = document.getElementById("text"), status = document.getElementById("state"), { label } = root.dataset;
const state = { data: null, now: -1, step: "", draft: null, part: Number(new URLSearchParams(location.search).get("part") ?? 0), busy: false, note: "", count: 0, passages: [] };
const STANCES = ["assert", "deny", "belief", "hearsay", "question", "decline"], KNOWLEDGE = ["not_said", "did", "saw", "was_told", "infers", "habit"];
const ACTS = { handed_over: ["item", "by", "to"], taken: ["item", "by", "giver"], called: ["gun", "by", ""], loaded: ["gun", "by", ""], showed: ["gun", "by", "to"], seen: ["gun", "by", ""], locked: ["item", "by", ""], put_down: ["item", "by", ""] };
const none = { start: "", end: "" };

const items = () => state.data.items;
const item = () => items()[state.now];
const isOpen = (one) => !one.state && one.look !== "may";
const say = (words) => { state.note = words; };

// Who can be chosen: people named in the paper, then the crew, in the order of the text and of labels. Nobody is chosen.
const people = () => [...state.data.names.map((words) => ({ words, person: "" })), ...state.data.crew.map((one) => ({ words: `${one.label} (${roles(one)})`, person: one.person }))];

const roles = (who) => who.roles.map((role) => word(role)).join(", ");
const named = (words) => { const who = state.data.crew.find((one) => one.label.toLowerCase() === words.toLowerCase()); return { words: who?.label ?? words, person: who?.person ?? "" }; };

function next(from = state.now + 1) {
  const after = items().findIndex((one, number) => number >= from && isOpen(one));
  state.now = after >= 0 ? after : items().findIndex(isOpen);
  state.step = ""; state.draft = null;
}

// ---- deciding ----

function speak(speaker) {
  const one = item();
  state.draft = { speaker, spans: one.spans, words: one.words, same: state.sameNext ?? "", proposition: one.words, stance: one.question ? "question" : "assert" };
  state.step = "claim"; state.sameNext = ""; say("");
  draw();
}

async function looked(one) {
  // Sentences with nothing in them go out with the next entry, or when the paper is done.
  state.passages.push(...one.spans);
  one.state = "looked at";
  next();
  if (state.now < 0) await flush();
  draw();
}

const passages = () => (state.passages.length ? [{ act: "passages_read", source: state.data.source.ref, spans: state.passages }] : []);

async function flush() {
  const acts = passages();
  if (acts.length) { await file(acts, []); state.passages = []; }
}

function pattern(fields) {
  const name = fields.pattern.value;
  if (!name) return [];
  const [thing, by, other] = ACTS[name];
  const fixed = [{ name: thing, value: fields.thing.value }], wanted = [];
  if (fields.by.value) wanted.push({ name: by, value: fields.by.value });
  if (other && fields.other.value) fixed.push({ name: other, value: fields.other.value });
  return [{ act_name: name, fixed, wanted, slots: wanted.map((one) => one.name), subject: "guns", place: fields.place.value, when: { start: fields.from.value, end: fields.till.value || fields.from.value }, entries: [], sure: true }];
}

// What another is told inside of is entered as that; where the outer one was not entered, the inner one stands by itself.
const outerOf = (one) => (one.nested_in === null ? "" : items()[one.nested_in].ref);
const unsaidLeftOut = (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value.length));

async function enter(form, { claims }) {
  const one = item(), fields = form.elements, forWhom = named(fields.forwhom.value.trim()), { draft } = state, { openings, seal } = drafting(), number = state.data.statements + 1, { source } = state.data;
  const times = await Promise.all(one.times.map(async (when) => ({ of: when.of, words: await seal("words", when.words), when: when.when })));
  const statement = {
    act: "statement_recorded", ref: newId("s"), label: `${label}-T${number}`, source: source.ref, spans: draft.spans, kind: one.kind,
    speaker: draft.speaker.person, speaker_words: await seal("speaker_words", draft.speaker.person ? "" : draft.speaker.words), on_behalf_of: forWhom.person,
    cue: await seal("cue", one.cue), addressee: await seal("addressee", one.addressee), outlet: await seal("outlet", one.outlet),
    times, nested_in: outerOf(one), rendering_of: draft.same, suggested_by: one.look === "suggested" ? state.data.version : "",
    ...unsaidLeftOut({ paragraph: fields.paragraph.value.trim(), unnamed: fields.unnamed.value, speaks_of: fields.speaksof.value, on_behalf_words: forWhom.words && !forWhom.person ? [await seal("on_behalf_words", forWhom.words)] : [] }),
  };
  const acts = [...passages(), statement];
  if (claims) {
    const words = fields.proposition.value.trim();
    acts.push({
      act: "claim_made", ref: newId("s"), label: `${label}-K${number}`, statement: statement.ref, proposition: await seal("proposition", words),
      denied: fields.denied.checked, stance: fields.stance.value, chain: [], knowledge: fields.knowledge.value, terms: one.terms.map((term, number) => ({ term, meaning: fields[`term${number}`].value.trim() })), topic: fields.topic.value, patterns: pattern(fields),
    });
  }
  const receipt = await file(acts, openings);
  state.passages = []; state.data.statements += 1; state.count += 1;
  one.state = statement.label; one.entry = receipt.entry; one.ref = statement.ref;
  next();
  if (state.now < 0) await flush();
}

const guarded = (work) => async (...given) => {
  if (state.busy) return;
  state.busy = true; say("");
  try { await work(...given); } catch (problem) { say(problem.message); }
  state.busy = false;
  draw();
};
const enterIt = guarded(enter), lookIt = guarded(looked);

const changeWords = guarded(async (words) => {
  const near = item().spans[0]?.start ?? 0;
  const spans = await ask(`/api/inquiry/reading/${encodeURIComponent(label)}?words=${encodeURIComponent(words)}&near=${near}`);
  item().spans = spans; item().words = words.split(/\s+/).join(" ");
  state.step = "";
});

// ---- the margin ----

const select = (name, words, choices) => h("label", {}, `${words} `, h("select", { name }, choices.map(([value, text]) => h("option", { value }, text))));
const typed = (name, value, submit, more = {}) => h("form", { onsubmit: (event) => { event.preventDefault(); const words = event.target.elements[name].value.trim(); if (words) submit(words); } }, h("input", { name, value, "data-first": true, autocomplete: "off", ...more }), h("button.btn", {}, t("go_on")));

function claimForm(one) {
  const { draft } = state, { crew, things, questions } = state.data;
  const persons = [["", t("nobody_named")], ...crew.map((who) => [who.person, who.label])];
  const field = (words, name, value, more = {}) => h("label", {}, `${words} `, h("input", { name, value, autocomplete: "off", ...more }));
  const form = h("form.claim-form", { onsubmit: (event) => { event.preventDefault(); enterIt(event.target, { claims: true }); } },
    h("p", {}, h("b", {}, draft.speaker.words), draft.same ? h("span.quiet", {}, ` ${t("another_printing")}`) : null),
    h("label.wide", {}, `${t("what_it_says")} `, h("input", { name: "proposition", value: draft.proposition, "data-first": true, autocomplete: "off" })),
    h("div.row", {}, h("button.btn", {}, t("enter_both")), button(t("enter_one"), () => enterIt(form, { claims: false }))),
    h("details", {}, h("summary", {}, t("more")),
      one.nested_in === null ? null : h("p.quiet", {}, t("told_inside")),
      h("div.row", {}, field(t("speaks_for"), "forwhom", one.for), field(t("paragraph"), "paragraph", one.paragraph), select("unnamed", t("no_name"), state.data.unnamed.map((why) => [why.key, why.words])), select("speaksof", t("speaks_of"), [["", t("none")], ...state.data.sources.map((known) => [known.ref, known.label])])),
      one.terms.length ? h("p.quiet", {}, t("term_open")) : null,
      h("div.row", {}, one.terms.map((term, number) => field(t("term_means", { term }), `term${number}`, ""))),
      h("div.row", {}, h("label", {}, h("input", { type: "checkbox", name: "denied" }), ` ${t("denies")}`), select("stance", t("stance"), STANCES.map((name) => [name, t(`stance_${name}`)])), select("knowledge", t("knowledge"), KNOWLEDGE.map((name) => [name, t(`knowledge_${name}`)])), select("topic", t("question"), [["", t("none")], ...questions.map((known) => [known.ref, known.text])])),
      h("div.row", {}, select("pattern", t("could_hold"), [["", t("nothing")], ...Object.keys(ACTS).map((name) => [name, word(`act_${name}`)])]), select("thing", t("gun"), things.guns.map((gun) => [gun.id, gun.label])), select("by", t("done_by"), persons), select("other", t("with"), persons), select("place", t("at"), [["", t("anywhere")], ...things.places.map((place) => [place.id, place.label])]),
        h("label", {}, `${t("from")} `, h("input", { name: "from", placeholder: "2026-03-02T08:00" })), h("label", {}, `${t("till")} `, h("input", { name: "till" })))));
  form.elements.stance.value = draft.stance;
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); enterIt(form, { claims: false }); } });
  return form;
}

function speakers(one) {
  return h("div.speakers", {}, people().slice(0, 9).map((who, number) => button(`${number + 1}: ${who.words}`, () => speak(who), "", { "data-who": number + 1 })), button(t("somebody_else"), () => { state.step = "speaker"; draw(); }));
}

function openCard(one) {
  const told = one.chain.length ? t("told_by", { who: [...one.chain].reverse().join(` ${t("told_to")} `) }) : "";
  const parts = [h("p.words", {}, one.words)];
  if (one.look === "suggested") parts.push(h("p", {}, h("b", {}, one.speaker === "unresolved" ? t("who_unsaid") : one.speaker), told, one.for ? t("for_whom", { who: one.for }) : "", h("br"), h("span.quiet", {}, t("because", { reason: one.reason, confidence: word(one.confidence) }))));
  else parts.push(h("p.quiet", {}, t("open_because", { reason: one.reason })));
  for (const words of one.dates) parts.push(h("p.note", {}, words));
  if (one.same) parts.push(h("p.note", {}, `${t("same_words", { label: one.same.label, words: one.same.shared.join(" ") })} `, button(t("r_same"), () => same(one))));
  if (state.step === "claim") parts.push(claimForm(one));
  else if (state.step === "speaker") parts.push(h("p", {}, t("who_says")), typed("speaker", "", (words) => speak(named(words)), { list: "crew" }), h("datalist", { id: "crew" }, state.data.crew.map((who) => h("option", { value: who.label }, roles(who)))), h("p.quiet", {}, t("crew_label")));
  else if (state.step === "words") parts.push(h("p", {}, t("which_words")), typed("words", one.words, changeWords));
  else {
    const first = one.look === "suggested" && one.offered ? button(t("said_by", { who: one.speaker }), () => accept(), "", { "data-first": true }) : one.look !== "suggested" ? button(t("enter_none"), () => lookIt(one), "", { "data-first": true }) : null;
    parts.push(h("div.row", {}, first, one.look === "suggested" ? button(t("n_none"), () => lookIt(one)) : null, button(t("e_words"), () => { state.step = "words"; draw(); })));
    if (one.look === "suggested" || state.step === "mark") parts.push(h("p.quiet", {}, t("or_by")), speakers(one)); else parts.push(button(t("m_statement"), () => { state.step = "mark"; draw(); }));
  }
  return h("section.card.open", { "data-item": one.number, tabindex: -1, "aria-label": t("suggestion", { number: one.number + 1 }) }, parts);
}

const accept = () => { const one = item(); if (one.look === "suggested" && one.offered) speak({ words: one.speaker, person: "" }); };
const same = (one) => { state.sameNext = one.same.ref; say(t("same_next", { label: one.same.label })); draw(); };

function closedCard(one) {
  const words = one.state ? (one.state === "looked at" ? t("looked_at") : one.state) : one.look === "suggested" ? `${one.speaker === "unresolved" ? t("who") : `${one.speaker}?`} ${one.reason}` : one.look === "must" ? t("not_yet") : t("no_sign");
  return button(words, () => { state.now = one.number; state.step = ""; draw(); }, `.margin${one.state ? ".done" : ""}`, { "data-item": one.number });
}

function draw() {
  const { data } = state;
  if (!data) return;
  const left = items().filter(isOpen).length;
  const pages = data.parts > 1 ? h("p", {}, `${t("part_of", { part: data.part + 1, parts: data.parts })} `, data.part > 0 ? h("a", { href: `?part=${data.part - 1}` }, t("part_before")) : null, " ", data.part + 1 < data.parts ? h("a", { href: `?part=${data.part + 1}` }, t("part_after")) : null) : null;
  status.replaceChildren(h("p", {}, h("b", {}, left ? t("left", { count: left }) : t("all_looked")), ` ${t("entered", { count: data.statements })}`, left ? null : h("a", { href: "/inquiry" }, ` ${t("claims")}`)), state.note ? h("p.note", { role: "alert" }, state.note) : "", pages ?? "");
  const look = (piece) => {
    if (!piece.items.length) return piece.text;
    const here = piece.items.map((number) => items()[number]), now = piece.items.includes(state.now);
    const kind = here.some((one) => one.look === "suggested") ? "suggested" : here[0].look;
    return h(`mark.${kind}${here.every((one) => one.state) ? ".done" : ""}${now ? ".now" : ""}`, {}, piece.text);
  };
  root.replaceChildren(...data.paragraphs.map((one) => h("div.paragraph", {}, h(one.struck ? "p.struck" : "p", {}, one.pieces.map(look), one.struck ? h("span.quiet", {}, ` ${t("struck")}`) : null), h("div.cards", {}, one.cards.map((number) => (number === state.now ? openCard(items()[number]) : closedCard(items()[number])))))));
  const first = root.querySelector(".card.open [data-first]") ?? root.querySelector(".card.open");
  first?.focus({ preventScroll: true });
  if (first?.tagName === "INPUT") first.select();
  root.querySelector(".card.open")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !state.data || state.busy) return;
  const isTyping = event.target.closest?.("input, select, textarea");
  if (isTyping) { if (event.key === "Escape" && state.step !== "claim") { state.step = ""; draw(); } return; }
  const one = item();
  const act = { s: () => { state.step = "speaker"; draw(); }, e: () => { state.step = "words"; draw(); }, n: () => lookIt(one), m: () => { state.step = "mark"; draw(); }, r: () => one.same && same(one), Escape: () => { state.step = ""; draw(); } }[event.key];
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    state.now = Math.max(0, Math.min(items().length - 1, state.now + (event.key === "ArrowDown" ? 1 : -1))); state.step = ""; draw();
  } else if (one && state.step !== "claim" && act) { event.preventDefault(); act(); } else if (one && /^[1-9]$/.test(event.key) && state.step !== "claim" && (one.look === "suggested" || state.step === "mark")) {
    const who = people()[Number(event.key) - 1];
    if (who) { event.preventDefault(); speak(who); }
  }
});

async function start() {
  state.data = await ask(`/api/inquiry/reading/${encodeURIComponent(label)}?part=${state.part}`);
  next(0);
  draw();
}

addEventListener("beforeunload", (event) => { if (state.passages.length) event.preventDefault(); });
start().catch((problem) => root.replaceChildren(h("p.note", { role: "alert" }, problem.message)));

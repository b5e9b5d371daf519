// A sheet by two: what this person is asked, one thing at a time, in the order the hub chose. Answers stay in this module
// until they are signed. Nothing is preselected, nothing answers for all, and what was left lying for a minute begins anew.

import { sealed } from "./bytes.js";
import { button, buzz, h, hold, ring } from "./dom.js";
import { cylinderOf, photoActs, photoPart, trayOf } from "./photo.js";

const LEFT_MS = 60_000;
let current = null;

const empties = { capability: "inert" };
const emptyWord = (position) => empties[position] ?? (position.startsWith("bore") ? "clear" : "empty");

// Every question of this half, in order. A round is tested outside the gun, then goes in: the second person answers both.
function questionsOf(sheet) {
  if (sheet.kind === "turn") return sheet.rounds.map((row) => ({ kind: "turn", ...row, key: `turn ${row.position}` })).sort((one, two) => sheet.order.indexOf(one.position) - sheet.order.indexOf(two.position));
  const look = sheet.order.map((position) => ({ kind: "look", position, key: `look ${position}` }));
  const rounds = sheet.rounds.flatMap((row) => [
    { kind: "test", ...row, key: `test ${row.cell}` },
    ...(sheet.first ? [] : [{ kind: "in", ...row, key: `in ${row.position}` }]),
  ]);
  return [...look, ...rounds];
}

const choicesOf = (question, sheet) => {
  if (question.kind !== "look") return [sheet.holds, "other"];
  return question.position.match(/^\d/) ? ["empty", "dummy", "other"] : [emptyWord(question.position), "other"];
};
const OTHER = { look: ["blank", "live", "unknown"], test: ["unknown", "live"], turn: ["empty", "unknown", "live"], in: ["empty", "unknown", "live"] };

export function openSheet(sheet) {
  // What is answered stays answered, whatever order the hub would choose now: only this phone begins its half anew.
  if (current?.sheet.procedure === sheet.procedure && (current.answers.length || current.start === sheet.order[0])) { current.sheet = sheet; return current; }
  current = { sheet, start: sheet.order[0], questions: questionsOf(sheet), answers: [], photos: [], other: false, began: 0, touched: performance.now() };
  return current;
}

export const closeSheet = () => { current = null; };
export const isLeft = () => current && current.answers.length > 0 && current.answers.length < current.questions.length && performance.now() - current.touched > LEFT_MS;

function answer(value, redraw, seen) {
  const now = performance.now();
  if (now - current.touched < 120 && current.answers.length) return; // a double tap is one answer
  // A sheet is as old as its first answer: what this phone did not know then, no answer of it is about.
  if (!current.began) { current.began = now; current.seen = seen(); }
  current.touched = now; current.other = false;
  current.answers.push({ value, ms: Math.round(now - current.began) });
  buzz(current.answers.length === current.questions.length ? [30, 60, 30] : 15);
  redraw();
}

function back(redraw) { current.answers.pop(); current.other = false; current.touched = performance.now(); redraw(); }

// The signed acts of this half, in the order in which things were done; of a sheet that was ended, as far as it got.
export function actsOf() {
  const { sheet, answers } = current, gun = sheet.gun, questions = current.questions.slice(0, answers.length);
  const acts = [{ act: "sheet_began", procedure: sheet.procedure, other: sheet.other, manner: sheet.manner }];
  const ended = sheet.ended ? [{ act: "sheet_ended", procedure: sheet.procedure, gun }] : [];
  const shown = sheet.first && current.showTo && !sheet.ended ? [{ act: "showed", gun, to: current.showTo, positions: sheet.order.filter((name) => name !== "capability" || sheet.order.length === 1) }] : [];
  if (sheet.kind === "turn") return [...acts, ...turnsOf(questions), ...shown, ...ended];
  const row = (position, number) => ({ position, holds: answers[number].value, ms: answers[number].ms });
  const looks = questions.flatMap((question, number) => (question.kind === "look" ? [row(question.position, number)] : []));
  if (looks.length) acts.push({ act: sheet.first ? "cleared" : "answered", gun, answers: looks });
  questions.forEach((question, number) => {
    if (question.kind === "test") {
      acts.push({ act: "rounds_tested", thing: question.thing, rows: [{ cell: question.cell, round_id: question.round_id }], tests: sheet.tests, kind: answers[number].value });
      if (sheet.first && answers[number].value === sheet.holds) acts.push({ act: "loaded", gun, rows: [{ position: question.position, round_id: question.round_id, thing: question.thing, cell: question.cell }] });
    } else if (question.kind === "in") acts.push({ act: "answered", gun, answers: [row(question.position, number)] });
  });
  return [...acts, ...shown, ...ended];
}

// One act for each kind of answer, in the order given: rounds that are what they were, and any that were not.
function turnsOf(questions) {
  const { sheet, answers } = current, runs = [];
  questions.forEach((question, number) => {
    const { value, ms } = answers[number], kind = value === "empty" ? "unknown" : value;
    if (runs.at(-1)?.kind !== kind) runs.push({ act: sheet.first ? "turned" : "turn_seen", gun: sheet.gun, rows: [], tests: sheet.tests, kind });
    runs.at(-1).rows.push({ position: question.position, round_id: question.round_id, ms });
  });
  return runs;
}

export const seenAtFirst = () => current?.seen ?? {};

export const showNext = (person) => { current.showTo = person; };

const titleOf = (question, t, sheet) => {
  if (sheet.magazine && question.kind === "look") return t("ask_place", { position: question.position });
  if (sheet.magazine && question.kind === "in") return t("ask_in_the_place", { position: question.position });
  if (question.kind === "turn") return t("ask_turn", { position: question.position });
  if (question.kind === "test") return t("ask_test", { cell: question.cell, tray: question.label });
  if (question.kind === "in") return t("ask_in", { position: question.position });
  if (question.position.startsWith("bore")) return t("ask_bore", { bore: question.position.replace("bore", " ").trimEnd() });
  return question.position === "capability" ? t("ask_capability") : t("ask_chamber", { position: question.position });
};

const hintOf = (question, sheet, t) => {
  if (question.kind === "test") return `${t("hint_test", { tests: sheet.tests.map((name) => t(`test_${name}`)).join(", ") })} ${sheet.first ? t("hint_load", { position: question.position }) : ""}`;
  if (question.kind === "in") return t("hint_in");
  if (sheet.magazine && question.kind === "look") return t("hint_place");
  if (question.kind === "turn") return t("hint_turn", { tests: sheet.tests.map((name) => t(`test_${name}`)).join(", ") });
  return t(question.position.startsWith("bore") ? "hint_bore" : question.position === "capability" ? "hint_capability" : "hint_chamber");
};

const saidIn = (kind, t) => Object.fromEntries(current.answers.flatMap(({ value }, number) => {
  const question = current.questions[number];
  return question.kind === kind || (kind === "look" && question.kind === "in") ? [[question.position, t(`holds_${value}`)]] : [];
}));

// The screen of this half: a question, or what is about to be signed.
export function sheetScreen({ t, roleWord, redraw, seen, sign, leave, restart, role, photos, failed }) {
  const { sheet, questions, answers } = current, left = questions.length - answers.length;
  const bar = h("div.bar", {}, h("a", { href: `#/g/${sheet.gun}` }, `${sheet.name} · ${sheet.label}`), h("span", {}, role));
  if (sheet.ended) return cutShort({ t, roleWord, bar, sheet, sign, leave });
  if (sheet.yours_in) return waiting({ t, roleWord, bar, sheet, leave });
  if (left === 0) return toSign({ t, roleWord, bar, sheet, sign, restart, redraw, offered: photos, failed });
  const question = questions[answers.length], last = answers.at(-1), chambers = sheet.order.filter((name) => /^\d/.test(name));
  const choose = (value) => (value === "other" ? () => { current.other = true; current.touched = performance.now(); redraw(); } : () => answer(value, redraw, seen));
  const choices = current.other ? OTHER[question.kind].filter((value) => value !== sheet.holds || question.kind === "look") : choicesOf(question, sheet);
  const names = [...chambers].sort((one, two) => one - two);
  const drawing = names.length && question.kind !== "test" ? ring({
    names, asked: names.includes(question.position) ? question.position : "", said: saidIn(question.kind, t),
    title: t("ring_title", { position: question.position, answered: answers.length, count: questions.length }),
    middle: t("of", { answered: answers.length, count: questions.length }), under: question.kind === "look" && question.position.match(/^\d/) && !sheet.magazine ? t("then_bore") : "",
  }) : h("p.lead.quiet", {}, t("of", { answered: answers.length, count: questions.length }));
  return [
    bar, drawing, h("h1.head", { id: "asked" }, titleOf(question, t, sheet)),
    h("p.small.quiet", {}, hintOf(question, sheet, t), " ", last ? h("a.again", { href: "#", onclick: (event) => { event.preventDefault(); back(redraw); } }, t("again_last", { said: t(`holds_${last.value}`) })) : null),
    h(`div.answers${choices.length > 3 ? ".many" : ""}`, { role: "group", "aria-labelledby": "asked" }, choices.map((value, number) => button(t(`holds_${value}`), choose(value), "", { "data-answer": value, "data-key": number + 1 }))),
  ];
}

// Who ended it, and what becomes of the answers on this phone: they can be signed as far as they got, and prove nothing.
function cutShort({ t, roleWord, bar, sheet, sign, leave }) {
  const count = sheet.yours_in ? 0 : current.answers.length, { role, entry } = sheet.ended;
  return [
    bar, h("h1.head", {}, t("sheet_over")), h("p.lead", {}, t(entry === null ? "sheet_begun_anew" : "sheet_ended_by", { role: roleWord(role), entry })),
    h("section.card.loaded", {}, h("p.lead", {}, h("b", {}, t("sheet_over_next")))), count ? h("p.quiet", {}, t("sheet_over_yours")) : null,
    h("div.foot", {}, button(t("to_gun"), leave), count ? hold(t("hold_sign_part"), t("answered_part", { count, all: current.questions.length }), () => sign(actsOf()), t("press_again")) : null),
  ];
}

function toSign({ t, roleWord, bar, sheet, sign, restart, redraw, offered, failed }) {
  const { questions, answers } = current;
  const rows = questions.map((question, number) => {
    const where = question.kind === "test" ? t("cell", { cell: question.cell }) : question.position.replace(/^bore/, `${t("bore")} `).replace("capability", t("capability"));
    return h("li", {}, `${where} `, h("b", {}, t(`holds_${answers[number].value}`)));
  });
  return [
    bar, h("h1.head", {}, t("your_answers", { count: questions.length })), h(`ol.facts${sheet.rounds.length && sheet.kind !== "turn" ? ".long" : ""}`, {}, rows), ...timing(t, sheet, answers),
    ...(offered ? photoPart({ t, photos: current.photos, subjects: [cylinderOf(sheet.gun, [...sheet.order], t), ...traysOf(sheet)], redraw, failed }) : []),
    h("p.note.quiet", {}, t("you_sign", { other: roleWord(sheet.other_role) })),
    h("div.foot", {}, button(t("answer_again"), restart), hold(t("hold_sign"), t("answered_all", { count: questions.length }), () => signed(sign), t("press_again"))),
  ];
}

// The trays that rounds of this sheet came out of, each with the cells this sheet has to do with.
function traysOf(sheet) {
  const trays = new Map();
  for (const row of sheet.rounds) if (row.cell) trays.set(row.thing, { label: row.label, cells: [...(trays.get(row.thing)?.cells ?? []), row.cell] });
  return [...trays].map(([thing, { label, cells }]) => trayOf(thing, label, cells.sort((one, two) => one - two)));
}

// The timing of a sheet is in what is signed; its signer sees it first, alone, and may say something to it.
function timing(t, sheet, answers) {
  const seconds = answers.map(({ ms }, number) => ((ms - (number ? answers[number - 1].ms : 0)) / 1000).toFixed(1));
  const field = h("input", { type: "text", id: "note", autocomplete: "off", maxlength: 400, "aria-label": t("timing_note"), placeholder: t("timing_note"), value: current.note ?? "", oninput: (event) => { current.note = event.target.value; } });
  return [
    h("p.small.quiet", {}, t("timing", { seconds: seconds.slice(1).join(", ") || "0" }), sheet.manner === "same_device" ? ` ${t("timing_same_device")}` : ""),
    h("details", {}, h("summary.small", {}, t("timing_more")), h("p.small.quiet", {}, t("timing_about")), field),
  ];
}

// The note, if there is one, stands in front of the answers, its words sealed.
async function signed(sign) {
  const words = current.note?.trim(), [began, ...rest] = actsOf();
  const photos = photoActs(current.sheet.procedure, current.photos);
  if (!words) { sign([began, ...photos, ...rest]); return; }
  const { commitment, opening } = await sealed("remark", words);
  sign([began, ...photos, { act: "remarked", remark: commitment }, ...rest], [opening]);
}

// Where a row lies, as a person would say it.
const placeOf = (about, sheet, t) => {
  if (about.startsWith("cell ")) return t("cell", { cell: about.slice(5) });
  if (/^\d/.test(about)) return t(sheet.magazine ? "place" : "chamber", { position: about });
  return about.replace(/^bore1?/, `${t("bore")} `).replace("capability", t("capability")).trim();
};

const FOUND = ["live", "unknown"];
// A round that nobody can vouch for is nobody's next step: what is said then is what keeps hands off it.
const handsOff = (t) => [h("section.card.loaded", {}, h("p.lead", {}, h("b", {}, t("found_title"))), h("p", {}, t("found_next")))];
const stopOr = (t, sheet, other) => h("div.foot", {}, h("div.pair", {}, other, h("a.btn.stop", { href: `#/do/stop/${sheet.gun}` }, t("stop"))));

function waiting({ t, roleWord, bar, sheet, leave }) {
  const toGun = (kind = "") => button(t("to_gun"), leave, kind);
  if (!sheet.others_in) {
    const found = current.answers.some(({ value }) => FOUND.includes(value));
    return [
      bar, h("h1.head", {}, t("in_and_closed")), h("p.lead", {}, t("waiting_for", { other: roleWord(sheet.other_role) })),
      h("p.quiet", {}, t(sheet.manner === "spoken" ? "neither_sees_spoken" : "neither_sees")),
      ...(found ? handsOff(t) : [h("section.card.loaded", {}, h("p.lead", {}, h("b", {}, t("until_then"))))]), stopOr(t, sheet, toGun()),
    ];
  }
  const said = (value) => (value ? t(`holds_${value}`) : t("no_answer"));
  const mine = sheet.first ? "first" : "other", theirs = sheet.first ? "other" : "first";
  const differ = sheet.differ.map((row) => h("tr", {}, h("th", { scope: "row" }, placeOf(row.about, sheet, t)), h("td", {}, said(row[mine])), h("td", {}, said(row[theirs]))));
  const sides = () => h("section.card.loaded", {}, h("table.sides", {}, h("thead", {}, h("tr", {}, h("td", {}), h("th", { scope: "col" }, t("you")), h("th", { scope: "col" }, roleWord(sheet.other_role)))), h("tbody", {}, differ)));
  return [
    bar, h("h1.head", {}, t(differ.length ? "both_differ" : "both_same")), differ.length ? sides() : null,
    ...(sheet.found ? handsOff(t) : [differ.length ? h("ol.steps", {}, ["differ_1", "differ_2", "differ_3"].map((key) => h("li", {}, t(key)))) : h("p.lead", {}, t("same_next"))]),
    sheet.photos ? h("a.btn.choice", { href: `/set/contact/${sheet.procedure}` }, t("photos_of_sheet")) : null,
    differ.length || sheet.found ? stopOr(t, sheet, toGun(".main")) : h("div.foot", {}, toGun(".main")),
  ];
}

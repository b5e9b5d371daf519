// What is said of a day with no gun in the hand: opening it, duties, where one is, plans, meetings, stops and concerns, and
// what came into the production. The same kind of form as acts.js; sealed words stay beside the record.

import { newId, sealed } from "./bytes.js";
import { h } from "./dom.js";

const people = ({ view, roleWord }, fits = () => true) => view.people.filter(fits).map((one) => ({ value: one.person, words: `${roleWord(one.role)} · ${one.label}` }));
const own = ({ view, t }) => (view.me ? [{ value: view.me, words: t("you") }] : []);
const places = (view) => view.places.map((one) => ({ value: one.place, words: one.label }));
const scenes = (view) => view.scenes.map((one) => ({ value: one.scene, words: one.scene }));
const words = (t, prefix, names) => names.map((name) => ({ value: name, words: t(`${prefix}_${name}`) }));
const guns = (view) => view.guns.filter((one) => !one.places).map((one) => ({ value: one.gun, words: `${one.name} · ${one.label}` }));
// Papers are named by the rulebook; one that no file of words knows is called by its key.
const named = (t, keys) => keys.map((value) => { const said = t(`paper_${value}`); return { value, words: said === `paper_${value}` ? value.replaceAll("_", " ") : said }; });
const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, number) => ({ value: from + number, words: String(from + number) }));
const remark = (field, key) => async ({ said }) => ({ [key]: await sealed(field, said[key]) });

const scene = ({ t, due }) => [h("p.lead", {}, t("with_plan", { scene: due.scene }))];

// What a round of each kind is tested by outside the gun, the strong one last.
const TESTS = { dummy: [["rattle", "hole"], ["hole"]], blank: [["crimp"], ["crimp"]] };
const MISHAPS = ["dropped", "hammer_fell", "misfired", "jammed", "broken", "opened", "cleaned", "repaired"];

export const DAY = {
  lift: { tells: ({ t, roleWord, due }) => [h("p.look", {}, t("stop_of", { stop: due.stop, who: roleWord(due.who) }), h("span", {}, t("stop_signed", { who: due.lifted.map(roleWord).join(", ") || t("nobody") })))], asks: () => [{ key: "cause", remark: true }], needs: true, sealed: remark("cause", "cause"), acts: ({ due, openings }) => [{ act: "stop_lifted", stop: due.stop, cause: openings.cause.commitment }] },
  examine: { tells: ({ due }) => [h("p.lead", {}, h("b", {}, due.label))], asks: ({ t }) => [{ key: "kind", choices: words(t, "holds", ["dummy", "blank", "live", "unknown"]) }], needs: true, acts: ({ due, said }) => [{ act: "round_examined", round_id: due.about, kind: said.kind }] },
  open_day: { needs: true, tells: ({ t, view }) => [h("p.head", {}, t("day", { day: view.standing.next }))], acts: ({ view }) => [{ act: "day_opened", day: view.standing.next }] },
  close_day: { acts: ({ view }) => [{ act: "day_closed", day: view.day }] },
  duty_on: { acts: ({ view }) => [{ act: "duty_opened", duty: view.roles[0], exclusive: true }] },
  duty_off: { acts: ({ view }) => view.standing.duties.map((duty) => ({ act: "duty_closed", duty })) },
  arrive: { asks: ({ view }) => [{ key: "place", choices: places(view) }], acts: ({ said }) => [{ act: "presence_declared", place: said.place }] },
  leave: { acts: ({ view }) => view.places.filter((one) => one.label === view.standing.place).map((one) => ({ act: "presence_ended", place: one.place })) },
  plan: {
    asks: (context) => {
      const { view, t } = context;
      return [
        { key: "scene", text: true }, { key: "activity", choices: words(t, "activity", ["blocking", "rehearsal", "take"]) }, { key: "place", choices: places(view) },
        { key: "guns", many: true, some: true, choices: guns(view) },
        { key: "call", choices: ["COLD-EMPTY", "COLD-DUMMY", "HOT-BLANK", "INERT"].map((value) => ({ value, words: t(`plan_${value}`) })) },
        { key: "performer", choices: [...people(context, (one) => one.performer), ...people(context, (one) => !one.performer), ...own(context)] },
        { key: "line", many: true, choices: [...people(context, (one) => one.person !== context.said.performer), ...own(context)] },
      ];
    },
    acts: ({ said }) => [{ act: "scene_planned", scene: said.scene, activity: said.activity, place: said.place, guns: said.guns, call: said.call, performer: said.performer, line: said.line }],
  },
  run: {
    asks: ({ view, t }) => [{ key: "scene", choices: scenes(view) }, { key: "rehearsal", choices: words(t, "run", ["rehearsal", "takes_only"]) }, { key: "takes", choices: numbers(1, 12) }],
    acts: ({ view, said }) => {
      let number = view.standing.runs.length + 1;
      while (view.standing.runs.includes(`R${number}`)) number += 1;
      return [{ act: "run_planned", run: `R${number}`, scene: said.scene, parts: [...(said.rehearsal === "rehearsal" ? ["rehearsal"] : []), ...numbers(1, said.takes).map(({ value }) => `take-${value}`)] }];
    },
  },
  meeting: { asks: ({ view }) => [{ key: "scene", choices: scenes(view) }], acts: ({ said }) => [{ act: "meeting_held", scene: said.scene }] },
  attend: { needs: true, tells: scene, acts: ({ due }) => [{ act: "attended", scene: due.scene }] },
  assess: { needs: true, tells: scene, acts: ({ due }) => [{ act: "assessed", scene: due.scene }] },
  concern: { asks: () => [{ key: "remark", remark: true }], sealed: remark("remark", "remark"), acts: ({ openings }) => [{ act: "concern_raised", concern: newId("c"), remark: openings.remark.commitment }] },
  answer_concern: { tells: ({ t, due }) => [h("p.look", {}, t("concern_of", { entry: due.entry }), h("span", { "data-concern": due.about }, due.words || t("one_moment")))], asks: () => [{ key: "remark", remark: true }], needs: true, sealed: remark("remark", "remark"), acts: ({ due, openings }) => [{ act: "concern_answered", concern: due.about, remark: openings.remark.commitment }] },
  mishap: { asks: ({ t }) => [{ key: "what", choices: words(t, "mishap", [...MISHAPS, "sight_lost"]) }], acts: ({ gun, said }) => [said.what === "sight_lost" ? { act: "sight_lost", gun: gun.gun } : { act: "gun_mishap", gun: gun.gun, mishap: said.what }] },
  work: { asks: ({ t }) => [{ key: "work", choices: words(t, "work", ["inspected", "tested", "repaired", "part_fitted", "part_removed"]) }, { key: "remark", remark: true }], sealed: remark("remark", "remark"), acts: ({ gun, said, openings }) => [{ act: "condition_noted", gun: gun.gun, work: said.work, photo: "", remark: openings.remark.commitment }] },
  // What one signed by mistake is taken back by a further act; nothing is deleted.
  take_back: { tells: ({ t, about }) => [h("p.lead", {}, h("b", {}, t("entry_number", { entry: about })))], acts: ({ about }) => [{ act: "retracted", entry: Number(about) }] },
  keeper: { asks: (context) => [{ key: "person", choices: people(context, (one) => one.handler) }], acts: ({ said }) => [{ act: "accountable_named", matter: "firearms", person: said.person }] },
  paper: {
    asks: ({ view, t, said }) => {
      const about = view.standing.papers.find((one) => one.paper === said.paper)?.about;
      const subjects = { scene: scenes(view), gun: guns(view), lot: view.standing.lots.map((one) => ({ value: one.lot, words: one.label })) }[about];
      return [{ key: "paper", choices: named(t, view.standing.papers.map((one) => one.paper)) }, ...(subjects ? [{ key: "subject", words: t(`ask_paper_${about}`), choices: subjects }] : []), { key: "title", remark: true }];
    },
    sealed: remark("title", "title"),
    acts: ({ view, said, openings }) => { const about = view.standing.papers.find((one) => one.paper === said.paper).about; return [{ act: "paper_recorded", paper: said.paper, title: openings.title.commitment, scene: about === "scene" ? said.subject : "", thing: about === "scene" ? "" : said.subject ?? "" }]; },
  },
  credential: { asks: (context) => [{ key: "person", choices: people(context) }, { key: "paper", choices: named(context.t, context.view.standing.credentials) }, { key: "until", date: true }], acts: ({ said }) => [{ act: "credential_recorded", person: said.person, paper: said.paper, until: said.until }] },
  train: { asks: (context) => [{ key: "person", choices: people(context) }, { key: "gun", choices: guns(context.view) }], acts: ({ said }) => [{ act: "training_given", person: said.person, gun: said.gun }] },
  new_place: { asks: ({ t }) => [{ key: "label", text: true }, { key: "kind", choices: words(t, "place", ["set", "store", "transit", "quarantine", "range"]) }], acts: ({ said }) => [{ act: "place_registered", place: newId("w"), label: said.label, place_class: said.kind, parent: "" }] },
  new_tray: { asks: ({ t }) => [{ key: "kind", choices: words(t, "container", ["tray", "box", "magazine", "belt", "case", "cart", "vault", "bag"]) }, { key: "label", text: true }, { key: "cells", number: true }], acts: ({ said }) => [{ act: "container_registered", container: newId("c"), label: said.label, kind: said.kind, cells: said.cells }] },
  new_lot: {
    asks: ({ t }) => [{ key: "label", text: true }, { key: "kind", choices: words(t, "holds", ["dummy", "blank"]) }, { key: "calibre", text: true }, { key: "number", number: true }],
    acts: ({ said }) => { const [tests, strong] = TESTS[said.kind]; return [{ act: "lot_registered", lot: newId("l"), label: said.label, calibre: said.calibre, kind: said.kind, count: said.number, tests, strong, parents: [] }]; },
  },
  new_gun: {
    asks: ({ t, said }) => [
      { key: "label", text: true }, { key: "word", text: true }, { key: "kind", choices: words(t, "gun", ["single_action", "double_action", "lever", "bolt", "pump", "break", "semi_automatic", "replica"]) }, { key: "serial", text: true },
      ...(said.kind && said.kind !== "replica" ? [{ key: "calibre", text: true }, { key: "capability", choices: words(t, "capability", ["W3", "W2"]) }, { key: "chambers", number: true }] : []),
    ],
    acts: ({ said }) => {
      const inert = said.kind === "replica";
      return [{ act: "gun_registered", gun: newId("g"), label: said.label, word_name: said.word, serial: said.serial, action: said.kind, calibre: inert ? "none" : said.calibre, capability: inert ? "W0" : said.capability, chambers: inert ? 0 : said.chambers, bores: inert ? 0 : said.kind === "break" ? said.chambers : 1 }];
    },
  },
  deliver: {
    asks: (context) => [{ key: "lot", choices: context.view.standing.lots.map((one) => ({ value: one.lot, words: one.label })) }, { key: "container", choices: context.view.containers.map((one) => ({ value: one.container, words: one.label })) }, { key: "number", number: true }, { key: "person", choices: people(context, (one) => one.handler) }],
    acts: ({ said }) => [{ act: "delivered", lot: said.lot, container: said.container, count: said.number, to: said.person }],
  },
};

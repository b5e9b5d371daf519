// Every plain act of the set as a short form: one question a screen, nothing preselected, then one hold that signs.
// A form is a list of questions and a function from the answers to acts; the screen that draws them is at the end.

import { newId, sealed } from "./bytes.js";
import { DAY } from "./day.js";
import { button, h, hold } from "./dom.js";
import { photoActs, photoPart, trayOf } from "./photo.js";

const people = ({ view, roleWord }, fits = () => true) => view.people.filter(fits).map((one) => ({ value: one.person, words: `${roleWord(one.role)} · ${one.label}` }));
const places = (view) => view.places.map((one) => ({ value: one.place, words: one.label }));
const numbers = (most) => Array.from({ length: most + 1 }, (_, number) => ({ value: number, words: String(number) }));
const words = (t, prefix, names) => names.map((name) => ({ value: name, words: t(`${prefix}_${name}`) }));
const can = (gun, what) => gun?.can.find((one) => one.do === what) ?? {};
const callOf = (gun, what) => { const { call, count, powder } = can(gun, what); return { call, count, powder }; };
// How the gun in hand was told from others, as the call says it: its tag scanned, or its serial read from the metal.
const toldFrom = ({ gun, said, read }) => (read ? { tag: gun.gun } : said.told?.serial ? { serial: said.told.serial } : said.told ?? {});
const askTold = ({ read }) => (read ? [] : [{ key: "told", scan: true }]);
// Who takes a gun says which it is where he read its own tag a moment ago; the scan is offered to him and never asked.
const readOff = (gun, read) => (read ? { tag: gun.gun } : {});
const scanFirst = ({ t, read, toScan }) => (read ? [] : [button(t("scan_as_taken"), toScan, "", { "data-answer": "scan" })]);
const chambersOf = (gun) => gun.positions.filter((name) => /^\d/.test(name));

// What a viewer saw, position by position: all alike where he counted all alike, else each by itself.
function seen(gun, said) {
  const row = (position, holds, number) => ({ position, holds, ms: number * 1000 });
  const chambers = chambersOf(gun);
  if (!chambers.length) return [row("capability", said.capability, 0)];
  if (said.rounds === 0) return chambers.slice(0, said.chambers).map((position, number) => row(position, "empty", number));
  if (said.rounds === said.chambers) return chambers.slice(0, said.chambers).map((position, number) => row(position, said.kind, number));
  return chambers.filter((position) => said[`at ${position}`]).map((position, number) => row(position, said[`at ${position}`] === "round" ? said.kind : "empty", number));
}

// Whoever takes it reads what he saw himself, and what keeps it as it is; asking to see it again is one tap away.
const keepsProven = (gun, t) => [
  h("p.look", {}, t("you_saw", { count: chambersOf(gun).length || 1 }), h("span", {}, h("a.touch", { href: `#/do/show_me/${gun.gun}` }, t("show_again")))),
  h("h2.caps", {}, t("stays_while")), h("ul.list", {}, ["stays_1", "stays_2", "stays_3"].map((key) => h("li", {}, t(key)))),
];

const KINDS = ["dummy", "blank", "unknown", "live"];

export const FORMS = {
  ...DAY,
  pick_up: { acts: ({ gun }) => [{ act: "picked_up", item: gun.gun }] },
  put_down: { asks: ({ view }) => [{ key: "place", choices: places(view) }], acts: ({ gun, said }) => [{ act: "put_down", item: gun.gun, place: said.place }] },
  lock: { asks: ({ view }) => [{ key: "place", choices: places(view) }], acts: ({ gun, said }) => [{ act: "locked", item: gun.gun, place: said.place }] },
  show: { asks: (context) => [{ key: "person", choices: people(context) }], acts: ({ gun, said }) => [{ act: "showed", gun: gun.gun, to: said.person, positions: gun.positions }] },
  // One signature ends the show and says what comes next: another viewer, a call with the offer, or a run's next part.
  close_show: {
    asks: (context) => {
      const { gun, said, t } = context, { calls = [], offer } = can(gun, "close_show");
      const asks = [{ key: "then", choices: [
        ...(offer ? [{ value: "offer", words: t("then_offer") }] : []),
        ...calls.map((plan, number) => ({ value: number, words: t(plan.run_of ? "then_call_run" : "then_call", { scene: plan.run_of || plan.scene, run: plan.scene, call: t(`call_${plan.call}`, plan) }) })),
        { value: "show", words: t("then_show") }, { value: "close", words: t("then_close") },
      ] }];
      if (said.then === "show") asks.push({ key: "person", choices: people(context).filter((one) => one.value !== can(gun, "close_show").to) });
      // By the record the show may be over while the hold that ends it is on its way: then no such plan is left to draw.
      if (typeof said.then === "number" && calls[said.then]?.call === "HOT-BLANK") asks.push({ key: "powder", choices: words(t, "powder", ["full", "half", "quarter"]) });
      if (typeof said.then === "number") asks.push(...askTold(context));
      return asks;
    },
    kind: ({ said }) => (typeof said.then === "number" ? "close_call" : said.then === "offer" ? "close_offer" : said.then === "show" ? "close_next" : "close_show"),
    acts: (context) => {
      const { gun, said } = context, { to, calls } = can(gun, "close_show"), acts = [{ act: "show_closed", gun: gun.gun, to }];
      if (said.then === "show") acts.push({ act: "showed", gun: gun.gun, to: said.person, positions: gun.positions });
      if (typeof said.then === "number") { const plan = calls[said.then]; acts.push({ act: "called", gun: gun.gun, call: plan.call, count: plan.count, powder: said.powder ?? "", scene: plan.scene, ...toldFrom(context) }); }
      if (said.then === "offer" || typeof said.then === "number") acts.push({ act: "handed_over", item: gun.gun, to });
      return acts;
    },
  },
  see: {
    asks: ({ gun, said, t }) => {
      const chambers = chambersOf(gun);
      if (!chambers.length) return [{ key: "capability", choices: words(t, "holds", ["inert", "unknown"]) }];
      const asks = [{ key: "chambers", words: gun.places ? t("ask_see_places") : undefined, choices: numbers(chambers.length) }];
      if (said.chambers) asks.push({ key: "rounds", choices: numbers(said.chambers) });
      if (said.rounds) asks.push({ key: "kind", choices: words(t, "holds", KINDS) });
      if (said.rounds && said.rounds < said.chambers) asks.push(...chambers.slice(0, said.chambers).map((position) => ({ key: `at ${position}`, words: t(gun.places ? "ask_place" : "ask_chamber", { position }), choices: words(t, "holds", ["empty", "round"]) })));
      return asks;
    },
    // Who is in the line and has not read the set-up card reads and signs it with what he saw.
    with: ({ gun, view }) => view.due.find((one) => one.do === "answer_setup" && view.scenes.find((known) => known.scene === one.scene)?.guns.includes(gun.gun)),
    acts: ({ gun, said, due }) => [...(due ? [{ act: "set_up_answered", scene: due.scene }] : []), { act: "seen", gun: gun.gun, answers: seen(gun, said) }],
  },
  call: {
    asks: ({ gun, t }) => {
      const plans = can(gun, "call").calls ?? [];
      const asks = [{ key: "plan", choices: plans.map((plan, number) => ({ value: number, words: `${plan.run_of ? t("run_of", { scene: plan.run_of, run: plan.scene }) : plan.scene}: ${t(`call_${plan.call}`, plan)}` })), none: t("no_plan_fits") }];
      return asks;
    },
    more: (context) => {
      const { gun, said, t } = context;
      return said.plan === undefined ? [] : [...(can(gun, "call").calls?.[said.plan]?.call === "HOT-BLANK" ? [{ key: "powder", choices: words(t, "powder", ["full", "half", "quarter"]) }] : []), ...askTold(context)];
    },
    acts: (context) => { const { gun, said } = context, plan = can(gun, "call").calls[said.plan]; return [{ act: "called", gun: gun.gun, call: plan.call, count: plan.count, powder: said.powder ?? "", scene: plan.scene, ...toldFrom(context) }]; },
  },
  announce: { say: true, more_words: ({ gun, t, roleWord }) => { const line = can(gun, "announce").line ?? []; return line.length ? [h("p.banner", {}, h("b", {}, t("offer_line", { who: line.map((role) => roleWord(role)).join(", ") })))] : []; }, acts: ({ gun }) => [{ act: "announced", gun: gun.gun, ...callOf(gun, "announce") }] },
  acknowledge: {
    say: true,
    kind: ({ gun }) => (can(gun, "acknowledge").giver ? "acknowledge_take" : "acknowledge"),
    more_words: (context) => { const { gun, t } = context; return (can(gun, "acknowledge").giver ? [...keepsProven(gun, t), ...scanFirst(context)] : []); },
    acts: ({ gun, read }) => {
      const { giver } = can(gun, "acknowledge");
      return [{ act: "acknowledged", gun: gun.gun, ...callOf(gun, "acknowledge") }, ...(giver ? [{ act: "taken", item: gun.gun, giver, ...readOff(gun, read) }] : [])];
    },
  },
  unload: {
    asks: ({ gun, view, said }) => [
      { key: "container", choices: view.containers.filter((one) => one.cells).map((one) => ({ value: one.container, words: one.label })) },
      ...gun.rounds.map(([position]) => ({ key: `cell ${position}`, position, choices: numbers(view.containers.find((one) => one.container === said.container)?.cells ?? 0).slice(1).filter((one) => !gun.rounds.some(([other]) => said[`cell ${other}`] === one.value)) })),
    ],
    acts: ({ gun, said }) => [{ act: "unloaded", gun: gun.gun, rows: gun.rounds.map(([position, round_id]) => ({ position, round_id, thing: said.container, cell: String(said[`cell ${position}`]) })) }],
  },
  setup: {
    asks: (context) => {
      const { view, t } = context;
      return [
        { key: "scene", choices: view.scenes.map((one) => ({ value: one.scene, words: one.scene })) },
        { key: "activity", choices: words(t, "activity", ["blocking", "rehearsal", "take"]) },
        { key: "line", many: true, choices: people(context) },
        { key: "muzzle", choices: words(t, "muzzle", ["down", "camera_left", "camera_right", "up", "at_camera"]) },
        { key: "actions", many: true, choices: words(t, "action", ["holster", "draw", "aim", "cock", "fire"]) },
        { key: "distance", choices: [5, 10, 20, 50].map((value) => ({ value, words: t("feet", { feet: value }) })) },
      ];
    },
    acts: ({ said }) => [{ act: "set_up_signed", scene: said.scene, activity: said.activity, line: said.line, muzzle: said.muzzle, actions: said.actions, distance_ft: said.distance }],
  },
  // What the supplier says of the number is not shown: the receiver counts for himself.
  receive: {
    asks: () => [{ key: "number", number: true }], needs: true,
    photo: ({ due, said, view }) => trayOf(due.container, view.containers.find((one) => one.container === due.container)?.label ?? "", Array.from({ length: said.number }, (_, number) => String(number + 1))),
    acts: ({ due, said }) => [{ act: "received", lot: due.lot, container: due.container, source: due.source, count: said.number,
      cells: Array.from({ length: said.number }, (_, number) => ({ cell: String(number + 1), round_id: newId("r") })) }],
  },
  sign_setup: { acts: ({ due }) => [due.card], card: true },
  answer_setup: { acts: ({ due }) => [{ act: "set_up_answered", scene: due.scene }], card: true },
  out: { acts: ({ list }) => list.map((item) => ({ act: "picked_up", item })), list: true },
  in: { asks: ({ view }) => [{ key: "place", choices: places(view) }], acts: ({ list, said }) => list.map((item) => ({ act: "locked", item, place: said.place })), list: true },
  hand_over: {
    asks: (context) => (can(context.gun, "hand_over").to ? [] : [{ key: "person", choices: people(context) }]),
    acts: ({ gun, said }) => [{ act: "handed_over", item: gun.gun, to: said.person ?? can(gun, "hand_over").to }],
  },
  give_back: { asks: (context) => [{ key: "person", choices: people(context, (one) => one.handler) }], acts: ({ gun, said }) => [{ act: "handed_over", item: gun.gun, to: said.person }] },
  // A magazine in one hand goes into the gun in the other; what comes out is answered anew.
  insert: {
    asks: ({ gun }) => [{ key: "container", choices: (can(gun, "insert").magazines ?? []).map((one) => ({ value: one.container, words: one.label })) }],
    acts: ({ gun, said }) => [{ act: "magazine_inserted", gun: gun.gun, container: said.container }],
  },
  eject: {
    asks: ({ gun }) => [{ key: "container", choices: gun.fed.map((one) => ({ value: one.container, words: one.label })) }],
    acts: ({ gun, said }) => [{ act: "magazine_removed", gun: gun.gun, container: said.container }],
  },
  take: { more_words: scanFirst, acts: ({ gun, read }) => [{ act: "taken", item: gun.gun, giver: can(gun, "take").giver, ...readOff(gun, read) }] },
  end_sheet: { acts: ({ gun }) => gun.can.filter((one) => one.do === "end_sheet").map((one) => ({ act: "sheet_ended", procedure: one.procedure, gun: gun.gun })) },
  // A swapped tag: the serial that stands on the metal is signed as it was read; if it is another, nothing about either counts.
  other_gun: { asks: () => [{ key: "serial", text: true }], acts: ({ gun, said }) => [{ act: "scanned", gun: gun.gun, serial: said.serial }] },
  show_me: { acts: ({ gun }) => [{ act: "asked_to_see", gun: gun.gun }] },
  fired: {
    asks: ({ t }) => [{ key: "planned", choices: words(t, "shot", ["planned", "unintended"]) }, { key: "shots", choices: numbers(12).slice(1) }],
    acts: ({ gun, said }) => [{ act: "discharged", gun: gun.gun, shots: said.shots, planned: said.planned === "planned", hit: [] }],
  },
  count: {
    asks: ({ view }) => [{ key: "container", choices: view.containers.map((one) => ({ value: one.container, words: one.label })) }, { key: "number", number: true }],
    acts: ({ said }) => [{ act: "counted", thing: said.container, count: said.number }],
  },
  found: {
    asks: ({ view, gun, t }) => [
      { key: "where", choices: [...(gun ? [{ value: gun.gun, words: gun.name }] : []), ...view.containers.map((one) => ({ value: one.container, words: one.label })), ...places(view)] },
      { key: "kind", choices: words(t, "holds", KINDS) },
    ],
    acts: ({ said }) => [{ act: "round_found", round_id: newId("r"), label: `Find-${newId("a").slice(-5)}`, thing: said.where, cell: "", kind: said.kind, fired: false }],
  },
  // One tap and one hold: nobody is asked for a reason first.
  stop: {
    sealed: async ({ t }) => ({ remark: await sealed("remark", t("stop")) }),
    acts: ({ openings }) => [{ act: "stopped", reason: "said_on_a_phone", remark: openings.remark.commitment }],
  },
};

const asksOf = (form, context) => { const asks = form.asks?.(context) ?? []; return [...asks, ...(form.more?.(context) ?? [])]; };

// One form at a time; leaving it forgets what was chosen.
let open = { key: "", said: {} };
export function formFor(key) { if (open.key !== key) open = { key, said: {} }; return open; }
export const closeForm = () => { open = { key: "", said: {} }; };

export function formScreen(what, { t, roleWord, gun, view, role, redraw, sign, back, about, photos, failed, read, demo, toScan }) {
  const form = FORMS[what], mine = formFor(`${what} ${gun?.gun ?? about ?? ""}`), said = mine.said;
  const due = form.with?.({ gun, view }) ?? view.due.find((one) => one.do === what && (one.scene ?? one.about) === about);
  if ((form.card || form.needs) && !due) { back(); return []; }
  mine.list ??= []; mine.photos ??= [];
  // Whose label was scanned is not asked again.
  if (what === "count" && view.containers.some((one) => one.container === about)) said.container ??= about;
  if (what === "take" && !can(gun, "take").giver) return [h("div.bar", {}, h("a", { href: "#/" }, t("home")), h("span", {}, role)), h("h1.head", {}, t("do_take")), h("p.banner", { role: "alert" }, t("nothing_offered")), h("div.foot", {}, button(t("back"), back))];
  const context = { t, roleWord, gun, view, said, due, about, list: mine.list, read, toScan };
  const asks = asksOf(form, context), next = asks.find((one) => said[one.key] === undefined);
  const bar = h("div.bar", {}, gun ? h("a", { href: `#/g/${gun.gun}` }, `${gun.name} · ${gun.label}`) : h("a", { href: "#/" }, t("home")), h("span", {}, role));
  const askedOf = (one) => one.words ?? t(`ask_${what}_${one.position ? "cell" : one.key}`, { position: one.position ?? "" });
  const answered = asks.filter((one) => said[one.key] !== undefined && !one.scan).map((one) => h("li", {}, h("span.quiet", {}, `${askedOf(one)} `), h("b", {}, one.choices?.find((choice) => choice.value === said[one.key])?.words ?? (one.many ? said[one.key].map((value) => one.choices.find((choice) => choice.value === value).words).join(", ") || t("nobody") : String(said[one.key])))));
  if (form.list && !mine.ready) return [bar, h("h1.head", {}, t(`do_${what}`)), ...listScreen(mine, { t, view, what, redraw, back })];
  // One step back is the last question again, never the whole form.
  mine.trail ??= [];
  const last = mine.trail.findLast((key) => said[key] !== undefined && asks.some((one) => one.key === key));
  const stepBack = form.list && mine.ready && last === undefined ? () => { mine.ready = false; redraw(); } : last === undefined ? back : () => { mine.trail = mine.trail.slice(0, mine.trail.lastIndexOf(last)); delete said[last]; redraw(); };
  const tells = form.tells?.(context) ?? [];
  if (next) {
    const put = (value) => { said[next.key] = value; mine.trail.push(next.key); redraw(); };
    const chosen = mine.several?.[next.key]?.length ?? 0;
    return [
      bar, h("h1.head", { id: "asked" }, t(`do_${what}`)), ...tells, answered.length ? h("ul.list.small", {}, answered) : null,
      h("p.lead", { id: "question" }, askedOf(next)),
      next.scan ? tellApart({ t, gun, put, demo, toScan }) : next.number ? numberPad(t, put) : next.remark ? remarkField(t, put) : next.date ? dateField(t, put) : next.text ? wordField(t, put, next.key === "serial" ? t("serial") : askedOf(next)) : next.many ? severalOf(next, mine, { redraw }) : next.choices.length ? choicesIn(next, put) : h("p.banner", {}, next.none ?? t("nothing_to_choose")),
      // That it is nobody is an answer of its own, and never the one big button under a knuckle.
      h("div.foot", {}, next.many && (chosen || !next.some) ? button(chosenWords(chosen, t), () => put(mine.several?.[next.key] ?? []), chosen ? ".main" : "", { "data-answer": "done" }) : null, button(t(last === undefined ? "back" : "one_back"), stepBack, "", { "data-back": last === undefined ? "out" : "one" })),
    ];
  }
  const kind = form.kind?.(context) ?? what;
  const spoken = form.say && can(gun, what).call ? h("p.lead.note", {}, t("say_it"), h("br"), h("b", {}, t(`radio_${can(gun, what).call}`, { ...can(gun, what), gun: gun.name, chambers: gun.chambers }))) : null;
  return [
    bar, h("h1.head", {}, t(`do_${kind}`)), answered.length ? h("ul.list", {}, answered) : null, due?.card ? h("section.stack", {}, h("p.lead", {}, t("with_card")), cardWords(due.card, context)) : null, form.list ? h("p.head", {}, t(mine.list.length === 1 ? "one_thing" : "things", { count: mine.list.length })) : null, ...tells, h("p.lead", {}, t(`about_${kind}`)), spoken, ...(form.more_words?.(context) ?? []),
    ...(form.photo && photos ? photoPart({ t, photos: mine.photos, subjects: [form.photo(context)], redraw, failed }) : []),
    h("div.foot", {}, button(t(kind === "acknowledge_take" ? "leave_it" : last === undefined ? "back" : "one_back"), kind === "acknowledge_take" ? back : stepBack), hold(t(`hold_${kind}`), t("signs_as", { role }), async () => {
      const openings = (await form.sealed?.(context)) ?? {};
      sign([...form.acts({ ...context, openings }), ...photoActs("", mine.photos)], Object.values(openings).map((one) => one.opening));
    }, t("press_again"))),
  ];
}

const chosenWords = (count, t) => t(count ? "these" : "none_of_these", { count });

// Several of a list: each is pressed by itself, and none is pressed beforehand.
function severalOf(ask, mine, { redraw }) {
  const chosen = (mine.several ??= {})[ask.key] ??= [];
  const turn = (value) => () => { mine.several[ask.key] = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]; redraw(); };
  return h("div.stack", { role: "group", "aria-labelledby": "asked" }, ask.choices.map((one) => button(one.words, turn(one.value), ".choice", { "aria-pressed": chosen.includes(one.value), "data-answer": one.value })));
}

const cardWords = (card, { t, view, roleWord }) => {
  const name = (person) => { const one = view.people.find((known) => known.person === person); return one ? `${roleWord(one.role)} · ${one.label}` : t("you"); };
  return h("ul.list", {}, h("li", {}, h("b", {}, `${card.scene}, ${t(`activity_${card.activity}`)}`)), ...gunsOf(card.scene, view).map((words) => h("li", {}, t("card_gun"), " ", h("b", {}, words))), h("li", {}, `${t("ask_setup_line")} ${card.line.map(name).join(", ") || t("nobody")}`), h("li", {}, `${t("ask_setup_muzzle")} ${t(`muzzle_${card.muzzle}`)}`), h("li", {}, `${t("ask_setup_actions")} ${card.actions.map((one) => t(`action_${one}`)).join(", ")}`), h("li", {}, card.distance_ft ? `${t("ask_setup_distance")} ${t("feet", { feet: card.distance_ft })}` : t("distance_unsaid")));
};
const gunsOf = (scene, view) => (view.scenes.find((one) => one.scene === scene)?.guns ?? []).map((gun) => view.guns.find((one) => one.gun === gun)).filter(Boolean).map((one) => `${one.name} · ${one.label}`);

// Things that go out or come in together: scanned, typed or tapped one by one, signed once.
function listScreen(mine, { t, view, what, redraw, back }) {
  const things = [...view.guns.filter((one) => !one.places).map((one) => ({ id: one.gun, words: `${one.name} · ${one.label}`, fits: what === "out" ? one.held.hold !== "person" : one.held.yours })), ...view.containers.map((one) => ({ id: one.container, words: one.label, fits: what === "out" ? !one.yours : one.yours }))].filter((one) => one.fits);
  const add = (id) => { if (!mine.list.includes(id)) mine.list.push(id); else mine.list = mine.list.filter((one) => one !== id); redraw(); };
  const field = h("input", { type: "text", autocomplete: "off", "aria-label": t("type_code"), placeholder: t("type_code") });
  const form = h("form.stack", { onsubmit: (event) => {
    event.preventDefault();
    const code = field.value.trim().toLowerCase(), found = things.find((one) => one.id.toLowerCase() === code.split("/").pop() || one.words.toLowerCase().split(" · ").includes(code));
    field.value = "";
    if (found && !mine.list.includes(found.id)) add(found.id); else if (!found) { field.placeholder = t("unknown_code_short"); }
  } }, field);
  return [form, h("div.stack", {}, things.map((one) => button(one.words, () => add(one.id), ".choice", { "aria-pressed": mine.list.includes(one.id), "data-thing": one.id }))),
    h("div.foot", {}, button(t("back"), back), mine.list.length ? button(t("these", { count: mine.list.length }), () => { mine.ready = true; redraw(); }, ".main", { "data-answer": "done" }) : button(t("choose_things"), () => {}, ".waits"))];
}

const choicesIn = (ask, put) => {
  const isNumber = ask.choices.every((one) => typeof one.value === "number" && one.words === String(one.value));
  return h(isNumber ? "div.number" : "div.stack", { role: "group", "aria-labelledby": "asked" }, ask.choices.map((one) => button(one.words, () => put(one.value), isNumber ? "" : ".choice", { "data-answer": one.value })));
};

// Which gun is in the hand: its tag is scanned, or its serial read; a demo has no gun to scan, and says so.
const tellApart = ({ t, gun, put, demo, toScan }) => h("div.stack", {}, h("p.quiet", {}, t("tell_apart")), button(t("scan"), toScan, ".main"), wordField(t, (serial) => put({ serial })),
  demo ? button(t("scanned_in_demo", { gun: gun.name }), () => put({ tag: gun.gun }), ".choice", { "data-answer": "demo" }) : null);

function wordField(t, put, name = t("serial")) {
  const field = h("input", { type: "text", autocomplete: "off", autocapitalize: "characters", maxlength: 60, "aria-label": name });
  return h("form.stack", { onsubmit: (event) => { event.preventDefault(); const word = field.value.trim().replace(/[\s/]+/g, "-"); if (word) { field.blur(); put(word); } } }, field, h("button.btn", { type: "submit" }, t("next")));
}

// A sentence of one's own: it is sealed, and lies beside the record.
function remarkField(t, put) {
  const field = h("textarea", { rows: 4, maxlength: 1000, "aria-labelledby": "question" });
  return h("form.stack", { onsubmit: (event) => { event.preventDefault(); const said = field.value.trim(); if (said) { field.blur(); put(said); } else field.focus(); } }, field, h("button.btn", { type: "submit" }, t("next")));
}

function dateField(t, put) {
  const field = h("input", { type: "date", "aria-labelledby": "question" });
  return h("form.stack", { onsubmit: (event) => { event.preventDefault(); if (field.value) { field.blur(); put(field.value); } else field.focus(); } }, field, h("button.btn", { type: "submit" }, t("next")));
}

function numberPad(t, put) {
  const field = h("input", { type: "text", inputmode: "numeric", pattern: "[0-9]*", autocomplete: "off", "aria-label": t("number") });
  const form = h("form.stack", { onsubmit: (event) => { event.preventDefault(); if (/^\d{1,6}$/.test(field.value)) { field.blur(); put(Number(field.value)); } } }, field, h("button.btn", { type: "submit" }, t("next")));
  return form;
}

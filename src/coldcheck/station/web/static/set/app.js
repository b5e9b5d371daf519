// The set screens: who I am, what the record says of each gun, what I can do now. One state, one render. What the hub
// says comes as one view; what it does not say is never guessed: a silent hub means every gun is treated as loaded.

import { closeForm, formScreen, FORMS } from "./acts.js";
import { button, buzz, emblem, h, holding, paint, quiet, whisper } from "./dom.js";
import { ask, listen, session, Silent } from "./hub.js";
import { base64, utf8 } from "./bytes.js";
import { canPasskey, device, printOf, signWith } from "./keys.js";
import * as queue from "./queue.js";
import { asking, deliverWaiting, join, signAndSend } from "./sign.js";
import { rememberLog } from "./remember.js";
import { isRevoked } from "./receipts.js";
import { startScan, stopScan } from "./scan.js";
import { sendPhotos } from "./photo.js";
import { closeSheet, isLeft, openSheet, seenAtFirst, sheetScreen, showNext } from "./sheet.js";

const state = { words: null, hello: null, me: null, view: null, live: false, silent: false, waiting: 0, queued: new Set(), note: "", sheet: null, busy: false, beat: null, kinds: {}, read: null, scanFor: "" };
const root = document.getElementById("app"), live = document.getElementById("live");

export const t = (key, values = {}) => {
  const found = state.words?.set[key] ?? state.words?.common[key] ?? key;
  return found.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
};
const shown = (key, values = {}) => (state.words?.state[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
export const roleWord = (role) => state.words?.role[role] ?? role;
const reason = (code) => state.words?.reason[code] ?? code;

const role = () => (state.me ? t("role_of", { role: roleWord(state.view?.roles[0] ?? state.me.role), label: state.view?.label ?? state.me.label }) : "");

// ---- words on a card ----

// Counted on from what the hub said last; where this phone sleeps, no beat is heard and the hub is asked anew.
const leftOf = (gun) => gun.ends_in_ms - (performance.now() - state.viewed);
const endsWords = (gun) => t("ends_in", { minutes: Math.max(0, Math.floor(leftOf(gun) / 60_000)) });
// How old the answers are, not the call; across a restart of the hub no clock says it.
const agoWords = (gun) => t(gun.checked_ms === null ? "proven_before" : "proven_by", { roles: gun.roles.map(roleWord).join(", "), manner: t(`manner_${gun.manner}`), minutes: Math.floor((gun.checked_ms + performance.now() - state.viewed) / 60_000) });

function faceOf(gun) {
  if (!state.live) return { kind: "loaded", small: shown("treat_as"), big: shown("loaded"), why: shown("silent") };
  // What was signed here about this gun and is not yet in the record may change what it says: not shown colder meanwhile.
  if (state.queued.has(gun.gun)) return { kind: "loaded", small: shown("treat_as"), big: shown("loaded"), why: t("queued_about") };
  // Its time runs out on this phone too, whether or not anybody says so.
  if (gun.ends_in_ms !== null && leftOf(gun) <= 0) return { kind: "loaded", small: shown("treat_as"), big: shown("loaded"), why: `${shown("void")}: ${reason("V07")}` };
  const count = gun.count, one = count === 1;
  switch (gun.kind) {
    case "empty": return { kind: "empty", small: shown("proven"), big: shown("empty") };
    case "dummies": return { kind: "dummies", small: shown("proven"), big: shown(one ? "dummy" : "dummies", { count }) };
    case "blanks": return { kind: "blanks", small: gun.powder ? shown(`${gun.powder}_load`) : shown("hot"), big: shown(one ? "blank" : "blanks", { count }) };
    case "replica": return { kind: "replica", small: "", big: shown("replica") };
    case "vault": return { kind: "vault", small: shown("locked"), big: shown("vault"), why: t("once_out") };
    default: {
      // A magazine whose places two people answered says so, and stands for itself as nothing but loaded.
      if (gun.places?.answered === gun.chambers) return { kind: "loaded", small: shown("treat_as"), big: shown("loaded"), why: t("called_with_gun") };
      const code = gun.reasons[0] ?? "NOT_PROVEN";
      return { kind: "loaded", small: shown("treat_as"), big: shown("loaded"), why: NEVER.includes(code) ? `${shown("not_proven")}: ${reason(code)}` : `${shown("void")}: ${reason(code)}` };
    }
  }
}

// Nothing ended it: nobody has answered it yet, or two have and nobody has called it.
const NEVER = ["NOT_PROVEN", "NOT_CALLED"];

const dialOf = (gun, face) => {
  const left = gun.ends_in_ms === null || !gun.lifetime_ms ? null : Math.max(0, Math.min(100, Math.floor((gun.ends_in_ms * 100) / gun.lifetime_ms)));
  const sign = !state.live ? "-" : NEVER.includes(gun.reasons[0]) ? "?" : "x";
  return h("div.emblem", {}, emblem({ kind: face.kind, count: gun.count, chambers: gun.chambers, left, sign, title: `${face.small} ${face.big}` }));
};

function cardOf(gun) {
  const face = faceOf(gun), proven = ["empty", "dummies", "blanks", "replica"].includes(face.kind);
  return h(`section.card.${face.kind}`, { "aria-label": gun.name }, h("div.state", {}, h(`p.word${face.big.length > 7 ? ".long" : face.big.length > 6 ? ".wide" : ""}`, {}, face.small ? h("small", {}, face.small) : null, face.big), dialOf(gun, face)),
    face.why ? h("p", {}, h("b", {}, face.why)) : null, !state.live && state.queued.has(gun.gun) ? h("p", {}, h("b", {}, t("queued_about"))) : null,
    proven ? h("p", { "data-ago": gun.gun }, agoWords(gun)) : null, proven ? h("p", {}, h("b", {}, t("look"))) : null,
    proven && gun.ends_in_ms !== null ? h("p", {}, h("b", { "data-ends": gun.gun }, endsWords(gun))) : null,
    gun.doubt ? h("p", {}, h("b", {}, t("stood_on", { entry: gun.doubt.entry, entries: gun.doubt.entries.map((one) => `#${one}`).join(" ") }))) : null,
    gun.places ? h("p", {}, h("b", {}, t("places_answered", { answered: gun.places.answered, count: gun.chambers }))) : null, gun.places?.in.length ? h("p", {}, t("magazine_in", { gun: gun.places.in.join(", ") })) : null,
    gun.fed?.length ? h("p", {}, t("magazines_in_it", { magazines: gun.fed.map((one) => one.label).join(", ") })) : null,
    ...(state.live ? goingOn(gun) : []),
    gun.along.length ? h("p", {}, t("looked_along", { roles: gun.along.map(roleWord).join(", ") })) : null,
    h("p.quiet", {}, gun.held.yours ? t("in_your_hands") : t(`held_${gun.held.hold}`, { who: roleWord(gun.held.who) })));
}

// What somebody else is doing about this gun, and how long it may still take him.
function goingOn({ kind, show_to, offer, call, reasons, answered, asked }) {
  return [
    asked.length ? h("b", {}, t("asked_to_see", { roles: asked.map(roleWord).join(", ") })) : null,
    kind === "loaded" && answered && reasons[0] !== "NOT_CALLED" && !call ? t("answered_by_two") : null,
    show_to ? t(show_to.seen ? "show_seen" : "show_open", { who: roleWord(show_to.who) }) : null,
    call ? [`${t(call.announced ? "waits_acknowledged" : "waits_announced")} `, secondsLeft(call.left_ms)] : null,
    offer && !offer.yours ? [`${t("offered_to", { who: roleWord(offer.who) })} `, secondsLeft(offer.left_ms)] : null,
  ].filter(Boolean).map((words) => h("p.going", {}, words));
}

// Counted down on this phone from what the hub said; the hub alone says when it is over.
const secondsOf = (until) => t("seconds_left", { seconds: Math.max(0, Math.ceil((until - performance.now()) / 1000)) });
const secondsLeft = (left_ms) => { const until = Math.round(state.viewed + left_ms); return h("b", { "data-until": until }, secondsOf(until)); };

function thinCard(gun) {
  const face = faceOf(gun), waits = gun.can.some((one) => one.waits);
  return h("a", { href: `#/g/${gun.gun}` }, h(`div.card.thin.${face.kind}`, face.kind !== "loaded" && gun.ends_in_ms !== null ? { "data-over": Math.round(state.viewed + gun.ends_in_ms) } : {}, h("span.name", {}, `${gun.name.toUpperCase()} `, h("span.small", {}, gun.label)), h("span.word", {}, face.small ? h("small", {}, `${face.small} `) : null, face.big), dialOf(gun, face), state.queued.has(gun.gun) ? h("b.small.wide", {}, t("queued")) : null, waits ? h("b.small.wide", {}, t("waits_for_you")) : null));
}

// ---- screens ----

// What the whole set has to know, the most pressing first: in few words for the strip, in full for the page behind it.
const alarms = () => {
  const { view, live: heard, waiting } = state, stops = heard ? (view?.stops ?? []) : [];
  return [
    heard || !state.words ? null : { key: "silent", few: t("hub_silent") },
    ...stops.slice(0, 1).map((one) => ({ key: "stop", few: t("stop_few", { stop: one.stop }), full: t("stop_open", { stop: one.stop }), beside: h("a.touch", { href: "/emergency" }, t("emergency_card")) })),
    heard && view?.secure ? { key: "secure", few: secureWords(view.secure) } : null,
    waiting ? { key: "waiting", few: t("acts_waiting", { count: waiting }), full: `${t("acts_waiting", { count: waiting })} ${t("acts_waiting_more")}` } : null,
    heard && view?.told ? { key: "told", few: toldWords(view.told), calm: !view.told.not_yet.length } : null,
  ].filter(Boolean);
};

// The strip has its place on every screen, alarm or not: what comes in there moves nothing under a finger.
const top = () => {
  const said = alarms(), demo = state.hello?.demo ? h("span.demo", {}, h("b", {}, "DEMO"), said.length ? " " : ` ${t("demo_line")} `) : null;
  const lines = said.map(({ key, few }) => h(`span.banner${key === "told" ? ".told" : ""}`, { "data-alarm": key, ...(key === "secure" ? { "data-secure": "" } : {}) }, h("b", {}, few), " "));
  return [
    state.hello?.drill ? h("p.drill", {}, h("b", {}, t("drill"))) : null,
    said.length
      ? h(`a.strip${said.every((one) => one.calm) ? "" : ".alarm"}`, { href: "#/now" }, h("span.few", { role: said.every((one) => one.calm) ? "status" : "alert" }, demo, ...lines), h("span.more", { "aria-hidden": "true" }, said.length > 1 ? `${said.length} ▸` : "▸"))
      : h("p.strip", {}, h("span.few", {}, demo ?? (state.live && state.view ? t("hub_heard") : ""))),
    state.note ? h("p.banner.note", { role: "alert" }, state.note) : null,
  ];
};

// Behind the strip: everything it says, in full, and what can be done about it from here.
function nowScreen() {
  const lifts = (state.view?.due ?? []).filter((one) => one.do === "lift");
  return [
    h("div.bar", {}, h("a", { href: "#/" }, t("home")), h("span", {}, role())), h("h1.head", {}, t("now_title")),
    ...alarms().map(({ key, few, full, beside }) => h("p.banner", { "data-full": key }, h("b", {}, full ?? few), " ", beside)), alarms().length ? null : h("p.lead", {}, t("now_nothing")),
    lifts.length ? h("div.stack", {}, lifts.map((one) => h("a.btn.choice", { href: `#/do/lift/${one.about}`, "data-do": "lift" }, `${t("do_lift")} #${one.stop}`))) : null,
    h("div.foot", {}, h("div.pair", {}, h("a.btn.choice", { href: "#/do/found/-" }, t("do_found")), h("a.btn.stop.choice", { href: "#/do/stop/-" }, t("stop")))),
  ];
}

const secureWords = ({ names, rounds }) => t("secure", { things: [...names, ...(rounds ? [t(rounds === 1 ? "secure_round" : "secure_rounds", { count: rounds })] : [])].join(", ") });
const toldWords = ({ what, entry, told, shown: seen, not_yet }) => `${t("told", { what: what.replace("STOP", t("stop")), entry, told, seen })}${not_yet.length ? ` ${t("told_not_yet", { who: not_yet.map((role) => (role ? roleWord(role) : t("told_board"))).join(", ") })}` : ""}`;

const draft = () => (state.view?.draft ? h("p.small.quiet", {}, t("draft")) : null);

// What somebody chooses for this phone alone; the record hears nothing of it.
function mineScreen() {
  const choice = (name, value, otherwise) => button(t(`${name}_${value}`), () => { localStorage.setItem(name, value); paint(); if (name === "whisper" && value === "on") whisper(t("whisper_on")); render(); }, ".choice", { "aria-pressed": (localStorage.getItem(name) ?? otherwise) === value, "data-choice": `${name} ${value}` });
  const row = (name, values, otherwise) => [h("h2.caps", {}, t(name)), h("div.stack", { role: "group", "aria-label": t(name) }, values.map((value) => choice(name, value, otherwise)))];
  return [
    h("div.bar", {}, h("a", { href: "#/" }, t("home")), h("span", {}, role())), h("h1.head", {}, t("this_phone")),
    ...row("theme", ["dark", "dim", "light", "auto"], "dark"), ...row("whisper", ["off", "on"], "off"), h("p.quiet", {}, t("whisper_about")), h("h2.caps", {}, t("photos_here")), h("p.quiet", {}, t(state.hello?.photos ? "photos_offered" : "photos_off")),
    state.print ? h("h2.caps", {}, t("key_here")) : null, state.print ? h("p", {}, h("b", {}, state.print)) : null, state.print ? h("p.quiet", {}, t("key_here_about")) : null,
    ...receiptsHere(state.receipts ?? []),
    state.hello?.demo ? h("a.btn.choice", { href: "#/who" }, t("who_are_you")) : null,
  ];
}

// As many as a day's work of one person; older ones stay on the phone, and the newest vouches for all before it.
const SHOWN = 60;
const receiptsHere = (all) => (all.length ? [
  h("h2.caps", {}, t("receipts_here")), h("p.quiet", {}, t("receipts_about")),
  h("p", {}, all.slice(0, SHOWN).flatMap((one) => [receiptLink(one, `#${one.entry}`), " "]))] : []);

function whoScreen() {
  const people = state.hello?.people ?? [];
  return [
    h("h1.head", {}, t("who_are_you")), people.length ? h("p.quiet", {}, t("second_window")) : h("p.lead", {}, t("join_first")),
    h("div.stack", {}, people.map((one) => button(`${roleWord(one.role)} · ${one.label}`, () => choose(one), ".choice", { "data-person": one.person, "data-label": one.label }))),
  ];
}

// A join card: person, and the key on the card. It stands behind the # of the address, which no server ever gets.
const ASK = /^#(p[0-9A-HJKMNP-TV-Z]{12})$/;
const JOIN = /^#(p[0-9A-HJKMNP-TV-Z]{12})\.([0-9a-f]{64})$/;
// A key without a card asks; the officers see the same characters on their page, and two of them confirm it.
function askScreen(person) {
  const asks = state.asks?.person === person ? state.asks : null;
  const tried = (work) => async () => {
    if (state.busy) return;
    state.busy = true; state.note = "";
    try { await work(); } catch (problem) { state.note = problem.name === "NotAllowedError" ? t("join_not_verified") : problem.message; }
    state.busy = false;
    render();
  };
  const make = tried(async () => { state.asks = await asking({ person, view: await ask("/api/set/view"), passkey: await canPasskey() }); await readPrint(); });
  const begin = tried(async () => {
    const before = state.me;
    state.me = asks;
    try { await session.enter(); } catch (problem) { state.me = before; throw problem instanceof Silent ? problem : new Error(t("ask_not_yet")); }
    await queue.remember("me", asks);
    await queue.remember("asks", null);
    state.asks = null;
    history.replaceState(null, "", "#/");
    await look();
  });
  const head = [h("h1.head", {}, t("ask_title"))];
  if (!asks) return [...head, h("p.lead", {}, t("ask_about")), h("p.quiet", {}, t("join_stays")), h("div.foot", {}, button(t("join_do"), make, ".main"))];
  return [...head, h("p.lead", {}, t("ask_waits")), h("p.lead", {}, h("b", {}, state.print ?? "")), h("div.foot", {}, button(t("ask_go_on"), begin, ".main"))];
}

const readPrint = async () => { state.print = await printOf((state.asks ?? state.me)?.key ?? "").catch(() => ""); };

function joinScreen() {
  const [, asked] = ASK.exec(location.hash) ?? [];
  if (asked) return askScreen(asked);
  const [, person, seed] = JOIN.exec(location.hash) ?? [];
  if (!seed) return [h("h1.head", {}, t("join_title")), h("p.lead", {}, t("join_bad"))];
  const act = async () => {
    if (state.busy) return;
    state.busy = true; state.note = "";
    try {
      const view = await ask("/api/set/view");
      state.me = await join({ person, card: seed, view, passkey: await canPasskey() });
      history.replaceState(null, "", "#/");
      await readPrint();
      state.reopen?.();
    } catch (problem) { state.note = problem.name === "NotAllowedError" ? t("join_not_verified") : problem.message; }
    state.busy = false;
    await look();
  };
  return [h("h1.head", {}, t("join_title")), h("p.lead", {}, t("join_about")), h("p.quiet", {}, t("join_stays")), h("div.foot", {}, button(t("join_do"), act, ".main"))];
}

// Nothing is drawn anew while the camera looks, so the picture stays; what it reads, or why it cannot, comes as state.
function scanScreen() {
  const { codes, trouble } = state.scan ?? {};
  const again = () => { state.scan = null; render(); };
  const bar = h("div.bar", {}, h("a", { href: "#/" }, t("home")), h("span", {}, role()));
  const typed = h("div.foot", {}, h("a.btn", { href: "#/" }, t("type_instead")));
  if (trouble) return [bar, h("h1.head", {}, t("scan")), h("p.lead", {}, t(trouble)), typed];
  if (codes) {
    return [bar, h("h1.head", {}, t("two_codes")), h("div.stack", {}, codes.map((code) => button(nameOf(code), () => { state.scan = null; openCode(code); }, ".choice", { "data-code": code }))), h("div.foot", {}, button(t("scan_again"), again))];
  }
  const video = h("video", { playsinline: true, muted: true, "aria-label": t("scan") });
  if (!state.scan) {
    state.scan = { on: true };
    setTimeout(() => startScan(root.querySelector("video"), {
      found: (read) => { if (read.length === 1) { state.scan = null; openCode(read[0], "/"); } else { state.scan = { codes: read }; buzz([40, 40, 40]); render(); } },
      failed: (name) => { state.scan = { trouble: name }; render(); },
    }), 0);
  }
  return [bar, h("h1.head", {}, t("scan")), video, h("p.quiet", {}, t("scan_about")), typed];
}

// Every gun that a code may mean: an id means one, a name may stand on two.
const gunsOf = (code) => {
  const tail = code.trim().split("/").pop().toUpperCase(), word = code.trim().toLowerCase(), guns = state.view?.guns ?? [];
  const own = guns.filter((one) => one.gun.toUpperCase() === tail);
  return own.length ? own : guns.filter((one) => [one.name, one.label].some((name) => name.toLowerCase() === word));
};
const isTag = (code, gun) => code.trim().split("/").pop().toUpperCase() === gun.gun.toUpperCase();
const gunOf = (code) => { const guns = gunsOf(code); return guns.length === 1 ? guns[0] : undefined; };
const heldOf = (code) => {
  const tail = code.trim().split("/").pop().toUpperCase();
  return state.view?.containers.find((one) => one.container.toUpperCase() === tail || one.label.toLowerCase() === code.trim().toLowerCase());
};
const nameOf = (code) => { const gun = gunOf(code); return gun ? `${gun.name} · ${gun.label}` : heldOf(code)?.label ?? code.slice(0, 60); };

// A tray, box or bag in the form of a gun: it has no screen of positions, and goes from hand to hand like one.
const thingsOf = (view) => (view?.containers ?? []).filter((one) => !view.guns.some((gun) => gun.gun === one.container)).map((one) => ({ ...one, gun: one.container, name: one.label, label: one.kind }));
const thingOf = (name) => thingsOf(state.view).find((one) => one.gun === name);
const doWords = (one) => t(one.do === "hand_over" && !one.to ? "do_hand_over_to" : `do_${one.do}`);
const thingLink = (thing) => h("a.btn.choice", { href: `#/g/${thing.gun}`, "data-thing": thing.gun }, thing.can[0].waits ? `${doWords(thing.can[0])} · ${thing.name}` : thing.name);

// What lies in it is on other screens: here is who has it, and how it goes to somebody else.
function thingScreen(thing) {
  const counts = state.view.handler || state.view.witness;
  return [
    h("div.bar", {}, h("a", { href: "#/" }, t("home")), h("span", {}, role())), h("h1.head", {}, `${thing.name} `, h("span.small.quiet", {}, thing.label)),
    h("section.card", { "aria-label": thing.name }, h("p", {}, thing.held.yours ? t("in_your_hands") : t(`held_${thing.held.hold}`, { who: roleWord(thing.held.who) })), state.queued.has(thing.gun) ? h("p", {}, h("b", {}, t("queued_about"))) : null,
      thing.offer && !thing.offer.yours && state.live ? h("p.going", {}, `${t("offered_to", { who: roleWord(thing.offer.who) })} `, secondsLeft(thing.offer.left_ms)) : null),
    h("nav.stack", { "aria-label": t("what_now") }, thing.can.map((one, number) => h(`a.btn${number ? ".choice" : ".main"}`, { href: `#/do/${one.do}/${thing.gun}`, "data-do": one.do }, doWords(one))), counts ? h("a.btn.choice", { href: `#/do/count/${thing.gun}`, "data-do": "count" }, t("do_count")) : null),
    draft(), h("div.foot", {}, h("div.pair", {}, h("a.btn.choice", { href: `#/do/found/${thing.gun}` }, t("do_found")), h("a.btn.stop.choice", { href: `#/do/stop/${thing.gun}` }, t("stop")))),
  ];
}

// What something that waits is about, in as few signs as there are.
const dueName = (one) => one.scene ?? one.label ?? state.view.containers.find((known) => known.container === one.container)?.label ?? (one.do === "open_day" ? one.about : one.stop ?? one.entry ? `#${one.stop ?? one.entry}` : "");

// What goes on without a gun: where one is, duties, plans, what came in.
function dayScreen() {
  const { view } = state, { place, duties } = view.standing;
  return [
    h("div.bar", {}, h("a", { href: "#/" }, t("home")), h("span", {}, role())), h("h1.head", {}, view.day === null ? t("day_closed") : t("day", { day: view.day })),
    h("p", {}, place ? t("you_are_at", { place }) : t("you_are_nowhere"), " ", duties.length ? t("you_are_on_duty", { duties: duties.map(roleWord).join(", ") }) : ""),
    h("nav.stack", { "aria-label": t("what_now") }, view.today.map((what) => h("a.btn.choice", { href: `#/do/${what}/-`, "data-do": what }, t(`do_${what}`)))), draft(),
    h("div.foot", {}, h("div.pair", {}, h("a.btn.choice", { href: "#/do/found/-" }, t("do_found")), h("a.btn.stop.choice", { href: "#/do/stop/-" }, t("stop")))),
  ];
}

function homeScreen() {
  const { view } = state;
  if (!view) return [h("h1.lead", {}, t("one_moment"))];
  const things = thingsOf(view).filter((one) => one.can?.length), offered = things.filter((one) => one.can[0].waits), mine = things.filter((one) => !one.can[0].waits);
  const due = view.guns.filter((gun) => gun.can.some((one) => one.waits)), rest = view.guns.filter((gun) => !due.includes(gun));
  const field = h("input", { type: "text", id: "code", autocomplete: "off", autocapitalize: "characters", "aria-label": t("type_code"), placeholder: t("type_code") });
  return [
    h("h1.unseen", {}, t("home")), h("div.bar", {}, h("span", {}, view.day === null ? t("day_closed") : t("day", { day: view.day })), h("a", { href: "#/me" }, role())),
    h("form.stack", { onsubmit: (event) => { event.preventDefault(); openCode(field.value); } }, field, h("div.pair", {}, h("a.btn.choice", { href: "#/scan" }, t("scan")), h("button.btn.choice", { type: "submit" }, t("open_code")))),
    due.length || offered.length || view.due.length ? h("h2.caps", {}, t("waits_for_you")) : null, due.length ? h("div.guns", {}, due.map(thinCard)) : null,
    view.due.length ? h("div.stack", {}, view.due.map((one) => h("a.btn.choice", { href: `#/do/${one.do}/${one.scene ?? one.about ?? "-"}`, "data-do": one.do }, `${t(`do_${one.do}`)} ${dueName(one)}`))) : null,
    offered.length ? h("div.stack", {}, offered.map(thingLink)) : null,
    h("h2.caps", {}, t("guns")), h("div.guns", {}, rest.map(thinCard)), mine.length ? h("h2.caps", {}, t("in_your_hands")) : null, mine.length ? h("div.stack", {}, mine.map(thingLink)) : null,
    h("nav.pair.tight", { "aria-label": t("what_now") }, [...(view.handler ? ["out", "in"] : []), ...(view.handler || view.witness ? ["count", "setup"] : [])].map((what) => h("a.btn.choice", { href: `#/do/${what}/-`, "data-do": what }, t(`do_${what}`))), view.today?.length ? h("a.btn.choice", { href: "#/day", "data-do": "day" }, t("the_day")) : null, h("a.btn.choice", { href: "/emergency" }, t("emergency_card"))),
    draft(), h("div.foot", {}, h("div.pair", {}, h("a.btn.choice", { href: "#/do/found/-" }, t("do_found")), h("a.btn.stop.choice", { href: "#/do/stop/-" }, t("stop")))),
  ];
}

function gunScreen(name) {
  const gun = state.view?.guns.find((one) => one.gun === name);
  if (!gun && thingOf(name)) return thingScreen(thingOf(name));
  if (!gun) return [h("p.lead", {}, state.view ? t("unknown_gun") : t("one_moment")), h("a.btn", { href: "#/" }, t("home"))];
  const offered = [...new Map(gun.can.map((one) => [one.do, one])).values()];
  const links = () => offered.map(link), look = () => h("p.look", {}, t("look"), h("span", {}, t("anyone")));
  // A show goes on until its viewer has answered, and a call that was said waits for others: neither is done again next.
  // While a STOP stands nothing is anybody's next step but to take a gun over or to lock it away.
  const stopped = state.live && state.view.stops.length > 0;
  const isMain = (one, number) => number === 0 && (!stopped || ["take", "give_back", "lock"].includes(one.do)) && !["put_down", "end_sheet"].includes(one.do) && one.seen !== false && !(one.do === "call" && gun.call);
  const hasMain = offered.some((one, number) => one.do === "sheet" || isMain(one, number));
  const link = (one, number) => {
    const words = t(one.do === "acknowledge" && one.giver ? "do_acknowledge_take" : one.do === "check" && gun.places ? "do_check_places" : one.do === "hand_over" && !one.to ? "do_hand_over_to" : `do_${one.do}`, { who: one.who ? `(${roleWord(one.who)})` : "", first: roleWord(one.first ?? ""), other: roleWord(one.other ?? "") });
    if (one.do === "sheet") return h("a.btn.main", { href: `#/s/${one.procedure}` }, words);
    const first = isMain(one, number) ? ".main" : ".choice";
    return h(`a.btn${first}`, { href: `#/do/${one.do}/${gun.gun}`, "data-do": one.do }, one.joins ? t("do_look_along") : words);
  };
  return [
    h("div.bar", {}, h("a", { href: "#/" }, t("home")), h("span", {}, role())), h("h1.head", {}, `${gun.name} `, h("span.small.quiet", {}, gun.label)), cardOf(gun),
    // What waits for this person stands right under the card, where a thumb is; else looking comes first.
    hasMain ? null : look(),
    h("nav.stack", { "aria-label": t("what_now") }, links(), ...(gun.places ? [] : ["mishap", ...(state.view.handler ? ["work"] : []), "other_gun"]).map((what) => h("a.btn.choice", { href: `#/do/${what}/${gun.gun}`, "data-do": what }, t(`do_${what}`)))), hasMain ? look() : null, draft(),
    h("div.foot", {}, h("div.pair", {}, (gun.places ? ["found"] : ["show_me", "found", "fired"]).map((what) => h("a.btn.choice", { href: `#/do/${what}/${gun.gun}` }, t(`do_${what}`))), h("a.btn.stop.choice", { href: `#/do/stop/${gun.gun}` }, t("stop")))),
  ];
}

// A sheet is begun by choosing who answers second, how, and (to prepare) from which cells.
function beginScreen(what, gun) {
  const draft = state.draft?.key === `${what} ${gun.gun}` ? state.draft : (state.draft = { key: `${what} ${gun.gun}`, cells: [] });
  const bar = h("div.bar", {}, h("a", { href: `#/g/${gun.gun}` }, `${gun.name} · ${gun.label}`), h("span", {}, role()));
  const pick = (key, value) => () => { draft[key] = value; render(); };
  const stack = (title, choices) => [bar, h("h1.head", {}, t(`do_${what}`)), h("p.lead", {}, title), h("div.stack", {}, choices), h("div.foot", {}, button(t("back"), () => go(`/g/${gun.gun}`)))];
  if (!draft.other) return stack(t("who_second"), state.view.people.filter((one) => one.witness || one.handler).map((one) => button(`${roleWord(one.role)} · ${one.label}`, pick("other", one.person), ".choice", { "data-label": one.label })));
  if (!draft.manner) return stack(t("how_answer"), ["answers_not_shown", "spoken"].map((manner) => button(t(`choose_${manner}`), pick("manner", manner), ".choice", { "data-manner": manner })));
  if (what === "prepare" && !draft.container) return stack(t("which_tray"), state.view.containers.filter((one) => one.cells && one.rounds.length && one.container !== gun.gun).map((one) => button(`${one.label} · ${one.rounds.map((kind) => t(`holds_${kind}`)).join(", ")}`, pick("container", one.container), ".choice", { "data-label": one.label })));
  if (what === "prepare" && !draft.ready) {
    const tray = state.view.containers.find((one) => one.container === draft.container);
    const toggle = (cell) => () => { draft.cells = draft.cells.includes(cell) ? draft.cells.filter((one) => one !== cell) : [...draft.cells, cell].slice(0, gun.chambers); render(); };
    const cells = Array.from({ length: tray.cells }, (_, number) => String(number + 1));
    return [bar, h("h1.head", {}, t("which_cells", { tray: tray.label })), h("p.quiet", {}, t("cells_order", { most: gun.chambers })), h("div.cells", {}, cells.map((cell) => button(draft.cells.includes(cell) ? `${cell} → ${draft.cells.indexOf(cell) + 1}` : cell, toggle(cell), "", { "aria-pressed": draft.cells.includes(cell), "data-cell": cell }))),
      h("div.foot", {}, draft.cells.length ? button(t("begin_with", { count: draft.cells.length }), () => { draft.ready = true; render(); }, ".main") : button(t("choose_cells"), () => {}, ".waits"))];
  }
  if (!draft.next) return stack(t("who_looks_next"), [...state.view.people.filter((one) => one.person !== draft.other).map((one) => button(`${roleWord(one.role)} · ${one.label}`, pick("next", one.person), ".choice", { "data-label": one.label })), button(t("nobody_yet"), pick("next", "-"), ".choice", { "data-label": "-" })]);
  if (!draft.sent) begin(what, gun, draft);
  return [bar, h("h1.lead", {}, t("one_moment"))];
}

async function begin(what, gun, draft) {
  if (draft.sent) return;
  draft.sent = true;
  try {
    const rounds = draft.cells.map((cell) => [draft.container, cell]);
    const sheet = await ask("/api/set/sheets", { by: state.me.person, other: draft.other, gun: gun.gun, kind: what, manner: draft.manner, device: device(), rounds });
    state.draft = null; state.sheet = sheet; openSheet(sheet); showNext(draft.next === "-" ? "" : draft.next); go(`/s/${sheet.procedure}`);
  } catch (problem) { state.draft = null; say(problem); go(`/g/${gun.gun}`); }
}

async function loadSheet(procedure) {
  const sheet = await ask(`/api/set/sheets/${procedure}?by=${state.me.person}&device=${encodeURIComponent(device())}`);
  const changed = JSON.stringify([sheet.yours_in, sheet.others_in, sheet.order, sheet.ended]) !== JSON.stringify([state.sheet?.yours_in, state.sheet?.others_in, state.sheet?.order, state.sheet?.ended]) || state.sheet?.procedure !== procedure;
  if (sheet.others_in && sheet.yours_in && !state.sheet?.others_in) buzz([60, 60, 60]);
  if (sheet.ended && !state.sheet?.ended) { buzz([80, 60, 80]); live.textContent = t("sheet_over"); }
  state.sheet = sheet; openSheet(sheet);
  return changed;
}

function sheetPage(procedure) {
  if (state.sheet?.procedure !== procedure) { loadSheet(procedure).then(() => render(), (problem) => { say(problem); go("/"); }); return [h("h1.lead", {}, t("one_moment"))]; }
  openSheet(state.sheet);
  return sheetScreen({
    t, roleWord, redraw: render, role: role(), seen: () => ({ log: state.view.log, after: state.view.after }),
    sign: (acts, openings = []) => sign(acts, openings, () => {}, seenAtFirst()), leave: () => { const gun = state.sheet.gun; closeSheet(); state.sheet = null; go(`/g/${gun}`); },
    restart: () => restart(procedure), photos: state.hello?.photos, failed: (word) => { state.note = t(word); },
  });
}

async function restart(procedure) {
  closeSheet();
  try { state.sheet = await ask(`/api/set/sheets/${procedure}/restart`, { by: state.me.person }); } catch (problem) { say(problem); }
  render();
}

// The words of a concern are asked for when somebody answers it, and kept nowhere on this phone.
const concerns = new Map();
function readConcern(concern) {
  const due = state.view.due.find((one) => one.about === concern);
  if (due) due.words = concerns.get(concern);
  if (concerns.has(concern)) return;
  concerns.set(concern, "");
  ask(`/api/set/concerns/${concern}?by=${state.me.person}`).then(({ words }) => { concerns.set(concern, words || t("no_words")); render(); }, () => concerns.delete(concern));
}


// What one and the same thing cures stands together: it is read, and done, once.
const byNeed = (findings) => [...findings.reduce((groups, { rule, found, needed, who }) => {
  const key = `${rule} ${needed}`, group = groups.get(key) ?? { rule, needed, who, found: [] };
  return groups.set(key, { ...group, found: [...group.found, found] });
}, new Map()).values()];

// Only where a claim was refused something is missing; a part waits for the others, and to a fact the record adds its note.
const headOf = ({ verdict, findings }, count) => (verdict === "refused" ? `missing_${count === 1 ? "one" : "many"}` : findings.every(({ params }) => params.what === "part_missing") ? "still_to_come" : "noted");

const receiptLink = ({ file, entry }, words) => h("a", { href: `data:application/octet-stream;base64,${base64(utf8(file))}`, download: `receipt-${entry}.tlog-proof` }, words);

function receiptScreen() {
  const { receipt, act, gun, what } = state.receipt;
  const missing = receipt?.findings ?? [], things = byNeed(missing), known = state.view?.guns.find((one) => one.gun === gun);
  return [
    h("div.bar", {}, h("a", { href: gun ? `#/g/${gun}` : "#/" }, t("back")), h("span", {}, role())),
    h("h1.head", {}, receipt ? t(isRevoked(receipt) ? "verdict_apart" : `verdict_${receipt.verdict}`) : t("kept_here")),
    what ? h("p.lead", {}, what) : null, receipt && known ? thinCard(known) : null, receipt ? null : h("p.lead", {}, h("b", {}, t("queued")), " ", t("kept_more")),
    things.length ? h("h2.caps", {}, t(headOf(receipt, things.length), { count: things.length })) : null, h("ol.list.steps", {}, things.map(({ found, needed, who, rule }) => h("li", {}, found.map((one) => h("p", {}, h("b", {}, one))), h("p", {}, needed), who ? h("p.quiet", {}, t("who_can", { who }), " ", h("span.entry", {}, rule)) : h("span.entry", {}, rule)))),
    receipt && !act.line1.includes('"act":"retracted"') ? h("p.small", {}, h("a.touch", { href: `#/do/take_back/${receipt.entry}`, onclick: () => { state.receipt = null; } }, t("do_take_back"))) : null,
    draft(), h("p.small.quiet", {}, receipt ? h("span.entry", {}, `#${receipt.entry}`) : null, ` ${t("signed_bytes")} `, h("span.entry", { title: act.hash }, act.hash.slice(0, 16)),
      receipt?.file ? [" ", receiptLink(receipt, t("receipt_save"))] : null),
    h("div.foot", {}, button(t("go_on"), () => { state.receipt = null; go(gun ? `/g/${gun}` : "/"); }, ".main")),
  ];
}

// A gun whose own tag was read on this phone a moment ago is the one in the hand; what was read before is no reading now.
const READ_MS = 180_000;
const isRead = (gun) => Boolean(gun && state.read?.gun === gun.gun && performance.now() - state.read.at < READ_MS);

// ---- doing ----

const say = (problem) => {
  const word = problem.word ?? (problem.name === "NotAllowedError" ? "join_not_verified" : problem instanceof Silent ? "hub_silent" : "");
  state.note = word ? t(word) : problem.message;
  buzz([80, 40, 80]);
};

async function sign(acts, openings, after, seen = {}) {
  if (state.busy) return;
  state.busy = true;
  if (document.activeElement?.tagName === "INPUT") document.activeElement.blur();
  try {
    const view = seen.log === state.view.log ? { ...state.view, ...seen } : state.view;
    const { act, receipt } = await signAndSend({ me: state.me, view, acts, openings });
    if (receipt?.sheet) { state.sheet = receipt.sheet; openSheet(receipt.sheet); } else state.receipt = { receipt, act, gun: location.hash.split("/")[3]?.replace("-", "") || state.sheet?.gun, what: root.querySelector("h1")?.textContent };
    state.note = receipt?.unproven ? t("receipt_wrong") : "";
    after();
    closeForm();
    // What was said stays on the screen while it is not signed: nobody says it all again.
  } catch (problem) { say(problem); render.last = ""; }
  state.busy = false;
  await countWaiting();
  await look();
}

// What is signed here and not yet in the record, and which things it names.
async function countWaiting() {
  const acts = await queue.waiting().catch(() => []);
  state.receipts = await queue.receipts().catch(() => []);
  state.waiting = acts.length;
  state.queued = new Set(acts.flatMap((act) => JSON.parse(act.line1).about));
}

function choose(person) { state.me = person; sessionStorage.setItem("me", JSON.stringify(person)); state.view = null; state.note = ""; state.reopen?.(); go("/"); look(); }

const go = (path) => { if (location.hash === `#${path}`) render(); else location.hash = path; };

function openCode(typed, otherwise) {
  const gun = gunOf(typed), held = gun ? null : heldOf(typed);
  document.activeElement?.blur();
  if (gun) {
    const asked = state.scanFor; state.scanFor = "";
    // A name may be typed from memory; the id stands on the tag alone.
    state.read = isTag(typed, gun) ? { gun: gun.gun, at: performance.now() } : null;
    const another = asked && !asked.endsWith(gun.gun), note = another ? t("scanned_another") : "";
    if (another) closeForm();
    buzz(20); state.note = ""; go(asked && state.read && !another ? asked : `/g/${gun.gun}`);
    // Said once the other gun is there: coming to a new screen takes away what was said on the old one.
    if (note) window.addEventListener("hashchange", () => { state.note = note; render(); }, { once: true });
    return;
  }
  // A tray, belt or box is counted by whoever counts. Offered to somebody it is taken; of one's own, who counts none of it hands it on.
  const counts = state.view.handler || state.view.witness, goes = held?.can?.some((one) => one.waits || !counts);
  if (held && (goes || counts)) { buzz(20); state.note = ""; go(`/${goes ? "g" : "do/count"}/${held.container}`); return; }
  buzz([80, 40, 80]);
  if (otherwise && location.hash !== `#${otherwise}`) location.hash = otherwise;
  setTimeout(() => { state.note = t(gunsOf(typed).length > 1 ? "same_name" : "unknown_code"); render(); }, 0);
}

// ---- the loop ----

// The hub asks whose phone this is: a fresh word of the hub's, signed by the key this phone signs acts with.
session.enter = async () => {
  const { person: by, key: own, unlocked } = state.me, key = unlocked ?? own, { log, nonce } = await ask("/api/set/challenge");
  await ask("/api/set/session", { by, key, nonce, signature: await signWith(key, `coldcheck/look/v1\n${log}\n${by}\n${nonce}\n`) });
  state.reopen?.();
};

// Of a phone whose key is gone or revoked the guns are shown as anybody sees them, never as they were before.
async function ownView() {
  try { return await ask(`/api/set/view?by=${state.me.person}`); } catch (problem) {
    if (problem instanceof Silent) throw problem;
    state.note = problem.word ? t(problem.word) : problem.message;
    // What it could do it can still sign: the hub keeps that apart and says so.
    const seen = await ask("/api/set/view"), old = state.view ?? {}, can = (gun) => old.guns?.find((one) => one.gun === gun)?.can ?? [];
    const { label = state.me.label, roles = state.me.role ? [state.me.role] : [], handler = false, witness = false, due = [] } = old;
    return { ...seen, label, roles, handler, witness, due, guns: seen.guns.map((one) => ({ ...one, can: can(one.gun) })) };
  }
}

let looking = false, lookAgain = false;

async function look() {
  if (!state.me) { render(); return; }
  if (looking) { lookAgain = true; return; }
  looking = true;
  try {
    // Beats may go on while the hub has no word for this phone: what it showed last is then as old as that.
    const view = await ownView().catch((problem) => { state.live = false; throw problem; });
    // An answer to a question is no beat: while none is heard, what the hub says next would not come either.
    state.view = view; state.live = !state.silent; state.viewed = performance.now(); quiet.now = view.taking;
    rememberLog(view.after, (word) => { state.note = t(word); buzz([400, 100, 400]); live.textContent = state.note; render(); });
    const stops = view.stops.map((one) => one.stop);
    if (state.stops && stops.some((one) => !state.stops.includes(one))) { buzz([400, 100, 400, 100, 400], true); whisper(t("stop"), true); live.textContent = t("stop"); }
    state.stops = stops;
    for (const gun of view.guns) {
      const key = `${gun.kind} ${gun.can.filter((one) => one.waits).map((one) => one.do)}`;
      if (state.kinds[gun.gun] !== undefined && state.kinds[gun.gun] !== key) {
        // Silent while a take is running, except STOP, which is said above.
        buzz(gun.kind === "loaded" ? [80, 60, 80] : 40);
        live.textContent = `${gun.name}: ${gun.words}`; }
      state.kinds[gun.gun] = key;
    }
    const at = location.hash.split("/");
    if (at[1] === "s" && at[2] && state.sheet && !state.sheet.ended && !(state.sheet.yours_in && state.sheet.others_in)) await loadSheet(at[2]);
    queue.remember("view", view);
  } catch (problem) { if (problem instanceof Silent) state.live = false; else say(problem); }
  looking = false;
  if (lookAgain) { lookAgain = false; look(); return; }
  render(drawn === location.hash && !state.receipt);
  answerAlarm();
}

// A void or STOP is on this phone now; the hub is told so once. A phone in a pocket does not draw and does not answer.
function answerAlarm() {
  const alarm = state.beat?.alarm ?? 0, entries = state.view?.after?.size ?? 0;
  if (!state.live || !(alarm > (state.answered ?? 0)) || entries < alarm) return;
  state.answered = alarm;
  requestAnimationFrame(() => ask("/api/set/heard", { screen: device(), entries }).catch(() => { state.answered = 0; }));
}

function page() {
  const [, where, what, name] = location.hash.split("/");
  if (!state.words) return [h("p.lead", {}, "…")];
  if (/^#(p[0-9A-Z]{8}|\/join)/.test(location.hash)) return joinScreen();
  if (!state.me || (where === "who" && state.hello?.demo)) return whoScreen();
  if (state.receipt) return receiptScreen();
  if (where === "me") return mineScreen();
  if (where === "now") return nowScreen();
  if (where === "g") return gunScreen(what);
  if (where === "day" && state.view?.standing) return dayScreen();
  if (where === "s") return sheetPage(what);
  if (where === "scan") return scanScreen();
  if (where === "do" && state.view) {
    const gun = state.view.guns.find((one) => one.gun === name) ?? (["hand_over", "take"].includes(what) ? thingOf(name) : undefined);
    if (["check", "prepare", "turn"].includes(what) && gun) return beginScreen(what, gun);
    if (what === "answer_concern") readConcern(name);
    if (FORMS[what]) return formScreen(what, { t, roleWord, gun, view: { ...state.view, me: state.me.person }, role: role(), redraw: render, sign: (acts, openings) => sign(acts, openings, () => {}), back: () => { closeForm(); go(gun ? `/g/${gun.gun}` : state.view.today?.includes(what) ? "/day" : "/"); }, about: name, photos: state.hello?.photos, failed: (word) => { state.note = t(word); }, read: isRead(gun), demo: state.hello?.demo, toScan: () => { state.scanFor = location.hash.slice(1); go("/scan"); } });
  }
  return homeScreen();
}

// Nothing is drawn anew under a finger: what it went down on is what it comes up on.
// A hold sees to itself, and a finger that rests for long holds nothing up.
const PRESS_MS = 1000;
let pressed = -PRESS_MS;
document.addEventListener("pointerdown", (event) => { pressed = event.target.closest?.(".hold") ? -PRESS_MS : performance.now(); }, true);
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => { pressed = -PRESS_MS; }, true);

// What the hub's news pushed to where something else was a moment ago takes no tap yet: the finger meant the other thing.
const SETTLE_MS = 400;
const controls = () => [...root.querySelectorAll("a, button")].map((one) => ({ one, key: one.outerHTML, at: one.getBoundingClientRect() }));
function settle(before) {
  const meets = (one, two) => one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;
  const moved = controls().filter(({ key, at }) => before.some((old) => old.key !== key && meets(old.at, at)) && !before.some((old) => old.key === key && Math.abs(old.at.top - at.top) < 8));
  for (const { one } of moved) one.classList.add("settling");
  if (moved.length) setTimeout(() => { for (const { one } of moved) one.classList.remove("settling"); }, SETTLE_MS);
}

let drawn = "";
function render(news = false) {
  if (holding.now || performance.now() - pressed < PRESS_MS) { setTimeout(() => render(news), 100); return; }
  // What is being signed stays until its receipt: the hub's news of it may be here first, and takes no form away.
  if (news === true && state.busy) return;
  const next = h("div", {}, ...top().filter(Boolean), ...page().filter(Boolean));
  const typing = document.activeElement?.tagName === "INPUT";
  if (typing && drawn === location.hash && document.activeElement.value) return;
  const html = next.innerHTML;
  if (html === render.last && drawn === location.hash) return;
  const before = news === true && drawn === location.hash ? controls() : null;
  render.last = html; drawn = location.hash;
  const focused = document.activeElement?.closest?.("#app") ? document.activeElement.outerHTML : "";
  root.replaceChildren(...next.childNodes);
  if (before) settle(before);
  // Whoever goes by keyboard stays where he was when the screen is drawn anew around him.
  if (focused) [...root.querySelectorAll("a, button")].find((one) => one.outerHTML === focused)?.focus();
  document.title = `${state.hello?.drill ? `${t("drill")}: ` : ""}${root.querySelector("h1")?.textContent ?? t("title")}`;
  const asked = root.querySelector(location.hash.startsWith("#/s/") ? "#asked" : "#asked ~ .lead")?.textContent ?? "";
  if (asked && asked !== render.asked) whisper(asked);
  render.asked = asked;
}

// What a single key means: the number an answer is, else the first, second or third of what is offered; 0 or minus takes
// the last answer back. A number that is itself an answer is never read as a place in a list.
function keyed(key) {
  if (/^[^\w-]$|["\\]/.test(key)) return null;
  const own = root.querySelector(`.answers [data-key="${key}"], .number [data-answer="${key}"], .cells [data-cell="${key}"]`);
  if (own || root.querySelector(".number")) return own;
  if ((key === "0" || key === "-") && root.querySelector(".answers")) return root.querySelector(".again");
  return /^[1-9]$/.test(key) ? root.querySelectorAll("div.stack .btn, nav.stack .btn")[Number(key) - 1] : null;
}

function onKeys() {
  let typed = "", last = 0, codes = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const now = performance.now();
    if (now - last > 60) typed = "";
    last = now;
    if (event.key === "Enter" && typed.length > 5) { event.preventDefault(); openCode(typed); typed = ""; codes += 1; return; }
    if (event.key.length === 1) typed += event.key;
    // Where nothing has the focus, Enter and space are held on what signs, else press what goes on.
    if ((event.key === "Enter" || event.key === " ") && !typed.trim() && document.activeElement === document.body) {
      const signs = root.querySelector(".hold"), next = signs ?? root.querySelector(".main");
      if (!next || event.repeat) return;
      event.preventDefault(); next.focus();
      if (signs) signs.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true })); else next.click();
      return;
    }
    // A pedal or a keypad sends single keys, far apart; a scanner sends a burst.
    const key = event.key, at = performance.now(), before = codes;
    // The last keys of a code that has just been opened press nothing on the screen it opened.
    setTimeout(() => { if (codes === before && typed.length <= 1 && last <= at + 1) keyed(key)?.click(); }, 70);
  });
}

async function start() {
  const language = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("lang") ?? navigator.language.slice(0, 2);
  // Which languages there are the hub says: one file of words each.
  const worded = (name) => fetch(`/words/${name}.json`).catch(() => null);
  const asked = /^[a-z]{2,3}$/.test(language) ? await worded(language) : null, words = asked?.ok ? asked : await worded("en");
  state.words = await words.json();
  document.documentElement.lang = state.words.language;
  paint();
  matchMedia("(prefers-color-scheme: light)").addEventListener("change", paint);
  state.me = JSON.parse(sessionStorage.getItem("me") ?? "null") ?? (await queue.recall("me").catch(() => null)) ?? null;
  state.asks = (await queue.recall("asks").catch(() => null)) ?? null;
  await readPrint();
  state.view = (await queue.recall("view").catch(() => null)) ?? null;
  state.hello = (await queue.recall("hello").catch(() => null)) ?? null;
  await countWaiting();
  render();
  window.addEventListener("hashchange", () => { state.note = ""; if (!location.hash.startsWith("#/s/")) state.draft = null;
    if (location.hash !== "#/scan") { stopScan(); state.scan = null; }
    render();
  });
  onKeys();
  try { state.hello = await ask("/api/set/hello"); state.live ||= !state.me; queue.remember("hello", state.hello).catch(() => {}); } catch { state.live = false; }
  await look();
  const who = () => (state.me ? `?by=${state.me.person}&screen=${encodeURIComponent(device())}` : "");
  const flush = () => deliverWaiting(async (_left, refusals, unproven) => { await countWaiting(); if (refusals.length || unproven) state.note = [...refusals, ...(unproven ? [t("receipt_wrong")] : [])].join(" "); look(); });
  state.reopen = listen({
    who,
    heard: (beat) => {
      state.silent = false;
      // Before anybody has said who he is there is no view that could be old.
      if (!state.me) state.live = true;
      // While a screen has not answered for a void, whoever sees to it is told anew with each beat.
      const fresh = state.view?.told?.not_yet.length > 0 || state.beat?.entries !== beat.entries || state.beat?.sheets !== beat.sheets || !state.live;
      state.beat = beat;
      if (fresh) sendPhotos();
      if (state.waiting && !state.busy) flush();
      else if (fresh) look();
    },
    silent: () => { state.silent = true; state.live = false; render(true); },
  });
  setInterval(() => {
    for (const one of root.querySelectorAll("[data-until]")) one.textContent = secondsOf(Number(one.dataset.until));
    for (const gun of state.view?.guns ?? []) {
      for (const one of root.querySelectorAll(`[data-ago="${gun.gun}"]`)) one.textContent = agoWords(gun);
      for (const one of root.querySelectorAll(`[data-ends="${gun.gun}"]`)) { one.textContent = endsWords(gun); if (leftOf(gun) <= 0) render(); }
    }
    for (const one of root.querySelectorAll("[data-over]")) if (performance.now() > Number(one.dataset.over)) { render(); break; }
  }, 500);
  setInterval(() => { if (isLeft() && state.sheet && !state.sheet.ended && location.hash.startsWith("#/s/")) { state.note = t("left_lying"); buzz([200]); restart(state.sheet.procedure); } }, 1000);
  if (navigator.serviceWorker) navigator.serviceWorker.register("/set/sw.js", { scope: "/set/" }).catch(() => {});
  import("/static/keep_card.js");
}

start();

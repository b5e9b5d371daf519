// A row of badges on one tablet: who stands before it taps his own and holds to sign. What is signed is the act of the
// tablet's holder with the viewer's inside it; the keys, the bytes and the queue are those of the set screens.
import { button, h, hold, holding } from "/static/set/dom.js";
import { ask, listen } from "/static/set/hub.js";
import * as queue from "/static/set/queue.js";
import { deliverWaiting, signAndSend } from "/static/set/sign.js";

const words = JSON.parse(document.getElementById("words").textContent);
const root = document.getElementById("signin"), spoken = document.getElementById("spoken");
const state = { me: null, hello: null, view: null, data: null, scene: "", badge: null, note: "", live: false, waiting: 0, entries: -1 };
const t = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const roleWord = (role) => words[`role_${role}`] ?? role;
const who = (one) => `${one.label}, ${roleWord(one.role)}`;

const marks = () => [
  !state.live && h("p.note", {}, t("silent")), state.waiting > 0 && h("p.note", {}, t("kept", { count: state.waiting })),
];

function chooseHolder() {
  if (!state.hello) return [h("h1", {}, t("title"))];
  if (!state.hello.demo) return [h("h1", {}, t("title")), h("p", {}, t("no_holder")), h("p", {}, h("a", { href: "/set/" }, t("to_join")))];
  const choose = (one) => { state.me = { person: one.person, label: one.label, role: one.role, key: null }; look(); };
  return [h("h1", {}, t("whose")), h("p", {}, t("whose_about")), h("div.badges", {}, ...state.hello.people.map((one) => button(who(one), () => choose(one), ".badge")))];
}

function chooseScene() {
  const open = (scene) => () => { state.scene = scene; render(); };
  return [h("h1", {}, t("title")), state.data.scenes.length ? h("p", {}, t("which")) : h("p", {}, t("no_scene")),
    h("div.badges", {}, ...state.data.scenes.map((one) => button(`${one.scene}, ${one.place}`, open(one.scene), ".badge")))];
}

function row(meeting) {
  const there = meeting.badges.filter((one) => one.there).length;
  const one = (badge) => {
    const said = badge.there ? t("there") : badge.own ? t("own") : badge.named ? t("waits") : "";
    const inner = [h("b", {}, badge.label), h("span", {}, roleWord(badge.role)), h("small", {}, said)];
    if (badge.there || badge.own) return h(`div.badge${badge.there ? ".there" : ""}`, { role: "listitem" }, ...inner);
    return h("div.cell", { role: "listitem" }, h("button.badge", { type: "button", "data-badge": badge.label, onclick: () => { state.badge = badge; state.note = ""; render(); } }, ...inner));
  };
  return [h("h1", {}, t("meeting", { scene: meeting.scene, place: meeting.place })),
    h("p", {}, meeting.met ? t("about") : t("not_open"), " ", t("count", { count: there })),
    h("div.badges", { role: "list", "aria-label": t("title") }, ...meeting.badges.map(one)),
    h("p.quiet", {}, t("holder", { holder: who(state.data) }), " ", state.data.scenes.length > 1 && button(t("other_scene"), () => { state.scene = ""; render(); }, ".small"))];
}

function signOne(meeting) {
  const badge = state.badge, back = () => { state.badge = null; render(); };
  return [h("h1", {}, t("you_are", { who: who(badge) })), h("p", {}, t("you_sign", { scene: meeting.scene })),
    hold(t("hold"), t("hold_under", { holder: roleWord(state.data.role) }), () => sign(meeting, badge), t("again")), button(t("not_me"), back)];
}

async function sign(meeting, badge) {
  const act = { act: "held_out", viewer: badge.person, told: { act: "attended", scene: meeting.scene } };
  try {
    // A hub that is not heard now was heard before: what it said then is enough to sign, and the act waits here.
    const { receipt } = await signAndSend({ me: state.me, view: state.view, acts: [act] });
    state.note = receipt ? t("done", { who: badge.label, entry: receipt.entry }) : t("kept_one", { who: badge.label });
  } catch (problem) { state.note = problem.message; }
  state.badge = null;
  await look();
  spoken.textContent = state.note;
}

function page() {
  if (!state.me) return chooseHolder();
  if (!state.data) return [h("h1", {}, t("title"))];
  const meeting = state.data.scenes.find((one) => one.scene === state.scene) ?? (state.data.scenes.length === 1 ? state.data.scenes[0] : null);
  if (!meeting) return chooseScene();
  return state.badge ? signOne(meeting) : row(meeting);
}

function render() {
  if (holding.now) { setTimeout(render, 100); return; }
  const next = h("div", {}, ...marks().filter(Boolean), state.note && h("p.note", {}, state.note), ...page());
  if (next.innerHTML === render.last) return;
  render.last = next.innerHTML;
  const held = document.activeElement?.dataset?.badge;
  root.replaceChildren(...next.childNodes);
  if (held) root.querySelector(`[data-badge="${CSS.escape(held)}"]`)?.focus();
}

async function look() {
  try {
    state.hello ??= await ask("/api/set/hello");
    if (state.me) state.view = await ask(`/api/set/view?by=${state.me.person}`);
    if (state.me) state.data = await ask(`/signin/badges?by=${state.me.person}&lang=${document.documentElement.lang}`);
    state.live = true;
  } catch (problem) { state.live = false; if (problem.constructor.name === "Refused") state.note = problem.message; }
  state.waiting = (await queue.waiting().catch(() => [])).length;
  render();
}

state.me = JSON.parse(sessionStorage.getItem("me") ?? "null") ?? (await queue.recall("me").catch(() => null)) ?? null;
await look();
listen({
  heard: async (beat) => {
    if (state.waiting) await deliverWaiting((left, refusals) => { state.waiting = left; if (refusals.length) state.note = refusals.join(" "); });
    if (beat.entries !== state.entries || !state.live) { state.entries = beat.entries; await look(); }
  },
  silent: () => { state.live = false; render(); },
});

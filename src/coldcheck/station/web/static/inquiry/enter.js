// Signing in to look: a nonce of the hub, signed by this browser's own key (in a demo by the hub).

import { button, h } from "../set/dom.js";
import { ask } from "../set/hub.js";
import { signWith } from "../set/keys.js";
import * as queue from "../set/queue.js";
import { named, t } from "./words.js";

const root = document.getElementById("who");
const say = (words) => root.replaceChildren(h("p.note", { role: "alert" }, words));

async function enter(me, key, sign) {
  const { log, nonce } = await ask("/api/inquiry/challenge");
  const signature = sign ? await signWith(key, `coldcheck/look/v1\n${log}\n${me.person}\n${nonce}\n`) : null;
  const { first } = await ask("/api/inquiry/enter", { by: me.person, key, nonce, signature });
  sessionStorage.setItem("me", JSON.stringify(me));
  // Back to the trace that was asked for, and to no other place that an address may name.
  const next = new URLSearchParams(location.search).get("next") ?? "";
  location.href = /^\/(trace|recall|origin)(\/[\w.%-]*)?$/.test(next) ? next : first;
}

async function start() {
  const { demo, people } = await ask("/api/inquiry/challenge");
  const mine = await queue.recall("me").catch(() => null);
  const as = (words, me, key, sign) => button(words, () => enter(me, key, sign).catch((problem) => say(problem.message)), "", { "data-label": me.label });
  if (demo && people.length) root.replaceChildren(...people.map((one) => as(`${named(one.role)} · ${one.label}`, { person: one.person, label: one.label, role: one.role }, one.key, false)));
  else if (mine) root.replaceChildren(as(t("with_key"), mine, mine.key, true));
  else say(demo ? t("no_demo") : t("nobody"));
}

start().catch((problem) => say(problem.message));

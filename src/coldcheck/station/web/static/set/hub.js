// The hub as this screen knows it: one state, one render. What is asked has a deadline; silence is said out loud.

export const SILENT_MS = 5000;
const DEADLINE_MS = 4000;

export class Refused extends Error {}
export class Silent extends Error {}

// How this phone shows whose it is, when the hub asks: set by the app, done without a tap.
export const session = { enter: null };

export async function ask(path, body, again = false) {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), DEADLINE_MS);
  let reply;
  try {
    reply = await fetch(path, {
      method: body === undefined ? "GET" : "POST", signal: stop.signal, cache: "no-store",
      headers: { "Accept-Language": document.documentElement.lang, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const said = await reply.json();
    if (reply.ok) return said;
    if (said.again) throw new Silent(said.sentence);
    if (said.kind !== "NotSignedIn" || !session.enter || again) throw new Refused(said.sentence);
  } catch (problem) {
    if (problem instanceof Refused || problem instanceof Silent) throw problem;
    throw new Silent(String(problem));
  } finally {
    clearTimeout(timer);
  }
  await session.enter();
  return ask(path, body, true);
}

// Beats of the hub: `heard` at each, `silent` once when none came for five seconds, also after the page slept.
// `who` says whose phone this is, in the address: whoever sees to the set learns which phone has not heard of a void.
export function listen({ heard, silent, who = () => "" }) {
  let age = 0, steady = performance.now(), wall = Date.now(), isSilent = false, events;
  // The faster of two clocks, each step for itself: one may stand still while a phone sleeps, the other be set back.
  const old = () => {
    const now = performance.now(), clock = Date.now();
    age += Math.max(0, now - steady, clock - wall);
    [steady, wall] = [now, clock];
    return age;
  };
  const check = () => {
    if (!isSilent && old() > SILENT_MS) { isSilent = true; silent(); }
  };
  const open = () => {
    events?.close();
    events = new EventSource(`/api/set/events${who()}`);
    events.addEventListener("beat", (event) => { check(); age = 0; isSilent = false; heard(JSON.parse(event.data)); });
  };
  open();
  setInterval(() => { check(); if (events.readyState === EventSource.CLOSED || old() > 2 * SILENT_MS) { age = Math.min(age, SILENT_MS + 1); open(); } }, 1000);
  document.addEventListener("visibilitychange", check);
  return open;
}

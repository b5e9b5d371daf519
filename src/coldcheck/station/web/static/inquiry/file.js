// Files acts of the inquiry: line 1 is built and signed here by this browser's key (in a demo by the hub, over the same
// bytes) and sent at once. Nothing waits on this device: what was not answered was not filed, and is pressed again.

import { canonical, newId, sealed } from "../set/bytes.js";
import { ask } from "../set/hub.js";
import { prepared, unlock } from "../set/sign.js";
import * as queue from "../set/queue.js";

export const whoAmI = async () => JSON.parse(sessionStorage.getItem("me") ?? "null") ?? (await queue.recall("me").catch(() => null)) ?? null;

// Collects the openings of sealed words, so that act and words go out together.
export function drafting() {
  const openings = [];
  const seal = async (field, words) => {
    const { commitment, opening } = await sealed(field, words ?? "");
    openings.push(opening);
    return commitment;
  };
  return { openings, seal };
}

let last = null;

export async function file(acts, openings, more = {}, to = "/api/inquiry/entries") {
  const me = await whoAmI();
  if (!me) throw new Error("Nobody is signed in on this device. Sign in first.");
  const view = await ask(`/api/set/view?by=${me.person}`);
  if (me.unlocked && !(me.until > Date.now())) await unlock({ me, view });
  const key = me.unlocked ?? me.key;
  // The same press sent twice is the same act: its bytes are kept until the hub has answered.
  const same = canonical({ acts: acts.map((act) => ({ ...act, ref: "" })), to });
  if (last?.same !== same) last = { same, act: await prepared({ me, view, acts, openings, key }) };
  const { act } = last;
  const { line1, signature } = act;
  const receipt = await ask(to, { entry: { line1, signature, openings: act.openings, delivered: "live" }, ...more });
  if (key) await queue.remember(`prev ${key}`, act.hash);
  last = null;
  return receipt;
}

export { newId };

// From acts to a receipt: line 1 is built and hashed here, signed by this phone's key (in a demo by the hub, over the same
// bytes), kept, sent, and dropped only when the hub's receipt is back.

import { ask, Refused, Silent } from "./hub.js";
import { hex, lineOne, newId, sha256, utf8 } from "./bytes.js";
import { signWith } from "./keys.js";
import * as queue from "./queue.js";

let number = Date.now();

// What stays on this phone until it is delivered: the exact bytes, so that a second sending is the same act.
export async function prepared({ me, view, acts, openings = [] }) {
  const own = me.key ? await signerState(me) : view.signing;
  const id = newId("a");
  const line1 = lineOne({ id, log: view.log, by: me.person, key: own.key, at: new Date().toISOString(), after: view.after, prev: own.prev, acts });
  const hash = hex(await sha256(utf8(line1)));
  const signature = me.key ? await signWith(me, line1) : null;
  number += 1;
  return { id, number, by: me.person, line1, hash, signature, openings, made: performance.timeOrigin + performance.now() };
}

const signerState = async (me) => ({ key: me.key, prev: (await queue.recall(`prev ${me.key}`)) ?? null });

// The receipt, or null when the hub was not heard: then the act waits on the phone, as a claim and nothing more.
export async function deliver(act, delivered) {
  try {
    const { line1, signature, openings } = act;
    const receipt = await ask("/api/set/entries", { line1, signature, openings, delivered });
    await queue.drop(act.id);
    return receipt;
  } catch (problem) {
    if (problem instanceof Silent) return null;
    if (problem instanceof Refused) await queue.drop(act.id);
    throw problem;
  }
}

export async function signAndSend(context) {
  const act = await prepared(context);
  await queue.keep(act);
  if (context.me.key) await queue.remember(`prev ${context.me.key}`, act.hash);
  else context.view.signing.prev = act.hash;
  // Behind older acts of the same person it waits its turn: the record has them in the order they were signed.
  const behind = (await queue.waiting()).some((one) => one.by === act.by && one.number < act.number);
  const receipt = behind ? null : await queue.alone(() => deliver(act, "live"));
  return { act, receipt };
}

// What waited goes out in the order it was signed, marked as queued, one window at a time.
export const deliverWaiting = (told) => queue.alone(async () => {
  const refusals = [];
  for (const act of await queue.waiting()) {
    try {
      if ((await deliver(act, "queued")) === null) break;
    } catch (problem) {
      refusals.push(problem.message);
    }
  }
  told((await queue.waiting()).length, refusals);
});

// From acts to a receipt: line 1 is built and hashed here, signed by this phone's key (in a demo by the hub, over the same
// bytes), kept, sent, and dropped only when the hub's receipt is back.

import { ask, Refused, Silent } from "./hub.js";
import { hex, lineOne, newId, sha256, utf8 } from "./bytes.js";
import { actHash, claiming, enrolling, makeDeviceKey, makePasskey, signWith, UNLOCKED_S } from "./keys.js";
import * as queue from "./queue.js";
import { keepReceipt } from "./receipts.js";

let number = Date.now();

// What stays on this phone until it is delivered: the exact bytes, so that a second sending is the same act.
export async function prepared({ me, view, acts, openings = [], key = me.key }) {
  const own = key ? { key, prev: (await queue.recall(`prev ${key}`)) ?? null } : view.signing;
  const id = newId("a");
  const line1 = lineOne({ id, log: view.log, by: me.person, key: own.key, at: new Date().toISOString(), after: view.after, prev: own.prev, acts });
  const hash = hex(await sha256(utf8(line1)));
  const signature = key ? await signWith(key, line1) : null;
  number += 1;
  return { id, number, by: me.person, line1, hash, signature, openings };
}

// The receipt, or null when the hub was not heard: then the act waits on the phone, as a claim and nothing more.
export async function deliver(act, delivered) {
  try {
    const { line1, signature, openings } = act;
    const receipt = await ask("/api/set/entries", { line1, signature, openings, delivered });
    await queue.drop(act.id);
    await keepReceipt(act, receipt);
    return receipt;
  } catch (problem) {
    if (problem instanceof Silent) return null;
    if (problem instanceof Refused) await queue.drop(act.id);
    throw problem;
  }
}

export async function signAndSend(context) {
  const { me, view } = context;
  if (me.unlocked && !(me.until > Date.now())) await unlock(context);
  const key = me.unlocked ?? me.key, act = await prepared({ ...context, key });
  await queue.keep(act);
  if (key) await queue.remember(`prev ${key}`, act.hash);
  else view.signing.prev = act.hash;
  // Behind older acts of the same person it waits its turn: the record has them in the order they were signed.
  const behind = (await queue.waiting()).some((one) => one.by === act.by && one.number < act.number);
  const receipt = behind ? null : await queue.alone(() => deliver(act, "live"));
  return { act, receipt };
}

// One user verification: the passkey says that this device key may act for a while.
export async function unlock({ me, view }) {
  const key = (await queue.keys()).find((known) => known.name === me.unlocked);
  if (!key) throw Object.assign(new Error("key_gone"), { word: "key_gone" });
  const said = { act: "key_unlocked", key: key.name, sha256: await actHash(await enrolling(key, me.person)), seconds: UNLOCKED_S };
  const act = await prepared({ me, view, acts: [said], key: me.key });
  await queue.keep(act);
  await queue.remember(`prev ${me.key}`, act.hash);
  const receipt = await queue.alone(() => deliver(act, "live"));
  me.until = Date.now() + (UNLOCKED_S - 30) * 1000;
  await queue.remember("me", me);
  return receipt;
}

// A join card makes its holder's new key known at once. Where the phone can verify its user, that key is a passkey, and a
// device key follows that it unlocks; elsewhere it is a device key.
export async function join({ person, card, view, passkey }) {
  const key = passkey ? await makePasskey(person) : await makeDeviceKey("device");
  const me = { person, key: key.name, label: "", role: "" };
  await enter(me, view, key, [await enrolling(key, person), await claiming(card, view.log, await enrolling(key, person))]);
  if (passkey) {
    const more = await makeDeviceKey("unlocked");
    await enter(me, view, more, [await enrolling(more, person)]);
    me.unlocked = more.name; me.until = 0;
    // Unlocked at once: only then does the record know the key by which this phone shows whose it is.
    await unlock({ me, view });
  }
  await queue.remember("me", me);
  return me;
}

// Without a card a new key only asks: it counts when two officers have confirmed it on their page.
export async function asking({ person, view, passkey }) {
  const key = passkey ? await makePasskey(person) : await makeDeviceKey("device");
  await enter({ person }, view, key, [await enrolling(key, person)]);
  const me = { person, key: key.name, label: "", role: "" };
  await queue.remember("asks", me);
  return me;
}

async function enter(me, view, key, acts) {
  const act = await prepared({ me, view, acts, key: key.name });
  const { line1, signature, openings } = act;
  const receipt = await ask("/api/set/entries", { line1, signature, openings, delivered: "live" });
  await keepReceipt(act, receipt);
  await queue.remember(`prev ${key.name}`, act.hash);
  return receipt;
}

// What waited goes out in the order it was signed, marked as queued, one window at a time.
export const deliverWaiting = (told) => queue.alone(async () => {
  const refusals = [];
  let unproven = false;
  for (const act of await queue.waiting()) {
    try {
      const receipt = await deliver(act, "queued");
      if (receipt === null) break;
      unproven ||= receipt.unproven;
    } catch (problem) {
      refusals.push(problem.message);
    }
  }
  told((await queue.waiting()).length, refusals, unproven);
});

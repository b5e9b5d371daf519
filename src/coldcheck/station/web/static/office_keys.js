// The officers' page: what an officer decides about keys is built and signed here, by his own key, and sent like every act.
// His key is the one he joined with on this device, or the first key that init gave him as a file; the file is read here and
// sent nowhere.
import { button, h, hold } from "/static/set/dom.js";
import { ask } from "/static/set/hub.js";
import { takeSeeded } from "/static/set/keys.js";
import * as queue from "/static/set/queue.js";
import { deliverWaiting, signAndSend } from "/static/set/sign.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("words"), record = read("record"), page = document.getElementById("keys"), sign = document.getElementById("sign");
const t = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const say = (sentence) => { const line = document.getElementById("done"); line.textContent = sentence; line.hidden = false; };
const REASONS = ["lost", "left", "suspect", "replaced"];
let me = null;

// Whose key signs here: only a key that counts, of somebody whom entry 0 names an officer.
async function officer() {
  for (const name of ["me", "officer"]) {
    const known = await queue.recall(name).catch(() => null), key = known && record.keys[known.key];
    if (key?.person === known?.person && record.officers[known?.person]) return { person: known.person, key: known.key };
  }
  return null;
}

const ACTS = {
  confirm: ({ key, sha }) => ({ act: "enrolment_confirmed", key, sha256: sha }),
  revoke: ({ key }, reason) => ({ act: "key_revoked", key, reason }),
  list: ({ sha }) => ({ act: "crew_confirmed", sha256: sha }),
  cosigner: ({ vkey }) => ({ act: "cosigner_named", vkey }),
};

// One question at a time: what is signed in one sentence, a reason where the act has one, and a hold that signs.
function askToSign(form, data) {
  let reason = "";
  const close = () => sign.close(), holder = () => hold(t("hold"), t("hold_under", { who: record.officers[me.person] }), () => enter(ACTS[form](data, reason)), t("again"));
  const foot = h("div.foot", {}, form === "revoke" ? null : holder());
  const choose = (name) => h("label.choice", {}, h("input", { type: "radio", name: "reason", value: name, onchange: () => { reason = name; foot.replaceChildren(holder()); } }), ` ${t(`reason_${name}`)}`);
  const why = form === "revoke" ? [h("fieldset", {}, h("legend", {}, t("why")), ...REASONS.map(choose))] : [];
  const compare = form === "confirm" ? [h("p.note", {}, t("compare"))] : [];
  sign.replaceChildren(h("h2", { id: "sign-what" }, t("sign")), h("p", {}, data.what), ...compare, ...why, foot, button(t("cancel"), close));
  sign.showModal();
}

async function enter(act) {
  let said;
  try {
    const view = await ask("/api/set/view"), { receipt } = await signAndSend({ me, view, acts: [act] });
    said = receipt ? [t(`verdict_${receipt.verdict}`, { entry: receipt.entry }), ...receipt.findings.map((one) => one.found)].join(" ") : t("kept");
  } catch (problem) {
    said = problem.name === "NotAllowedError" ? t("not_verified") : problem.word ? t(problem.word) : problem.message;
  }
  sessionStorage.setItem("said", said);
  location.reload();
}

// The first key of an officer: a file that init made. It becomes a key of this browser that nobody can take out again.
async function takeFile(file) {
  try {
    const { person, key, class: kind, seed } = JSON.parse(await file.text()), known = record.keys[key];
    if (known?.person !== person || !record.officers[person]) throw new Error("strange");
    await takeSeeded(kind, key, seed);
    if (known.prev) await queue.remember(`prev ${key}`, known.prev);
    await queue.remember("officer", { person, key });
    sessionStorage.setItem("said", t("taken"));
    location.reload();
  } catch { say(t("bad_file")); }
}

function ready() {
  document.getElementById("who").textContent = me ? t("you_are", { who: record.officers[me.person], key: me.key }) : t("nobody_here");
  document.getElementById("take").hidden = Boolean(me);
  if (!me) return;
  for (const one of page.querySelectorAll("[data-form]")) {
    // Nobody vouches for himself: to his own key an officer is offered no confirmation.
    one.hidden = one.dataset.form === "confirm" && one.dataset.whose === me.person;
    one.addEventListener("click", () => askToSign(one.dataset.form, one.dataset));
  }
  const name = document.getElementById("name");
  name.hidden = false;
  name.addEventListener("submit", (event) => {
    event.preventDefault();
    const vkey = name.elements.vkey.value.trim();
    askToSign("cosigner", { vkey, what: t("what_name", { vkey }) });
  });
}

async function start() {
  const said = sessionStorage.getItem("said");
  sessionStorage.removeItem("said");
  if (said) say(said);
  if (!document.getElementById("who")) return;
  if (!crypto.subtle) { document.getElementById("who").textContent = t("no_secure"); return; }
  me = await officer();
  document.getElementById("file").addEventListener("change", (event) => event.target.files[0] && takeFile(event.target.files[0]));
  ready();
  // What an earlier visit signed and the hub did not hear goes out first.
  await deliverWaiting((_left, refusals) => { if (refusals.length) say(refusals.join(" ")); }).catch(() => {});
}

start();

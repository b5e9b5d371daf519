// The board's own clock. Every second the hub says the whole board; this page says how old that is, and when it is
// older than five seconds, or a call's time has run out, it turns the card by itself and asks nobody.
// It never makes a card colder than the hub did: it only replaces cards by the hub's, and covers them.

const board = document.getElementById("board");
const guns = document.getElementById("guns");
const said = JSON.parse(document.getElementById("words").textContent); // every word comes from the page
const SILENT_MS = Number(board.dataset.silentMs);
const SLOW_START_MS = 3000; // a stream that needs so long for its first event is asked for again
const RETRY_MS = 1000;

// --- time: milliseconds since this script began; the faster of two clocks, each step for itself ---
// performance.now() may stand still while a machine sleeps, and the wall clock may be set back: neither makes us younger.

let lastSteady = performance.now();
let lastWall = Date.now();
let passed = 0;

function own() {
  const steady = performance.now();
  const wall = Date.now();
  passed += Math.max(0, steady - lastSteady, wall - lastWall);
  lastSteady = steady;
  lastWall = wall;
  return passed;
}

// --- what was heard: one state, painted by one function ---

const began = performance.getEntriesByType("navigation")[0]?.requestStart ?? 0;
let heard = own() - Number(board.dataset.ageMs) - (performance.now() - began); // when the hub made what is shown
let offset = heard - Number(board.dataset.monoMs); // our clock minus the hub's, at most
let boot = board.dataset.boot;
let run = null;
let sequence = 0;
let beat = "b";
let alarm = 0; // the newest void or STOP that this board has answered for
let screenName = crypto.randomUUID?.() ?? String(Math.random());
// A reload is the same board, where the browser lets a page remember anything.
try { screenName = sessionStorage.getItem("screen") ?? screenName; sessionStorage.setItem("screen", screenName); } catch { /* it is a new one then */ }
let cards = new Map(); // gun -> the HTML the hub sent, to touch only cards that changed
let parts = { head: null, foot: null, facts: null };
let clock = document.getElementById("clock").textContent;

let stream = null;
let opened = 0; // when the open stream was asked for: no event on it is older
let first = true;

function open() {
  if (stream) stream.close();
  opened = own();
  first = true;
  const mine = new EventSource(board.dataset.events + (board.dataset.heard ? `&screen=${encodeURIComponent(screenName)}` : ""));
  stream = mine;
  // An event counts only on the stream that is open now: what a closed one still hands over was said before.
  mine.addEventListener("board", (event) => { if (mine === stream) take(JSON.parse(event.data)); });
  mine.onerror = () => {
    // The browser's own retry keeps its time to itself; ours is known.
    mine.close();
    setTimeout(() => { if (mine === stream) open(); }, RETRY_MS);
  };
}

function take(told) {
  if (told.build !== board.dataset.build) { location.reload(); return; }
  if (told.run === run && told.sequence <= sequence) return;
  if (!told.guns && (first || told.run !== run || told.after !== sequence)) {
    open(); // something between was missed: the whole board is asked for
    paint();
    return;
  }
  const arrived = own();
  if (first) {
    if (arrived - opened > SLOW_START_MS) { open(); return; }
    offset = arrived - told.mono_ms;
    heard = opened;
  } else if (told.boot !== boot) {
    open(); // another clock: what it says is taken from a stream of its own
    return;
  } else {
    // The quickest event so far tells the two clocks apart; what took longer lay somewhere in between and is that old.
    offset = Math.min(offset, arrived - told.mono_ms);
    heard = told.mono_ms + offset;
  }
  first = false;
  run = told.run;
  boot = told.boot;
  sequence = told.sequence;
  show(told);
  beat = beat === "a" ? "b" : "a";
  board.dataset.beat = beat;
  paint();
  answer(told);
}

// A void or STOP is on this board now: the hub is told so, that somebody can see which board is not.
function answer(told) {
  if (!board.dataset.heard || !(told.alarm > alarm)) return;
  alarm = told.alarm;
  const body = JSON.stringify({ screen: screenName, entries: told.entries });
  requestAnimationFrame(() => fetch(board.dataset.heard, { method: "POST", body, keepalive: true }).catch(() => {}));
}

function show(told) {
  for (const name of ["head", "foot", "facts"]) {
    if (name in told && parts[name] !== told[name]) document.getElementById(name).innerHTML = parts[name] = told[name];
  }
  clock = told.clock;
  document.getElementById("clock").innerHTML = `${told.clock.slice(0, 5)}<i>${told.clock.slice(5)}</i>`;
  if (!told.guns) {
    for (const [gun, html] of told.changed) put(document.getElementById(gun), gun, html);
    return;
  }
  const known = told.guns.every(([gun], place) => guns.children[place]?.id === gun) && guns.children.length === told.guns.length;
  if (!known) { cards = new Map(); guns.replaceChildren(); }
  told.guns.forEach(([gun, html], place) => put(known ? guns.children[place] : null, gun, html));
}

function put(old, gun, html) {
  if (cards.get(gun) === html) return;
  cards.set(gun, html);
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  if (old && old.dataset.kind !== "loaded" && fresh.content.firstElementChild.dataset.kind === "loaded") buzz();
  if (old) old.replaceWith(fresh.content);
  else guns.append(fresh.content);
}

// A gun on this phone is to be treated as loaded from now on: three long ones, where the phone can and may.
function buzz() {
  if (board.classList.contains("phone")) navigator.vibrate?.([400, 150, 400, 150, 400]);
}

// --- what is shown ---

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function words(ms) {
  const s = Math.floor(ms / 1000);
  return s < 60 ? fill(said.seconds, { s }) : fill(said.minutes, { m: Math.floor(s / 60), s: s % 60 });
}

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function turn(element, how) {
  if (how) element.dataset.turned = how;
  else delete element.dataset.turned;
}

function paint() {
  const now = own();
  const age = now - heard;
  const silent = age >= SILENT_MS;
  turn(board, silent ? "silent" : "");
  const alarm = board.querySelector(".alarm");
  const since = ` ${fill(said.for, { time: words(age) })}`;
  write(alarm, fill(alarm.dataset.says, { for: since }));
  for (const place of board.querySelectorAll("[data-hub]")) write(place, words(age));
  for (const gun of guns.children) paintGun(gun, { silent, age, left: Number(gun.dataset.endsMs ?? Infinity) - (now - offset) });
  write(document.getElementById("spoken"), silent ? said.hub_silent : "");
  board.dataset.shift = String(Math.floor(now / 180000) % 4);
  if (now - Math.max(opened, heard) > SILENT_MS) open();
}

function paintGun(gun, { silent, age, left }) {
  const lapsed = left <= 0;
  turn(gun, silent ? "silent" : lapsed ? "lapsed" : "");
  write(gun.querySelector("[data-left]"), left < 60000 ? `, ${fill(said.in, { time: words(Math.max(0, Math.ceil(left / 1000) * 1000)) })}` : "");
  if (!silent && !lapsed) return;
  const cover = gun.querySelector(".cover");
  write(cover.querySelector(".why"), silent ? said.silent : said.time_ran_out);
  write(cover.querySelector("[data-silent-for]"), silent ? ` ${fill(said.for, { time: words(age) })}` : "");
  const last = fill(said.last_word_at, { time: clock, word: cover.querySelector(".last").dataset.said });
  write(cover.querySelector(".last"), silent ? last : fill(said.to_renew, { what: said.renew_show }));
  write(cover.querySelector(".nothing"), silent ? said.proves_nothing : last);
  cover.querySelector(".sign").setAttribute("href", silent ? "#m-silent" : "#m-void");
}

setInterval(paint, 250);
for (const waking of ["visibilitychange", "resume"]) document.addEventListener(waking, paint);
for (const waking of ["pageshow", "focus", "online"]) addEventListener(waking, paint);
open();
paint();

// The board's own clock. Every second the hub says the whole board; this page says how old that is, and when it is
// older than five seconds, or a call's time has run out, it turns the card by itself and asks nobody.
// It never makes a card colder than the hub did: it only replaces cards by the hub's, and covers them.

const board = document.getElementById("board");
const guns = document.getElementById("guns");
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
let cards = new Map(); // gun -> the HTML the hub sent, to touch only cards that changed
let parts = { head: null, foot: null };
let clock = document.getElementById("clock").textContent;

let stream = null;
let opened = 0; // when the open stream was asked for: no event on it is older
let first = true;

function open() {
  if (stream) stream.close();
  opened = own();
  first = true;
  const mine = new EventSource("/board/events");
  stream = mine;
  // An event counts only on the stream that is open now: what a closed one still hands over was said before.
  mine.addEventListener("board", (event) => { if (mine === stream) take(JSON.parse(event.data)); });
  mine.onerror = () => {
    // The browser's own retry keeps its time to itself; ours is known.
    mine.close();
    setTimeout(() => { if (mine === stream) open(); }, RETRY_MS);
  };
}

function take(said) {
  if (said.build !== board.dataset.build) { location.reload(); return; }
  if (said.run === run && said.sequence <= sequence) return;
  const arrived = own();
  if (first) {
    if (arrived - opened > SLOW_START_MS) { open(); return; }
    offset = arrived - said.mono_ms;
    heard = opened;
  } else if (said.boot !== boot) {
    open(); // another clock: what it says is taken from a stream of its own
    return;
  } else {
    // The quickest event so far tells the two clocks apart; what took longer lay somewhere in between and is that old.
    offset = Math.min(offset, arrived - said.mono_ms);
    heard = said.mono_ms + offset;
  }
  first = false;
  run = said.run;
  boot = said.boot;
  sequence = said.sequence;
  show(said);
  beat = beat === "a" ? "b" : "a";
  board.dataset.beat = beat;
  paint();
}

function show(said) {
  for (const name of ["head", "foot"]) {
    if (parts[name] !== said[name]) document.getElementById(name).innerHTML = parts[name] = said[name];
  }
  clock = said.clock;
  document.getElementById("clock").innerHTML = `${said.clock.slice(0, 5)}<i>${said.clock.slice(5)}</i>`;
  const known = said.guns.every(([gun], place) => guns.children[place]?.id === gun) && guns.children.length === said.guns.length;
  if (!known) { cards = new Map(); guns.replaceChildren(); }
  said.guns.forEach(([gun, html], place) => {
    if (cards.get(gun) === html) return;
    cards.set(gun, html);
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    if (known) guns.children[place].replaceWith(fresh.content);
    else guns.append(fresh.content);
  });
}

// --- what is shown ---

function words(ms) {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
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
  write(document.getElementById("silent-for"), ` for ${words(age)}`);
  for (const place of board.querySelectorAll("[data-hub]")) write(place, words(age));
  for (const gun of guns.children) paintGun(gun, { silent, age, left: Number(gun.dataset.endsMs ?? Infinity) - (now - offset) });
  write(document.getElementById("spoken"), silent ? "Hub silent. Treat every gun as loaded." : "");
  board.dataset.shift = String(Math.floor(now / 180000) % 4);
  if (now - Math.max(opened, heard) > SILENT_MS) open();
}

function paintGun(gun, { silent, age, left }) {
  const lapsed = left <= 0;
  turn(gun, silent ? "silent" : lapsed ? "lapsed" : "");
  write(gun.querySelector("[data-left]"), left < 60000 ? `, in ${Math.max(0, Math.ceil(left / 1000))} s` : "");
  if (!silent && !lapsed) return;
  const cover = gun.querySelector(".cover");
  write(cover.querySelector(".why"), silent ? "RECORD SILENT" : "VOID: time ran out");
  write(cover.querySelector("[data-silent-for]"), silent ? ` for ${words(age)}` : "");
  const last = `last word ${clock}: ${cover.querySelector(".last").dataset.said}`;
  write(cover.querySelector(".last"), silent ? last : "to renew: show every position, call again");
  write(cover.querySelector(".nothing"), silent ? "it proves nothing now" : last);
  cover.querySelector(".sign").setAttribute("href", silent ? "#m-silent" : "#m-void");
}

setInterval(paint, 250);
for (const waking of ["visibilitychange", "resume"]) document.addEventListener(waking, paint);
for (const waking of ["pageshow", "focus", "online"]) addEventListener(waking, paint);
open();
paint();

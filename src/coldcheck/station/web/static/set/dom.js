// Small pieces every screen is made of: elements, buttons, the hold that signs, the ring.

export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key.startsWith("aria-") && typeof value === "boolean") element.setAttribute(key, String(value));
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const button = (words, act, kind = "", more = {}) => h(`button.btn${kind}`, { type: "button", onclick: act, ...more }, words);

export const HOLD_MS = 600;
export const holding = { now: false }; // nothing is drawn anew under a finger that signs

// Held for 0.6 s it signs, by finger or key; let go before, nothing happened. Where only clicks come (a screen reader),
// the first click says what the second will do.
export function hold(words, under, act, again) {
  let began = 0, frame = 0, done = false, asked = false, byHand = false;
  const small = h("small", {}, under);
  const element = h("button.btn.main.hold", { type: "button" }, words, small);
  const stop = () => { began = 0; holding.now = false; cancelAnimationFrame(frame); if (!done) element.style.setProperty("--held", "0%"); };
  const step = () => {
    if (!began) return;
    const held = (performance.now() - began) / HOLD_MS;
    element.style.setProperty("--held", `${Math.min(100, held * 100)}%`);
    if (held >= 1) { done = true; began = 0; holding.now = false; buzz(30); element.disabled = true; act(); } else frame = requestAnimationFrame(step);
  };
  const start = (event) => {
    if (done || began || (event.type === "keydown" && (event.repeat || (event.key !== "Enter" && event.key !== " ")))) return;
    event.preventDefault(); byHand = true; holding.now = true; began = performance.now(); frame = requestAnimationFrame(step);
  };
  for (const name of ["pointerdown", "keydown"]) element.addEventListener(name, start);
  for (const name of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) element.addEventListener(name, stop);
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  element.addEventListener("click", () => {
    if (byHand || done) { byHand = false; return; }
    if (asked) { done = true; element.disabled = true; act(); } else { asked = true; small.textContent = again; }
  });
  return element;
}

// While a take is running a phone neither trembles nor speaks; only STOP is `loud`.
export const quiet = { now: false };
export const buzz = (pattern, loud = false) => { if (loud || !quiet.now) navigator.vibrate?.(pattern); };

// A prompt in the earpiece, for whoever chose it: words of the words file, never what somebody answered.
export function whisper(words, loud = false) {
  if (localStorage.getItem("whisper") !== "on" || !window.speechSynthesis || (quiet.now && !loud)) return;
  const said = new SpeechSynthesisUtterance(words);
  said.lang = document.documentElement.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
}

// The palette somebody chose on this phone: dark unless he says otherwise, or the phone's own if he asked for that.
export function paint() {
  const chosen = localStorage.getItem("theme") ?? "dark", bright = matchMedia("(prefers-color-scheme: light)").matches;
  document.documentElement.dataset.theme = chosen === "auto" ? (bright ? "light" : "dark") : chosen;
}

const SVG = "http://www.w3.org/2000/svg";
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const point = (turn, radius) => [60 + radius * Math.sin(turn), 60 - radius * Math.cos(turn)];

// The cylinder with the asked chamber on top: answered ones carry their word, the rest wait as dashes.
export function ring({ names, asked, said, title, middle, under }) {
  const drawing = svg("svg", { class: "dial", viewBox: "0 0 120 120", role: "img" }, svg("title", {}, title));
  drawing.append(svg("circle", { class: "track", cx: 60, cy: 60, r: 59, "stroke-width": 1 }));
  const top = Math.max(0, names.indexOf(asked)), size = names.length;
  const scale = Math.min(1, (2.6 * Math.PI) / Math.max(1, size));
  names.forEach((name, number) => {
    const [x, y] = size === 1 ? [60, 25] : point((2 * Math.PI * (number - top)) / size, 41);
    const word = (words, sizePx, fill, weight = 700) => {
      // Two words stand one above the other: side by side they would not fit into a chamber.
      const lines = words.split(" "), rows = lines.length === 2 ? lines : [words];
      return svg("text", { x, y: y + 0.5, "font-size": sizePx, "font-weight": weight, ...(fill ? { class: "on-solid" } : {}) }, ...rows.map((row, line) => (rows.length === 1 ? row : svg("tspan", { x, dy: line ? sizePx * 1.05 : sizePx * -0.5 }, row))));
    };
    if (name === asked) drawing.append(svg("circle", { class: "solid", cx: x, cy: y, r: 17 * scale }), word(name, 19 * scale, true));
    else if (said[name]) drawing.append(svg("circle", { cx: x, cy: y, r: 14.5 * scale, "stroke-width": 2 }), word(said[name], (Math.max(...said[name].split(" ").map((part) => part.length)) > 6 ? 5.2 : 6.8) * scale));
    else drawing.append(svg("circle", { cx: x, cy: y, r: 13 * scale, "stroke-width": 1.5, "stroke-dasharray": "3.4 3.4" }), word(name, 11 * scale, false, 400));
  });
  drawing.append(svg("text", { x: 60, y: 57, "font-size": 13 }, middle), svg("text", { x: 60, y: 69, "font-size": 6.6, "font-weight": 400 }, under));
  return h("div.ring", {}, drawing);
}

// The emblem of a card: what lies in it, seen from behind, with the time that is left around it; or the placard's triangle.
export function emblem({ kind, count = 0, chambers = 6, left = null, sign = "?", title }) {
  const drawing = svg("svg", { class: "dial", viewBox: "0 0 120 120", role: "img" }, svg("title", {}, title));
  const put = (name, attributes) => drawing.append(svg(name, attributes));
  if (kind === "loaded") {
    put("circle", { cx: 60, cy: 60, r: 56, "stroke-width": 4, pathLength: 120, "stroke-dasharray": "6 4" });
    put("path", { class: "solid", d: "M60 17 101 90H19z" });
    if (sign === "x") put("path", { class: "cut", "stroke-width": 7, d: "M49 57l22 22M71 57L49 79" });
    else if (sign === "-") put("path", { class: "cut", "stroke-width": 7, d: "M44 72h32" });
    else { put("path", { class: "cut", "stroke-width": 6.5, d: "M51 54c0-12 18-12 18 0 0 7-9 7-9 14.5" }); put("circle", { class: "hole", cx: 60, cy: 78, r: 4.2 }); }
    return drawing;
  }
  if (kind === "replica" || kind === "vault") {
    put("circle", { cx: 60, cy: 60, r: 56 });
    if (kind === "replica") put("rect", { class: "solid", x: 34, y: 34, width: 52, height: 52 });
    else { put("circle", { class: "solid", cx: 60, cy: 50, r: 13 }); put("path", { class: "solid", d: "M55 55h10l6 30H49z" }); }
    return drawing;
  }
  put("circle", { class: "track", cx: 60, cy: 60, r: 53, "stroke-width": 1 });
  if (left !== null) put("circle", { cx: 60, cy: 60, r: 56, "stroke-width": 6, pathLength: 100, "stroke-dasharray": `${left} 100`, transform: "rotate(-90 60 60)" });
  const scale = Math.min(1, (2.1 * Math.PI) / Math.max(6, chambers));
  for (let number = 0; number < chambers; number += 1) {
    const [cx, cy] = chambers === 1 ? [60, 60] : point((2 * Math.PI * number) / chambers, 31);
    if (kind === "empty" || number >= count) put("circle", { cx, cy, r: 11.5 * scale });
    else { put("circle", { class: "solid", cx, cy, r: 13 * scale }); if (kind === "dummies") put("circle", { class: "hole", cx, cy, r: 4.8 * scale }); else put("path", { class: "cut", "stroke-width": 2.4, transform: `translate(${cx} ${cy}) scale(${scale})`, d: "M0 0l9.1 5.2M0 0v10.5M0 0l-9.1 5.2M0 0l-9.1-5.2M0 0v-10.5M0 0l9.1-5.2" }); }
  }
  return drawing;
}

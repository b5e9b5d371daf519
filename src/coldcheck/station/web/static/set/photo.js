// A photo in the flow, never in its way: one tap takes cylinder or tray, its person cuts out the numbered cells, and the
// hash goes into what he signs. The picture is made anew from its points, so no place and no device goes with it. Its bytes
// wait on this phone until the hub has them. Nothing here looks at what is in a picture.

import { hex, joined, sha256 } from "./bytes.js";
import { button, h } from "./dom.js";
import * as queue from "./queue.js";

const LONGEST = 1280, HALF = 60;

// The points of a picture as a plain JPEG: what a camera or a file said besides is left behind.
async function plain(source, width, height) {
  const times = Math.min(1, LONGEST / Math.max(width, height)), canvas = document.createElement("canvas");
  canvas.width = Math.round(width * times); canvas.height = Math.round(height * times);
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  return bare(new Uint8Array(await blob.arrayBuffer()));
}

// A browser still writes the colours of its own screen into the file; nothing stays but the picture and its tables.
function bare(bytes) {
  const parts = [bytes.slice(0, 2)];
  for (let at = 2; at + 4 <= bytes.length;) {
    const marker = bytes[at + 1], end = at + 2 + (bytes[at + 2] << 8) + bytes[at + 3];
    if (marker === 0xda) return joined(...parts, bytes.slice(at));
    if (marker === 0xe0 || !((marker >= 0xe1 && marker <= 0xef) || marker === 0xfe)) parts.push(bytes.slice(at, end));
    at = end;
  }
  return bytes;
}

async function fromCamera() {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: LONGEST } }, audio: false });
  try {
    const video = h("video", { playsinline: true, muted: true });
    video.srcObject = stream;
    await video.play();
    return await plain(video, video.videoWidth, video.videoHeight);
  } finally { stream.getTracks().forEach((track) => track.stop()); }
}

async function fromFile(file) {
  const bitmap = await createImageBitmap(file);
  return plain(bitmap, bitmap.width, bitmap.height);
}

async function taken(bytes, capture) {
  const name = hex(await sha256(bytes));
  await queue.remember(`photo ${name}`, bytes);
  await queue.remember("photos", [...new Set([...((await queue.recall("photos")) ?? []), name])]);
  if ((await sendPhotos()).includes(name)) throw Object.assign(new Error("photo_refused"), { word: "photo_refused" });
  return { name, capture, cells: [], url: URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })) };
}

// What the hub has not yet is sent again until it has; what comes back is what it does not take.
export async function sendPhotos() {
  const refused = [];
  for (const name of (await queue.recall("photos").catch(() => null)) ?? []) {
    const body = await queue.recall(`photo ${name}`);
    let reply = null;
    try { if (body) reply = await fetch("/api/set/photos", { method: "POST", headers: { "Content-Type": "image/jpeg" }, body }); } catch { return refused; }
    if (reply && !reply.ok && reply.status !== 422) return refused;
    if (reply && !reply.ok) refused.push(name);
    await queue.remember("photos", ((await queue.recall("photos")) ?? []).filter((one) => one !== name));
    await queue.remember(`photo ${name}`, null);
  }
  return refused;
}

export const photoActs = (procedure, photos) => photos.map(({ name, item, capture, cells }) => ({ act: "photographed", procedure, item, sha256: name, capture, cells }));

// What may be taken: a cylinder by its chambers, a tray by its cells.
export const cylinderOf = (gun, order, t) => ({ item: gun, words: t("photo_cylinder"), cut: "photo_cut", places: order.filter((name) => /^\d/.test(name)).sort((one, two) => one - two) });
export const trayOf = (item, label, cells) => ({ item, words: label, cut: "photo_cut_cell", places: cells });

// A button a subject, and while a picture is being cut, the picture: each touch on it cuts out the next place.
export function photoPart({ t, photos, subjects, redraw, failed }) {
  const cutting = photos.find((one) => !one.done);
  if (cutting) {
    const { places, cut } = cutting.subject, next = places[cutting.cells.length];
    const touch = (event) => {
      const image = event.target.getBoundingClientRect(), part = (value, from) => Math.round(((value - from) * 1000) / image.width);
      cutting.cells.push(`${next}@${part(event.clientX, image.left)}x${part(event.clientY, image.top)}+${HALF}`);
      if (cutting.cells.length === places.length) cutting.done = true;
      redraw();
    };
    return [h("p.lead", {}, t(cut, { place: next })), h("img.photo", { src: cutting.url, alt: t("photo_alt"), onclick: touch }), button(t("photo_uncut"), () => { cutting.done = true; redraw(); }, ".choice")];
  }
  const take = (work, subject, capture) => async () => { try { photos.push({ ...await taken(await work(), capture), subject, item: subject.item, done: !subject.places.length }); } catch (problem) { failed(problem.word ?? (problem.name === "NotAllowedError" ? "camera_refused" : "camera_none")); } redraw(); };
  const file = (subject) => h("label.small", {}, `${subject.words} `, h("input", { type: "file", accept: "image/*", onchange: (event) => { const [chosen] = event.target.files; if (chosen) take(() => fromFile(chosen), subject, "imported")(); } }));
  return [
    h("p.small.quiet", {}, t("photos_offered")), photos.length ? h("p.small", {}, t("photos_with", { count: photos.length })) : null,
    h(`div.${subjects.length > 1 ? "pair" : "stack"}`, {}, subjects.map((subject) => button(t("photo_take", { thing: subject.words }), take(fromCamera, subject, "camera"), ".choice", { "data-do": "photo", "data-item": subject.item }))),
    h("details", {}, h("summary.small", {}, t("photo_import")), h("div.stack", {}, subjects.map(file))),
  ];
}

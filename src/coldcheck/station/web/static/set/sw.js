// Keeps the set screens usable with the hub out of reach: the shell and the words, never anything the hub said of a gun.

const CACHE = "the-book-{build}";
const FILES = ["/set/", "/static/set/set.css", ...["app", "acts", "bytes", "day", "dom", "hub", "keys", "photo", "queue", "receipts", "remember", "scan", "sheet", "sign"].map((name) => `/static/set/${name}.js`), ...{words},
  "/static/vendor/zxing/reader/index.js", "/static/vendor/zxing/share.js", "/static/vendor/zxing/zxing_reader.wasm"];

self.addEventListener("install", (event) => event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(caches.keys()
  .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))).then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== "GET") return;
  const name = pathname === "/set" ? "/set/" : pathname;
  if (FILES.includes(name)) event.respondWith(caches.match(name).then((kept) => kept ?? fetch(event.request)));
});

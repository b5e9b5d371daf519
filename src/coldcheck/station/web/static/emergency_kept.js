// Keeps the emergency card on this device: asked anew while the hub answers, shown as kept when it does not.

const CACHE = "emergency-{build}";
const STYLE = "/static/look.css?{build}";

self.addEventListener("install", (event) => event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(["/emergency", STYLE])).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(caches.keys()
  .then((names) => Promise.all(names.filter((name) => name.startsWith("emergency-") && name !== CACHE).map((name) => caches.delete(name)))).then(() => self.clients.claim())));

async function answered(request) {
  const cache = await caches.open(CACHE), { pathname } = new URL(request.url);
  try {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 2000);
    const fresh = await fetch(request, { signal: stop.signal });
    // Whatever the language asked for, the card as it was seen last is the one that is kept.
    if (fresh.ok && pathname === "/emergency") await cache.put("/emergency", fresh.clone());
    return fresh;
  } catch {
    return (await cache.match(pathname === "/emergency" ? "/emergency" : request)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (pathname === "/emergency" || pathname === "/static/look.css") event.respondWith(answered(event.request));
});

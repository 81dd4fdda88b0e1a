// Caches the current guide for offline reading.
//
// Network first: the cache is used only when a page cannot be fetched. Cached pages are fetched without cookies, so they
// contain no personal data.

const STORE = "guide";
const GUIDE = "/guide/";
const COPY = "/guide/offline/copy/"; // the current version; its Content-Location is its own URL
const NO_NETWORK = "/guide/offline/";
const STATIC = "/static/";
const FILES = /(?:href|src)="(\/static\/[^"]+)"/g;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(updateCache());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), self.registration.navigationPreload?.enable()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    event.respondWith(respond(event, pathname));
  } else if (pathname.startsWith(STATIC)) {
    event.respondWith(fetch(request).catch(() => fromCache(pathname)));
  }
});

async function respond(event, pathname) {
  let response;
  try {
    response = (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return offlineResponse(pathname);
  }
  if (pathname.startsWith(GUIDE)) {
    event.waitUntil(updateCache().catch(() => {})); // keeps the previous copy
  }
  return response;
}

async function offlineResponse(pathname) {
  const copy = await fromCache(COPY);
  const isCurrentGuide = pathname === GUIDE || pathname === copy.headers.get("Content-Location");
  return isCurrentGuide ? copy : fromCache(NO_NETWORK);
}

async function fromCache(pathname) {
  const cache = await caches.open(STORE);
  return (await cache.match(pathname, { ignoreVary: true })) ?? Response.error();
}

// Caches everything or nothing, then deletes entries that the new copy does not use.
async function updateCache() {
  const pages = await Promise.all([COPY, NO_NETWORK].map((address) => fetchAnonymously(address, "no-cache")));
  const texts = await Promise.all(pages.map((page) => page.clone().text()));
  const names = new Set(texts.flatMap((text) => [...text.matchAll(FILES)].map((found) => found[1])));
  const files = await Promise.all([...names].map((name) => fetchAnonymously(name, "default")));
  const cache = await caches.open(STORE);
  const wanted = [...files, ...pages];
  await Promise.all(wanted.map((response) => cache.put(new URL(response.url).pathname, response)));
  const addresses = new Set(wanted.map((response) => response.url));
  const requests = await cache.keys();
  await Promise.all(requests.filter(({ url }) => !addresses.has(url)).map((request) => cache.delete(request)));
}

async function fetchAnonymously(address, cache) {
  const response = await fetch(address, { credentials: "omit", redirect: "error", cache });
  if (!response.ok || /private|no-store/.test(response.headers.get("Cache-Control"))) {
    throw new Error(`${address} must not be cached`);
  }
  return response;
}

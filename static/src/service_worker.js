// The current guide without a network, for a device that has visited it.
//
// The network always comes first: a copy is shown only where a page could not be fetched at all. What is kept is
// fetched without cookies, so nothing that needs sign-in, and nobody's name, is ever in it.

const STORE = "guide";
const GUIDE = "/guide/";
const COPY = "/guide/offline/copy/"; // the current version, for everyone; its Content-Location is its own address
const NO_NETWORK = "/guide/offline/";
const STATIC = "/static/";
const FILES = /(?:href|src)="(\/static\/[^"]+)"/g;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepCopy());
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
    event.respondWith(answer(event, pathname));
  } else if (pathname.startsWith(STATIC)) {
    event.respondWith(fetch(request).catch(() => kept(pathname)));
  }
});

async function answer(event, pathname) {
  let response;
  try {
    response = (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return withoutNetwork(pathname);
  }
  if (pathname.startsWith(GUIDE)) {
    event.waitUntil(keepCopy().catch(() => {})); // the copy from before stays as it is, whole
  }
  return response;
}

async function withoutNetwork(pathname) {
  const copy = await kept(COPY);
  const isTheGuide = pathname === GUIDE || pathname === copy.headers.get("Content-Location");
  return isTheGuide ? copy : kept(NO_NETWORK);
}

async function kept(pathname) {
  const cache = await caches.open(STORE);
  return (await cache.match(pathname, { ignoreVary: true })) ?? Response.error();
}

// All of it or nothing; what the new copy does not need goes last.
async function keepCopy() {
  const pages = await Promise.all([COPY, NO_NETWORK].map((address) => fetchForAnyone(address, "no-cache")));
  const texts = await Promise.all(pages.map((page) => page.clone().text()));
  const names = new Set(texts.flatMap((text) => [...text.matchAll(FILES)].map((found) => found[1])));
  const files = await Promise.all([...names].map((name) => fetchForAnyone(name, "default")));
  const cache = await caches.open(STORE);
  const wanted = [...files, ...pages];
  await Promise.all(wanted.map((response) => cache.put(new URL(response.url).pathname, response)));
  const addresses = new Set(wanted.map((response) => response.url));
  const requests = await cache.keys();
  await Promise.all(requests.filter(({ url }) => !addresses.has(url)).map((request) => cache.delete(request)));
}

async function fetchForAnyone(address, cache) {
  const response = await fetch(address, { credentials: "omit", redirect: "error", cache });
  if (!response.ok || /private|no-store/.test(response.headers.get("Cache-Control"))) {
    throw new Error(`${address} is not for keeping`);
  }
  return response;
}

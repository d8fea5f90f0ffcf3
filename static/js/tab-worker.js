// The worker of the tab as a page: where the hub does not answer, the last copy is shown. It keeps the page that shows it and
// what that page is made of; nothing of anybody's.

const CACHE = "mantel-tab";
const SHELL = "/tab/offline";
const PATIENCE = 5_000;
const DAY = 86_400_000;

const later = (time) => new Promise((resolve) => setTimeout(resolve, time));
const inside = (address) => address.startsWith("/static/");

async function bring() {
  const cache = await caches.open(CACHE);
  const page = await fetch(SHELL, { credentials: "omit", cache: "no-cache" });
  if (!page.ok) throw new Error(`${SHELL}: ${page.status}`);
  const known = new Set([SHELL]);
  await follow(cache, named(await page.clone().text(), SHELL), known);
  await cache.put(SHELL, page);
  for (const { url } of await cache.keys()) if (!known.has(new URL(url).pathname)) await cache.delete(url);
}

// The addresses that a page, a script or a style names.
function named(text, base) {
  const found = [...text.matchAll(/(?:src="|href="|from "|import\("|import "|url\("?)([^")]+)/g)].map(([, address]) => new URL(address, new URL(base, location)));
  return found.filter(({ origin, pathname }) => origin === location.origin && inside(pathname)).map(({ pathname }) => pathname);
}

async function follow(cache, addresses, known) {
  for (const address of addresses) {
    if (known.has(address)) continue;
    known.add(address);
    const answer = (await cache.match(address)) ?? (await fetch(address));
    if (!answer.ok) continue;
    await cache.put(address, answer.clone());
    if (/\.(?:js|css)$/.test(address)) await follow(cache, named(await answer.text(), address), known);
  }
}

async function shell() {
  return (await caches.match(SHELL)) ?? Response.error();
}

async function page(event) {
  try {
    const answer = await Promise.race([fetch(event.request), later(PATIENCE)]);
    if (!answer || answer.status >= 500) return shell();
    const kept = await caches.match(SHELL);
    if (!kept || Date.now() - Date.parse(kept.headers.get("Date")) > DAY) event.waitUntil(bring().catch(() => null));
    return answer;
  } catch {
    return shell();
  }
}

addEventListener("install", (event) => event.waitUntil(bring().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === "/tab") event.respondWith(page(event));
  else if (inside(pathname)) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
});

// The worker of the tab as a page. A tab that is opened anew is shown from the copy that its person's last one left, at once, and
// the next copy is brought behind it; where the hub does not answer and there is none, the page that shows what is kept here.

const CACHE = "mantel-tab";
const SHELL = "/tab/offline";
const PAGE = "/tab";
const WHOSE = "X-Mantel-Whose";
const SECRETS = ["__Host-csrf", "csrf"];
const PATIENCE = 5_000;
const DAY = 86_400_000;
const BEHIND = 1_000;
const INSIDE = ["/static/", "/brand/"];
// Where a browser knows routes, its own cache keeps the copy as well: it is there before this worker has started.
const ROUTED = "addRoutes" in (globalThis.InstallEvent?.prototype ?? {});
const FILES = "Mantel-Files";

const later = (time) => new Promise((resolve) => setTimeout(resolve, time));
const inside = (address) => INSIDE.some((start) => address.startsWith(start));
const kept = async (address) => (await caches.open(CACHE)).match(address, { ignoreVary: true });

// What is written is written one after another.
let last = Promise.resolve();
const inTurn = (act) => (last = last.catch(() => null).then(act));

// The addresses that a page, a script or a style names.
function named(text, base) {
  const found = [...text.matchAll(/(?:src="|href="|from "|import\("|import "|url\("?)([^")]+)/g)].map(([, address]) => new URL(address, new URL(base, location)));
  return found.filter(({ origin, pathname }) => origin === location.origin && inside(pathname)).map(({ pathname }) => pathname);
}

// All that a text names, and what that names; what is found is added to `seen`. `get` answers what lies at an address.
async function follow(text, base, get, seen = new Set()) {
  for (const address of named(text, base)) {
    if (seen.has(address)) continue;
    seen.add(address);
    const answer = await get(address);
    if (answer && /\.(?:js|css)$/.test(address)) await follow(await answer.text(), address, get, seen);
  }
  return seen;
}

// Keep what a page is made of. What is here already came with all that it names.
async function gather(cache, text, base) {
  await follow(text, base, async (address) => {
    if (await cache.match(address)) return null;
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer.clone());
    return answer;
  });
}

// The page for everybody, once a day; and what neither page is made of any more goes. Until then another tab may be loading it.
async function fresh() {
  const page = await kept(SHELL);
  if (page && Date.now() - Date.parse(page.headers.get("Date")) < DAY) return;
  const next = await fetch(SHELL, { credentials: "omit", cache: "no-cache" });
  if (!next.ok) throw new Error(`${SHELL}: ${next.status}`);
  const cache = await caches.open(CACHE);
  await gather(cache, await next.clone().text(), SHELL);
  await cache.put(SHELL, next);
  const used = new Set([SHELL, PAGE]);
  for (const address of [SHELL, PAGE]) await follow((await (await kept(address))?.text()) ?? "", address, (one) => cache.match(one), used);
  for (const { url } of await cache.keys()) if (!used.has(new URL(url).pathname)) await cache.delete(url);
}

// Whose browser this is: signing in and signing out make this value anew. Where it cannot be read, the hub is asked first.
async function whose() {
  const found = (await globalThis.cookieStore?.getAll().catch(() => null)) ?? [];
  return found.find(({ name }) => SECRETS.includes(name))?.value ?? null;
}

async function ownCopy() {
  const [copy, who] = await Promise.all([kept(PAGE), whose()]);
  return copy && who && copy.headers.get(WHOSE) === who ? copy : null;
}

// The copy says of itself that it is one. Whoever is signed out, or has become somebody else meanwhile, leaves none.
async function renew(answer, who) {
  const cache = await caches.open(CACHE);
  if (answer.type === "opaqueredirect") return cache.delete(PAGE);
  if (!answer.ok || answer.redirected || !who) return null;
  const text = await answer.text();
  if (text.includes("data-passing")) return cache.delete(PAGE); // it says what may be done by the next time
  await gather(cache, text, PAGE);
  if ((await whose()) !== who) return null;
  const headers = new Headers(answer.headers);
  headers.set(WHOSE, who);
  headers.set("Cross-Origin-Opener-Policy", "same-origin"); // which the browser's own copy does without
  return cache.put(PAGE, new Response(text, { headers }));
}

async function page(event) {
  const { request } = event;
  const anew = !request.referrer && request.cache === "default";
  const copy = anew && (await ownCopy());
  event.waitUntil(behind(anew).catch(() => null));
  return copy || asked(event);
}

// The next copy, once the picture of this one is there. The browser keeps it as well, for whoever has the same cookies.
async function behind(anew) {
  await later(BEHIND);
  const who = anew && (await whose());
  await inTurn(async () => {
    if (who && (await next(who)) && ROUTED) await next(who);
    await fresh();
  });
}

// Ask for it; resolves to whether it is made of anything that the one before was not. Such a one the hub lets the browser keep only
// when it is asked for again and all that it names is here: from its own cache nothing could stand in for what is missing.
async function next(who) {
  const here = async () => (await kept(PAGE))?.headers.get(FILES) ?? "";
  const before = await here();
  const headers = { "Mantel-Copy": ROUTED ? "browser" : "worker", [FILES]: before };
  await renew(await fetch(PAGE, { cache: "reload", redirect: "manual", headers }), who);
  return (await here()) !== before;
}

async function asked(event) {
  const instead = async () => (await ownCopy()) ?? (await kept(SHELL)) ?? Response.error();
  try {
    const answer = await Promise.race([fetch(event.request), later(PATIENCE)]);
    if (!answer || answer.status >= 500) return instead();
    return answer;
  } catch {
    return instead();
  }
}

// What a page is made of is kept under names of its content. Where a browser can, it takes that from here without asking this worker,
// and the page from its own cache or the hub, if they are sooner: from its own cache they always are.
const routes = () => [
  ...INSIDE.map((start) => ({ condition: { urlPattern: `${start}*` }, source: { cacheName: CACHE } })),
  { condition: { urlPattern: new URLPattern({ pathname: PAGE }), requestMode: "navigate" }, source: "race-network-and-fetch-handler" },
];

addEventListener("install", (event) => {
  event.addRoutes?.(routes());
  event.waitUntil(inTurn(fresh).then(() => skipWaiting()));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(page(event));
  else if (inside(pathname)) event.respondWith(kept(pathname).then((found) => found ?? fetch(request)));
});

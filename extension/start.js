// What comes after the first picture: what stands around the lists, and then life.

import { greet, paintClocks, paintLinks, tick } from "./js/tab/around.js";
import { keepClocks } from "./js/tab/clocks.js";
import { bind } from "./js/keys.js";
import { all, named, put, speakIn, spoken } from "./js/words.js";
import { changed, ownOf, read } from "./kept.js";
import { keepLook, look } from "./look.js";
import { keep } from "./sync.js";

export async function start(kept, lists) {
  document.body.dataset.drawn = "";
  showAround(kept);
  beat();
  bind({ "?": () => named("shortcuts").showModal() });
  // One that is connected, disconnected or handed to somebody else begins anew, in every tab.
  changed((names, changes) => {
    if (names.includes("hub") && changes.hub.oldValue?.token !== changes.hub.newValue?.token) location.reload();
    if (names.includes("around") || names.includes("own")) read("hub", "around", "own", "managed").then(showAround);
  });
  // What changed before this tab listened is looked for: what it shows may be of a connection that has ended.
  if ((await read("hub")).hub?.token !== kept.hub?.token) return location.reload();
  if (!kept.hub?.token) return (await import("./connecting.js")).connecting(kept);
  const before = JSON.stringify(kept.said);
  (await import("./live.js")).live({ ...kept, ...(await read("copy")) }, lists);
  if (kept.around && JSON.stringify(spoken()) !== before) await keep(kept.hub, { said: spoken() });
}

function beat() {
  tick();
  keepClocks();
  setTimeout(beat, 60_000 - (Date.now() % 60_000));
}

function showAround({ hub, around, own, managed }) {
  const name = around?.company.name || managed?.organizationName || "Mantel";
  put("company", name);
  put("mark", [...name][0].toUpperCase());
  for (const link of all('a[href^="/"]')) if (hub?.url) link.href = hub.url + link.getAttribute("href");
  if (around) {
    if (around.me.timezone !== spoken().zone) speakIn(around.me.timezone);
    tick();
    greet(managed?.greeting === false ? "" : around.me.name);
    paintClocks(around);
    look(around);
    keepLook(around);
  } else localStorage.clear();
  const mine = ownOf({ own, around });
  paintLinks([...(around?.links ?? managedLinks(managed)), ...mine.links]);
  document.body.dataset.off = mine.off.join(" ");
}

const managedLinks = (managed) => (managed?.links ?? []).map((link) => ({ icon: "link", ...link }));

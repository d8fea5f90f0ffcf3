// Connecting this device: it shows a code, its person lets it in on a page of the hub (RFC 8628).

import { soundAround } from "./js/tab/sound.js";
import { at, named, on, put, say } from "./js/words.js";
import { CLIENT, address, hubClient, stranger } from "./hub.js";
import { changed, erase, read, welcome, write } from "./kept.js";

const GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const SLOWER = 5_000;
const box = named("server");
let asking = 0;
let managed = {}; // what IT has set, as far as it has arrived

export function connecting({ hub, managed: known, pairing, ended }) {
  box.value ||= hub?.url ?? ""; // they may be typing already
  at("ended").hidden = !ended;
  managedBy(known);
  changed((names) => names.includes("managed") && read("managed", "hub").then((now) => enrol(managedBy(now.managed), now.hub)));
  on(at("connect"), "submit", (event) => {
    event.preventDefault();
    begin(true);
  });
  on(at("stop"), "click", () => stop());
  if (pairing?.until > Date.now()) goOn(pairing);
  else enrol(managed, hub);
}

// With a token of its company a tab begins by itself; not again once its person or the hub has disconnected it.
function enrol({ serverUrl, enrolmentToken }, hub) {
  if (serverUrl && enrolmentToken && !hub?.url && !at("connect").hidden) begin();
}

// Where IT has said which hub it is, nobody types an address.
function managedBy(found) {
  managed = found ?? {};
  const url = managed.serverUrl && address(managed.serverUrl);
  box.closest(".field").hidden = Boolean(url);
  if (url) box.value = url;
  if (managed.organizationName) put("connect-title", say("connectTo", { company: managed.organizationName }));
  return managed;
}

// The token is good at the hub that IT has named, and is told to no other.
const token = (url) => (managed.serverUrl && address(managed.serverUrl) === url ? managed.enrolmentToken : undefined);

function refuse(said) {
  put("said", said);
  box.ariaInvalid = Boolean(said);
}

// `asked`: somebody has, and is led on. What begins by itself leaves the focus where it is.
async function begin(asked = false) {
  const url = address(box.value);
  refuse(url ? "" : say("notAddress"));
  if (!url) return asked && box.focus();
  const button = at("begin");
  if (button.ariaBusy) return;
  button.ariaBusy = true;
  try {
    const codes = await stranger(url).post("oauth/device", { client_id: CLIENT, enrolment_token: token(url) });
    if (!/^[A-Z]{4}-[A-Z]{4}$/.test(codes?.user_code) || typeof codes.device_code !== "string") throw new TypeError("no codes");
    const until = Date.now() + Math.min(600, Number(codes.expires_in) || 600) * 1000;
    const pairing = { url, device: codes.device_code, user: codes.user_code, every: Math.max(1, Number(codes.interval) || 5) * 1000, until };
    await write({ pairing });
    goOn(pairing, asked);
  } catch (problem) {
    refuse(say(problem.error ? "notEnrolled" : "noHub"));
  } finally {
    button.ariaBusy = null;
  }
}

function turn(pairing) {
  at("connect").hidden = pairing;
  at("pairing").hidden = !pairing;
}

function goOn(pairing, asked = false) {
  turn(true);
  put("code", pairing.user);
  // Only the hub that was typed in is opened, wherever its answer points.
  const hint = managed.signInHint ? `&login_hint=${encodeURIComponent(managed.signInHint)}` : "";
  at("confirm-there").href = `${pairing.url}/connect?code=${pairing.user}${hint}`;
  at("join").hidden = !token(pairing.url);
  at("join").firstElementChild.href = `${pairing.url}/join/${token(pairing.url)}`;
  if (asked) at("confirm-there").focus();
  clearTimeout(asking);
  asking = setTimeout(() => ask(pairing), pairing.every);
}

async function stop(said = "") {
  clearTimeout(asking);
  await erase("pairing");
  turn(false);
  refuse(said);
}

async function ask(pairing) {
  const { pairing: now } = await read("pairing");
  if (!now) return stop(); // another tab has gone on with it
  if (now.device !== pairing.device) return goOn(now); // or begun anew: both wait for the same
  if (pairing.until < Date.now()) return stop(say("codeOver"));
  try {
    const { access_token: token } = await stranger(pairing.url).post("oauth/token", {
      grant_type: GRANT,
      client_id: CLIENT,
      device_code: pairing.device,
    });
    return await connected(pairing.url, token);
  } catch (problem) {
    const later = { authorization_pending: 0, slow_down: SLOWER }[problem.error] ?? (problem.passing ? SLOWER : null);
    if (later === null) return stop(problem.error === "expired_token" ? say("codeOver") : say("refused"));
    pairing.every += later;
    asking = setTimeout(() => ask(pairing), pairing.every);
  }
}

// Whose tab it is now is asked first: what is kept is kept for them.
async function connected(url, token) {
  const around = soundAround(await hubClient({ url, token }).get("tab"));
  if (!around) return stop(say("noHub"));
  await write({ around: { ...around, at: Date.now() } });
  await welcome({ url, token, me: around.me.id });
}

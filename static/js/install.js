// Lets the tab be installed, and be there without a network. Without a worker the page is as good, online.

const ADDRESS = "/tab/worker.js";

const named = (url) => {
  if (url !== ADDRESS) throw new TypeError("not our worker");
  return url;
};

export function install() {
  const policy = globalThis.trustedTypes?.createPolicy("mantel-worker", { createScriptURL: named });
  navigator.serviceWorker?.register(policy ? policy.createScriptURL(ADDRESS) : ADDRESS, { scope: "/tab" }).catch(() => null);
}

// Lets the tab be installed, and be there without a network.

const policy = globalThis.trustedTypes?.createPolicy("mantel-worker", {
  createScriptURL: (url) => {
    if (url !== "/tab/worker.js") throw new TypeError("not our worker");
    return url;
  },
});
const address = "/tab/worker.js";

navigator.serviceWorker?.register(policy ? policy.createScriptURL(address) : address, { scope: "/tab" }).catch(() => null); // without one the page is as good, online

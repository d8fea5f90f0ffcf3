// The API, from the browser. Pages and the extension use this same module:
// pages call it with their session and CSRF token, an extension with a base address and a key.

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? "");
    this.status = status; // 0: the server could not be reached
    this.code = body?.code ?? "unreachable";
    this.fields = Object.fromEntries((body?.errors ?? []).map(({ field, message }) => [field, message]));
  }

  // Would the very same request work later?
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === "idempotency_key_in_progress";
  }
}

export function connect({ base = "", headers = () => ({}) } = {}) {
  async function send(method, path, data, extra = {}, signal = undefined) {
    const options = { method, signal, credentials: "same-origin", headers: { Accept: "application/json", ...headers(), ...extra } };
    if (data !== undefined) {
      const file = data instanceof FormData;
      options.body = file ? data : JSON.stringify(data);
      if (!file) options.headers["Content-Type"] = "application/json";
      options.keepalive = options.body.length < 30_000; // small writes survive leaving the page
    }
    try {
      return await fetch(`${base}/api/v1/${path}`, options);
    } catch {
      throw new Problem(0);
    }
  }

  async function call(...request) {
    const response = await send(...request);
    if (response.status === 304) return { unchanged: true };
    const body = response.status === 204 ? null : await response.json().catch(() => null);
    if (!response.ok) throw new Problem(response.status, body);
    return { data: body, etag: response.headers.get("ETag"), replayed: response.headers.has("Idempotent-Replay") };
  }

  const answer = async (...request) => (await call(...request)).data;
  return {
    // {data, etag}, or {unchanged: true} when `etag` still names what the server has
    ask: (path, etag) => call("GET", path, undefined, etag ? { "If-None-Match": etag } : {}),
    get: (path, signal) => answer("GET", path, undefined, {}, signal),
    post: (path, data = {}) => answer("POST", path, data),
    // {data, replayed}: with the same key the same is made once, however often it is sent
    create: (path, data, key) => call("POST", path, data, { "Idempotency-Key": key }),
    // what is answered as a file
    file: async (path, data = {}) => {
      const response = await send("POST", path, data);
      if (!response.ok) throw new Problem(response.status, await response.json().catch(() => null));
      return response.blob();
    },
    upload: (path, form) => answer("POST", path, form),
    patch: (path, data) => answer("PATCH", path, data),
    delete: (path) => answer("DELETE", path),
  };
}

export const ofPage = () =>
  connect({ headers: () => ({ "X-CSRFToken": document.querySelector('meta[name="csrf"]').content }) });

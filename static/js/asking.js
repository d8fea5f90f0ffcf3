// The API, from the browser. Pages and the extension use this same module:
// pages call it with their session and CSRF token, an extension with a base address and a key. What pages alone need is client.js.

export class Problem extends Error {
  constructor(status, body, after = 0) {
    super(body?.detail ?? "");
    this.status = status; // 0: the server could not be reached
    this.after = after; // milliseconds for which the server asks to be left alone
    this.code = body?.code ?? "unreachable";
    this.error = body?.error; // in the words of OAuth, where it speaks them
    this.errors = body?.errors ?? []; // {field, message}
  }

  // Would the very same request work later?
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500 || this.code === "idempotency_key_in_progress";
  }
}

// Retry-After says seconds, or a date.
function patience(response) {
  const said = response.headers.get("Retry-After") ?? "";
  const wait = /^[0-9]+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.now();
  return wait > 0 ? wait : 0;
}

// The text of an answer, as long as it is not beyond all measure.
async function textOf(response, largest) {
  if (!largest || !response.body) return response.text();
  const decoder = new TextDecoder();
  let size = 0;
  let text = "";
  for await (const part of response.body) {
    size += part.byteLength;
    if (size > largest) throw new Problem(0);
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

async function jsonOf(response, largest) {
  try {
    return JSON.parse(await textOf(response, largest));
  } catch {
    return null;
  }
}

// `most` is how many milliseconds an answer may take, `largest` how many bytes it may have; 0: as it comes.
export function connect({ base = "", headers = () => ({}), most = 0, largest = 0 } = {}) {
  async function send(method, path, data, extra = {}, signal = most ? AbortSignal.timeout(most) : undefined) {
    const options = { method, signal, credentials: "same-origin", redirect: "error", headers: { Accept: "application/json", ...headers(), ...extra } };
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
    const body = response.status === 204 ? null : await jsonOf(response, largest);
    if (!response.ok) throw new Problem(response.status, body, patience(response));
    return { data: body, headers: response.headers };
  }

  const answer = async (...request) => (await call(...request)).data;
  return {
    send,
    call,
    // {data, headers}, or {unchanged: true} when `etag` still names what the server has
    ask: (path, etag) => call("GET", path, undefined, etag ? { "If-None-Match": etag } : {}),
    get: (path, signal) => answer("GET", path, undefined, {}, signal),
    put: (path, data) => answer("PUT", path, data),
    post: (path, data = {}) => answer("POST", path, data),
    picture: async (path) => {
      const response = await send("GET", path);
      if (!response.ok) throw new Problem(response.status, null);
      return response.blob();
    },
    delete: (path) => answer("DELETE", path),
  };
}

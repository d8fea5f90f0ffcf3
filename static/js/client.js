// The API, as our pages ask it: with their session and CSRF token.

import { Problem, connect } from "./asking.js";

// What was wrong with what was asked, in the words of the answer: of several things the first. Nothing where none came.
export const reason = (problem) => problem.errors?.[0]?.message || problem.message;

export function ofPage() {
  const asked = connect({ headers: () => ({ "X-CSRFToken": document.querySelector('meta[name="csrf"]').content }) });
  const answer = async (...request) => (await asked.call(...request)).data;
  return {
    ...asked,
    // {data, replayed}: with the same key the same is made once, however often it is sent
    create: async (path, data, key) => {
      const { data: made, headers } = await asked.call("POST", path, data, { "Idempotency-Key": key });
      return { data: made, replayed: headers.has("Idempotent-Replay") };
    },
    // what is answered as a file
    file: async (path, data = {}) => {
      const response = await asked.send("POST", path, data);
      if (!response.ok) throw new Problem(response.status, await response.json().catch(() => null));
      return response.blob();
    },
    upload: (path, form) => answer("POST", path, form),
    patch: (path, data) => answer("PATCH", path, data),
  };
}

// Who is signed in now, and the token that their forms carry: both change behind a page that stays open.

import { ofPage } from "../client.js";

const client = ofPage();
const person = document.getElementById("form").dataset.person;

// "nobody", "other", "me"; or "unknown" when that cannot be asked.
export async function who() {
  try {
    return String((await client.get("me")).id) === person ? "me" : "other";
  } catch (problem) {
    return problem.status === 401 ? "nobody" : "unknown";
  }
}

// Whoever signed in again in another tab has another token there; tells whether this page has it too now.
export function renew() {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.responseType = "document"; // the one way of reading HTML that Trusted Types leave open
    request.onload = () => {
      const fresh = request.response?.querySelector('meta[name="csrf"]')?.content;
      if (fresh) document.querySelector('meta[name="csrf"]').content = fresh;
      for (const field of document.querySelectorAll('[name="csrfmiddlewaretoken"]')) if (fresh) field.value = fresh;
      done(Boolean(fresh));
    };
    request.onerror = () => done(false);
    request.send();
  });
}

// Passkeys in a form: <form data-passkey="create"> makes one, <form data-passkey="get"> uses one. What the browser needs stands
// in #passkey-options, or is asked for at `data-ask`; what it gives goes into the field `credential`, and the form is sent.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (one) => ({ ...one, id: bytes(one.id) });

function asked(given) {
  const options = { ...given, challenge: bytes(given.challenge) };
  if (given.user) options.user = named(given.user);
  for (const list of ["excludeCredentials", "allowCredentials"]) if (given[list]) options[list] = given[list].map(named);
  return options;
}

function answered(credential) {
  const { response } = credential;
  const told = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[part]) told[part] = text(response[part]);
  if (response.getTransports) told.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: told,
  };
}

async function options(form) {
  if (!form.dataset.ask) return JSON.parse(document.getElementById("passkey-options").textContent);
  const response = await fetch(form.dataset.ask, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

async function ceremony(form) {
  const { creation_options: creation, request_options: request } = await options(form);
  if (form.dataset.passkey === "get") return navigator.credentials.get({ publicKey: asked(request.publicKey) });
  const publicKey = asked(creation.publicKey);
  if (form.elements.passwordless?.checked) {
    const kept = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
    publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, ...kept };
  }
  return navigator.credentials.create({ publicKey });
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fault = form.querySelector("[data-passkey-fault]");
    fault.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(answered(await ceremony(form)));
    } catch {
      fault.hidden = false;
      return;
    }
    form.submit();
  });
}

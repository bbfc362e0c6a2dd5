// Passkeys over ordinary forms: asks the server what to sign, lets the browser's own dialogue sign
// it, puts the answer into the form and sends that. Without this script the form stays hidden and
// the page shows its other ways.

const isName = !/^(\d+\.){3}\d+$|^\[/.test(location.hostname);

function toBytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
}

function toText(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const withBytes = (keys = []) => keys.map((key) => ({ ...key, id: toBytes(key.id) }));

function make(options) {
  return navigator.credentials.create({ publicKey: {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  } });
}

function show(options) {
  return navigator.credentials.get({ publicKey: {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  } });
}

// The parts of an answer are bytes under known names; those that are there go along.
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

function written(key) {
  const response = {};
  for (const part of PARTS) {
    if (key.response[part]) response[part] = toText(key.response[part]);
  }
  return JSON.stringify({ id: key.id, rawId: toText(key.rawId), type: key.type, response });
}

function say(form, text) {
  const place = form.querySelector("[data-said]");
  place.textContent = text;
  place.hidden = !text;
}

// Our own server's refusal comes as a fragment with its sentence.
function showRefusal(form, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const place = form.querySelector("[data-said]");
  place.replaceChildren(holder.content);
  place.hidden = false;
}

async function ask(form) {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  const response = await fetch(form.dataset.challenge, {
    method: "POST", body, headers: { "X-Swap": "passkey" }, credentials: "same-origin",
  });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  showRefusal(form, text);
  return null;
}

// How a ceremony can end without a key, by the name of the browser's error.
const ENDS = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" };

async function perform(form) {
  say(form, "");
  let options;
  try {
    options = await ask(form);
  } catch {
    say(form, form.dataset.offline);
  }
  if (!options) return;
  try {
    const key = await (form.dataset.passkey === "make" ? make(options) : show(options));
    form.elements.credential.value = written(key);
    form.submit();
  } catch (error) {
    say(form, form.dataset[ENDS[error.name]] ?? form.dataset.failed);
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential || !navigator.credentials) continue;
  const without = document.getElementById(form.dataset.without);
  if (!isName) {
    if (without) without.textContent = form.dataset.number;
    continue;
  }
  if (without) without.hidden = true;
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    await perform(form);
    form.ariaBusy = "false";
  });
}

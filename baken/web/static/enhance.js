// Saves the reload: a form with data-swap="id" is sent by fetch and the element with that id is
// replaced by the fragment that comes back. Without this script every form works as it is.

import "./respondent/files.js";

const live = document.getElementById("live");

function announce(text) {
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = text; });
}

function fragmentOf(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

function focusOn(element) {
  if (!element) return;
  if (!element.matches("a, button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
  element.focus();
}

function showRefusal(form, html) {
  form.querySelector(":scope > [data-refusal]")?.remove();
  const box = document.createElement("div");
  box.dataset.refusal = "";
  box.append(fragmentOf(html));
  form.prepend(box);
  focusOn(box.firstElementChild);
}

function showFragment(form, html, confirmation) {
  const target = document.getElementById(form.dataset.swap);
  const fragment = fragmentOf(html);
  const fresh = fragment.firstElementChild;
  target.replaceWith(fragment);
  focusOn(fresh.querySelector("[autofocus], [role=alert]") ?? fresh);
  if (confirmation) announce(decodeURIComponent(confirmation));
}

async function send(form, submitter) {
  const data = new FormData(form, submitter);
  const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  const response = await fetch(form.action, {
    method: "POST", body, headers: { "X-Swap": form.dataset.swap }, credentials: "same-origin",
  });
  const see = response.headers.get("X-See");
  if (see || response.redirected) {
    location.assign(see ?? response.url);
    return;
  }
  const html = await response.text();
  if (response.ok) showFragment(form, html, response.headers.get("X-Said"));
  else showRefusal(form, html);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.swap || !document.getElementById(form.dataset.swap)) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    await send(form, event.submitter);
  } catch {
    // Whether the server got it is unknown: sending again is the person's choice, not ours.
    const notice = document.createElement("div");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = form.dataset.lineLost ?? live.dataset.offline;
    showRefusal(form, notice.outerHTML);
  } finally {
    form.ariaBusy = "false";
  }
});

// An element with data-refresh="seconds" is asked for again, less and less often, until what comes
// back says no more when. Whoever looks away for ten minutes reloads the page.
async function refresh(element, pause, end) {
  await new Promise((resolve) => { setTimeout(resolve, pause * 1000); });
  if (Date.now() > end) return;
  let next = element;
  try {
    const response = await fetch(location.pathname, { headers: { "X-Swap": element.id }, credentials: "same-origin" });
    if (!response.ok || response.redirected) return;
    const fresh = fragmentOf(await response.text()).firstElementChild;
    if (fresh.outerHTML !== element.outerHTML) {
      const held = element.contains(document.activeElement);
      element.replaceWith(fresh);
      if (held) focusOn(fresh);
      if (fresh.dataset.say !== element.dataset.say) announce(fresh.dataset.say);
      next = fresh;
    }
  } catch { /* the connection may come back */ }
  if (next.dataset.refresh) refresh(next, Math.min(pause * 1.2, 15), end);
}
for (const element of document.querySelectorAll("[data-refresh]")) {
  refresh(element, Number(element.dataset.refresh), Date.now() + 600_000);
}

document.getElementById("problems")?.focus();

// One part on the screen at a time, and the last sending without losing the page. Without this
// script the questionnaire is one long form that works as it is. Nothing is stored in the browser,
// and nothing leaves it before the person sends.

const live = document.getElementById("live");
const DONE = "#left-behind";
let sending = false;
let changed = false;

const find = (selector) => document.querySelector(selector);
const announce = (text) => {
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = text; });
};
const focusOn = (element) => {
  if (!element) return;
  if (!element.matches("a, button, input, textarea, [tabindex]")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "start" });
};

// The address of the thank-you page leads back to the start: a reload or a look into the history
// shows nothing of what was answered.
function leaveNothing() {
  const end = find(DONE);
  if (!end) return false;
  changed = false;
  history.replaceState(null, "", end.dataset.home);
  return true;
}

function start() {
  const form = find("#sheet");
  const sections = form ? [...form.querySelectorAll("[data-part-section]")] : [];
  if (!sections.length) return;
  const part = (name) => form.querySelector(`[data-${name}]`);
  const progress = find("[data-progress]");
  const intro = find("[data-intro]");
  const last = sections.length - 1;
  let here = Number(form.dataset.start) - 1;

  const answered = (field) =>
    [...field.querySelectorAll("input")].some((input) => (input.type === "text" ? input.value.trim() : input.checked));
  const empty = () => [...form.querySelectorAll("fieldset.question")].filter((field) => !answered(field));
  const sectionOf = (element) => sections.findIndex((section) => section.contains(element));
  const counted = (n, one, more) => (n === 1 ? one : more.replace("77", String(n)));

  function drawGaps() {
    const n = empty().length;
    const box = part("gaps");
    box.hidden = here !== last || n === 0;
    part("gaps-line").textContent = counted(n, box.dataset.gapsOne, box.dataset.gapsMore);
  }

  function show(index, { focus = true, push = true } = {}) {
    here = Math.max(0, Math.min(last, index));
    sections.forEach((section, at) => { section.hidden = at !== here; });
    part("back").hidden = here === 0;
    part("next").hidden = here === last;
    part("send").hidden = here !== last;
    part("not-sent").hidden = true;
    intro.hidden = here !== 0;
    form.elements["@part"].value = String(here + 1);
    const seconds = sections.slice(here).reduce((sum, section) => sum + Number(section.dataset.seconds), 0);
    const line = form.dataset.part.replace("{n}", String(here + 1)).replace("{total}", String(last + 1));
    progress.querySelector("progress").value = here + 1;
    find("[data-part-line]").textContent = line;
    find("[data-left-line]").textContent = counted(Math.max(1, Math.ceil(seconds / 60)), form.dataset.one, form.dataset.more);
    drawGaps();
    if (push) history.pushState({ part: here }, "");
    if (focus) {
      focusOn(sections[here].querySelector("h2"));
      scrollTo(0, 0);
      announce(line);
    }
  }

  async function send(button) {
    if (sending) return;
    sending = true;
    button.ariaBusy = "true";
    try {
      const response = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", cache: "no-store",
      });
      const html = await response.text();
      if (response.status >= 500 || response.status === 429) throw new Error("not stored");
      adopt(html);
    } catch {
      const notice = part("not-sent");
      notice.hidden = false;
      button.textContent = button.dataset.again;
      focusOn(notice);
    } finally {
      sending = false;
      button.ariaBusy = "false";
    }
  }

  // Answers that travelled with the form (another language, a point to mend) are kept nowhere yet.
  if ("unsent" in form.dataset) changed = true;
  progress.hidden = false;
  part("review").remove();
  form.querySelectorAll("[data-part-over]").forEach((line) => { line.hidden = true; });
  part("next").addEventListener("click", () => show(here + 1));
  part("back").addEventListener("click", () => show(here - 1));
  part("gaps-show").addEventListener("click", () => {
    const field = empty()[0];
    if (!field) return;
    show(sectionOf(field), { focus: false });
    focusOn(field);
  });
  form.addEventListener("input", () => { changed = true; drawGaps(); });
  // Enter in an answer goes on to the next part; only the last button sends.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    if (here < last) show(here + 1);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter !== part("send")) {
      changed = false; // the language or "go on elsewhere": the answers travel with the form
      return;
    }
    event.preventDefault();
    send(event.submitter);
  });
  find("main").addEventListener("click", (event) => {
    const field = event.target.closest(".problems a, #gaps a") && find(event.target.getAttribute("href"));
    if (!field) return;
    event.preventDefault();
    show(sectionOf(field), { focus: false });
    focusOn(field);
  });
  addEventListener("popstate", (event) => {
    if (form.isConnected && event.state) show(event.state.part, { push: false });
  });

  const notice = find("#problems, #gaps");
  const first = notice?.querySelector("a");
  const field = first && find(first.getAttribute("href"));
  if (field) here = sectionOf(field);
  show(here, { focus: false, push: false });
  history.replaceState({ part: here }, "", form.dataset.home);
  focusOn(notice);
}

// The page of the answer takes the place of the questionnaire, so that Back finds nothing.
function adopt(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.documentElement.lang = page.documentElement.lang;
  find("main").replaceWith(document.adoptNode(page.querySelector("main")));
  leaveNothing();
  start();
  scrollTo(0, 0);
  focusOn(find("#problems") ?? find("main h1"));
}

// Whoever reloads or leaves before sending is asked first. Older browsers look at returnValue only.
addEventListener("beforeunload", (event) => {
  if (!changed) return;
  event.preventDefault();
  event.returnValue = true;
});
// A page that the browser kept in memory after it was left is not shown again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(find(DONE)?.dataset.home ?? find("#sheet")?.dataset.home ?? location.href);
});

if (!leaveNothing()) start();

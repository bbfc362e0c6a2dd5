// One part on the screen at a time, a look at all answers, and sending without losing the page.
// Without this script the questionnaire is one long form that works as it is. Nothing is stored in
// the browser, and nothing leaves it before the person sends, keeps or changes the language.

import { offerNumberKeys, showNumberKeys } from "./respondent/number-keys.js";
import { fillReview } from "./respondent/review.js";
import { watchRoom } from "./respondent/room.js";
import { adopt, ask } from "./respondent/sending.js";

const DONE = "#left-behind";
const isKiosk = document.body.classList.contains("kiosk");
let isSending = false;
let isChanged = false;
let walk = null; // the questionnaire on the screen, when there is one

const find = (selector) => document.querySelector(selector);
const announce = (text) => {
  const live = document.getElementById("live");
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
  isChanged = false;
  history.replaceState(null, "", end.dataset.home);
  return true;
}

// Walk through the parts of a form, with the review as the last step.
class Walk {
  constructor(form, parts) {
    this.form = form;
    this.parts = parts;
    this.steps = [...parts, form.querySelector("[data-review-section]")];
    this.last = parts.length;
    this.here = Number(form.dataset.start) - 1;
  }

  part(name) { return this.form.querySelector(`[data-${name}]`); }

  stepOf(element) { return this.steps.findIndex((step) => step.contains(element)); }

  empty() {
    const isAnswered = (field) => [...field.querySelectorAll("input")]
      .some((input) => (input.type === "text" ? input.value.trim() : input.checked));
    return [...this.form.querySelectorAll("fieldset.question")].filter((field) => !isAnswered(field));
  }

  begin() {
    const { form } = this;
    find("[data-progress]").hidden = false;
    this.part("review").remove();
    form.querySelectorAll("[data-part-over]").forEach((line) => { line.hidden = true; });
    this.part("next").addEventListener("click", () => this.show(this.here + 1));
    this.part("back").addEventListener("click", () => this.show(this.here - 1));
    this.part("gaps-show").addEventListener("click", () => this.reach(this.empty()[0]));
    form.addEventListener("input", () => { isChanged = true; });
    form.addEventListener("keydown", (event) => this.onEnter(event));
    watchRoom(form);
    offerNumberKeys(form, () => this.parts[this.here]);
    const notice = find("#problems");
    const wrong = notice && find(notice.querySelector("a").getAttribute("href"));
    if (wrong) this.here = this.stepOf(wrong);
    this.first = this.here;
    this.show(this.here, { focus: false, push: false });
    history.replaceState({ step: this.here }, "", form.dataset.home);
    focusOn(notice);
  }

  // Enter in an answer goes on to the next part; only the last button sends.
  onEnter(event) {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    if (this.here < this.last) this.show(this.here + 1);
  }

  reach(field) {
    if (!field) return;
    this.show(this.stepOf(field), { focus: false });
    focusOn(field);
  }

  show(index, { focus = true, push = true } = {}) {
    this.here = Math.max(0, Math.min(this.last, index));
    const isLast = this.here === this.last;
    this.steps.forEach((step, at) => { step.hidden = at !== this.here; });
    this.part("back").hidden = this.here === 0;
    this.part("next").hidden = isLast;
    this.part("send").hidden = !isLast;
    this.part("not-sent").hidden = this.part("not-reached").hidden = true;
    find("[data-intro]").hidden = this.here !== 0;
    document.querySelectorAll("[data-at-start]").forEach((line) => {
      line.hidden = this.here !== this.first && !(isLast && "atEnd" in line.dataset);
    });
    showNumberKeys(this.here === 0);
    this.form.elements["@part"].value = String(this.here + 1);
    if (isLast) this.lookBack();
    const line = this.drawProgress();
    // At a screen that others use, the way back of the browser leads past the questions.
    if (push) history[isKiosk ? "replaceState" : "pushState"]({ step: this.here }, "");
    if (!focus) return;
    focusOn(this.steps[this.here].querySelector("h2"));
    scrollTo(0, 0);
    announce(line);
  }

  drawProgress() {
    const { form, here, last } = this;
    const minutes = (name) => Math.ceil(
      this.parts.slice(here).reduce((sum, part) => sum + Number(part.dataset[name]), 0) / 60,
    );
    const high = minutes("careful");
    const some = high > 1
      ? form.dataset.left.replace("{low}", String(Math.min(minutes("quick"), high - 1))).replace("{high}", String(high))
      : form.dataset.leftShort;
    const left = here === last ? "" : some;
    const part = here === last
      ? this.steps[last].querySelector("h2").textContent
      : form.dataset.part.replace("{n}", String(here + 1)).replace("{total}", String(last));
    find("[data-progress] progress").value = here + 1;
    find("[data-part-line]").textContent = part;
    find("[data-left-line]").textContent = left;
    return left ? `${part}, ${left}` : part;
  }

  lookBack() {
    const box = this.part("gaps");
    const n = this.empty().length;
    const { gapsOne, gapsMore, gapsNone } = box.dataset;
    const line = n === 1 ? gapsOne : gapsMore.replace("77", String(n));
    this.part("gaps-line").textContent = n ? line : gapsNone;
    this.part("gaps-way").hidden = n === 0;
    fillReview(this.part("review-list"), this.parts, (index) => this.show(index));
  }
}

function start() {
  const form = find("#sheet");
  const parts = form ? [...form.querySelectorAll("[data-part-section]")] : [];
  walk = parts.length ? new Walk(form, parts) : null;
  // Answers that travelled with the form (another language, a point to mend) are kept nowhere yet.
  if (form && "unsent" in form.dataset) isChanged = true;
  form?.addEventListener("submit", onSubmit);
  const print = find("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  walk?.begin();
  tellConnection();
}

async function onSubmit(event) {
  event.preventDefault();
  if (isSending) return;
  const form = event.target;
  const button = event.submitter;
  isSending = true;
  if (button) button.ariaBusy = "true";
  try {
    replacePage(await ask(form, button));
  } catch {
    stay(form, button);
  } finally {
    isSending = false;
    if (button) button.ariaBusy = null;
  }
}

function replacePage(page) {
  isChanged = false;
  adopt(page);
  leaveNothing();
  start();
  scrollTo(0, 0);
  focusOn(find("#problems") ?? find("main h1:not(.unseen)") ?? find("main h2:not([hidden] *)"));
}

// Nothing came back: everything stays, and the way to try again is at hand.
function stay(form, button) {
  const isLast = button?.hasAttribute("data-send");
  const notice = form.querySelector(isLast ? "[data-not-sent]" : "[data-not-reached]");
  if (isLast) button.textContent = button.dataset.again;
  if (!notice) return;
  notice.hidden = false;
  focusOn(notice);
}

function tellConnection() {
  const notice = find("[data-offline]");
  if (notice) notice.hidden = navigator.onLine;
}

// At a screen that others use, a question of the browser would stand in the way of wiping it.
if (!isKiosk) {
  // Whoever reloads or leaves before sending is asked first. Older browsers look at returnValue only.
  addEventListener("beforeunload", (event) => {
    if (!isChanged) return;
    event.preventDefault();
    event.returnValue = true;
  });
}
addEventListener("popstate", (event) => {
  if (walk?.form.isConnected && event.state) walk.show(event.state.step, { push: false });
});
addEventListener("click", (event) => {
  const link = event.target.closest("#problems a");
  if (!link || !walk) return;
  event.preventDefault();
  walk.reach(find(link.getAttribute("href")));
});
addEventListener("online", tellConnection);
addEventListener("offline", tellConnection);
// A page that the browser kept in memory after it was left is not shown again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(find(DONE)?.dataset.home ?? find("#sheet")?.dataset.home ?? location.href);
});

if (!leaveNothing()) start();

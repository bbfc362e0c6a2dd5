// Typing a form without a mouse: a key that can only mean one answer is taken and the next question
// is at hand at once. The page works without this script: every field can be typed and left by Tab.

const NONE = ",";
let isFresh = true; // the next figure starts anew and is not added to what stands there

const fields = (form) => [...form.querySelectorAll("input[data-keys], textarea, button[type=submit]:not([name])")];

function show(input) {
  const keys = input.dataset.keys.split(" ");
  const place = keys.indexOf(input.value === "." ? NONE : input.value);
  input.nextElementSibling.textContent = place < 0 ? "" : input.dataset.words.split("|")[place];
  return place >= 0;
}

function move(input, by) {
  const all = fields(input.form);
  all[all.indexOf(input) + by]?.focus();
}

// What the figures typed so far mean: the value to show, and whether one more figure may follow.
function meant(input, key) {
  const keys = input.dataset.keys.split(" ");
  const longer = isFresh ? key : input.value + key;
  const value = [longer, key].find((one) => keys.some((known) => known.startsWith(one))) ?? "";
  return [value, keys.some((known) => known !== value && known.startsWith(value))];
}

function take(input, key) {
  const [value, mayGrow] = meant(input, key === "." ? NONE : key);
  isFresh = false;
  if (!value) {
    input.value = "";
    input.setAttribute("aria-invalid", "true");
    show(input);
    return;
  }
  input.value = value;
  const isKnown = show(input);
  if (isKnown) input.removeAttribute("aria-invalid");
  if (isKnown && !mayGrow) move(input, 1);
}

function onKey(event) {
  const input = event.target;
  if (!input.matches?.("[data-keying] input[data-keys]") || event.ctrlKey || event.altKey || event.metaKey) return;
  const { key } = event;
  if (key === "ArrowUp" || (key === "Backspace" && (isFresh || !input.value))) move(input, -1);
  else if (key === "ArrowDown" || key === "Enter") move(input, 1);
  else if (key === "b" || key === "B") input.form.querySelector("button[name=blank]")?.focus();
  else if (key.length === 1 && /[\d.,/*+]/.test(key)) take(input, key);
  else if (key.length > 1 || key === "\t") return;
  event.preventDefault();
}

// From what was refused, the keys lead back to the first question without an answer, or to the top.
function onRefusal(event) {
  const form = event.target.closest?.("[data-keying]");
  if (!form || !event.target.matches("[role=alert]") || event.ctrlKey) return;
  if (event.key !== "ArrowDown" && event.key !== "Enter") return;
  event.preventDefault();
  const all = fields(form);
  (all.find((input) => input.dataset.keys && !show(input)) ?? all[0]).focus();
}

// What was refused shows where; a line that dropped refused nothing.
function onRefused({ target }) {
  const form = target.matches("[data-refusal] > [role=alert]") && target.closest("[data-keying]");
  if (!form || target.textContent.includes(form.dataset.lineLost)) return;
  for (const input of form.querySelectorAll("input[data-keys]")) if (!show(input)) input.setAttribute("aria-invalid", "true");
}

// Out of anywhere, words of one's own included, where Enter begins a new line.
function onSend(event) {
  const form = event.target.closest?.("[data-keying]");
  if (!form || event.key !== "Enter" || !event.ctrlKey) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button[type=submit]:not([name])"));
}

document.addEventListener("keydown", onKey);
document.addEventListener("keydown", onRefusal);
document.addEventListener("keydown", onSend);
document.addEventListener("focusin", onRefused);
document.addEventListener("focusin", (event) => {
  if (!event.target.matches("[data-keying] input[data-keys]")) return;
  isFresh = true;
  event.target.select();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keying] input[data-keys]")) show(event.target);
});

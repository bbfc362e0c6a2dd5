// Answering with the number keys, for whoever asks for it: 1 is the first answer, and the next
// question is at hand at once. Where the answers are numbers themselves, a key means its number.

const PAUSE = 800; // between the 1 and the 0 of a 10
let isOn = false;
let typed = "";
let typedAt = 0;

const radios = (field) => [...field.querySelectorAll(":scope > .answer input[type=radio]")];
const labels = (options) => options.map((option) => option.nextElementSibling.textContent.trim());

// The answer that the keys mean, and whether one more key could mean another one.
function meant(options, key, now) {
  const names = labels(options);
  if (!names.every((name) => /^\d+$/.test(name))) return [options[Number(key) - 1], false];
  const longer = now - typedAt < PAUSE ? typed + key : key;
  typed = names.includes(longer) ? longer : key;
  typedAt = now;
  const mayGrow = names.some((name) => name !== typed && name.startsWith(typed));
  return [options[names.indexOf(typed)], mayGrow];
}

function current(section) {
  const questions = [...section.querySelectorAll("fieldset.question")].filter((field) => radios(field).length);
  return document.activeElement.closest?.("fieldset.question")
    ?? questions.find((field) => !field.querySelector("input:checked"));
}

function next(section, field) {
  const questions = [...section.querySelectorAll("fieldset.question")];
  const following = questions[questions.indexOf(field) + 1];
  return following?.querySelector("input:checked, input") ?? document.querySelector("[data-next]");
}

function onKey(event, shown) {
  const isText = event.target.matches?.("textarea, input[type=text]");
  if (!isOn || isText || !/^\d$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
  const section = shown();
  const field = section && current(section);
  if (!field) return;
  const [option, mayGrow] = meant(radios(field), event.key, event.timeStamp);
  if (!option) return;
  event.preventDefault();
  option.checked = true;
  option.dispatchEvent(new Event("input", { bubbles: true }));
  (mayGrow ? option : next(section, field)).focus();
}

const offer = () => document.querySelector("[data-number-keys]");
const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)").matches;

// The offer stands on the first part, and wherever the keys are on, so that they can be put off.
export function showNumberKeys(isFirst) {
  offer().hidden = !hasKeyboard || !(isFirst || isOn);
}

// Offer the keys where there is a keyboard; `shown` gives the part that is on the screen.
export function offerNumberKeys(form, shown) {
  const box = offer().querySelector("input");
  const follow = () => { isOn = box.checked; form.classList.toggle("numbered", isOn); };
  box.checked = isOn;
  follow();
  box.addEventListener("change", follow);
  // The box stands above the form: whoever has just ticked it types on from there.
  for (const from of [form, box]) from.addEventListener("keydown", (event) => onKey(event, shown));
}

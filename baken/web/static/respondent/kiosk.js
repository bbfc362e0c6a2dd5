// A screen that many people use: whoever walks away leaves nothing. Without this script the page
// says so, and has a button that does it.

const box = document.querySelector("[data-kiosk]");
const limits = box.dataset;
let touchedAt = Date.now();

function wipe() {
  clearInterval(looking);
  document.querySelector("main").replaceChildren();
  location.replace(limits.home);
}

// The first page holds nothing of anybody as long as no code was typed in it.
function isUntouched() {
  const code = document.querySelector("[data-start-page] #code");
  return Boolean(code) && !code.value;
}

function touch() {
  if (!box.hidden) return; // who is asked has to answer
  touchedAt = Date.now();
}

function look() {
  const isDone = Boolean(document.getElementById("left-behind"));
  const limit = Number(isDone ? limits.thanks : limits.idle);
  const left = Math.ceil(limit - (Date.now() - touchedAt) / 1000);
  if (isUntouched() && location.href === new URL(limits.home, location.href).href) {
    box.hidden = true;
    return;
  }
  if (left <= 0) {
    wipe();
    return;
  }
  box.querySelector("[data-seconds]").textContent = String(left);
  const isAsked = left <= Number(limits.warning);
  if (isAsked && box.hidden) {
    box.hidden = false;
    if (!isDone) box.querySelector("[data-stay]").focus();
  } else if (!isAsked) {
    box.hidden = true;
  }
}

box.querySelector("[data-stay]").addEventListener("click", () => {
  touchedAt = Date.now();
  box.hidden = true;
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-wipe]")) return;
  event.preventDefault();
  wipe();
});
for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchmove", "scroll"]) {
  addEventListener(kind, touch, { passive: true });
}
// A page that takes the place of another starts its own time.
new MutationObserver(() => { touchedAt = Date.now(); }).observe(document.body, { childList: true });
const looking = setInterval(look, 500);

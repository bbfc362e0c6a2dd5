// One question at a time, large, for a room: arrow keys go on and back. Without this script all
// questions stand below each other, each as high as the screen.
const stage = document.getElementById("projection");
const slides = [...stage.querySelectorAll(".slide")];
const fill = document.getElementById("fill-screen");
const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
let at = Math.max(0, slides.findIndex((slide) => `#${slide.id}` === location.hash));

function show(next) {
  at = Math.min(slides.length - 1, Math.max(0, next));
  slides.forEach((slide, i) => { slide.hidden = i !== at; });
  history.replaceState(null, "", `#${slides[at].id}`);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target instanceof HTMLButtonElement && event.key === " ") return;
  const step = event.key === "Home" ? -slides.length : event.key === "End" ? slides.length : steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  show(at + step);
});
stage.addEventListener("click", () => show(at + 1));
if (stage.requestFullscreen) {
  fill.hidden = false;
  fill.addEventListener("click", () => stage.requestFullscreen().then(() => stage.focus()));
}
show(at);

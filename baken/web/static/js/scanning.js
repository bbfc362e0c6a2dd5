// How far the file is that was just sent: asked for while the browser waits for the answer. Without
// this script the page says nothing until all is read.

const PAUSE = 1500; // milliseconds
const form = document.querySelector("[data-reading]");

async function tell(told) {
  try {
    const response = await fetch(form.dataset.reading, { credentials: "same-origin" });
    const text = response.ok && !response.redirected ? await response.text() : "";
    if (text) told.textContent = text;
  } catch { /* the answer to the file itself is on its way */ }
  setTimeout(tell, PAUSE, told);
}

// What is too large is said before it is sent: that may take minutes, and ends on a page elsewhere.
function isTooLarge() {
  const chosen = form.querySelector("input[type=file]").files[0];
  const isLarge = Boolean(chosen) && chosen.size > Number(form.dataset.most);
  form.querySelector("[data-large]").hidden = !isLarge;
  return isLarge;
}

form?.addEventListener("change", isTooLarge);

form?.addEventListener("submit", (event) => {
  if (isTooLarge()) {
    event.preventDefault();
    return;
  }
  const told = form.querySelector("[data-told]");
  told.hidden = false;
  told.scrollIntoView({ block: "nearest" }); // on a telephone it is below what is seen
  setTimeout(tell, PAUSE, told);
});

// Says how much room is left in a text, once it becomes scarce; nothing is cut off.

const NEAR = 200;

function tell(area) {
  const line = document.getElementById(`${area.id}-room`);
  const left = Number(area.dataset.bytes) - new TextEncoder().encode(area.value.trim()).length;
  const said = left < 0 ? line.dataset.over : line.dataset.left;
  line.textContent = left > NEAR ? "" : said.replace("{n}", String(Math.abs(left)));
}

export function watchRoom(form) {
  for (const area of form.querySelectorAll("textarea[data-bytes]")) {
    area.addEventListener("input", () => tell(area));
    tell(area);
  }
}

// Says how much room is left in a text, once it becomes scarce; nothing is cut off.

const NEAR = 200;

// As everywhere on these pages: thin spaces from 10 000 on.
const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, n < 10_000 ? "" : "\u202f");

// How many characters have to go; one of another script takes the room of two to four.
function beyond(text, bytes, most) {
  const kept = new TextDecoder().decode(bytes.subarray(0, most), { stream: true });
  return [...text].length - [...kept].length;
}

function tell(area) {
  const line = document.getElementById(`${area.id}-room`);
  const most = Number(area.dataset.bytes);
  const text = area.value.trim();
  const bytes = new TextEncoder().encode(text);
  const left = most - bytes.length;
  const [said, n] = left < 0 ? [line.dataset.over, beyond(text, bytes, most)] : [line.dataset.left, left];
  line.textContent = left > NEAR ? "" : said.replace("{n}", number(n));
}

export function watchRoom(form) {
  for (const area of form.querySelectorAll("textarea[data-bytes]")) {
    area.addEventListener("input", () => tell(area));
    tell(area);
  }
}

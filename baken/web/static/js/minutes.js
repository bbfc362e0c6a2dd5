// Minutes are saved piece by piece: the browser asks before words are left that were not saved yet.

const sent = new Set();

addEventListener("submit", (event) => { sent.add(event.target); });
addEventListener("input", (event) => { sent.delete(event.target.form); });
addEventListener("beforeunload", (event) => {
  const fields = [...document.querySelectorAll("form[data-piece] textarea")];
  if (fields.some((one) => one.value !== one.defaultValue && !sent.has(one.form))) {
    event.preventDefault();
  }
});

// A card may carry its code behind the # of the address, which no browser sends to a server. It goes
// into the field, and out of the address and the history.

const field = document.getElementById("code");
let code = "";
try {
  code = decodeURIComponent(location.hash.slice(1));
} catch {
  // Not something that a card holds; the field stays empty.
}
if (field && /^[\s0-9a-z-]{13,30}$/i.test(code)) {
  field.value = code;
  document.getElementById("code-read").hidden = false;
  history.replaceState(null, "", location.pathname + location.search);
}
// A browser may keep this page as it was left, and show it to whoever comes next.
addEventListener("pagehide", () => { if (field) field.value = ""; });

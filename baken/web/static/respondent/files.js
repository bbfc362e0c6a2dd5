// The browser's file button speaks the language of the browser; ours that of the page.
for (const field of document.querySelectorAll("[data-file]")) {
  const [input, button, name] = ["input", "label", "output"].map((kind) => field.querySelector(kind));
  const none = name.textContent;
  const show = () => { name.textContent = input.files[0]?.name ?? none; };
  button.hidden = name.hidden = false;
  field.classList.add("ours");
  input.addEventListener("change", show);
  show();
}

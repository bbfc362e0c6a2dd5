// Sends a form of the questionnaire without leaving the page, so that a poor connection costs no
// answer: whatever comes back that is not one of our pages leaves everything as it stands.

const PATIENCE = 45_000;

// The page of a respondent that the server answers with; throws when there is none.
export async function ask(form, button) {
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  const response = await fetch(button?.getAttribute("formaction") ?? form.getAttribute("action"), {
    method: "POST",
    body: new URLSearchParams(data),
    credentials: "same-origin",
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout?.(PATIENCE),
  });
  if (response.status >= 500 || response.status === 429) throw new Error("not stored");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!page.querySelector("main")?.dataset.page) throw new Error("not a page of ours");
  return page;
}

// The page of the answer takes the place of this one, so that Back finds nothing.
export function adopt(page) {
  document.documentElement.lang = page.documentElement.lang;
  for (const part of [".skip", ".foot", ".kiosk-foot", "main"]) {
    const old = document.querySelector(part);
    const next = page.querySelector(part);
    if (old && next) old.replaceWith(document.adoptNode(next));
  }
}

// The last step before sending: every question with its answer, written from the form itself.

const words = (element) => element?.textContent.trim() ?? "";

function make(name, properties = {}, children = []) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

// What stands in a question: [the question, the answer, whether these are the person's own words].
function read(field) {
  const text = field.querySelector("textarea");
  if (text) return [words(field.querySelector("label")), text.value.trim(), true];
  const chosen = field.querySelector("input:checked");
  const number = field.querySelector("input[type=text]");
  const answer = chosen ? words(chosen.nextElementSibling) : number?.value.trim() ?? "";
  return [words(field.querySelector("legend")), answer, false];
}

function line(field, empty) {
  const [question, answer, isOwn] = read(field);
  const given = make("dd", { textContent: answer || empty });
  if (answer && isOwn) given.dir = "auto";
  return make("div", { className: answer ? "" : "empty-line" }, [make("dt", { textContent: question }), given]);
}

function summary(name, given, pattern) {
  const said = pattern.replace("{n}", String(given.filter(Boolean).length)).replace("{total}", String(given.length));
  return make("summary", {}, [`${name} `, make("span", { className: "quiet", textContent: said })]);
}

// Fill `list` anew, one line that opens for every part; `go(index)` leads back to a part.
export function fillReview(list, sections, go) {
  list.replaceChildren(...sections.map((section, index) => {
    const name = section.querySelector("h2").lastChild.textContent.trim();
    const change = make("button", { type: "button", className: "as-link" }, [
      list.dataset.change, make("span", { className: "unseen", textContent: `: ${name}` }),
    ]);
    change.addEventListener("click", () => go(index));
    const fields = [...section.querySelectorAll("fieldset.question, .field")]
      .filter((field) => field.matches("fieldset") || field.querySelector("textarea"));
    return make("details", { className: "filled" }, [
      summary(name, fields.map((field) => read(field)[1]), list.dataset.answered),
      make("dl", {}, fields.map((field) => line(field, list.dataset.empty))),
      change,
    ]);
  }));
}

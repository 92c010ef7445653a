// One option or several. An option can be struck out: a note to oneself, kept on this device and never an answer.
import { changed, element, fill, textOf } from "../element.js";

function options(question, type, chosen, context) {
  const struck = new Set(context.notes.get(context.position, "struck") ?? []);
  return question.options.map((option) => row(option, type, chosen.includes(option.id), struck, context));
}

function row(option, type, isChosen, struck, { words, notes, position }) {
  const input = element("input", { type, name: "answer", value: option.id, checked: isChosen });
  const sign = element("span", { class: "visually-hidden" });
  const strike = element("button", { class: "room-strike", type: "button", "data-strike": true },
    element("span", { class: "visually-hidden" }, fill(words.strikeOut, { text: textOf(option.text) })),
    element("span", { class: "room-strike__sign", "aria-hidden": "true" }, "ab"));
  const made = element("div", { class: "room-choice" },
    element("label", { class: "choice choice--card room-option" }, input, element("span", { html: option.text }), sign), strike);
  const draw = () => {
    const isStruck = struck.has(option.id);
    made.toggleAttribute("data-struck", isStruck);
    strike.setAttribute("aria-pressed", String(isStruck));
    sign.textContent = isStruck ? ` ${words.struckOut}` : "";
  };
  const set = (isStruck) => {
    if (isStruck) struck.add(option.id);
    else struck.delete(option.id);
    notes.set(position, "struck", [...struck]);
    draw();
  };
  strike.addEventListener("click", () => {
    set(!struck.has(option.id));
    if (!struck.has(option.id) || !input.checked) return;
    input.checked = false;
    changed(input);
  });
  input.addEventListener("input", () => input.checked && struck.has(option.id) && set(false));
  draw();
  return made;
}

export const singleChoice = {
  draw: (question, response, context) => options(question, "radio", response ? [response.choice] : [], context),
  read: (form) => {
    const chosen = form.querySelector("input:checked");
    return chosen ? { choice: chosen.value } : null;
  },
};

export const multipleResponse = {
  hint: "severalHint",
  draw: (question, response, context) => options(question, "checkbox", response?.choices ?? [], context),
  read: (form) => {
    const chosen = [...form.querySelectorAll("input:checked")].map((input) => input.value);
    return chosen.length ? { choices: chosen } : null;
  },
};

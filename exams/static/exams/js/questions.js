// Draws one question at a time from the paper. Native inputs only: what the browser makes operable stays operable.

const NUMBER = /^[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?$/;
const TYPING_PAUSE = 700;

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "html") made.innerHTML = value;
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

// Each type: how its inputs are drawn, and what they say: a response, null for none, undefined for "not readable yet".
const TYPES = {
  single_choice: {
    draw: (question, response) => options(question, "radio", response ? [response.choice] : []),
    read: (form) => {
      const chosen = form.querySelector("input:checked");
      return chosen ? { choice: chosen.value } : null;
    },
  },
  multiple_response: {
    hint: "severalHint",
    draw: (question, response) => options(question, "checkbox", response?.choices ?? []),
    read: (form) => {
      const chosen = [...form.querySelectorAll("input:checked")].map((input) => input.value);
      return chosen.length ? { choices: chosen } : null;
    },
  },
  numeric: {
    hint: "numberHint",
    draw: (question, response, lang) => [
      element("span", { class: "room-number" },
        element("input", {
          class: "input", name: "answer", value: response?.value ?? "", inputmode: "decimal", autocomplete: "off", maxlength: 40,
          "aria-labelledby": "room-stem", "aria-describedby": "room-hint room-problem",
        }),
        ...(question.unit ? [element("span", { class: "room-number__unit", lang }, question.unit)] : [])),
    ],
    read: (form) => {
      const text = form.elements.answer.value.normalize("NFKC").replace("\u2212", "-").replace("。", ".").trim();
      if (!text) return null;
      return NUMBER.test(text) ? { value: text } : undefined;
    },
  },
  short_text: {
    hint: "textHint",
    draw: (question, response, lang) => [
      element("input", {
        class: "input", name: "answer", value: response?.text ?? "", autocomplete: "off", maxlength: 500, lang,
        spellcheck: "false", "aria-labelledby": "room-stem", "aria-describedby": "room-hint",
      }),
    ],
    read: (form) => (form.elements.answer.value.trim() ? { text: form.elements.answer.value } : null),
  },
};

function options(question, type, chosen) {
  return question.options.map((option) =>
    element("label", { class: "choice choice--card room-option" },
      element("input", { type, name: "answer", value: option.id, checked: chosen.includes(option.id) }),
      element("span", { html: option.text })));
}

export class Questions extends EventTarget {
  constructor(place, paper, words) {
    super();
    this.place = place;
    this.words = words;
    this.lang = paper.language;
    this.all = paper.sections.flatMap((section) => section.positions.map((question) => ({ ...question, section: section.title })));
    place.addEventListener("input", (event) => this.changed(event.target));
    place.addEventListener("focusout", () => this.dispatchEvent(new Event("left")));
    place.addEventListener("submit", (event) => event.preventDefault());
  }

  at(position) {
    return this.all.findIndex((question) => question.position === position);
  }

  show(position, answer, { focus = true } = {}) {
    const index = this.at(position);
    const question = this.all[index];
    const type = TYPES[question.type];
    this.current = question;
    const count = this.words.questionOf.replace("{n}", index + 1).replace("{total}", this.all.length);
    const form = element("form", { class: "room-question", novalidate: true },
      element("fieldset", { class: "room-question__set", "data-fields": true },
        element("legend", { class: "room-question__legend", tabindex: "-1" },
          element("span", { class: "room-question__section", lang: this.lang }, question.section),
          element("span", { class: "room-question__number" }, count)),
        element("div", { class: "room-question__stem prose", id: "room-stem", lang: this.lang, html: question.stem }),
        ...(type.hint ? [element("p", { class: "field__help", id: "room-hint" }, this.words[type.hint])] : []),
        element("div", { class: "room-question__answer", lang: question.options ? this.lang : null },
          ...type.draw(question, answer.response, this.lang)),
        element("p", { class: "field__error", id: "room-problem", role: "alert" })));
    this.place.replaceChildren(form);
    this.form = form;
    if (focus) form.querySelector("legend").focus();
  }

  changed(input) {
    const response = TYPES[this.current.type].read(this.form);
    this.problem(response === undefined ? this.words.notANumber : "");
    const wait = input.type === "text" || !input.type ? TYPING_PAUSE : 0;
    this.dispatchEvent(new CustomEvent("answer", { detail: { position: this.current.position, response, wait } }));
  }

  problem(text) {
    const place = this.form.querySelector("#room-problem");
    if (place.textContent !== text) place.textContent = text;
    const input = this.form.elements.answer;
    if (input instanceof HTMLInputElement && input.type === "text") input.setAttribute("aria-invalid", String(Boolean(text)));
  }

  freeze(frozen) {
    this.form?.querySelector("[data-fields]")?.toggleAttribute("disabled", frozen);
  }
}

// A number, or a few words.
import { element } from "../element.js";
import { readNumber } from "./numbers.js";

export const numeric = {
  hint: "numberHint",
  draw: (question, response, { lang }) => [
    element("span", { class: "room-number" },
      element("input", {
        class: "input", name: "answer", value: response?.value ?? "", inputmode: "decimal", autocomplete: "off", maxlength: 40,
        "aria-labelledby": "room-stem", "aria-describedby": "room-hint room-problem",
      }),
      question.unit ? element("span", { class: "room-number__unit", lang }, question.unit) : null),
  ],
  read: (form) => {
    const value = readNumber(form.elements.answer.value);
    return value ? { value } : value;
  },
  complain: (form, words) => {
    const isBad = readNumber(form.elements.answer.value) === undefined;
    form.elements.answer.setAttribute("aria-invalid", String(isBad));
    return isBad ? words.notANumber : "";
  },
};

export const shortText = {
  hint: "textHint",
  draw: (question, response, { lang }) => [
    element("input", {
      class: "input", name: "answer", value: response?.text ?? "", autocomplete: "off", maxlength: 500, lang,
      spellcheck: "false", "aria-labelledby": "room-stem", "aria-describedby": "room-hint room-problem",
    }),
  ],
  read: (form) => (form.elements.answer.value.trim() ? { text: form.elements.answer.value } : null),
};

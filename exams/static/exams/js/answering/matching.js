// A select for each left; what it can be matched with stands lettered beside it where a list cannot show it whole.
import { element, textOf } from "../element.js";

const MARKUP = /<(?!\/?(?:p|span|em|strong|i|b)\b)\w/;
const SHORT = 32;

function letters(question, words, lang) {
  return element("section", { class: "room-match__rights" },
    element("h2", { class: "room-match__title" }, words.matchWith),
    element("ol", { class: "room-match__list", lang },
      ...question.right.map((right) => element("li", { html: right.text }))));
}

export const matching = {
  hint: "matchHint",
  draw: (question, response, { words, lang }) => {
    const isLong = question.right.some((right) => MARKUP.test(right.text) || textOf(right.text).length > SHORT);
    const choices = (chosen) => [
      element("option", { value: "" }, words.choose),
      ...question.right.map((right, index) => {
        const text = isLong ? `${String.fromCharCode(65 + index)}. ${textOf(right.text)}` : textOf(right.text);
        return element("option", { value: right.id, lang, selected: right.id === chosen }, text);
      }),
    ];
    const rows = question.left.map((left, index) =>
      element("div", { class: "room-match__row" },
        element("label", { class: "room-match__left", for: `room-left-${index}`, lang, html: left.text }),
        element("select", { class: "input", id: `room-left-${index}`, "data-left": left.id }, ...choices(response?.pairs[left.id]))));
    return [isLong ? letters(question, words, lang) : null, element("div", { class: "room-match" }, ...rows)].filter(Boolean);
  },
  read: (form) => {
    const chosen = [...form.querySelectorAll("[data-left]")].filter((select) => select.value);
    return chosen.length ? { pairs: Object.fromEntries(chosen.map((select) => [select.dataset.left, select.value])) } : null;
  },
};

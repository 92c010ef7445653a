// Gaps in the stem: an input or a select stands where the text leaves one open.
import { element, fill, textOf } from "../element.js";
import { readNumber } from "./numbers.js";

function input(gap, value, name, lang) {
  const shared = { class: "input room-gap", "data-gap": gap.id, "data-kind": gap.kind, "aria-label": name };
  if (gap.kind === "choice") {
    return element("select", shared,
      element("option", { value: "" }, "…"),
      ...gap.options.map((option) => element("option", { value: option.id, lang, selected: option.id === value }, textOf(option.text))));
  }
  return element("input", {
    ...shared, value, autocomplete: "off", spellcheck: "false", lang, "aria-describedby": "room-hint room-problem",
    ...(gap.kind === "number" ? { inputmode: "decimal", maxlength: 40 } : { maxlength: 500 }),
  });
}

const gapsIn = (form) => [...form.querySelectorAll(".room-gap")];
const isBad = (gap) => gap.dataset.kind === "number" && readNumber(gap.value) === undefined;

function valueOf(gap) {
  if (gap.dataset.kind === "number") return readNumber(gap.value);
  return gap.value.trim() ? gap.value : null;
}

export const cloze = {
  hint: (question) => (question.gaps.some((gap) => gap.kind === "number") ? "gapsHintNumbers" : "gapsHint"),
  dress: (stem, question, response, { words, lang }) => {
    const total = question.gaps.length;
    // By the order of the text, which one language may turn round against another.
    for (const [index, place] of [...stem.querySelectorAll("[data-gap]")].entries()) {
      const gap = question.gaps.find((each) => each.id === place.dataset.gap);
      if (gap) place.replaceWith(input(gap, response?.gaps[gap.id] ?? "", fill(words.gapOf, { n: index + 1, total }), lang));
    }
  },
  draw: () => [],
  read: (form) => {
    const filled = gapsIn(form).map((gap) => [gap.dataset.gap, valueOf(gap)]).filter(([, value]) => value !== null && value !== undefined);
    return filled.length ? { gaps: Object.fromEntries(filled) } : null;
  },
  complain: (form, words) => {
    const gaps = gapsIn(form);
    for (const gap of gaps) if (gap.dataset.kind === "number") gap.setAttribute("aria-invalid", String(isBad(gap)));
    const bad = gaps.findIndex(isBad);
    return bad < 0 ? "" : fill(words.gapNotANumber, { n: bad + 1 });
  },
};

// The case that several questions are about: beside them where there is room, above them and collapsible where not.
// It is drawn once and stays, read and scrolled as it was, while the questions about it come and go.
import { element, fill } from "./element.js";
import { enlargeable } from "./pictures.js";

export class Cases {
  constructor(texts, questions, lang, words) {
    Object.assign(this, { texts, questions, lang, words });
    this.node = element("section", { class: "room-case", "aria-label": words.case, hidden: true });
  }

  show(code) {
    if (code === this.shown) return;
    this.shown = code;
    const text = code ? this.texts[code] : undefined;
    this.node.hidden = text === undefined;
    this.node.replaceChildren(...(text === undefined ? [] : [this.draw(code, text)]));
  }

  draw(code, text) {
    const numbers = this.questions.flatMap((question, index) => (question.stimulus === code ? [index + 1] : []));
    const [first, last] = [numbers[0], numbers.at(-1)];
    const title = first === last ? fill(this.words.caseOfOne, { n: first }) : fill(this.words.caseOf, { first, last });
    const body = element("div", { class: "room-case__text prose", lang: this.lang, html: text, tabindex: 0, role: "group", "aria-label": title });
    enlargeable(body, this.words);
    return element("details", { class: "room-case__box", open: true }, element("summary", { class: "room-case__title" }, title), body);
  }
}

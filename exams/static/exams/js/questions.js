// Draws one question at a time from the paper. Native inputs wherever there is one: what the browser makes operable
// stays operable.
import { TYPES } from "./answering/index.js";
import { Cases } from "./cases.js";
import { element } from "./element.js";
import { enlargeable } from "./pictures.js";
import { ruleInWords } from "./rules.js";

const TYPING_PAUSE = 700;
const TYPED = "textarea, input[type=text], input:not([type])";
// Without a room, as in a preview, notes last as long as the page.
const forgetful = () => {
  const kept = new Map();
  return { get: (position, name) => kept.get(`${position} ${name}`), set: (position, name, value) => kept.set(`${position} ${name}`, value) };
};

const questionsOf = (paper) => paper.sections.flatMap((section, index) =>
  section.positions.map((question) => ({ ...question, section: section.title, sectionNumber: index + 1 })));

export class Questions extends EventTarget {
  constructor(place, paper, words, { notes = forgetful(), uploads = null, gate = null } = {}) {
    super();
    this.words = words;
    this.notes = notes;
    this.uploads = uploads;
    this.gate = gate;
    this.lang = paper.language;
    this.all = questionsOf(paper);
    this.place = element("div", { class: "room-place" });
    this.cases = new Cases(paper.stimuli ?? {}, this.all, this.lang, words);
    place.replaceChildren(this.cases.node, this.place);
    place.classList.add("room-sheet");
    this.place.addEventListener("input", (event) => this.changed(event.target));
    this.place.addEventListener("focusout", () => this.dispatchEvent(new Event("left")));
    this.place.addEventListener("submit", (event) => event.preventDefault());
  }

  // The same positions, with what the server shows of them now.
  renew(paper) {
    this.all = questionsOf(paper);
    const cases = new Cases(paper.stimuli ?? {}, this.all, this.lang, this.words);
    this.cases.node.replaceWith(cases.node);
    this.cases = cases;
  }

  withhold(sectionNumber) {
    for (const question of this.all) if (question.sectionNumber === sectionNumber) question.withheld = true;
  }

  at(position) {
    return this.all.findIndex((question) => question.position === position);
  }

  show(position, answer, { focus = true } = {}) {
    const index = this.at(position);
    const question = this.all[index];
    if (question.withheld) {
      this.showGate(question, index, focus);
      return;
    }
    const type = TYPES[question.type];
    this.current = question;
    this.cases.show(question.stimulus);
    const context = this.contextOf(position);
    const stem = element("div", { class: "room-question__stem prose", id: "room-stem", lang: this.lang, html: question.stem });
    enlargeable(stem, this.words);
    type.dress?.(stem, question, answer.response, context);
    const hint = typeof type.hint === "function" ? type.hint(question) : type.hint;
    const rule = ruleInWords(question, this.words);
    const answering = element("div", { class: "room-question__answer", lang: question.options ? this.lang : null },
      ...type.draw(question, answer.response, context));
    enlargeable(answering, this.words);
    const form = element("form", { class: "room-question", novalidate: true },
      element("fieldset", { class: "room-question__set", "data-fields": true },
        this.legend(question, index),
        rule ? element("p", { class: "room-question__rule" }, rule) : null,
        stem,
        hint ? element("p", { class: "field__help", id: "room-hint" }, this.words[hint]) : null,
        answering,
        element("p", { class: "field__error", id: "room-problem", role: "alert" }),
        element("p", { class: "visually-hidden", id: "room-said", role: "status" })));
    this.place.replaceChildren(form);
    this.form = form;
    if (focus) form.querySelector("legend").focus();
  }

  legend(question, index) {
    return element("legend", { class: "room-question__legend", tabindex: "-1" },
      element("span", { class: "room-question__section", lang: this.lang }, question.section),
      element("span", { class: "room-question__number" },
        this.words.questionOf.replace("{n}", index + 1).replace("{total}", this.all.length)));
  }

  // A question whose part of the exam is not open: what the part is, and the way into it.
  showGate(question, index, focus) {
    this.current = question;
    this.cases.show(undefined);
    this.form = element("form", { class: "room-question", novalidate: true },
      element("fieldset", { class: "room-question__set room-gate" },
        this.legend(question, index),
        ...this.gate(question, this.contextOf(question.position)),
        element("p", { class: "field__error", id: "room-problem", role: "alert" }),
        element("p", { class: "visually-hidden", id: "room-said", role: "status" })));
    this.place.replaceChildren(this.form);
    if (focus) this.form.querySelector("legend").focus();
  }

  // What a type may use besides the question and its answer.
  contextOf(position) {
    return {
      position,
      words: this.words,
      lang: this.lang,
      notes: this.notes,
      uploads: this.uploads,
      say: (sentence) => this.say(position, sentence),
      complain: (sentence) => this.current.position === position && this.problem(sentence),
      answer: (response) => this.answered(position, response),
    };
  }

  say(position, sentence) {
    if (this.current.position === position) this.form.querySelector("#room-said").textContent = sentence;
  }

  changed(input) {
    const type = TYPES[this.current.type];
    const response = type.read(this.form, this.current);
    this.problem(type.complain?.(this.form, this.words) ?? "");
    this.answered(this.current.position, response, input.matches(TYPED) ? TYPING_PAUSE : 0);
  }

  answered(position, response, wait = 0) {
    this.dispatchEvent(new CustomEvent("answer", { detail: { position, response, wait } }));
  }

  problem(text) {
    const place = this.form.querySelector("#room-problem");
    if (place.textContent !== text) place.textContent = text;
  }

  // Strikes out, or takes back, the option that has the focus.
  strike() {
    document.activeElement?.closest(".room-choice")?.querySelector("[data-strike]").click();
  }

  freeze(frozen) {
    this.form?.querySelector("[data-fields]")?.toggleAttribute("disabled", frozen);
  }
}

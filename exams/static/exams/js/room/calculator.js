// The calculator, where the exam allows one: a line to type into and its keys. All of it works by keyboard alone.
import { element } from "../element.js";
import { calculate } from "./calculating.js";

const KEYS = ["7", "8", "9", "÷", "(", "4", "5", "6", "×", ")", "1", "2", "3", "−", "√", "0", ".", "%", "+", "^"];

export class Calculator {
  constructor(place, words) {
    this.words = words;
    this.line = element("input", { class: "input room-calc__line", id: "room-calc-line", type: "text", inputmode: "decimal",
      autocomplete: "off", spellcheck: "false", maxlength: "200" });
    this.said = element("output", { class: "room-calc__said", for: "room-calc-line", role: "status" });
    const form = element("form", { class: "room-calc", novalidate: true },
      element("label", { for: "room-calc-line" }, words.calculation),
      this.line, this.said,
      element("div", { class: "room-calc__keys" },
        ...KEYS.map((sign) => this.key(sign, words.calcKeys[sign], () => this.type(sign))),
        this.key("C", words.calcClear, () => this.clear()),
        this.key("⌫", words.calcBack, () => this.back()),
        element("button", { class: "button button--small button--primary room-calc__key room-calc__equals", type: "submit",
          "aria-label": words.calcEquals }, "=")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.reckon();
    });
    place.append(form);
  }

  key(sign, name, act) {
    const button = element("button", { class: "button button--small room-calc__key", type: "button", "aria-label": name ?? sign }, sign);
    button.addEventListener("click", act);
    return button;
  }

  type(sign) {
    const { selectionStart: from, selectionEnd: to } = this.line;
    this.line.setRangeText(sign, from, to, "end");
  }

  back() {
    const { selectionStart: from, selectionEnd: to } = this.line;
    if (from === to && from > 0) this.line.setRangeText("", from - 1, to, "end");
    else this.line.setRangeText("", from, to, "end");
  }

  clear() {
    this.line.value = "";
    this.said.textContent = "";
  }

  reckon() {
    if (!this.line.value.trim()) return;
    try {
      this.said.textContent = `= ${calculate(this.line.value)}`;
    } catch (problem) {
      this.said.textContent = problem instanceof RangeError ? this.words.calcNoValue : this.words.calcNotReadable;
    }
  }

  focus() {
    this.line.focus();
  }
}

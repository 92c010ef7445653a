// The tools beside the questions: a note on each question and scratch paper, size and contrast, and the calculator.
import { Calculator } from "./calculator.js";
import { SCRATCH } from "./notes.js";
import { config, find, words } from "./page.js";

export class Toolbox {
  constructor(notes, questions) {
    this.notes = notes;
    this.questions = questions;
    this.note = find("room-note");
    this.scratch = find("room-scratch");
    this.note.addEventListener("input", () => this.notes.set(this.position, "note", this.note.value));
    this.scratch.addEventListener("input", () => this.notes.set(SCRATCH, "note", this.scratch.value));
    for (const input of find("room-view").querySelectorAll("input")) input.addEventListener("change", () => this.chooseView());
    notes.addEventListener("adopted", () => this.draw());
    if (config.calculator !== "none") {
      this.calculator = new Calculator(find("room-calc"), words);
      find("room-calc-box").hidden = false;
      find("room-calc-help").hidden = false;
    }
    this.draw();
  }

  // The question that is shown now: its note is shown with it.
  show(position) {
    this.position = position;
    find("room-note-label").textContent = words.noteOn.replace("{n}", this.questions.at(position) + 1);
    this.fill(this.note, this.notes.get(position, "note") ?? "");
  }

  draw() {
    this.fill(this.scratch, this.notes.get(SCRATCH, "note") ?? "");
    if (this.position) this.show(this.position);
    const { size = 100, contrast = "usual" } = this.notes.get(SCRATCH, "view") ?? {};
    for (const input of find("room-view").querySelectorAll("input")) input.checked = [String(size), contrast].includes(input.value);
    this.dress(size, contrast);
  }

  // Never under the cursor of somebody who is writing there.
  fill(place, text) {
    if (place.value !== text && (document.activeElement !== place || place === this.note)) place.value = text;
  }

  chooseView() {
    const chosen = new FormData(find("room-view"));
    const view = { size: Number(chosen.get("size")), contrast: chosen.get("contrast") };
    this.notes.set(SCRATCH, "view", view);
    this.dress(view.size, view.contrast);
  }

  dress(size, contrast) {
    document.documentElement.dataset.roomSize = size;
    document.documentElement.dataset.roomContrast = contrast;
  }

  openNote() {
    find("room-notes-box").open = true;
    this.note.focus();
  }

  openCalculator() {
    if (!this.calculator) return;
    find("room-calc-box").open = true;
    this.calculator.focus();
  }

  freeze(isFrozen) {
    this.note.readOnly = this.scratch.readOnly = isFrozen;
  }
}

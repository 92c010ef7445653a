// The candidate's desk: moving between questions, the buttons and keys around them, and the list of all.
import { QuestionList } from "./list.js";
import { config, find, words } from "./page.js";

export class Desk {
  constructor(room) {
    this.room = room;
    this.list = new QuestionList(find("room-list"), room.questions.all, words, (position) => this.go(position));
    room.notes.addEventListener("noted", ({ detail }) => detail.name === "note" && this.drawList());
    room.notes.addEventListener("adopted", () => this.redraw());
    this.bindButtons();
    this.bindKeys();
    this.bindWindow();
    if (matchMedia("(min-width: 64rem)").matches) find("room-list-box").open = true;
  }

  get questions() {
    return this.room.questions;
  }

  begin() {
    this.go(this.remembered() ?? this.questions.all[0].position, { focus: false });
  }

  go(position, { focus = true } = {}) {
    this.questions.show(position, this.room.answers.get(position), { focus });
    this.questions.freeze(Boolean(this.room.isReadOnly));
    this.room.toolbox.show(position);
    this.room.sections.show(this.questions.current);
    sessionStorage.setItem(`room:${config.attempt}`, position);
    this.drawList();
    this.drawControls();
  }

  // Strikes from another device show at once, without taking the place of somebody who is reading.
  redraw() {
    if (this.questions.current) this.go(this.questions.current.position, { focus: false });
  }

  remembered() {
    const position = Number(sessionStorage.getItem(`room:${config.attempt}`));
    return this.room.answers.has(position) ? position : null;
  }

  step(by) {
    const next = this.questions.all[this.questions.at(this.questions.current.position) + by];
    if (next) this.go(next.position);
  }

  bindButtons() {
    find("room-next").addEventListener("click", () => this.step(1));
    find("room-previous").addEventListener("click", () => this.step(-1));
    find("room-flag").addEventListener("click", () => this.room.answers.flag());
    find("room-clear").addEventListener("click", () => this.room.answers.takeBack());
    find("room-finish").addEventListener("click", () => this.room.handIn.ask());
    find("room-hide-time").addEventListener("click", (event) => this.hideTime(event.currentTarget));
  }

  bindKeys() {
    const keys = {
      KeyN: () => this.step(1),
      KeyP: () => this.step(-1),
      KeyM: () => this.room.answers.flag(),
      KeyX: () => this.questions.strike(),
      KeyO: () => this.room.toolbox.openNote(),
      KeyK: () => this.room.toolbox.openCalculator(),
    };
    document.addEventListener("keydown", (event) => {
      const act = keys[event.code];
      if (!act || !event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      act();
    });
  }

  bindWindow() {
    const { queue, uploads } = this.room;
    addEventListener("online", () => queue.hurry());
    addEventListener("pagehide", () => queue.hurry());
    document.addEventListener("visibilitychange", () => queue.hurry());
    addEventListener("beforeunload", (event) => (queue.size || uploads.pending) && event.preventDefault());
  }

  hideTime(button) {
    const hidden = find("room-time").toggleAttribute("hidden");
    button.setAttribute("aria-pressed", String(hidden));
    button.textContent = hidden ? words.showTime : words.hideTime;
  }

  drawControls() {
    const { position } = this.questions.current;
    const index = this.questions.at(position);
    const { flagged, response } = this.room.answers.get(position);
    find("room-flag").setAttribute("aria-pressed", String(flagged));
    const isClosed = Boolean(this.questions.current.withheld);
    find("room-flag").disabled = isClosed;
    find("room-clear").hidden = response === null || isClosed;
    find("room-previous").disabled = index === 0;
    find("room-next").disabled = index === this.questions.all.length - 1;
    this.room.saveState.draw();
  }

  drawList() {
    const { answers, queue } = this.room;
    for (const [position, { response, flagged }] of answers) {
      this.list.draw(position, {
        answered: response !== null,
        flagged,
        unsent: queue.unsent.has(position),
        current: this.questions.current?.position === position,
        closed: Boolean(this.questions.all[this.questions.at(position)]?.withheld),
        noted: Boolean(this.room.notes.get(position, "note")),
      });
    }
    const open = answers.without((answer) => answer.response === null);
    find("room-progress").textContent = words.progress
      .replace("{n}", answers.size - open.length)
      .replace("{total}", answers.size);
  }
}

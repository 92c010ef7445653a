// Papers with section rules: each part is opened before it is answered, may have a time of its own, and some cannot be
// returned to. The server keeps all of it; here stands what it said last, and the gate before a part that is not open.
import { element, fill } from "../element.js";
import { Clock } from "./clock.js";
import { find, words } from "./page.js";

// The last answers of a part get this long before the next one opens.
const PATIENCE = 15_000;

export class Sections {
  constructor(room) {
    this.room = room;
    this.all = [];
    const spoken = { minutesLeft: words.minutesLeftInPart, oneMinuteLeft: words.oneMinuteLeftInPart };
    this.clock = new Clock(find("room-part-time"), find("room-voice"), spoken);
    this.clock.addEventListener("over", () => this.timeIsOver());
  }

  // True when something opened or closed since the server was last heard.
  take(standings, serverNow) {
    if (!standings) return false;
    const before = this.all.map((section) => section.status).join();
    this.all = standings;
    this.serverNow = serverNow;
    this.drawClock();
    return before !== "" && before !== this.all.map((section) => section.status).join();
  }

  of(question) {
    return this.all.find((section) => section.number === question.sectionNumber);
  }

  show(question) {
    this.current = question;
    this.drawClock();
  }

  drawClock() {
    const section = this.current && this.of(this.current);
    const runs = Boolean(section?.closes_at) && section.status === "open";
    find("room-part-clock").hidden = !runs;
    this.clock.stop();
    if (!runs || this.room.isPaused) return;
    // Another part, another clock: what was said of the last one is no matter.
    if (this.clocked !== section.number) Object.assign(this.clock, { closesAt: null, hasStarted: false, said: new Set() });
    this.clocked = section.number;
    this.clock.isStopped = false;
    this.clock.set(this.serverNow, section.closes_at);
  }

  // The part's time is up on this page: what was answered still goes out within the grace; then the server says the rest.
  async timeIsOver() {
    const section = this.of(this.current);
    section.status = "over";
    this.room.questions.withhold(section.number);
    this.room.desk.go(this.current.position);
    find("room-voice").textContent = words.partIsOver;
    await this.room.queue.empty(PATIENCE);
  }

  // What stands in the place of a question whose part is not open.
  gate(question, context) {
    const section = this.of(question);
    const says = { waiting: words.partWaits, left: words.partLeft, over: words.partIsOver }[section.status] ?? words.partWaits;
    const number = section.status === "waiting" ? section.number : this.all.find((other) => other.status === "waiting")?.number;
    const next = this.all.find((other) => other.number === number);
    return [
      element("h2", { class: "room-gate__title", lang: context.lang }, fill(words.partOf, { n: section.number, total: this.all.length }),
        ` · ${question.section}`),
      element("p", {}, says),
      ...(next ? this.terms(next) : []),
      next ? this.button(next) : null,
    ].filter(Boolean);
  }

  terms(next) {
    const unsaid = this.room.questions.all.filter((question) => this.leaves(question, next) && this.room.answers.get(question.position).response === null);
    const closes = this.all.some((section) => section.number !== next.number && section.status === "open" && section.navigation === "forward_only");
    return [
      next.minutes ? element("p", {}, fill(words.partMinutes, { n: next.minutes })) : null,
      next.navigation === "forward_only" ? element("p", {}, words.partForward) : null,
      closes ? element("p", { class: "callout callout--warning" }, unsaid.length
        ? fill(words.partClosesOpen, { n: unsaid.length }) : words.partCloses) : null,
    ].filter(Boolean);
  }

  leaves(question, next) {
    const section = this.of(question);
    return section.number !== next.number && section.status === "open" && section.navigation === "forward_only";
  }

  button(next) {
    const button = element("button", { class: "button button--primary", type: "button", "data-open-part": next.number },
      fill(words.openPart, { n: next.number }));
    button.addEventListener("click", async () => {
      button.disabled = true;
      await this.open(next.number);
      button.disabled = false;
    });
    return button;
  }

  async open(number) {
    const { queue, api, questions, desk } = this.room;
    if (!(await queue.empty(PATIENCE))) return questions.problem(fill(words.stillUnsentInPart, { n: queue.size }));
    const { status, content } = await api.openSection(number);
    if (status === 200) {
      this.take(content.sections, content.server_now);
      if (!(await this.room.renewPaper())) return questions.problem(words.noConnectionForPart);
      return desk.go(questions.all.find((question) => question.sectionNumber === number).position);
    }
    if (status === 401 || (status === 409 && content.code !== "section_closed")) return this.room.refused(content.code);
    return questions.problem(content.message ?? words.noConnectionForPart);
  }
}

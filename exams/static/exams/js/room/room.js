// The exam room: joins the parts. The order of things is the promise: the device first, then the network, and
// "saved" only when the server has said so.
import { keepPictures } from "../keeping.js";
import { Questions } from "../questions.js";
import { Answers } from "./answers.js";
import { Api } from "./api.js";
import { Breaks } from "./breaks.js";
import { Clock } from "./clock.js";
import { Desk } from "./desk.js";
import { Ending } from "./ending.js";
import { HandIn } from "./handin.js";
import { Late } from "./late.js";
import { Notes } from "./notes.js";
import { Overlay } from "./overlay.js";
import { config, find, words } from "./page.js";
import { pauseAfter, Queue } from "./queue.js";
import { SaveState } from "./savestate.js";
import { Sections } from "./sections.js";
import { Toolbox } from "./toolbox.js";
import { Uploads } from "./uploads.js";
import { Vault } from "./vault.js";
import { Watch } from "./watch.js";

class Room {
  constructor() {
    this.api = new Api(config);
    this.overlay = new Overlay(find("room-overlay"), words);
    this.clock = new Clock(find("room-time"), find("room-voice"), words);
    this.answers = new Answers();
    this.uploads = new Uploads(this.api);
    this.sections = new Sections(this);
    this.ending = new Ending(this);
    this.breaks = new Breaks(this);
    this.watch = new Watch(this);
  }

  // --- Coming in --------------------------------------------------------------------------------

  async open() {
    this.vault = await Vault.of(config.attempt, config.person);
    this.notes = await Notes.of(this.vault, this.api);
    this.queue = new Queue(this.api, this.vault);
    this.saveState = new SaveState(find("room-save"), this.queue, words);
    this.handIn = new HandIn(this, find("room-handin"), words);
    this.queue.addEventListener("saved", (event) => this.saved(event.detail));
    this.queue.addEventListener("stale", (event) => this.answers.stale(event.detail));
    this.queue.addEventListener("refused", (event) => this.refused(event.detail.code));
    this.queue.addEventListener("shut", (event) => this.shut(event.detail));
    this.queue.addEventListener("rejected", (event) => this.questions.problem(event.detail.message ?? words.rejected));
    this.queue.addEventListener("notkept", () => { find("room-notkept").hidden = false; });
    this.queue.addEventListener("change", () => this.desk?.drawList());
    find("room-notkept").hidden = this.vault.isKept;
    if (config.leaseHeld) await this.enter();
    else this.overlay.show("leaseMoved", () => this.enter());
  }

  // Start (again): brings a token for this login, moves the lease here, then fetches what is stored.
  async enter() {
    for (let failures = 1; ; failures += 1) {
      const outcome = await this.tryToEnter();
      if (outcome === "in") return true;
      if (outcome !== "again") return false;
      find("room-loading").textContent = words.noConnection;
      await new Promise((resolve) => setTimeout(resolve, pauseAfter(failures)));
    }
  }

  async tryToEnter() {
    const started = await this.api.start();
    if (started.status === 401 || started.status === 403) return this.askToLogIn();
    if (started.status !== 200 && started.status !== 201) return "again";
    const state = await this.api.state({ responses: true });
    if (state.status !== 200) return "again";
    this.clock.set(state.content.server_now, state.content.closes_at);
    this.breaks.take(state.content);
    this.sections.take(state.content.sections, state.content.server_now);
    this.notes.adopt(state.content.tools);
    if (!["open", "paused"].includes(state.content.status)) return this.ending.showReceipt();
    if (state.content.status === "paused") {
      this.pause();
    } else if (!this.questions) {
      const paper = await this.api.paper();
      if (paper.status !== 200) return "again";
      this.draw(paper.content);
    }
    await this.answers.adopt(state.content.positions);
    if (this.questions) this.reveal();
    this.overlay.hide();
    this.isReadOnly = false;
    if (state.content.status === "paused") this.pause();
    else this.goOn();
    this.watch.poll();
    return "in";
  }

  askToLogIn() {
    this.queue.hold();
    this.overlay.show("loginEnded", () => this.enter(), { link: config.urls.login });
    return "out";
  }

  draw(paper) {
    keepPictures(paper);
    this.questions = new Questions(find("room-place"), paper, words, {
      notes: this.notes,
      uploads: this.uploads,
      gate: (question, context) => this.sections.gate(question, context),
    });
    this.answers.begin(this);
    this.questions.addEventListener("answer", (event) => this.answers.answer(event.detail));
    this.questions.addEventListener("left", () => this.queue.hurry());
    this.toolbox = new Toolbox(this.notes, this.questions);
    this.desk = new Desk(this);
    this.desk.begin();
  }

  // Something opened or closed: the paper shows other questions now. False without a connection.
  async renewPaper() {
    const { status, content } = await this.api.paper();
    if (status !== 200) return false;
    keepPictures(content);
    this.questions.renew(content);
    return true;
  }

  // Only with what is stored: a question shown before is drawn again under the reader's hands.
  reveal() {
    find("room-loading").hidden = true;
    find("room-body").hidden = false;
  }

  // --- What the server says ---------------------------------------------------------------------

  saved({ saved_at: savedAt, closes_at: closesAt, server_now: serverNow }) {
    this.clock.set(serverNow, closesAt);
    this.saveState.saved(savedAt);
  }

  refused(code) {
    if (code === "attempt_closed") this.ending.showReceipt();
    else if (code === "attempt_paused") this.pause();
    else if (code === "lease_moved") this.leaveLease();
    else this.askToLogIn();
  }

  // A change that came after its part was closed: never silently.
  shut({ position }) {
    find("room-notice").textContent = words.cameAfterPart.replace("{n}", this.questions.at(position) + 1);
    find("room-notice").hidden = false;
  }

  pause() {
    this.isPaused = true;
    this.queue.hold();
    this.notes.hold();
    this.clock.stop();
    this.breaks.showPause();
    this.sections.drawClock();
  }

  goOn() {
    this.isPaused = false;
    this.breaks.over();
    this.clock.go();
    this.sections.drawClock();
    this.questions?.freeze(false);
    this.toolbox?.freeze(false);
    this.queue.release();
    this.notes.release();
  }

  readOnly() {
    this.isReadOnly = true;
    this.queue?.hold();
    this.notes?.hold();
    this.questions?.freeze(true);
    this.toolbox?.freeze(true);
  }

  leaveLease() {
    if (this.isReadOnly) return;
    this.readOnly();
    this.overlay.show("leaseMoved", () => this.enter());
  }
}

if (config.isOpen) {
  const room = new Room();
  room.open();
} else {
  // Handed in or closed: nothing of it stays on this device but what came too late, until that is decided on.
  const vault = await Vault.of(config.attempt, config.person);
  const late = new Map([...(await vault.all())].filter(([position, { seq }]) => (config.stored[position] ?? 0) < seq));
  if (late.size) new Late(new Api(config), vault, late).offer();
  else await vault.wipe();
}

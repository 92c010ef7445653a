// The exam room: joins the parts. The order of things is the promise: the device first, then the network, and
// "saved" only when the server has said so.
import { Api } from "./api.js";
import { Clock } from "./clock.js";
import { HandIn } from "./handin.js";
import { QuestionList } from "./list.js";
import { Overlay } from "./overlay.js";
import { pauseAfter, Queue } from "./queue.js";
import { Questions } from "./questions.js";
import { SaveState } from "./savestate.js";
import { Vault } from "./vault.js";

const config = JSON.parse(document.getElementById("room-config").textContent);
const words = config.words;
const find = (id) => document.getElementById(id);

class Room {
  constructor() {
    this.api = new Api(config);
    this.overlay = new Overlay(find("room-overlay"), words);
    this.clock = new Clock(find("room-time"), find("room-voice"), words);
    this.answers = new Map();
    this.clock.addEventListener("over", () => this.timeIsOver());
    this.listenForOtherTabs();
  }

  // --- Coming in --------------------------------------------------------------------------------

  async open() {
    this.vault = await Vault.of(config.attempt, config.person);
    this.queue = new Queue(this.api, this.vault);
    this.saveState = new SaveState(find("room-save"), this.queue, words);
    this.handIn = new HandIn(this, find("room-handin"), words);
    this.queue.addEventListener("saved", (event) => this.saved(event.detail));
    this.queue.addEventListener("stale", (event) => this.stale(event.detail));
    this.queue.addEventListener("refused", (event) => this.refused(event.detail.code));
    this.queue.addEventListener("rejected", (event) => this.questions.problem(event.detail.message ?? words.rejected));
    this.queue.addEventListener("notkept", () => { find("room-notkept").hidden = false; });
    this.queue.addEventListener("change", () => this.drawList());
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
    if (!["open", "paused"].includes(state.content.status)) return this.showReceipt();
    if (state.content.status === "paused") {
      this.pause();
    } else if (!this.questions) {
      const paper = await this.api.paper();
      if (paper.status !== 200) return "again";
      this.draw(paper.content);
    }
    await this.adopt(state.content.positions);
    this.overlay.hide();
    this.isReadOnly = false;
    if (state.content.status === "paused") this.pause();
    else this.goOn();
    this.poll();
    return "in";
  }

  askToLogIn() {
    this.queue.hold();
    this.overlay.show("loginEnded", () => this.enter(), { link: config.urls.login });
    return "out";
  }

  draw(paper) {
    this.questions = new Questions(find("room-place"), paper, words);
    this.list = new QuestionList(find("room-list"), this.questions.all, words, (position) => this.go(position));
    for (const question of this.questions.all) {
      this.answers.set(question.position, { seq: 0, response: null, flagged: false });
    }
    this.questions.addEventListener("answer", (event) => this.answer(event.detail));
    this.questions.addEventListener("left", () => this.queue.hurry());
    this.bindControls();
    find("room-loading").hidden = true;
    find("room-body").hidden = false;
    this.go(this.remembered() ?? this.questions.all[0].position, { focus: false });
  }

  // What the server has, then over it what this device still has to send. Nothing of the latter shows as saved.
  async adopt(stored) {
    if (!this.questions) return;
    for (const [position, { seq, flagged, response }] of Object.entries(stored)) {
      const answer = this.answers.get(Number(position));
      if (answer && seq >= answer.seq && !this.queue.unsent.has(Number(position))) Object.assign(answer, { seq, flagged, response });
    }
    for (const [position, kept] of await this.vault.all()) {
      if (this.queue.unsent.has(position) || !this.answers.has(position)) continue;
      Object.assign(this.answers.get(position), kept);
      this.queue.unsent.set(position, { ...kept, notBefore: 0 });
    }
    this.go(this.questions.current.position, { focus: false });
  }

  // --- Answering --------------------------------------------------------------------------------

  answer({ position, response, wait }) {
    // Not readable yet, such as "-": the last readable answer stays the answer, and the page says so.
    if (response === undefined || this.isReadOnly) return;
    this.change(position, { response }, wait);
  }

  flag() {
    if (this.isReadOnly || !this.questions) return;
    const position = this.questions.current.position;
    this.change(position, { flagged: !this.answers.get(position).flagged });
    this.drawControls();
  }

  clear() {
    const position = this.questions.current.position;
    this.change(position, { response: null });
    this.go(position);
  }

  change(position, change, wait = 0) {
    const answer = this.answers.get(position);
    Object.assign(answer, change, { seq: answer.seq + 1 });
    this.queue.add(position, { ...answer }, { wait });
    this.drawControls();
  }

  saved({ saved_at: savedAt, closes_at: closesAt, server_now: serverNow }) {
    this.clock.set(serverNow, closesAt);
    this.saveState.saved(savedAt);
  }

  // A newer answer is stored, given in another place: it is the answer, and the candidate is told where.
  async stale({ position, seq, storedSeq }) {
    const answer = this.answers.get(position);
    const state = await this.api.state({ responses: true });
    const stored = state.content.positions?.[position];
    if (state.status !== 200 || !stored) return;
    const changedSince = answer.seq > seq;
    if (changedSince) {
      answer.seq = Math.max(answer.seq, storedSeq) + 1;
      await this.queue.add(position, { ...answer });
      return;
    }
    Object.assign(answer, { seq: stored.seq, flagged: stored.flagged, response: stored.response });
    find("room-notice").textContent = words.replaced.replace("{n}", this.questions.at(position) + 1);
    find("room-notice").hidden = false;
    if (this.questions.current.position === position) this.go(position, { focus: false });
    this.drawList();
  }

  refused(code) {
    if (code === "attempt_closed") this.showReceipt();
    else if (code === "attempt_paused") this.pause();
    else if (code === "lease_moved") this.leaveLease();
    else this.askToLogIn();
  }

  // --- Moving about -----------------------------------------------------------------------------

  go(position, { focus = true } = {}) {
    this.questions.show(position, this.answers.get(position), { focus });
    this.questions.freeze(Boolean(this.isReadOnly));
    sessionStorage.setItem(`room:${config.attempt}`, position);
    this.drawList();
    this.drawControls();
  }

  remembered() {
    const position = Number(sessionStorage.getItem(`room:${config.attempt}`));
    return this.answers.has(position) ? position : null;
  }

  step(by) {
    if (!this.questions) return;
    const next = this.questions.all[this.questions.at(this.questions.current.position) + by];
    if (next) this.go(next.position);
  }

  bindControls() {
    find("room-next").addEventListener("click", () => this.step(1));
    find("room-previous").addEventListener("click", () => this.step(-1));
    find("room-flag").addEventListener("click", () => this.flag());
    find("room-clear").addEventListener("click", () => this.clear());
    find("room-finish").addEventListener("click", () => this.handIn.ask());
    find("room-hide-time").addEventListener("click", (event) => this.hideTime(event.currentTarget));
    const keys = { KeyN: () => this.step(1), KeyP: () => this.step(-1), KeyM: () => this.flag() };
    document.addEventListener("keydown", (event) => {
      const act = keys[event.code];
      if (!act || !event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      act();
    });
    addEventListener("online", () => this.queue.hurry());
    addEventListener("pagehide", () => this.queue.hurry());
    document.addEventListener("visibilitychange", () => this.queue.hurry());
    addEventListener("beforeunload", (event) => this.queue.size && event.preventDefault());
    if (matchMedia("(min-width: 64rem)").matches) find("room-list-box").open = true;
  }

  hideTime(button) {
    const hidden = find("room-time").toggleAttribute("hidden");
    button.setAttribute("aria-pressed", String(hidden));
    button.textContent = hidden ? words.showTime : words.hideTime;
  }

  drawControls() {
    const { position } = this.questions.current;
    const index = this.questions.at(position);
    const { flagged, response } = this.answers.get(position);
    find("room-flag").setAttribute("aria-pressed", String(flagged));
    find("room-clear").hidden = response === null;
    find("room-previous").disabled = index === 0;
    find("room-next").disabled = index === this.questions.all.length - 1;
    this.saveState.draw();
  }

  drawList() {
    if (!this.list) return;
    for (const [position, { response, flagged }] of this.answers) {
      this.list.draw(position, {
        answered: response !== null,
        flagged,
        unsent: this.queue.unsent.has(position),
        current: this.questions.current?.position === position,
      });
    }
    const open = this.without((answer) => answer.response === null);
    find("room-progress").textContent = words.progress
      .replace("{n}", this.answers.size - open.length)
      .replace("{total}", this.answers.size);
  }

  without(missing) {
    return [...this.answers].filter(([, answer]) => missing(answer)).map(([position]) => position);
  }

  // --- What the server says meanwhile -----------------------------------------------------------

  poll() {
    clearTimeout(this.pollTimer);
    this.pollTimer = setTimeout(() => this.look(), 10_000 + Math.random() * 5_000);
  }

  async look() {
    const { status, content } = await this.api.state();
    if (this.isDone) return;
    if (status === 401) this.askToLogIn();
    else if (status === 200) this.take(content);
    if (!this.isDone) this.poll();
  }

  take(state) {
    this.clock.set(state.server_now, state.closes_at);
    if (!["open", "paused"].includes(state.status)) this.showReceipt();
    else if (!state.lease_held) this.leaveLease();
    else if (state.status === "paused") this.pause();
    else if (this.isPaused) this.enter();
    else if (this.queue.isHeld && !this.isReadOnly && !this.overlay.isShown) this.queue.release();
  }

  pause() {
    this.isPaused = true;
    this.queue.hold();
    this.clock.stop();
    this.overlay.show("paused");
  }

  goOn() {
    this.isPaused = false;
    this.clock.go();
    this.questions?.freeze(false);
    this.queue.release();
  }

  leaveLease() {
    if (this.isReadOnly) return;
    this.isReadOnly = true;
    this.queue.hold();
    this.questions?.freeze(true);
    this.overlay.show("leaseMoved", () => this.enter());
  }

  // Two tabs of one browser share a login and a lease: the newer one writes.
  listenForOtherTabs() {
    if (!("BroadcastChannel" in globalThis)) return;
    const channel = new BroadcastChannel(`room:${config.attempt}`);
    const self = crypto.randomUUID?.() ?? String(Math.random());
    channel.addEventListener("message", (event) => {
      if (event.data === self || this.isDone) return;
      this.isReadOnly = true;
      clearTimeout(this.pollTimer);
      this.queue?.hold();
      this.questions?.freeze(true);
      this.overlay.show("otherTab", () => location.reload());
    });
    channel.postMessage(self);
  }

  // --- The end ----------------------------------------------------------------------------------

  async timeIsOver() {
    this.isReadOnly = true;
    this.questions?.freeze(true);
    find("room-voice").textContent = words.timeIsOver;
    this.overlay.show("sendingLast");
    // The sitting's grace is for answers already given; longer than this it never is.
    await this.queue.empty(10_000);
    await this.showReceipt();
  }

  async showReceipt() {
    if (this.isDone) return "done";
    this.queue.hold();
    this.overlay.show("handingIn");
    for (let failures = 1; ; failures += 1) {
      const { status, content } = await this.api.submit();
      if (status === 200) return this.done(content);
      if (status === 401) return this.askToLogIn();
      if (content.code === "lease_moved") return this.leaveLease();
      if (content.code === "attempt_paused") return this.pause();
      await new Promise((resolve) => setTimeout(resolve, pauseAfter(failures)));
    }
  }

  async done(receipt) {
    this.isDone = true;
    clearTimeout(this.pollTimer);
    this.clock.stop();
    const late = [...this.queue.unsent].filter(([position, { seq }]) => (receipt.responses[position] ?? 0) < seq);
    this.queue.unsent.clear();
    await this.vault.wipe().catch(() => {});
    sessionStorage.removeItem(`room:${config.attempt}`);
    this.overlay.hide();
    this.handIn.showReceipt(receipt, late.map(([position]) => this.questions.at(position) + 1));
    return "done";
  }
}

if (config.isOpen) {
  const room = new Room();
  room.open();
} else {
  // Handed in or closed: nothing of it stays on this device.
  const vault = await Vault.of(config.attempt, config.person);
  await vault.wipe();
}

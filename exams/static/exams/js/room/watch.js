// What happens outside this page meanwhile: the server's word on time, pauses and the lease, and other tabs.
import { config } from "./page.js";

// Added time has to show within ten seconds; the spread keeps a hall from asking in the same moment.
const LOOK_EVERY = 7_500;
const SPREAD = 1_500;

export class Watch {
  constructor(room) {
    this.room = room;
    this.listenForOtherTabs();
  }

  poll() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), LOOK_EVERY + Math.random() * SPREAD);
  }

  stop() {
    clearTimeout(this.timer);
  }

  async look() {
    const { room } = this;
    const { status, content } = await room.api.state();
    if (room.isDone) return;
    if (status === 401) room.askToLogIn();
    else if (status === 200) this.take(content);
    if (!room.isDone) this.poll();
  }

  take(state) {
    const { room } = this;
    room.clock.set(state.server_now, state.closes_at);
    room.breaks.take(state);
    const moved = room.sections.take(state.sections, state.server_now);
    if (moved && room.questions) room.renewPaper().then((isNew) => isNew && room.desk.redraw());
    if (!["open", "paused"].includes(state.status)) room.ending.showReceipt();
    else if (!state.lease_held) room.leaveLease();
    else if (state.status === "paused") room.pause();
    else if (room.isPaused) room.enter();
    else if (room.queue.isHeld && !room.isReadOnly && !room.overlay.isShown) room.queue.release();
  }

  // Two tabs of one browser share a login and a lease: the newer one writes.
  listenForOtherTabs() {
    if (!("BroadcastChannel" in globalThis)) return;
    const channel = new BroadcastChannel(`room:${config.attempt}`);
    const self = crypto.randomUUID?.() ?? String(Math.random());
    channel.addEventListener("message", (event) => {
      const { room } = this;
      if (event.data === self || room.isDone) return;
      this.stop();
      room.readOnly();
      room.overlay.show("otherTab", () => location.reload());
    });
    channel.postMessage(self);
  }
}

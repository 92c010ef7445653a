// The end: the time is over or the candidate handed in; the last answers, then the receipt, then nothing stays here.
import { config, find, words } from "./page.js";
import { Late } from "./late.js";
import { pauseAfter } from "./queue.js";

// The sitting's grace is for answers already given; longer than this it never is.
const LAST_ANSWERS = 10_000;

export class Ending {
  constructor(room) {
    this.room = room;
    room.clock.addEventListener("over", () => this.timeIsOver());
  }

  async timeIsOver() {
    const { room } = this;
    room.isReadOnly = true;
    room.questions?.freeze(true);
    find("room-voice").textContent = words.timeIsOver;
    room.overlay.show("sendingLast");
    await room.queue.empty(LAST_ANSWERS);
    await this.showReceipt();
  }

  async showReceipt() {
    const { room } = this;
    if (room.isDone) return "done";
    room.queue.hold();
    room.overlay.show("handingIn");
    for (let failures = 1; ; failures += 1) {
      const { status, content } = await room.api.submit();
      if (status === 200) return this.done(content);
      if (status === 401) return room.askToLogIn();
      if (content.code === "lease_moved") return room.leaveLease();
      if (content.code === "attempt_paused") return room.pause();
      await new Promise((resolve) => setTimeout(resolve, pauseAfter(failures)));
    }
  }

  async done(receipt) {
    const { room } = this;
    room.isDone = true;
    room.notes.hold();
    room.watch.stop();
    room.clock.stop();
    const late = [...room.queue.unsent].filter(([position, { seq }]) => (receipt.responses[position] ?? 0) < seq);
    // What came too late stays on the device until the candidate has said what becomes of it.
    if (late.length) new Late(room.api, room.vault, new Map(late)).offer();
    else await room.vault.wipe().catch(() => {});
    room.queue.unsent.clear();
    sessionStorage.removeItem(`room:${config.attempt}`);
    room.overlay.hide();
    room.handIn.showReceipt(receipt, late.map(([position]) => room.questions.at(position) + 1));
    return "done";
  }
}

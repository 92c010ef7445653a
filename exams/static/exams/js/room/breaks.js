// Breaks that stop the clock, and time that was added. The server decides both; this shows them.
import { find, words } from "./page.js";

const PATIENCE = 10_000;
const two = (number) => String(number).padStart(2, "0");
const clockOf = (seconds) => `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;

export class Breaks {
  constructor(room) {
    this.room = room;
    this.state = null;
    this.dialog = find("room-break-ask");
    if (!this.dialog) return;
    this.message = this.dialog.querySelector("[data-message]");
    this.go = this.dialog.querySelector("[data-go]");
    find("room-take-break").addEventListener("click", () => this.ask());
    this.dialog.querySelector("[data-back]").addEventListener("click", () => this.dialog.close());
    this.go.addEventListener("click", () => this.begin());
  }

  // What the server says of breaks and of added time.
  take(state) {
    this.sayAdded(state.added_seconds ?? 0);
    this.state = state.break ?? null;
    if (!this.dialog) return;
    const left = this.state?.left_seconds;
    if (left !== null && left !== undefined) {
      find("room-break-left").textContent = left ? words.breakLeft.replace("{time}", clockOf(left)) : words.breakUsed;
      this.dialog.querySelector("[data-left]").textContent = find("room-break-left").textContent;
      find("room-take-break").disabled = left < 1;
    }
  }

  sayAdded(seconds) {
    const more = seconds - (this.added ?? seconds);
    this.added = seconds;
    if (!more) return;
    const text = more > 0 ? words.timeAdded.replace("{n}", Math.round(more / 60)) : words.timeTakenBack;
    find("room-notice").textContent = text;
    find("room-notice").hidden = false;
  }

  ask() {
    this.message.textContent = "";
    this.dialog.showModal();
  }

  // What is still unsent goes first: during the break nothing is accepted.
  async begin() {
    const { room } = this;
    this.go.disabled = true;
    const isSent = await room.queue.empty(PATIENCE);
    const { status, content } = isSent ? await room.api.takeBreak() : { status: 0, content: {} };
    this.go.disabled = false;
    if (status === 200) {
      this.dialog.close();
      room.clock.set(content.server_now, content.closes_at);
      this.take(content);
      room.pause();
    } else if (status === 401 || ["attempt_closed", "attempt_paused", "lease_moved"].includes(content.code)) {
      this.dialog.close();
      room.refused(content.code ?? "token_invalid");
    } else this.message.textContent = content.message ?? words.breakFailed;
  }

  // A break has its own words, its own clock and a way back; a pause by an invigilator has none of them.
  showPause() {
    if (!this.state?.ends_by) {
      clearTimeout(this.timer);
      this.room.overlay.show("paused");
      return;
    }
    this.dialog?.close();
    if (find("room-overlay").dataset.kind !== "onBreak" || !this.room.overlay.isShown) {
      this.room.overlay.show("onBreak", () => this.end());
    }
    document.getElementById("room-body").inert = true;
    find("room-place").hidden = true;
    this.tick();
  }

  tick() {
    clearTimeout(this.timer);
    const { room } = this;
    if (!room.isPaused || !this.state?.ends_by) return;
    const left = Math.max(0, Math.ceil((Date.parse(this.state.ends_by) - performance.now() - room.clock.offset) / 1000));
    const { text } = words.overlays.onBreak;
    room.overlay.text.textContent = `${text} ${words.breakLeft.replace("{time}", clockOf(left))}`;
    if (left === 60) find("room-voice").textContent = words.breakSoonOver;
    if (left === 0) this.lookAgain();
    else this.timer = setTimeout(() => this.tick(), 1000);
  }

  // The minutes are used: the server has ended the break, or is about to.
  async lookAgain() {
    const { status, content } = await this.room.api.state();
    if (status === 200) this.room.watch.take(content);
    if (this.room.isPaused) this.timer = setTimeout(() => this.tick(), 1000);
  }

  async end() {
    const { room } = this;
    const { status, content } = await room.api.endBreak();
    if (status === 200) await room.enter();
    else if (content.code) room.refused(content.code);
  }

  over() {
    clearTimeout(this.timer);
    if (!this.dialog) return;
    document.getElementById("room-body").inert = false;
    find("room-place").hidden = false;
  }
}

// What candidates note for themselves, by position: options struck out, a note, the name of a file sent; position 0 is the
// scratch paper and how the room is shown. First the device (the vault), then the server, so that another device shows
// the same. None of it is an answer: it waits behind the answers, and nobody is stopped when it cannot be kept.
import { pauseAfter } from "./queue.js";

export const SCRATCH = 0;
// What the server keeps; the rest, such as the name of a file sent, stays on this device.
const KEPT = { 0: ["note", "view"] };
const KEPT_OF_QUESTIONS = ["struck", "note"];
const TYPING_PAUSE = 1500;
// The server sends notes away first when it is busy.
const BUSY = new Set([0, 429, 500, 502, 503, 504]);

const keptOf = (position) => KEPT[position] ?? KEPT_OF_QUESTIONS;

export class Notes extends EventTarget {
  static async of(vault, api) {
    const notes = new Notes();
    notes.vault = vault;
    notes.api = api;
    notes.isHeld = true;
    notes.failures = 0;
    notes.kept = await vault.all("notes").catch(() => new Map());
    return notes;
  }

  get(position, name) {
    return this.kept.get(position)?.[name];
  }

  set(position, name, value) {
    const before = this.kept.get(position) ?? {};
    const goesOn = keptOf(position).includes(name);
    const all = { ...before, [name]: value, ...(goesOn ? { seq: (before.seq ?? 0) + 1, isUnsent: true } : {}) };
    this.keep(position, all);
    this.dispatchEvent(new CustomEvent("noted", { detail: { position, name } }));
    if (goesOn) this.later(TYPING_PAUSE);
  }

  keep(position, all) {
    this.kept.set(position, all);
    // Losing a note loses no answer: nobody is stopped for it.
    this.vault.put(position, all, "notes").catch(() => {});
  }

  // What the server has, unless this device has something newer still to send.
  adopt(stored = {}) {
    for (const [name, { seq, ...tools }] of Object.entries(stored)) {
      const position = Number(name);
      const mine = this.kept.get(position) ?? {};
      if (!mine.isUnsent && seq > (mine.seq ?? 0)) this.keep(position, { ...mine, ...tools, seq });
    }
    this.dispatchEvent(new Event("adopted"));
  }

  hold() {
    this.isHeld = true;
    clearTimeout(this.timer);
  }

  release() {
    this.isHeld = false;
    this.send();
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    if (!this.isHeld) this.timer = setTimeout(() => this.send(), milliseconds);
  }

  async send() {
    if (this.isSending || this.isHeld) return;
    this.isSending = true;
    try {
      for (const [position, all] of [...this.kept].filter(([, each]) => each.isUnsent)) {
        if (this.isHeld || !(await this.sendOne(position, all))) return;
      }
    } finally {
      this.isSending = false;
    }
    if ([...this.kept.values()].some((each) => each.isUnsent)) this.later(TYPING_PAUSE);
  }

  // True when the next one may follow at once.
  async sendOne(position, all) {
    const tools = Object.fromEntries(keptOf(position).filter((name) => name in all).map((name) => [name, all[name]]));
    const { status, content, wait } = await this.api.keepTools(position, { seq: all.seq, tools });
    if (BUSY.has(status)) {
      this.failures += 1;
      this.later(Math.max(pauseAfter(this.failures), wait * 1000));
      return false;
    }
    this.failures = 0;
    const now = this.kept.get(position);
    if (status === 409 && content.code === "stale_save") {
      // The last one to write wins, and that is this page: it has the lease.
      this.keep(position, { ...now, seq: Math.max(now.seq, content.seq) + 1 });
      return true;
    }
    // Closed, paused, moved or logged out: the answers' queue tells the candidate; this waits for the room to go on.
    if (status === 401 || status === 409) {
      this.hold();
      return false;
    }
    // Kept, or never to be kept as it is: it stays on this device either way.
    if (now.seq === all.seq) this.keep(position, { ...now, isUnsent: false });
    return true;
  }
}

// What the candidate has answered, by question, and how it goes to the device and the server and comes back.
import { find, words } from "./page.js";

export class Answers extends Map {
  begin(room) {
    this.room = room;
    for (const question of room.questions.all) this.set(question.position, { seq: 0, response: null, flagged: false });
  }

  // What the server has, then over it what this device still has to send. Nothing of the latter shows as saved.
  async adopt(stored) {
    // Opened anew during a pause or a break: the paper, and with it the room, comes when the clock runs again.
    const { queue, vault, questions, desk } = this.room ?? {};
    if (!questions) return;
    for (const [position, { seq, flagged, response }] of Object.entries(stored)) {
      const answer = this.get(Number(position));
      if (answer && seq >= answer.seq && !queue.unsent.has(Number(position))) Object.assign(answer, { seq, flagged, response });
    }
    for (const [position, kept] of await vault.all()) {
      if (queue.unsent.has(position) || !this.has(position)) continue;
      Object.assign(this.get(position), kept);
      queue.unsent.set(position, { ...kept, notBefore: 0 });
    }
    desk.go(questions.current.position, { focus: false });
  }

  answer({ position, response, wait }) {
    // Not readable yet, such as "-": the last readable answer stays the answer, and the page says so.
    if (response === undefined || this.room.isReadOnly) return;
    this.change(position, { response }, wait);
  }

  flag() {
    const { room } = this;
    if (room.isReadOnly || !room.questions) return;
    const { position, withheld } = room.questions.current;
    if (withheld) return;
    this.change(position, { flagged: !this.get(position).flagged });
  }

  takeBack() {
    const { position } = this.room.questions.current;
    this.change(position, { response: null });
    this.room.desk.go(position);
  }

  change(position, change, wait = 0) {
    const answer = this.get(position);
    Object.assign(answer, change, { seq: answer.seq + 1, changedAt: new Date().toISOString() });
    this.room.queue.add(position, { ...answer }, { wait });
    this.room.desk.drawControls();
  }

  // A newer answer is stored, given in another place: it is the answer, and the candidate is told where.
  async stale({ position, seq, storedSeq }) {
    const { api, queue, questions, desk } = this.room;
    const answer = this.get(position);
    const state = await api.state({ responses: true });
    const stored = state.content.positions?.[position];
    if (state.status !== 200 || !stored) return;
    if (answer.seq > seq) {
      answer.seq = Math.max(answer.seq, storedSeq) + 1;
      await queue.add(position, { ...answer });
      return;
    }
    Object.assign(answer, { seq: stored.seq, flagged: stored.flagged, response: stored.response });
    find("room-notice").textContent = words.replaced.replace("{n}", questions.at(position) + 1);
    find("room-notice").hidden = false;
    if (questions.current.position === position) desk.go(position, { focus: false });
    desk.drawList();
  }

  // The positions of which something is missing, or true.
  without(missing) {
    return [...this].filter(([, answer]) => missing(answer)).map(([position]) => position);
  }
}

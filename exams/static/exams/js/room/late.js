// Answers that came too late to be saved: offered to the exam office, or deleted; until then they stay on this device.
import { find, words } from "./page.js";

export class Late {
  constructor(api, vault, entries) {
    this.api = api;
    this.vault = vault;
    this.entries = entries;
    this.form = find("room-late");
    this.problem = find("room-late-problem");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    find("room-late-drop").addEventListener("click", () => this.drop());
  }

  offer() {
    this.form.hidden = false;
  }

  async send() {
    const reason = find("room-late-reason").value.trim();
    if (!reason) {
      this.problem.textContent = words.lateReason;
      find("room-late-reason").focus();
      return;
    }
    const answers = [...this.entries].map(([position, { seq, response, changedAt }]) => (
      { position, seq, response: response ?? null, changed_at: changedAt ?? "" }));
    const { status, content } = await this.api.handInLate({ reason, answers });
    if (status === 201) {
      await this.done(words.lateReceived.replace("{n}", content.answers).replace("{digest}", content.sha256));
      return;
    }
    this.problem.textContent = content.message ?? words.lateNoConnection;
  }

  async drop() {
    await this.done(words.lateDropped);
  }

  async done(sentence) {
    await this.vault.wipe().catch(() => {});
    this.form.hidden = true;
    const said = find("room-late-done");
    said.textContent = sentence;
    said.hidden = false;
  }
}

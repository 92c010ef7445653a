// Handing in: first what is still open, then the last answers, then the receipt.
import { readerLocale } from "./page.js";

const PATIENCE = 30_000;

export class HandIn {
  constructor(room, dialog, words) {
    this.room = room;
    this.dialog = dialog;
    this.words = words;
    this.message = dialog.querySelector("[data-message]");
    this.go = dialog.querySelector("[data-go]");
    dialog.querySelector("[data-back]").addEventListener("click", () => dialog.close());
    this.go.addEventListener("click", () => this.send());
  }

  ask() {
    const { room } = this;
    this.fill("[data-unanswered]", room.answers.without((answer) => answer.response === null));
    this.fill("[data-flagged]", room.answers.without((answer) => answer.flagged));
    this.message.textContent = "";
    this.isSureToLeaveBehind = false;
    this.go.textContent = this.words.handInNow;
    this.dialog.showModal();
  }

  fill(selector, positions) {
    const section = this.dialog.querySelector(selector);
    section.hidden = positions.length === 0;
    section.querySelector("ul").replaceChildren(
      ...positions.map((position) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button button--small";
        button.textContent = this.room.questions.at(position) + 1;
        button.setAttribute("aria-label", this.words.toQuestion.replace("{n}", this.room.questions.at(position) + 1));
        button.addEventListener("click", () => {
          this.dialog.close();
          this.room.desk.go(position);
        });
        const row = document.createElement("li");
        row.append(button);
        return row;
      }),
    );
  }

  async send() {
    this.go.disabled = true;
    this.message.textContent = this.words.sendingLast;
    const { queue, uploads } = this.room;
    const isEmpty = this.isSureToLeaveBehind || ((await uploads.empty(PATIENCE)) && (await queue.empty(PATIENCE)));
    this.go.disabled = false;
    if (!this.dialog.open) return;
    if (!isEmpty) {
      // Never silently: a second press is needed to leave answers behind.
      this.message.textContent = this.words.stillUnsent.replace("{n}", queue.size + uploads.pending);
      this.go.textContent = this.words.handInWithout;
      this.isSureToLeaveBehind = true;
      return;
    }
    this.dialog.close();
    await this.room.ending.showReceipt();
  }

  showReceipt(receipt, late) {
    document.getElementById("room-body").hidden = true;
    document.getElementById("room-loading").hidden = true;
    document.getElementById("room-bar").hidden = true;
    const section = document.getElementById("room-receipt");
    const time = section.querySelector("time");
    time.dateTime = receipt.submitted_at;
    time.textContent = new Date(receipt.submitted_at).toLocaleString(readerLocale(), { dateStyle: "long", timeStyle: "medium", hourCycle: "h23" });
    section.querySelector("[data-count]").textContent = Object.keys(receipt.responses).length;
    section.querySelector("[data-digest]").textContent = receipt.digest;
    const lost = section.querySelector("[data-late]");
    lost.hidden = late.length === 0;
    lost.textContent = this.words.cameTooLate.replace("{list}", late.join(", "));
    section.hidden = false;
    section.querySelector("h1").focus();
  }
}

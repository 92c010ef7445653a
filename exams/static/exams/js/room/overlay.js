// What stands over the questions: log in again, go on here, paused. Modal, with words and at most one way on.

export class Overlay {
  constructor(dialog, words) {
    this.dialog = dialog;
    this.words = words;
    this.title = dialog.querySelector("h2");
    this.text = dialog.querySelector("p");
    this.link = dialog.querySelector("a");
    this.button = dialog.querySelector("button");
    // Escape would leave a page that looks usable and is not.
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.button.addEventListener("click", async () => {
      this.button.disabled = true;
      await this.act?.();
      this.button.disabled = false;
    });
  }

  get isShown() {
    return this.dialog.open;
  }

  show(kind, act = null, { link = "" } = {}) {
    const { title, text, button } = this.words.overlays[kind];
    this.dialog.dataset.kind = kind;
    this.title.textContent = title;
    this.text.textContent = text;
    this.act = act;
    this.link.hidden = !link;
    if (link) this.link.href = link;
    this.button.hidden = !act;
    this.button.textContent = button ?? "";
    if (!this.dialog.open) this.dialog.showModal();
  }

  hide() {
    if (this.dialog.open) this.dialog.close();
  }
}

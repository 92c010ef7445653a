// A file: sent to the server at once, since no device keeps it for later. The answer names what the server stored.
import { element, fill } from "../element.js";

export function readableSize(bytes) {
  const units = ["B", "kB", "MB"];
  let size = bytes;
  while (size >= 1000 && units.length > 1) {
    size /= 1000;
    units.shift();
  }
  return `${new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(size)} ${units[0]}`;
}

function refusal(file, { accepts, most_bytes: most }, words) {
  const name = file.name.toLowerCase();
  if (accepts?.length && !accepts.some((ending) => name.endsWith(ending))) return fill(words.fileWrongKind, { list: accepts.join(", ") });
  if (most && file.size > most) return fill(words.fileTooLarge, { size: readableSize(file.size), most: readableSize(most) });
  if (file.size === 0) return words.fileEmpty;
  return navigator.onLine ? "" : words.fileOffline;
}

class Sender {
  constructor(question, response, context) {
    Object.assign(this, { question, context, words: context.words });
    const kinds = question.accepts?.join(", ") ?? "";
    this.upload = response?.upload ?? null;
    this.stored = element("p", { class: "room-file__stored", "data-stored": true });
    this.label = element("span", {});
    this.input = element("input", {
      class: "input", type: "file", accept: kinds.replaceAll(" ", "") || null, "aria-describedby": "room-hint room-file-kinds room-problem",
      disabled: !context.uploads,
    });
    this.progress = element("progress", { class: "room-file__progress", max: 100, value: 0, "aria-label": this.words.fileProgress, hidden: true });
    this.node = element("div", { class: "room-file" }, this.stored,
      element("label", { class: "room-file__label" }, this.label, this.input),
      element("p", { class: "field__help", id: "room-file-kinds" },
        fill(this.words.fileKinds, { list: kinds, most: readableSize(question.most_bytes ?? 0) })),
      this.progress);
    this.input.addEventListener("input", (event) => event.stopPropagation());
    this.input.addEventListener("change", () => this.input.files[0] && this.send(this.input.files[0]));
    this.draw();
  }

  draw() {
    const { notes, position } = this.context;
    const known = notes.get(position, "file");
    const isKnown = known && known.upload === this.upload;
    this.stored.hidden = !this.upload;
    this.stored.textContent = isKnown ? fill(this.words.fileStored, { name: known.name, size: readableSize(known.size) }) : this.words.fileStoredSomewhere;
    this.label.textContent = this.upload ? this.words.replaceFile : this.words.chooseFile;
  }

  async send(file) {
    const { context, words } = this;
    const problem = refusal(file, this.question, words);
    context.complain(problem);
    if (problem) return this.forget();
    this.show(0);
    context.say(fill(words.fileSending, { name: file.name }));
    const { status, content } = await context.uploads.send(context.position, file, (share) => this.show(share));
    this.progress.hidden = true;
    this.input.disabled = false;
    if (status !== 201) {
      if (this.node.isConnected) context.complain(content.message || (status ? words.fileRefused : words.fileOffline));
      return this.forget();
    }
    this.upload = content.upload;
    context.notes.set(context.position, "file", { upload: content.upload, name: content.name, size: content.size });
    this.draw();
    this.forget();
    // By name, not through the form: the candidate may have gone on to another question meanwhile.
    context.answer({ upload: content.upload });
    context.say(fill(words.fileStored, { name: content.name, size: readableSize(content.size) }));
  }

  show(share) {
    this.progress.hidden = false;
    this.progress.value = Math.round(share * 100);
    this.input.disabled = true;
  }

  // The same file chosen again after a refusal is a change again.
  forget() {
    this.input.value = "";
  }
}

export const fileUpload = {
  hint: "fileHint",
  draw: (question, response, context) => {
    const sender = new Sender(question, response, context);
    sender.node.sender = sender;
    return [sender.node];
  },
  read: (form) => {
    const { upload } = form.querySelector(".room-file").sender;
    return upload ? { upload } : null;
  },
};

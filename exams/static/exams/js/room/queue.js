// Sends what the vault holds, oldest change first, until each is acknowledged. Nothing is dropped for a bad
// network, a busy server or a timeout; only a refusal that repeating cannot change ends a try.

const PAUSES = [1, 2, 4, 8, 15];
const FINAL = new Set(["attempt_closed", "attempt_paused", "lease_moved"]);

export function pauseAfter(failures) {
  const seconds = PAUSES[Math.min(failures, PAUSES.length) - 1];
  return seconds * (0.7 + Math.random() * 0.6) * 1000;
}

export class Queue extends EventTarget {
  constructor(api, vault) {
    super();
    this.api = api;
    this.vault = vault;
    this.unsent = new Map();
    this.refused = new Set();
    this.failures = 0;
    this.isHeld = true;
    this.offlineSince = null;
  }

  get size() {
    return this.unsent.size;
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  // First the device, then the network.
  async add(position, entry, { wait = 0 } = {}) {
    this.unsent.delete(position);
    this.unsent.set(position, { ...entry, notBefore: performance.now() + wait });
    this.refused.delete(position);
    this.tell("change");
    try {
      await this.vault.put(position, entry);
    } catch {
      this.vault.isKept = false;
      this.tell("notkept");
    }
    this.send();
  }

  hold() {
    this.isHeld = true;
    clearTimeout(this.timer);
  }

  release() {
    this.isHeld = false;
    this.failures = 0;
    this.send();
  }

  // A text still being typed waits a moment; leaving the field or the page sends it at once.
  hurry() {
    for (const entry of this.unsent.values()) entry.notBefore = 0;
    this.failures = Math.min(this.failures, 1);
    this.send();
  }

  next() {
    return [...this.unsent].find(([position, entry]) => entry.notBefore <= performance.now() && !this.refused.has(position));
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), milliseconds);
  }

  async send() {
    if (this.isSending || this.isHeld) return;
    this.isSending = true;
    clearTimeout(this.timer);
    try {
      for (let found = this.next(); found && !this.isHeld; found = this.next()) {
        if (!(await this.sendOne(...found))) return;
      }
    } finally {
      this.isSending = false;
    }
    const waiting = [...this.unsent].filter(([position]) => !this.refused.has(position)).map(([, entry]) => entry.notBefore);
    if (waiting.length && !this.isHeld) this.later(Math.max(0, Math.min(...waiting) - performance.now()));
  }

  // True when the next one may follow at once.
  async sendOne(position, entry) {
    const { status, content, wait } = await this.api.save(position, entry);
    if (status === 200) return this.settle(position, entry, "saved", content);
    if (status === 409 && content.code === "stale_save") return this.settle(position, entry, "stale", content);
    if (status === 401 || FINAL.has(content.code)) {
      this.hold();
      this.tell("refused", { code: content.code ?? "token_invalid" });
      return false;
    }
    // Its part of the exam is closed: it stays here, unsaved and said so, and is named on the receipt.
    if (content.code === "section_closed") {
      this.failures = 0;
      this.offlineSince = null;
      this.refused.add(position);
      this.tell("shut", { position });
      this.tell("change");
      return true;
    }
    if (status === 400 || status === 404 || status === 413) {
      this.refused.add(position);
      this.tell("rejected", { position, message: content.message });
      return true;
    }
    this.failures += 1;
    if (status === 0) this.offlineSince ??= new Date();
    this.tell("change");
    this.later(Math.max(pauseAfter(this.failures), wait * 1000));
    return false;
  }

  async settle(position, entry, type, content) {
    this.failures = 0;
    this.offlineSince = null;
    // A newer change may have been made while this one was under way: it stays.
    if (this.unsent.get(position)?.seq === entry.seq) {
      this.unsent.delete(position);
      await this.vault.remove(position).catch(() => {});
    }
    this.tell(type, { position, seq: entry.seq, ...content, storedSeq: content.seq });
    this.tell("change");
    return true;
  }

  // Resolves true when everything is acknowledged, false when time is up first.
  async empty(milliseconds) {
    const end = performance.now() + milliseconds;
    this.hurry();
    // What was refused for good would wait for ever.
    const waits = () => [...this.unsent.keys()].some((position) => !this.refused.has(position));
    while (waits() && performance.now() < end && !this.isHeld) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return this.size === 0;
  }
}

// The time left by the server's clock. Counted on the browser's monotonic clock, so setting the wrist watch of the
// computer changes nothing; every answer of the server sets it right again.

const ANNOUNCED = [30, 10, 5, 1];

export class Clock extends EventTarget {
  constructor(face, voice, words) {
    super();
    this.face = face;
    this.voice = voice;
    this.words = words;
    this.said = new Set();
  }

  set(serverNow, closesAt) {
    const offset = Date.parse(serverNow) - performance.now();
    // A late answer makes the server look slow: of two readings the later one is nearer to the truth.
    this.offset = this.offset === undefined ? offset : Math.max(this.offset, offset);
    if (closesAt !== this.closesAt) {
      this.closesAt = closesAt;
      this.over = false;
      for (const minutes of ANNOUNCED) if (this.left() > minutes * 60_000) this.said.delete(minutes);
    }
    // What had passed before this page was opened is not announced any more.
    if (!this.hasStarted) for (const minutes of ANNOUNCED) if (this.left() < (minutes - 0.5) * 60_000) this.said.add(minutes);
    this.hasStarted = true;
    this.tick();
  }

  left() {
    return Math.max(0, Date.parse(this.closesAt) - (performance.now() + this.offset));
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  go() {
    this.isStopped = false;
    if (this.hasStarted) this.tick();
  }

  tick() {
    if (this.isStopped) return;
    clearTimeout(this.timer);
    const left = this.left();
    const seconds = Math.ceil(left / 1000);
    const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    const two = (number) => String(number).padStart(2, "0");
    this.face.textContent = hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
    this.face.closest("[data-clock]").dataset.urgency = seconds <= 60 ? "last" : seconds <= 300 ? "soon" : "";
    this.announce(seconds);
    if (seconds === 0) {
      if (!this.over) this.dispatchEvent(new Event("over"));
      this.over = true;
      return;
    }
    this.timer = setTimeout(() => this.tick(), left % 1000 || 1000);
  }

  announce(seconds) {
    const due = ANNOUNCED.filter((minutes) => seconds <= minutes * 60 && !this.said.has(minutes));
    if (!due.length || seconds === 0) return;
    due.forEach((minutes) => this.said.add(minutes));
    const minutes = Math.min(...due);
    this.voice.textContent = (minutes === 1 ? this.words.oneMinuteLeft : this.words.minutesLeft).replace("{n}", minutes);
  }
}

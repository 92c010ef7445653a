// Three honest states: saved at a time the server gave, not saved yet, offline since.

const clockTime = (date) => date.toLocaleTimeString(document.documentElement.lang, { hourCycle: "h23" });

export class SaveState {
  constructor(place, queue, words) {
    this.place = place;
    this.text = place.querySelector("[data-text]");
    this.queue = queue;
    this.words = words;
    this.lastSaved = null;
    queue.addEventListener("change", () => this.draw());
    addEventListener("offline", () => this.draw());
  }

  saved(savedAt) {
    this.lastSaved = new Date(savedAt);
    this.draw();
  }

  draw() {
    const { size, offlineSince, failures } = this.queue;
    if (size && offlineSince) this.say("offline", this.words.offlineSince.replace("{time}", clockTime(offlineSince)).replace("{n}", size));
    else if (size) this.say(failures ? "trouble" : "waiting", this.words.notSavedYet.replace("{n}", size));
    else if (this.lastSaved) this.say("saved", this.words.savedAt.replace("{time}", clockTime(this.lastSaved)));
    else this.say("nothing", this.words.nothingToSave);
  }

  // Read aloud only when it turns bad or good again: each save would be noise.
  say(state, text) {
    const troubled = ["offline", "trouble"];
    const turned = troubled.includes(state) !== troubled.includes(this.place.dataset.state);
    this.place.dataset.state = state;
    this.text.textContent = text;
    if (turned && (troubled.includes(state) || state === "saved")) this.place.querySelector("[data-voice]").textContent = text;
  }
}

// The list of questions: number, answered, marked, not yet saved, current. Each state has a sign beside its colour.

export class QuestionList {
  constructor(place, questions, words, go) {
    this.words = words;
    this.buttons = new Map();
    for (const [index, question] of questions.entries()) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "room-list__button";
      button.textContent = index + 1;
      button.addEventListener("click", () => go(question.position));
      const row = document.createElement("li");
      row.append(button);
      place.append(row);
      this.buttons.set(question.position, { button, number: index + 1 });
    }
  }

  draw(position, { answered, flagged, unsent, current, noted, closed }) {
    const { button, number } = this.buttons.get(position);
    button.dataset.answered = answered;
    button.dataset.flagged = flagged;
    button.dataset.unsent = unsent;
    button.dataset.closed = closed;
    button.dataset.noted = noted;
    if (current) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
    const states = [
      answered ? this.words.answered : this.words.unanswered,
      ...(flagged ? [this.words.flagged] : []),
      ...(closed ? [this.words.partShut] : []),
      ...(noted ? [this.words.noted] : []),
      ...(unsent ? [this.words.unsent] : []),
    ];
    button.setAttribute("aria-label", `${this.words.question.replace("{n}", number)}: ${states.join(", ")}`);
  }
}

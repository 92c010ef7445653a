// A place on a picture: clicked, walked to with a cross and the arrow keys, or typed as two numbers.
// x and y run from 0 to 1 over the picture, so they mean the same at every size and zoom.
import { changed, element, fill } from "../element.js";

const STEP = 0.01;
const BIG_STEP = 0.1;
const SAYING_PAUSE = 350;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const within = (value) => Math.min(1, Math.max(0, Math.round(value * 10_000) / 10_000));
const percent = (value) => String(Math.round(value * 1000) / 10);

class Stage {
  constructor(question, response, context) {
    this.words = context.words;
    this.say = context.say;
    const { src, width, height, alt } = question.image;
    this.image = element("img", { class: "room-spot__image", src, width, height, alt, draggable: "false" });
    this.marker = element("span", { class: "room-spot__marker", "aria-hidden": "true" });
    this.cross = element("span", { class: "room-spot__cross", "aria-hidden": "true" });
    // `application`: the arrow keys belong to the cross, not to a screen reader's cursor.
    this.node = element("div", {
      class: "room-spot__stage", role: "application", tabindex: 0,
      "aria-label": fill(this.words.picture, { alt }), "aria-describedby": "room-hint room-place-said",
    }, this.image, this.cross, this.marker);
    this.said = element("p", { class: "room-spot__said", id: "room-place-said" });
    this.point = response?.point ?? null;
    this.at = this.point ?? [0.5, 0.5];
    this.node.addEventListener("click", (event) => this.click(event));
    this.node.addEventListener("keydown", (event) => this.key(event));
  }

  get isFrozen() {
    return Boolean(this.node.closest("fieldset")?.disabled);
  }

  click(event) {
    if (this.isFrozen) return;
    const box = this.image.getBoundingClientRect();
    this.at = [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
    this.set();
  }

  key(event) {
    if (this.isFrozen || event.altKey || event.ctrlKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? BIG_STEP : STEP;
      this.at = this.at.map((value, axis) => within(value + arrow[axis] * step));
      this.draw();
      this.cross.scrollIntoView({ block: "nearest", inline: "nearest" });
      this.sayPlace(this.words.crossAt);
    } else if (event.key === "Enter" || event.key === " ") this.set();
    else return;
    event.preventDefault();
  }

  set(point = this.at) {
    this.at = this.point = point;
    this.draw();
    this.sayPlace(this.words.placeSet, 0);
    changed(this.node);
  }

  // Arrow keys repeat: only where the cross comes to rest is said.
  sayPlace(sentence, pause = SAYING_PAUSE) {
    clearTimeout(this.timer);
    const [x, y] = this.at.map(percent);
    this.timer = setTimeout(() => this.say(fill(sentence, { x, y })), pause);
  }

  draw() {
    place(this.cross, this.at);
    this.marker.hidden = !this.point;
    if (this.point) place(this.marker, this.point);
    this.said.textContent = this.point
      ? fill(this.words.placeIs, { x: percent(this.point[0]), y: percent(this.point[1]) })
      : this.words.noPlace;
  }
}

function place(node, [x, y]) {
  node.style.left = `${x * 100}%`;
  node.style.top = `${y * 100}%`;
}

// The place as two numbers: for whoever cannot point, and cannot see a cross.
function typed(stage, words) {
  const fields = [words.fromLeft, words.fromTop].map((label, axis) => {
    const input = element("input", { class: "input", type: "number", min: 0, max: 100, step: 0.1, value: stage.point ? percent(stage.point[axis]) : "" });
    return { input, row: element("label", { class: "room-spot__field" }, element("span", {}, label), input) };
  });
  const inputs = fields.map((field) => field.input);
  for (const input of inputs) {
    input.addEventListener("input", (event) => {
      event.stopPropagation();
      if (inputs.every((each) => each.value && each.validity.valid)) stage.set(inputs.map((each) => within(Number(each.value) / 100)));
    });
  }
  stage.node.addEventListener("input", () => {
    for (const [axis, input] of inputs.entries()) if (input !== document.activeElement) input.value = percent(stage.point[axis]);
  });
  return element("details", { class: "room-spot__typed" }, element("summary", {}, words.typePlace),
    element("div", { class: "room-spot__fields" }, ...fields.map((field) => field.row)));
}

export const hotspot = {
  hint: "spotHint",
  draw: (question, response, context) => {
    const stage = new Stage(question, response, context);
    stage.draw();
    const frame = element("div", { class: "room-spot" }, stage.node);
    const larger = element("button", { class: "button button--small", type: "button", "aria-pressed": "false" }, context.words.largerPicture);
    larger.addEventListener("click", () => larger.setAttribute("aria-pressed", String(frame.toggleAttribute("data-large"))));
    const node = element("div", { class: "room-spot__all" }, frame, element("div", { class: "room-spot__foot" }, stage.said, larger), typed(stage, context.words));
    node.stage = stage;
    return [node];
  },
  read: (form) => {
    const { point } = form.querySelector(".room-spot__all").stage;
    return point ? { point } : null;
  },
};

// Options put in order with buttons or arrow keys; each new place is said. Until something was moved or the order
// shown was taken as it is, there is no answer.
import { changed, element, fill, textOf } from "../element.js";

const KEYS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

function button(by, sign, label, text) {
  return element("button", { class: "button button--small button--icon", type: "button", "data-by": by, "aria-label": fill(label, { text }) },
    element("span", { "aria-hidden": "true" }, sign));
}

function row(option, words) {
  const text = textOf(option.text);
  return element("li", { class: "room-order__row", "data-id": option.id, "data-text": text },
    element("span", { class: "room-order__place", "aria-hidden": "true" }),
    element("span", { class: "room-order__text", html: option.text }),
    element("span", { class: "room-order__moves" }, button(-1, "↑", words.moveUp, text), button(1, "↓", words.moveDown, text)));
}

function number(list) {
  for (const [index, item] of [...list.children].entries()) {
    item.querySelector(".room-order__place").textContent = index + 1;
    // Not `disabled`: the key that brought an option to the end must not lose the focus there.
    item.querySelector("[data-by='-1']").setAttribute("aria-disabled", String(index === 0));
    item.querySelector("[data-by='1']").setAttribute("aria-disabled", String(index === list.children.length - 1));
  }
}

function move(list, item, by, { say, words }) {
  const rows = [...list.children];
  const from = rows.indexOf(item);
  const to = Math.min(Math.max(from + by, 0), rows.length - 1);
  if (to !== from) {
    const focused = document.activeElement;
    if (to > from) rows[to].after(item);
    else rows[to].before(item);
    focused?.focus();
    number(list);
    list.dataset.answered = "true";
    changed(list);
  }
  say(fill(words.movedTo, { text: item.dataset.text, n: to + 1, total: rows.length }));
}

export const ordering = {
  hint: "orderHint",
  draw: (question, response, context) => {
    const { words, lang } = context;
    const byId = new Map(question.options.map((option) => [option.id, option]));
    const ids = response?.order ?? [...byId.keys()];
    const list = element("ol", { class: "room-order", "aria-label": words.yourOrder, lang, "data-answered": String(Boolean(response)) },
      ...ids.map((id) => row(byId.get(id), words)));
    number(list);
    const keep = element("button", { class: "button button--small room-order__keep", type: "button" }, words.keepOrder);
    keep.hidden = Boolean(response);
    keep.addEventListener("click", () => {
      list.dataset.answered = "true";
      changed(list);
      context.say(words.orderKept);
      list.querySelector("button").focus();
      keep.hidden = true;
    });
    list.addEventListener("input", () => { keep.hidden = document.activeElement !== keep; });
    list.addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-by]");
      if (pressed) move(list, pressed.closest("li"), Number(pressed.dataset.by), context);
    });
    list.addEventListener("keydown", (event) => {
      const by = KEYS[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      move(list, event.target.closest("li"), by, context);
    });
    return [list, keep];
  },
  read: (form) => {
    const list = form.querySelector(".room-order");
    return list.dataset.answered === "true" ? { order: [...list.children].map((item) => item.dataset.id) } : null;
  },
};

// Pictures and wide tables in a text: each picture can be opened larger, each table scrolls by itself.
import { element, fill } from "./element.js";

const LARGER = 1.5;

function open(image, words) {
  const close = element("button", { class: "button button--small", type: "button" }, words.close);
  const copy = element("img", { src: image.src, alt: image.alt, class: "room-zoom__image" });
  const size = (times) => {
    const width = (copy.width || image.naturalWidth) * times;
    copy.style.width = `${Math.min(Math.max(width, 200), 6000)}px`;
  };
  const step = (label, times) => {
    const button = element("button", { class: "button button--small", type: "button" }, label);
    button.addEventListener("click", () => size(times));
    return button;
  };
  const dialog = element("dialog", { class: "room-zoom", "aria-label": fill(words.picture, { alt: image.alt }) },
    element("div", { class: "room-zoom__bar" }, step(words.larger, LARGER), step(words.smaller, 1 / LARGER), close),
    element("div", { class: "room-zoom__frame", tabindex: 0, role: "group", "aria-label": words.scrollPicture }, copy));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  copy.style.width = `${Math.max(image.naturalWidth, image.getBoundingClientRect().width)}px`;
}

export function enlargeable(place, words) {
  for (const image of place.querySelectorAll("img:not(.room-spot__image)")) {
    if (image.closest("label, select, .room-order__row")) continue;
    const button = element("button", { class: "room-picture", type: "button", "aria-label": fill(words.enlarge, { alt: image.alt }) });
    image.replaceWith(button);
    button.append(image);
    button.addEventListener("click", () => open(image, words));
  }
  for (const table of place.querySelectorAll("table")) {
    const frame = element("div", { class: "room-wide", tabindex: 0, role: "group", "aria-label": words.table });
    table.replaceWith(frame);
    frame.append(table);
  }
}

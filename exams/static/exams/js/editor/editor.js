// The editor of a draft: names for the rich text fields, and what the types of items bring along.
import { areas } from "./areas.js";
import { gaps } from "./gaps.js";

// Wagtail's rich text editor leaves its text area without a name. Each gets that of its field's label.
function name(area) {
  const label = area.closest(".w-field__wrapper")?.querySelector("label");
  const language = area.closest("fieldset")?.querySelector("legend");
  if (label) area.setAttribute("aria-label", [label.textContent, language?.textContent].filter(Boolean).map((text) => text.trim()).join(", "));
}

function nameAll() {
  document.querySelectorAll(".public-DraftEditor-content:not([aria-label])").forEach(name);
}

nameAll();
new MutationObserver(nameAll).observe(document.querySelector("main"), { childList: true, subtree: true });
document.querySelectorAll("[data-gap]").forEach(gaps);
document.querySelectorAll("[data-hotspot]").forEach(areas);

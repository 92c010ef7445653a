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

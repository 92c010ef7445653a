// Comforts of every page; without them the page works the same.

// Menus are <details>: Escape and a click or focus elsewhere close them.
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
}

// A stranger's language is in the address of our pages, and nowhere in that of others: this cookie carries it over.
const language = document.documentElement.lang;
if (location.pathname.startsWith(`/${language}/`) && !/(^|; )language=/.test(document.cookie)) rememberLanguage(language);
for (const link of document.querySelectorAll("a[data-language-switch]")) {
  link.addEventListener("click", () => rememberLanguage(link.hreflang));
}

function rememberLanguage(code) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `language=${code}; path=/; max-age=31536000; samesite=lax${secure}`;
}

// A refused form: the summary of what to mend is read and focused first.
document.querySelector("[data-error-summary]")?.focus();

// A filter that sends itself when changed; its button stays for those without script.
for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  form.addEventListener("change", (event) => event.target.matches("select") && form.requestSubmit());
}

// Sending twice by a double click: the second is dropped. A form that a script sends itself is left alone.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    setTimeout(() => {
      if (event.defaultPrevented) return;
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, 3000); // an answer that is a download leaves this page standing
    });
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// What a page can print or copy.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-print], [data-copy]");
  if (!button) return;
  if (button.dataset.print !== undefined) return print();
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    const words = button.querySelector("[data-copy-words]") ?? button;
    words.textContent = button.dataset.copied;
  } catch {
    // Clipboard refused: the text is on the page to be copied by hand.
  }
});

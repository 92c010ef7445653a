// Light, dark or as the system is. Loaded early and blocking, so that the page is drawn once, in the right colours.
{
  const KEY = "touchstone.theme";
  const root = document.documentElement;
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage refused: the system decides
    }
  }

  function apply(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-switch]")) button.setAttribute("aria-pressed", String(isDark()));
  }

  function isDark() {
    return (root.dataset.theme ?? (systemIsDark.matches ? "dark" : "light")) === "dark";
  }

  function turn() {
    const theme = isDark() ? "light" : "dark";
    const isTheSystems = (theme === "dark") === systemIsDark.matches;
    try {
      if (isTheSystems) localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // The choice then holds for this page.
    }
    apply(isTheSystems ? null : theme);
  }

  apply(stored());
  addEventListener("storage", (event) => event.key === KEY && apply(event.newValue));
  systemIsDark.addEventListener("change", () => apply(root.dataset.theme));
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.hidden = false;
      button.addEventListener("click", turn);
    }
    apply(stored());
  });
}

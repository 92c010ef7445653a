// What the page brought along: its places, and its configuration with the words of the reader's language.
export const find = (id) => document.getElementById(id);
export const config = JSON.parse(find("room-config").textContent);
export const { words } = config;

// Day before month, as on the rest of the site: plain "en" would be American.
export const readerLocale = () => {
  const { lang } = document.documentElement;
  return lang === "en" ? "en-GB" : lang;
};

// Renews the parts of the page marked data-live, unless somebody is about to use one of their buttons.

const EVERY = 10_000;

async function renew() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store", redirect: "error" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = page.querySelector(`[data-live="${part.dataset.live}"]`);
      if (fresh && !part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // No connection: what is shown says of when it is.
  }
}

setInterval(() => document.visibilityState === "visible" && renew(), EVERY);

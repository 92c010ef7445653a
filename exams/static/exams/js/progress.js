// Follows work in the background: reads the page again until the part that says "at work" is gone from it.
const PAUSE = 2500;

async function look() {
  const region = document.querySelector("[data-progress]");
  if (!region) return;
  try {
    const answer = await fetch(window.location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-progress]");
    if (answer.ok && !now) {
      window.location.reload();
      return;
    }
    // Only what changed is read out.
    if (now && now.textContent !== region.textContent) region.replaceChildren(...now.childNodes);
  } catch {
    // No connection for a moment: the next look will tell.
  }
  window.setTimeout(look, PAUSE);
}

window.setTimeout(look, PAUSE);

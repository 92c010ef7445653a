// Hashes a dropped or chosen PDF in the browser and opens the register's answer: the file itself is not sent.
// Without script, or without WebCrypto (plain http), the form sends the file and the server hashes it.

const LARGEST = 5 * 1024 * 1024;

async function fingerprint(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function prepare(form) {
  const input = form.querySelector('input[type="file"]');
  const state = form.querySelector("[data-drop-state]");
  form.querySelector("[data-drop-hint]").hidden = false;

  async function check(file) {
    if (file.size > LARGEST) {
      state.textContent = form.dataset.tooLarge;
      return;
    }
    state.textContent = form.dataset.working;
    window.location.assign(`${form.dataset.documentUrl}${await fingerprint(file)}/`);
  }

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    check(input.files[0]);
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("drop--over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("drop--over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("drop--over");
    if (event.dataTransfer.files.length) check(event.dataTransfer.files[0]);
  });
}

if (window.crypto?.subtle) document.querySelectorAll("[data-drop]").forEach(prepare);

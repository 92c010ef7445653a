// The waiting room: counts down by the server's clock, asks the server now and then, and unlocks the start button when
// the server says that the exam is open. Never before: the server refuses an early start anyway.

const LOOK_EVERY = 20_000;
const LOOK_SPREAD = 10_000;

const door = document.querySelector("[data-door]");
const button = document.querySelector("[data-start]");
const digits = door.querySelector("[data-digits]");
let opensAt = Date.parse(door.dataset.opensAt);
// The browser's monotonic clock: setting the computer's clock changes nothing.
let offset = Date.parse(door.dataset.serverNow) - performance.now();
// Each candidate's own moment after the opening, so that a hall does not start in the same second.
const mine = Math.random() * Number(door.dataset.spread);
let isOpen = false;
let isAsking = false;
let nextLook = performance.now() + LOOK_EVERY;

const now = () => performance.now() + offset;

function draw() {
  const seconds = Math.max(0, Math.ceil((opensAt - now()) / 1000));
  const two = (number) => String(number).padStart(2, "0");
  digits.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
  digits.closest("[data-countdown]").hidden = isOpen;
}

async function ask() {
  if (isAsking) return;
  isAsking = true;
  nextLook = performance.now() + LOOK_EVERY + Math.random() * LOOK_SPREAD;
  try {
    const answer = await fetch(door.dataset.door, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "error" });
    if (answer.ok) take(await answer.json());
    else if (answer.status < 500) location.reload();
  } catch {
    // No connection: the countdown goes on, and the next look is soon.
    nextLook = performance.now() + 3000 + Math.random() * 3000;
  }
  isAsking = false;
}

function take(said) {
  // A late answer makes the server look slow: of two readings the later one is nearer to the truth.
  offset = Math.max(offset, Date.parse(said.server_now) - performance.now());
  opensAt = Date.parse(said.opens_at);
  if (said.word === "open") open();
  else if (said.word !== "waiting") location.reload();
}

function open() {
  if (isOpen) return;
  isOpen = true;
  button.disabled = false;
  door.dataset.open = "true";
  // It says "not open yet", which is no longer so.
  document.querySelector("[data-standing]").hidden = true;
  door.querySelector("[data-voice]").textContent = door.querySelector("[data-said=open]").textContent;
  draw();
}

function tick() {
  if (isOpen) return;
  draw();
  const isDue = now() >= opensAt + mine;
  if (performance.now() >= nextLook || (isDue && !door.dataset.asked)) {
    if (isDue) door.dataset.asked = "true";
    ask();
  }
  setTimeout(tick, 250);
}

draw();
tick();

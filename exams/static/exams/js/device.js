// Looks at what an exam needs of this device, by the same parts as the room: its storage, its way to the server.
import { Vault } from "./room/vault.js";

const config = JSON.parse(document.getElementById("device-config").textContent);
const { words, urls } = config;
const PROBES = 5;
const SLOW = 1500;
const CLOCK_OFF = 120;
const NARROW = 320;
const NEEDED = new Set(["browser", "cookies", "storage", "save", "connection", "screen"]);
let keySeen = false;

const csrfToken = () => document.cookie.split("; ").find((pair) => pair.startsWith(`${config.csrfCookie}=`))?.split("=")[1] ?? config.csrfToken;

async function ask(url, options = {}) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), 10_000);
  try {
    const answer = await fetch(url, { cache: "no-store", redirect: "error", signal: patience.signal, ...options,
      headers: { Accept: "application/json", ...options.headers } });
    return { status: answer.status, content: await answer.json().catch(() => ({})) };
  } catch {
    return { status: 0, content: {} };
  } finally {
    clearTimeout(timer);
  }
}

async function storage() {
  const vault = await Vault.of("device-check", config.person);
  const said = { written: Date.now() };
  try {
    await vault.put(1, said);
    const found = (await vault.all()).get(1);
    return { ok: vault.isKept && found?.written === said.written, value: null };
  } catch {
    return { ok: false, value: null };
  } finally {
    await vault.wipe().catch(() => {});
  }
}

// The room's own refusal of a save without an exam shows that method, header and answer come through.
async function save() {
  const { status, content } = await ask(urls.save, { method: "PUT", body: "{}",
    headers: { "Content-Type": "application/json", "X-Attempt-Token": "device-check" } });
  return { ok: status === 401 && content.code === "token_invalid", value: null };
}

async function connectionAndClock() {
  const times = [];
  let apart = null;
  for (let probe = 0; probe < PROBES; probe += 1) {
    const began = performance.now();
    const { status, content } = await ask(urls.clock);
    const took = performance.now() - began;
    if (status !== 200) continue;
    if (times.every((other) => took < other)) apart = (Date.now() - took / 2 - Date.parse(content.server_now)) / 1000;
    times.push(took);
  }
  const middle = times.length ? [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] : null;
  return {
    connection: { ok: times.length === PROBES && middle < SLOW, value: middle === null ? null : Math.round(middle) },
    clock: { ok: apart !== null && Math.abs(apart) < CLOCK_OFF, value: apart === null ? null : Math.round(Math.abs(apart)) },
  };
}

function browser() {
  const has = "showModal" in HTMLDialogElement.prototype && "BroadcastChannel" in globalThis && Boolean(globalThis.crypto?.subtle);
  return { ok: has, value: null };
}

function show(name, { ok, value }) {
  const line = document.querySelector(`[data-line="${name}"]`);
  const units = { clock: words.seconds, connection: words.milliseconds, screen: words.pixels };
  line.dataset.ok = ok ? "yes" : NEEDED.has(name) ? "no" : "note";
  line.querySelector("[data-said]").textContent = [
    ok ? words.ok : NEEDED.has(name) ? words.notOk : words.note,
    units[name] && value !== null ? `(${units[name].replace("{n}", value)})` : "",
  ].join(" ").trim();
  line.querySelector("[data-fix]").hidden = ok;
}

async function check(button) {
  button.disabled = true;
  const findings = {
    browser: browser(),
    cookies: { ok: navigator.cookieEnabled, value: null },
    storage: await storage(),
    save: await save(),
    ...(await connectionAndClock()),
    screen: { ok: innerWidth >= NARROW, value: innerWidth },
    keyboard: { ok: keySeen, value: null },
  };
  for (const [name, finding] of Object.entries(findings)) show(name, finding);
  const { status } = await ask(urls.check, { method: "POST", body: JSON.stringify(findings),
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() } });
  const isReady = [...NEEDED].every((name) => findings[name].ok);
  document.getElementById("device-outcome").textContent = status !== 200 ? words.notKept : isReady ? words.ready : words.notReady;
  button.disabled = false;
}

document.addEventListener("keydown", () => { keySeen = true; });
document.getElementById("device-check").addEventListener("click", (event) => check(event.currentTarget));

// What is not yet acknowledged, and what candidates note for themselves, kept on this device through reloads and
// crashes: encrypted with a key that the browser keeps and never hands out, and wiped at hand-in and at logout.

const DATABASE = "touchstone-exam-room";
// Answers still to be sent, and what candidates note for themselves, such as options struck out.
const STORES = ["unsent", "notes"];

const request = (asked) =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

function open() {
  const asked = indexedDB.open(DATABASE, 2);
  asked.onupgradeneeded = () => {
    for (const name of ["keys", ...STORES]) {
      if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name);
    }
  };
  return request(asked);
}

export class Vault {
  // Without a secure context or IndexedDB there is no vault: `isKept` is false and the room says so.
  static async of(attempt, person) {
    const vault = new Vault();
    vault.attempt = attempt;
    vault.person = person;
    try {
      if (!globalThis.crypto?.subtle) throw new Error("no WebCrypto here");
      await vault.connect();
      await vault.forgetOthers();
      vault.key = await vault.ownKey();
      vault.isKept = true;
    } catch {
      vault.isKept = false;
    }
    return vault;
  }

  async connect() {
    this.database = await open();
    // Clearing the site's data closes the connection under us; the next write opens a new one.
    this.database.onclose = () => { this.database = null; };
    this.database.onversionchange = () => { this.database?.close(); this.database = null; };
  }

  async store(name, mode) {
    if (!this.database) await this.connect();
    return this.database.transaction(name, mode, { durability: "strict" }).objectStore(name);
  }

  async ownKey() {
    const kept = await request((await this.store("keys", "readonly")).get(this.attempt));
    if (kept) return kept.key;
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await request((await this.store("keys", "readwrite")).put({ key, person: this.person }, this.attempt));
    return key;
  }

  // Somebody else's leftovers on a shared computer are gone before this person's begin.
  async forgetOthers() {
    const store = await this.store("keys", "readonly");
    const [attempts, keys] = await Promise.all([request(store.getAllKeys()), request(store.getAll())]);
    for (const [index, attempt] of attempts.entries()) {
      if (keys[index].person !== this.person) await this.forget(attempt);
    }
  }

  async put(position, entry, store = "unsent") {
    if (!this.isKept) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(entry));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, plain);
    // Logging out in another tab wipes the key; this page still holds it, and what it wraps must stay readable.
    if (!(await request((await this.store("keys", "readonly")).getKey(this.attempt)))) {
      await request((await this.store("keys", "readwrite")).put({ key: this.key, person: this.person }, this.attempt));
    }
    await request((await this.store(store, "readwrite")).put({ iv, sealed }, [this.attempt, position]));
  }

  async remove(position) {
    if (this.isKept) await request((await this.store("unsent", "readwrite")).delete([this.attempt, position]));
  }

  // Position → entry; what cannot be opened (another key) is left out.
  async all(name = "unsent") {
    const entries = new Map();
    if (!this.isKept) return entries;
    const store = await this.store(name, "readonly");
    const range = IDBKeyRange.bound([this.attempt, 0], [this.attempt, Infinity]);
    const [keys, rows] = await Promise.all([request(store.getAllKeys(range)), request(store.getAll(range))]);
    for (const [index, row] of rows.entries()) {
      try {
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, this.key, row.sealed);
        entries.set(keys[index][1], JSON.parse(new TextDecoder().decode(plain)));
      } catch {
        continue;
      }
    }
    return entries;
  }

  async forget(attempt = this.attempt) {
    const range = IDBKeyRange.bound([attempt, 0], [attempt, Infinity]);
    for (const name of STORES) await request((await this.store(name, "readwrite")).delete(range));
    await request((await this.store("keys", "readwrite")).delete(attempt));
  }

  async wipe() {
    if (this.isKept) await this.forget();
  }
}

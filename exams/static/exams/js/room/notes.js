// What candidates note for themselves, by question: options struck out, the name of a file sent. Kept on this device
// only, in the vault; none of it is an answer, and it is gone with the hand-in.
export class Notes {
  static async of(vault) {
    const notes = new Notes();
    notes.vault = vault;
    notes.kept = await vault.all("notes").catch(() => new Map());
    return notes;
  }

  get(position, name) {
    return this.kept.get(position)?.[name];
  }

  set(position, name, value) {
    const all = { ...this.kept.get(position), [name]: value };
    this.kept.set(position, all);
    // Losing a note loses no answer: nobody is stopped for it.
    this.vault.put(position, all, "notes").catch(() => {});
  }
}

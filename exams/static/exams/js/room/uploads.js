// Files under way to the server. Handing in waits for them, and leaving the page asks first.
export class Uploads {
  constructor(api) {
    this.api = api;
    this.pending = 0;
  }

  async send(position, file, onProgress) {
    this.pending += 1;
    try {
      return await this.api.upload(position, file, onProgress);
    } finally {
      this.pending -= 1;
    }
  }

  // Resolves true when none is under way, false when time is up first.
  async empty(milliseconds) {
    const end = performance.now() + milliseconds;
    while (this.pending > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 200));
    return this.pending === 0;
  }
}

// The exam room's requests. Each answers {status, content}; a network failure or a timeout is status 0.

const TIMEOUT = 10_000;

export class Api {
  constructor(config) {
    this.config = config;
    this.token = "";
    this.lease = "";
  }

  async ask(method, url, { body, headers = {} } = {}) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), TIMEOUT);
    try {
      const answer = await fetch(url, {
        method,
        headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
        body: body && JSON.stringify(body),
        signal: patience.signal,
        cache: "no-store",
        redirect: "error",
      });
      const content = await answer.json().catch(() => ({}));
      return { status: answer.status, content, wait: Number(answer.headers.get("Retry-After")) || 0 };
    } catch {
      return { status: 0, content: {}, wait: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  asHolder(method, url, body) {
    return this.ask(method, url, { body, headers: { "X-Attempt-Token": this.token } });
  }

  // Logging in again changes the form token: it is read from its cookie each time.
  csrfToken() {
    const cookies = new Map(document.cookie.split("; ").map((pair) => pair.split(/=(.*)/s, 2)));
    return cookies.get(this.config.csrfCookie) ?? this.config.csrfToken;
  }

  async start() {
    const answer = await this.ask("POST", this.config.urls.start, { body: {}, headers: { "X-CSRFToken": this.csrfToken() } });
    if (answer.status === 200 || answer.status === 201) {
      this.token = answer.content.token;
      this.lease = answer.content.lease;
    }
    return answer;
  }

  paper() {
    return this.asHolder("GET", this.config.urls.paper);
  }

  state({ responses = false } = {}) {
    return this.asHolder("GET", this.config.urls.state + (responses ? "?responses=1" : ""));
  }

  save(position, { seq, response, flagged }) {
    const url = this.config.urls.response.replace("/0/", `/${position}/`);
    return this.asHolder("PUT", url, { seq, lease: this.lease, response, flagged });
  }

  // By login and form token: the exam's own token may have ended.
  handInLate(body) {
    return this.ask("POST", this.config.urls.late, { body, headers: { "X-CSRFToken": this.csrfToken() } });
  }

  openSection(number) {
    return this.asHolder("POST", this.config.urls.section.replace("/0/", `/${number}/`), { lease: this.lease });
  }

  keepTools(position, { seq, tools }) {
    const url = this.config.urls.tools.replace("/0/", `/${position}/`);
    return this.asHolder("PUT", url, { seq, lease: this.lease, tools });
  }

  // A file, with how much of it has gone: `fetch` does not tell. Answers like `ask`.
  upload(position, file, onProgress) {
    const form = new FormData();
    form.append("lease", this.lease);
    form.append("file", file);
    return new Promise((resolve) => {
      const asked = new XMLHttpRequest();
      const failed = () => resolve({ status: 0, content: {} });
      asked.open("POST", this.config.urls.upload.replace("/0/", `/${position}/`));
      asked.responseType = "json";
      asked.setRequestHeader("Accept", "application/json");
      asked.setRequestHeader("X-Attempt-Token", this.token);
      asked.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
      asked.onload = () => resolve({ status: asked.status, content: asked.response ?? {} });
      asked.onerror = asked.onabort = asked.ontimeout = failed;
      asked.send(form);
    });
  }

  takeBreak() {
    return this.asHolder("POST", this.config.urls.takeBreak, { lease: this.lease });
  }

  endBreak() {
    return this.asHolder("POST", this.config.urls.endBreak, { lease: this.lease });
  }

  submit() {
    return this.asHolder("POST", this.config.urls.submit, { lease: this.lease });
  }
}

// The server: a token, a question with its stream of events, a passage, a thumb. No cookies.
class Failed extends Error {
  constructor(status, record, seconds) {
    super(record?.detail ?? String(status));
    this.status = status;
    this.code = record?.code ?? "";
    this.seconds = seconds;
  }
}

class Server {
  #base;
  #token = "";
  #until = 0;

  constructor(base) {
    this.#base = base;
  }

  address(path) {
    return new URL(path.replace(/^\//, ""), this.#base).href;
  }

  async #send(path, { method = "POST", body, signal, token = true } = {}) {
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    if (token) headers["X-Kneewise-Token"] = await this.#fresh(signal);
    const options = { method, headers, signal, credentials: "omit", referrerPolicy: "origin" };
    const reply = await fetch(this.address(path), { ...options, body: body && JSON.stringify(body) });
    if (reply.ok) return reply;
    const record = await reply.json().catch(() => ({}));
    throw new Failed(reply.status, record, Number(reply.headers.get("Retry-After")) || 30);
  }

  async #fresh(signal) {
    if (Date.now() > this.#until) {
      const reply = await this.#send("api/token", { token: false, signal });
      const { token, seconds } = await reply.json();
      this.#token = token;
      this.#until = Date.now() + (seconds - 30) * 1000;
    }
    return this.#token;
  }

  // A server that was restarted no longer knows its tokens: one more try with a new one.
  async #sure(path, options) {
    try {
      return await this.#send(path, options);
    } catch (error) {
      if (error.code !== "token") throw error;
      this.#until = 0;
      return this.#send(path, options);
    }
  }

  async *ask(message, history, signal) {
    const reply = await this.#sure("api/chat/stream", { body: { message, history }, signal });
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const frames = (rest + value).split("\n\n");
      rest = frames.pop();
      for (const frame of frames) {
        const [, name, data] = frame.match(/^event: (\w+)\ndata: (.*)$/s);
        const record = JSON.parse(data);
        if (name === "error") throw new Failed(500, record, 30);
        yield [name, record];
      }
    }
  }

  async passage(source) {
    const at = `from=${source.start}&to=${source.end}`;
    const path = `api/sources/${encodeURIComponent(source.article)}?${at}`;
    return (await this.#send(path, { method: "GET", token: false })).json();
  }

  async articles() {
    const list = await (await this.#send("api/sources", { method: "GET", token: false })).json();
    return new Map(list.map((article) => [article.id, article]));
  }

  thumb(body) {
    return this.#sure("api/feedback", { body }).catch(() => {});
  }
}

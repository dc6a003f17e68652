// The panel: one conversation, kept in this page and nowhere else.
const SLOW = 6000;
const SMALL = "(max-width: 600px)";

class Panel {
  #texts;
  #server;
  #tell;
  #history = [];
  #busy = null;
  #articles = new Map();
  #opener = null;
  #cited = null;

  constructor(texts, server, page, announce) {
    this.#texts = texts;
    this.#server = server;
    this.#tell = announce;
    this.page = page;
    this.#build();
  }

  #build() {
    const t = this.#texts;
    const button = (label, paths, onclick, more = {}) =>
      h("button", { type: "button", class: "icon", "aria-label": label, title: label, onclick, ...more }, icon(...paths));
    this.title = h(this.page ? "h1" : "h2", { id: "title", tabindex: "-1" }, CLINIC.name);
    this.log = h("div", { class: "log", role: "log", "aria-label": t.conversation });
    this.urgent = h("div", { class: "hidden", role: "alert", ...ENGLISH });
    this.problem = h("p", { class: "problem", role: "alert", id: "problem" });
    this.box = h("textarea", { rows: "1", id: "box", placeholder: t.placeholder, "aria-describedby": "problem",
      "aria-label": t.label, enterkeyhint: "send", onkeydown: (e) => this.#key(e), oninput: () => this.#grow() });
    this.send = h("button", { type: "submit", class: "send" }, t.send);
    this.start = this.#welcome();
    this.scroll = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t.conversation },
      this.#notice(), this.start, this.log);
    this.log.removeAttribute("aria-label");
    this.main = h("div", { class: "view" }, this.scroll,
      h("form", { onsubmit: (e) => this.#submit(e) }, this.problem, h("div", { class: "field" }, this.box, this.send)));
    this.reading = h("div", { class: "view reading", hidden: true });
    const logo = CLINIC.logo ? h("img", { src: this.#server.address("widget-logo"), alt: "", class: "logo" }) : h("span", { class: "logo own" });
    logo.addEventListener("error", () => logo.remove()); // the page's CSP may forbid our picture
    this.element = h("dialog", { class: "panel", "aria-labelledby": "title", onkeydown: (e) => this.#escape(e) },
      h("header", {}, logo, h("div", { class: "name" }, this.title, h("p", {}, t.subtitle)),
        button(t.fresh, ICONS.fresh, () => this.reset(), { class: "icon fresh" }),
        this.page ? "" : button(t.close, ICONS.close, () => this.close())),
      this.main, this.reading, this.urgent);
    this.element.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#leave();
    });
    this.element.addEventListener("close", () => this.#closed());
  }

  #notice() {
    const t = this.#texts;
    const kept = CLINIC.privacy ?? tell(t, CLINIC.days ? "logged" : "kept", CLINIC);
    const link = CLINIC.privacyLink
      ? h("a", { href: CLINIC.privacyLink, target: "_blank", rel: "noopener" }, t.privacy, hidden(` (${t.newTab})`))
      : "";
    return h("p", { class: "notice" }, h("b", {}, t.notice), " ", kept, " ", link);
  }

  #welcome() {
    const chips = CLINIC.examples.map((text) => this.#chip(text));
    return h("div", { class: "welcome" }, h("h3", {}, CLINIC.greeting), h("div", { class: "chips" }, chips));
  }

  #chip(text, attributes = { dir: "auto" }) {
    return h("button", { type: "button", class: "chip", ...attributes, onclick: () => this.ask(text) }, text);
  }

  get open() {
    return this.element.open;
  }

  show() {
    if (this.open) return;
    this.#opener = active();
    const modal = !this.page && matchMedia(SMALL).matches;
    if (modal) this.element.showModal();
    else this.element.show();
    this.#focus();
    this.#tell("open");
    if (!this.#articles.size) this.#server.articles().then((found) => (this.#articles = found), () => {});
  }

  // On a touch screen the keyboard would cover what is to be read first.
  #focus() {
    if (this.page) return;
    (matchMedia("(pointer: coarse)").matches ? this.title : this.box).focus({ preventScroll: true });
  }

  close() {
    if (this.open && !this.page) this.element.close();
  }

  #closed() {
    this.#back(false);
    this.#tell("close");
    const opener = this.#opener?.isConnected && this.#opener !== document.body ? this.#opener : this.launcher;
    opener?.focus({ preventScroll: true });
  }

  #escape(event) {
    event.stopPropagation(); // the page's own shortcuts are not meant
    if (event.key === "Escape") {
      event.preventDefault();
      this.#leave();
    }
  }

  #leave() {
    if (this.reading.hidden) this.close();
    else this.#back();
  }

  reset() {
    this.#busy?.abort();
    this.#busy = null;
    this.#history = [];
    this.log.replaceChildren();
    this.start.hidden = false;
    this.#note("");
    this.#back(false);
    this.#ready();
    this.box.value = "";
    this.#grow();
    this.box.focus({ preventScroll: true });
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event);
  }

  #submit(event) {
    event.preventDefault();
    if (this.#busy && event.type === "submit") {
      this.#busy.abort();
      return;
    }
    this.ask(this.box.value);
  }

  #grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 160)}px`;
  }

  // What was searched for, to be changed and sent again; a draft stays under it.
  #edit(text) {
    const draft = this.box.value.trim();
    this.box.value = draft ? `${text}\n${draft}` : text;
    this.#grow();
    this.box.focus({ preventScroll: true });
  }

  #note(text) {
    this.problem.textContent = text;
  }

  #refused(message) {
    const t = this.#texts;
    const length = [...message].length;
    if (this.#busy) return t.answering;
    if (length > CLINIC.characters) return tell(t, "tooLong", { length, limit: CLINIC.characters });
    return this.#history.length >= CLINIC.messages ? tell(t, "tooMany", { limit: CLINIC.messages }) : "";
  }

  async ask(text) {
    const message = text.trim();
    const refused = message && this.#refused(message);
    this.#note(refused || "");
    if (!message || refused) return;
    this.#back(false);
    this.start.hidden = true;
    this.log.querySelector(".after")?.remove();
    this.log.querySelector(".later")?.classList.remove("later");
    this.box.value = "";
    this.#grow();
    this.box.focus({ preventScroll: true });
    const asked = h("p", { class: "said" }, hidden(`${this.#texts.you}: `), h("bdi", {}, message));
    const reply = new Reply(this.#texts, message, (source, from) => this.#read(source, from),
      (text) => this.#edit(text));
    this.log.append(asked, reply.element);
    // A later question, or one under a notice that fills the screen, goes to the top of the panel.
    if (this.#history.length || asked.offsetTop > this.scroll.clientHeight / 3) {
      reply.element.classList.add("later");
      this.scroll.scrollTop = asked.offsetTop - 8;
    }
    this.#tell("ask");
    await this.#answer(message, reply);
  }

  async #answer(message, reply) {
    const busy = (this.#busy = new AbortController());
    const turn = { user: message };
    this.send.textContent = this.#texts.stop;
    const slow = setTimeout(() => reply.end.append(this.#slow()), SLOW);
    const late = setTimeout(() => busy.abort("late"), (CLINIC.seconds + 10) * 1000);
    try {
      for await (const [name, record] of this.#server.ask(message, this.#past(), busy.signal)) {
        reply[name]?.(record);
        if (name === "assessed" && record.words) this.#alert(record);
        if (name === "answer") this.#done(reply, record, turn);
      }
      if (!turn.kind) throw new Failed(500, {}, 30);
    } catch (error) {
      if (this.#busy === busy) this.#failed(error, busy.signal, message, reply);
    } finally {
      clearTimeout(slow);
      clearTimeout(late);
      if (this.#busy === busy) {
        this.#history.push(turn); // also without an answer: the guard must see every message
        this.#busy = null;
        this.#ready();
      }
    }
  }

  // All messages, for the guard; places in articles only of the last replies, to stay under 64 kB.
  #past() {
    const old = this.#history.length - 6;
    return this.#history.map((turn, i) => (i < old ? { ...turn, sources: [] } : turn));
  }

  #ready() {
    this.send.textContent = this.#texts.send;
  }

  #alert({ words, action }) {
    if (action === "remind") return;
    this.urgent.textContent = [words.heading, words.now].join(". ");
  }

  #slow() {
    return h("div", { class: "card" }, h("p", {}, this.#texts.slow), help(this.#texts, false));
  }

  #done(reply, record, turn) {
    reply.name(this.#articles);
    turn.kind = record.kind;
    turn.standalone = record.standalone;
    turn.sources = record.sources.slice(0, 20).map(({ n, article, start, end }) => ({ n, article, start, end }));
    const after = h("div", { class: "after" });
    if (record.kind === "answer" || record.kind === "refusal") reply.element.append(this.#thumbs(record, turn.user));
    if (record.suggestions.length) after.append(h("div", { class: "chips" }, record.suggestions.map((s) => this.#chip(s, ENGLISH))));
    reply.element.append(after);
    this.#tell("answer", { kind: record.kind, level: record.level });
  }

  #thumbs(record, question) {
    const t = this.#texts;
    const said = h("span", { role: "status" });
    const press = (verdict) => (event) => {
      for (const other of row.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === event.currentTarget));
      said.textContent = t.thanks;
      // Only where the clinic keeps such questions does the question go with the thumb.
      const kept = CLINIC.days ? { question, searched: record.standalone } : {};
      this.#server.thumb({ verdict, generation: record.generation, ...kept });
    };
    const thumb = (verdict) => h("button", { type: "button", class: "icon thumb", "aria-pressed": "false",
      "aria-label": t[verdict], title: t[verdict], onclick: press(verdict) }, icon(...ICONS[verdict]));
    const row = h("div", { class: "thumbs", role: "group", "aria-label": t.helpful },
      h("span", { "aria-hidden": "true" }, t.helpful), thumb("up"), thumb("down"), said);
    return row;
  }

  #failed(error, signal, message, reply) {
    const t = this.#texts;
    if (signal.aborted && signal.reason !== "late") {
      reply.end.replaceChildren(h("p", { class: "quiet" }, t.stopped));
      return;
    }
    const said = signal.aborted ? t.late
      : error instanceof Failed ? failure(t, error)
      : navigator.onLine ? t.unreachable : t.offline;
    const again = h("button", { type: "button", class: "chip", onclick: () => {
      this.#history = this.#history.filter((turn) => turn.kind || turn.user !== message);
      this.ask(message);
    } }, t.retry);
    reply.end.replaceChildren(h("div", { class: "card failed" }, h("p", { class: "why" }, said), again, help(t, true)));
    this.#tell("problem", { code: error.code || (signal.aborted ? "late" : "unreachable") });
  }

  async #read(source, from) {
    const t = this.#texts;
    this.#cited = from;
    const whole = this.#server.address(`articles/${encodeURIComponent(source.article)}?from=${source.start}&to=${source.end}#cite`);
    const heading = h("h2", { tabindex: "-1", ...ENGLISH }, source.title);
    const text = h("div", {}, h("p", { class: "quiet" }, t.opening));
    const back = h("button", { type: "button", class: "back", onclick: () => this.#back() }, icon(...ICONS.back), t.back);
    this.reading.replaceChildren(back, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": source.title },
      h("p", { class: "quiet" }, tell(t, "sourceTitle", { n: source.n })), heading, text));
    this.main.hidden = true;
    this.reading.hidden = false;
    heading.focus();
    try {
      text.replaceChildren(...passage(t, await this.#server.passage(source), whole).filter(Boolean));
      const [scroll, mark] = [text.parentElement, text.querySelector("mark")];
      if (mark) scroll.scrollTop = mark.offsetTop + mark.offsetHeight - scroll.clientHeight * 0.7;
    } catch {
      text.replaceChildren(h("p", {}, t.noPassage), h("blockquote", ENGLISH, source.quote),
        h("p", {}, h("a", { href: whole, target: "_blank", rel: "noopener" }, t.whole)));
    }
  }

  #back(focus = true) {
    this.main.hidden = false;
    this.reading.hidden = true;
    if (focus) this.#cited?.focus();
    this.#cited = null;
  }
}

// The server's own words may be in another language than the page's.
const failure = (texts, error) => {
  const keys = { too_many: "many", busy: "busy", timeout: "late" };
  const limits = { message_too_long: error.message, conversation_too_long: tell(texts, "tooMany", { limit: CLINIC.messages }) };
  if (error.status === 413) return tell(texts, "tooMany", { limit: CLINIC.messages });
  return keys[error.code] ? tell(texts, keys[error.code], { seconds: error.seconds }) : limits[error.code] ?? texts.unreachable;
};

// The focused element, looked for inside shadow roots too.
const active = () => {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found;
};

// A reply as elements: safety words, what was searched for, statements with numbers, sources.
class Reply {
  #texts;
  #open;
  #edit;
  #user;
  #last = null;
  #opened = "";
  #said = [];
  #known = new Map();

  constructor(texts, user, open, edit) {
    this.#texts = texts;
    this.#open = open;
    this.#edit = edit;
    this.#user = user;
    this.safety = h("div", { "aria-live": "off" }); // the panel reads it out at once
    this.searched = h("div");
    this.opening = h("div", ENGLISH);
    this.body = h("div", { class: "body", ...ENGLISH });
    this.end = h("div", { class: "foot" }, this.#wait());
    this.element = h("div", { class: "reply" }, hidden(`${texts.reply}: `), this.safety, this.searched,
      this.opening, this.body, this.end);
  }

  #wait() {
    return h("p", { class: "wait" }, this.#texts.waiting);
  }

  assessed(record) {
    if (record.words) this.safety.replaceChildren(this.#safety(record));
  }

  rewritten({ standalone }) {
    if (standalone && !same(standalone, this.#user)) {
      const text = around(this.#texts, "searched", h("span", ENGLISH, standalone));
      const edit = h("button", { type: "button", class: "link", onclick: () => this.#edit(standalone) }, this.#texts.edit,
        hidden(` ${this.#texts.editWhat}`));
      this.searched.replaceChildren(h("p", { class: "searched" }, text, " ", edit));
    }
  }

  // The line above the answer; its numbers are of sources that come with the sentences.
  opened({ text }) {
    this.end.replaceChildren();
    this.#opened = text;
    this.opening.replaceChildren(text ? h("p", { class: "opening" }, this.#numbered(text, true)) : "");
  }

  cited(record) {
    for (const source of record.sources) this.#known.set(source.n, source);
    if (!this.body.childElementCount) this.end.replaceChildren();
    this.#said.push(record.text);
    this.#add(record);
  }

  // The whole reply; what was streamed already is left alone, or it would be read out twice.
  answer(record) {
    for (const source of record.sources) this.#known.set(source.n, source);
    if (record.words && !this.safety.childElementCount) {
      const alarm = record.kind === "red_flag" ? "stop" : "note";
      this.safety.replaceChildren(this.#safety({ ...record, action: alarm }));
    }
    if (record.opening !== this.#opened) this.opened({ text: record.opening });
    const said = record.body.map((block) => block.text);
    if (String(said) !== String(this.#said)) {
      this.body.replaceChildren(); // a model's words take the place of the quotes shown first
      this.#last = null;
      for (const block of record.body) this.#add(block);
    }
    this.end.replaceChildren();
    if (record.closing) {
      const says = h("span", ENGLISH, this.#numbered(record.closing));
      this.end.append(h("p", { class: "says" }, around(this.#texts, "says", says)));
    }
    if (record.kind === "answer") this.end.append(this.#sources(record.sources));
  }

  get empty() {
    return !this.body.childElementCount && !this.safety.childElementCount;
  }

  name(articles) {
    for (const line of this.end.querySelectorAll(".who")) {
      line.textContent = byline(this.#texts, articles.get(line.dataset.article));
    }
  }

  #add({ block, text, cites }) {
    const list = { item: "ul", step: "ol" }[block];
    // A list from one source carries its number once, at the line that leads it in or its first item.
    const again = list && String(this.#last?.cites) === String(cites);
    const content = this.#ended(text, again ? [] : cites.filter((n) => this.#known.has(n)).map((n) => this.#cite(n)));
    if (!list) this.body.append(h("p", {}, content));
    else {
      const open = this.#last?.list === list ? this.body.lastElementChild : h(list);
      open.append(h("li", {}, content));
      if (!open.isConnected || open !== this.body.lastElementChild) this.body.append(open);
    }
    this.#last = { list, cites };
  }

  // The numbers stay on the line of the last word.
  #ended(text, numbers) {
    const [, head, last] = text.match(/^(.*\s)?(\S{0,24})$/s) ?? [];
    if (!numbers.length || last === undefined) return [...this.#numbered(text), ...numbers];
    return [...this.#numbered(head ?? ""), h("span", { class: "end" }, last, numbers)];
  }

  // "[2]" inside a text of the bot's own about its sources; `sure`: also of sources still to come.
  #numbered(text, sure = false) {
    return text.split(/\s?(\[\d{1,3}\])/).map((part) => {
      const n = Number(part.match(/^\[(\d+)\]$/)?.[1]);
      return this.#known.has(n) || (sure && n) ? this.#cite(n) : part;
    });
  }

  #cite(n) {
    const open = (event) => this.#known.has(n) && this.#open(this.#known.get(n), event.currentTarget);
    return h("button", { type: "button", class: "cite", onclick: open },
      hidden(tell(this.#texts, "source", { n: "" }), native(this.#texts)), String(n));
  }

  #safety({ words, action, question, booking, level }) {
    const texts = this.#texts;
    const alarm = action === "stop" || action === "ask" || level === "urgent" || level === "emergency";
    const rest = [words.why, words.avoid].filter(Boolean).map((text) => h("p", {}, text));
    if (words.source) {
      rest.push(h("p", { class: "quiet", ...native(texts) }, around(texts, "from", h("span", ENGLISH, words.source))));
    }
    const folded = action === "remind" && rest.length;
    return h("section", { class: `safety ${alarm ? "alarm" : "note"}`, ...ENGLISH },
      h("h3", {}, h("span", { class: "mark", "aria-hidden": "true" }, "!"), words.heading),
      h("p", { class: "now" }, words.now),
      words.phones.length
        ? h("div", { class: "phones" }, words.phones.map((p) => telephone(texts, p.number, p.label)))
        : "",
      booking
        ? h("p", native(texts), h("a", { class: "book", href: booking, target: "_blank", rel: "noopener" },
          texts.book, hidden(` (${texts.newTab})`)))
        : "",
      folded ? h("details", {}, h("summary", native(texts), texts.why), rest) : rest,
      question ? h("p", { class: "asked" }, question) : "");
  }

  #sources(sources) {
    if (!sources.length) return "";
    const groups = Map.groupBy
      ? Map.groupBy(sources, (source) => source.article)
      : sources.reduce((map, s) => map.set(s.article, [...(map.get(s.article) ?? []), s]), new Map());
    const rows = [...groups].map(([article, cited]) =>
      h("li", {}, h("span", ENGLISH, cited[0].title), " ", cited.map((source) => this.#cite(source.n)),
        h("span", { class: "who", "data-article": article })));
    return h("div", { class: "sources" }, h("h3", {}, this.#texts.sources), h("ul", {}, rows));
  }
}

const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.join(" ") ?? "";
const same = (one, other) => words(one) === words(other);

const month = (texts, iso) =>
  new Date(`${iso}T00:00Z`).toLocaleDateString(texts.code, { month: "long", year: "numeric", timeZone: "UTC" });

const byline = (texts, article) => {
  if (!article) return "";
  const reviewed = article.reviewed && tell(texts, "reviewed", { date: month(texts, article.reviewed) });
  return [article.author || texts.noAuthor, article.publisher, reviewed].filter(Boolean).join(" · ");
};

// One section of an article, with the cited sentence marked.
const passage = (texts, found, whole) => {
  const out = [];
  for (const { block, number, text, mark } of found.blocks) {
    const content = mark
      ? [text.slice(0, mark[0]), h("mark", {}, hidden(`${texts.cited} `), text.slice(...mark)), text.slice(mark[1])]
      : [text];
    const list = { item: "UL", step: "OL" }[block];
    if (!list) out.push(h("p", {}, content));
    else {
      if (out.at(-1)?.tagName !== list) out.push(h(list.toLowerCase()));
      out.at(-1).append(h("li", { value: block === "step" ? number : null }, content));
    }
  }
  const who = [found.author, found.credentials].filter(Boolean).join(", ") || texts.noAuthor;
  const reviewed = found.reviewed ? tell(texts, "reviewed", { date: month(texts, found.reviewed) }) : texts.noReview;
  const late = found.review_by && found.review_by < new Date().toISOString().slice(0, 10);
  return [
    h("p", { class: "quiet" }, [who, found.publisher, reviewed].filter(Boolean).join(" · ")),
    late ? h("p", { class: "late" }, tell(texts, "overdue", { date: month(texts, found.review_by) })) : "",
    h("div", { class: "passage", lang: found.language, dir: "auto" }, found.section ? h("h3", {}, found.section) : "", out),
    h("p", {}, h("a", { href: whole, target: "_blank", rel: "noopener" }, texts.whole,
      hidden(` (${texts.newTab})`))),
  ];
};

// The red flags of one level: in the page's own words, else in those of the clinic's table.
const flags = (texts, level) => texts[level]
  ? h("ul", {}, texts[level].map((flag) => h("li", {}, flag)))
  : h("ul", ENGLISH, CLINIC[level].map((flag) => h("li", {}, flag)));

// What helps when there is no answer: whom to call, and when not to wait. Needs no server.
const help = (texts, open) => [
  CLINIC.phone
    ? h("div", { class: "phones" }, h("p", {}, tell(texts, "meanwhile", CLINIC)), telephone(texts, CLINIC.phone, CLINIC.name))
    : "",
  h("details", { class: "flags", open },
    h("summary", {}, texts.flags),
    h("p", {}, h("b", {}, tell(texts, "now", CLINIC))),
    flags(texts, "emergencies"),
    h("div", { class: "phones" }, telephone(texts, CLINIC.emergency, "")),
    h("p", {}, h("b", {}, texts.today)),
    flags(texts, "urgent")),
];

// Under each finished answer: copy it, or say whether it helped. Drawn here, because only a page
// with scripts can do either. What is sent for "not helpful" is the answer's place and a reason.
(() => {
  const REASONS = { // the keys of texts.REASONS
    other: "It answers something else",
    unclear: "It is hard to understand",
    wrong: "I think it is wrong",
    missing: "Something is missing",
  };
  const ICONS = {
    copy: "M9 9h10v10H9zM5 15V5h10",
    up: "M7 10v10H4V10zm0 0 4-7c1.7 0 2.5 1 2.2 2.6L12.6 9H19a1.8 1.8 0 0 1 1.8 2.2l-1.5 7A2 2 0 0 1 17.4 20H7",
    down: "M17 14V4h3v10zm0 0-4 7c-1.7 0-2.5-1-2.2-2.6l.6-3.4H5a1.8 1.8 0 0 1-1.8-2.2l1.500-7A2 2 0 0 1 6.6 4H17",
  };
  const rated = new Map(); // answer's text to what its visitor said, for when Gradio redraws it
  let busy = false;

  const element = (name, attributes, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };
  const icon = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };
  const button = (name, label, press) => {
    const made = element("button", { type: "button", class: `kw-tool kw-${name}`, "aria-label": label, title: label }, icon(ICONS[name]));
    made.addEventListener("click", press);
    return made;
  };

  // The answer as plain text: what a mail or a note can hold, with the sources' addresses below.
  const plain = (reply) => {
    const copy = reply.cloneNode(true);
    copy.querySelectorAll(".kw-foot, .kw-searched, .kw-hidden, .kw-icon, .kw-sources, .kw-rules, .kw-drawing, svg").forEach((e) => e.remove());
    copy.querySelectorAll("a.cite").forEach((a) => a.replaceWith(` [${a.textContent.trim()}]`));
    copy.querySelectorAll("li").forEach((li) => li.prepend("- "));
    copy.querySelectorAll("p, li, h2, h3, ul, ol").forEach((e) => e.append("\n"));
    const sources = [...reply.querySelectorAll(".kw-sources a.cite")].map((a) => {
      const title = a.closest("li").querySelector(".kw-title").textContent;
      return `[${a.lastChild.textContent.trim()}] ${title}, ${a.href}`;
    });
    return [copy.textContent.replace(/[ \t]+/g, " ").replace(/ ?\n[\s]*/g, "\n").trim(), ...sources].join("\n");
  };

  const toClipboard = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = element("textarea", { class: "kw-hidden", readonly: "" }); // pages without https
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("refused");
  };

  const send = (text) => {
    const field = document.querySelector("#kw-rated :is(input, textarea)");
    if (!field) return;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const foot = (reply, number) => {
    const key = `${number} ${reply.textContent}`;
    const said = element("span", { class: "kw-said-so", role: "status" });
    const tell = (text) => { said.textContent = text; };
    const copy = button("copy", "Copy this answer", () => {
      toClipboard(plain(reply)).then(() => tell("Copied."), () => tell("Copying is not allowed here."));
    });
    const row = element("div", { class: "kw-foot", role: "group", "aria-label": "This answer", "aria-live": "off" }, copy);
    if (!reply.matches(".kw-is-answer, .kw-is-refusal")) { row.append(said); return row; }

    const mark = () => {
      const state = rated.get(key) ?? {};
      up.setAttribute("aria-pressed", String(state.verdict === "up"));
      down.setAttribute("aria-pressed", String(state.verdict === "down"));
      reasons.hidden = state.verdict !== "down" || Boolean(state.reason);
    };
    const thanks = () => tell(document.querySelector(".kw-keeps")
      ? "Thank you. This is kept to improve the answers." : "Thank you. Nothing of this is kept.");
    const up = button("up", "Helpful", () => { rated.set(key, { verdict: "up" }); send(`${number} up`); mark(); thanks(); });
    const down = button("down", "Not helpful", () => {
      rated.set(key, { verdict: "down" });
      mark();
      tell("");
      reasons.querySelector("button").focus({ preventScroll: true });
      reasons.scrollIntoView({ block: "nearest" });
    });
    const reasons = element("div", { class: "kw-reasons", role: "group", "aria-label": "What was wrong with it?" },
      element("p", {}, "What was wrong with it?"));
    for (const [name, words] of Object.entries(REASONS)) {
      const reason = element("button", { type: "button", class: "kw-reason" }, words);
      reason.addEventListener("click", () => {
        rated.set(key, { verdict: "down", reason: name });
        send(`${number} ${name}`);
        mark();
        thanks();
        down.focus();
      });
      reasons.append(reason);
    }
    row.append(up, down, said, reasons);
    mark();
    return row;
  };

  const draw = () => {
    document.querySelectorAll("#kw-log .kw-reply").forEach((reply, number) => {
      const whole = !reply.matches(".kw-busy") && !reply.querySelector(".kw-failed");
      if (whole && !reply.querySelector(".kw-foot")) reply.append(foot(reply, number));
    });
  };
  new MutationObserver(() => {
    if (busy) return;
    busy = true;
    requestAnimationFrame(() => { busy = false; draw(); });
  }).observe(document.documentElement, { subtree: true, childList: true });
})();

// "Take this to your physio": the conversation as one page to print or save. It is put together
// here, from what the page shows, and goes nowhere.
(() => {
  const element = (name, attributes = {}, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  };
  const words = (node, selector) => node.querySelector(selector)?.textContent.trim() ?? "";
  const clinic = () => words(document, ".kw-header h1");
  const replies = () => [...document.querySelectorAll("#kw-log .kw-reply:not(.kw-busy)")];
  let notes = "";

  // Each warning once, the gravest first, with the visitor's words that brought it up.
  const warnings = () => {
    const seen = new Map();
    for (const safety of document.querySelectorAll("#kw-log .kw-alarm, #kw-log .kw-note")) {
      const now = words(safety, ".kw-now"); // a reminder has another heading and says the same
      if (seen.has(now)) continue;
      const heading = words(safety, "h2 > span:last-child");
      const said = safety.closest(".message-row")?.previousElementSibling;
      const row = element("li", {}, element("strong", {}, heading), element("p", {}, now));
      if (said) row.append(element("p", { class: "kw-quote" }, `Asked: “${words(said, ".kw-said")}”`));
      seen.set(now, { row, grave: safety.matches(".kw-alarm") });
    }
    const rows = [...seen.values()].sort((one, other) => other.grave - one.grave).map(({ row }) => row);
    return rows.length ? [element("section", { class: "kw-warned" }, element("h2", {}, "Warning signs that came up"), element("ul", {}, ...rows))] : [];
  };

  const answer = (reply) => {
    const copy = reply.cloneNode(true);
    copy.querySelectorAll(".kw-safety, .kw-foot, .kw-searched, .kw-sources, .kw-hidden, .kw-from, .kw-rules, button").forEach((e) => e.remove());
    copy.querySelectorAll("a.cite").forEach((a) => a.replaceWith(element("sup", {}, a.textContent.trim())));
    copy.querySelectorAll("[class]").forEach((e) => { if (!e.matches(".kw-drawing")) e.removeAttribute("class"); });
    copy.className = "kw-answered";
    return copy;
  };

  const sources = (reply) => {
    const rows = [...reply.querySelectorAll(".kw-sources li")].map((row) => {
      const numbers = [...row.querySelectorAll("a.cite")].map((a) => a.lastChild.textContent.trim());
      const link = row.querySelector("a.cite");
      const address = new URL(link.href);
      address.search = address.hash = "";
      return element("li", {}, element("sup", {}, numbers.join(", ")), ` ${words(row, ".kw-title")}. ${words(row, ".kw-who")}. `,
        element("a", { href: address.href }, address.href));
    });
    return rows.length ? [element("ul", { class: "kw-cited" }, ...rows)] : [];
  };

  const conversation = () => replies().map((reply) => {
    const said = words(reply.closest(".message-row")?.previousElementSibling ?? reply, ".kw-said");
    const safety = reply.querySelector(".kw-safety");
    const told = answer(reply);
    if (!told.textContent.trim() && safety) told.append(element("p", {}, `The chat stopped here and said: ${words(safety, "h2 > span:last-child")}.`));
    return element("section", { class: "kw-turn" }, element("h3", {}, said), told, ...sources(reply));
  });

  const page = () => {
    const today = new Date().toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
    const own = notes.trim() ? [element("p", { class: "kw-own" }, notes.trim())] : ["", "", ""].map(() => element("p", { class: "kw-rule" }));
    return element("div", { class: "kw-paper" },
      element("h1", {}, "For my physio: questions about runner’s knee"),
      element("p", { class: "kw-from" }, `${today} · asked in the chat of ${clinic()} · education, not medical advice and not a diagnosis`),
      ...warnings(),
      element("section", {}, element("h2", {}, "What I want to tell or ask"), ...own),
      element("section", {}, element("h2", {}, "What I asked, and what the articles say"), ...conversation()));
  };

  const sheet = () => [...document.styleSheets].find((s) => s.href?.includes("static/summary.css"));
  const paper = () => [...(sheet()?.cssRules ?? [])].filter((rule) => rule.selectorText?.startsWith(".kw-paper")).map((rule) => rule.cssText).join("\n");

  const download = () => {
    const saved = page();
    saved.querySelectorAll("img").forEach((image) => image.remove()); // a saved file asks no server
    const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>For my physio</title>
<style>body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }\n${paper()}</style></head><body>${saved.outerHTML}</body></html>`;
    const address = URL.createObjectURL(new Blob([html], { type: "text/html" }));
    element("a", { href: address, download: `for-my-physio-${new Date().toISOString().slice(0, 10)}.html` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };

  // The browser's own "Print" gives the same page as our button.
  const printed = element("div", { id: "kw-print" });
  addEventListener("beforeprint", () => { if (replies().length) { printed.replaceChildren(page()); document.body.append(printed); } });
  addEventListener("afterprint", () => printed.remove());

  const dialog = element("dialog", { class: "kw-summary", "aria-labelledby": "kw-summary-title" });
  const preview = element("div", { class: "kw-preview", tabindex: "0", role: "region", "aria-label": "Preview" });
  const open = () => {
    const own = element("textarea", { id: "kw-notes", rows: "3", maxlength: "2000" });
    own.value = notes;
    own.addEventListener("input", () => { notes = own.value; preview.replaceChildren(page()); });
    const tool = (label, press, look = "") => {
      const made = element("button", { type: "button", class: look }, label);
      made.addEventListener("click", press);
      return made;
    };
    dialog.replaceChildren(
      element("div", { class: "kw-summary-top" },
        element("h2", { id: "kw-summary-title", tabindex: "-1" }, "Take this to your physio"), tool("Close", () => dialog.close())),
      element("div", { class: "kw-summary-body" },
        element("p", {}, "Made in your browser. It is sent to nobody; you decide who gets it."),
        element("label", { for: "kw-notes" }, "What do you want to tell or ask? (optional)"), own, preview),
      element("div", { class: "kw-summary-foot" }, tool("Print or save as PDF", () => print(), "kw-main"), tool("Download", download)));
    preview.replaceChildren(page());
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector("h2").focus();
  };
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => document.querySelector(".kw-take")?.focus());

  const take = element("button", { type: "button", class: "kw-take" }, "Take this to your physio");
  take.addEventListener("click", open);
  new MutationObserver(() => {
    const feet = document.querySelectorAll("#kw-log .kw-foot");
    const last = feet[feet.length - 1];
    if (!last) notes = "";
    else if (take.parentElement !== last) last.append(take);
  }).observe(document.documentElement, { subtree: true, childList: true });
})();

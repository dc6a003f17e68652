// Options from the script's data- attributes, one host element, and the page's own handle: Kneewise.
const script = document.currentScript ?? document.querySelector('script[src*="/widget"]');
const options = { position: "end", theme: "auto", ...script.dataset };
const base = new URL(".", script.src);

const language = () => {
  const wanted = (options.lang || document.documentElement.lang || "en").toLowerCase();
  const brought = options.texts && document.getElementById(options.texts);
  const own = brought ? JSON.parse(brought.textContent) : {};
  const code = TEXTS[wanted] ? wanted : TEXTS[wanted.split("-")[0]] ? wanted.split("-")[0] : "en";
  return { ...TEXTS.en, ...TEXTS[code], code: own.code ?? code, ...own };
};

// "auto" is dark where the visitor wants it and the page says that it can be.
const theme = () => {
  if (options.theme !== "auto") return options.theme;
  const able = getComputedStyle(document.documentElement).colorScheme.includes("dark");
  const page = options.mode === "page";
  return (able || page) && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
};

const start = () => {
  const texts = language();
  const page = options.mode === "page";
  const host = document.createElement("kneewise-chat");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet(); // not an inline style: a strict style-src lets it pass
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];

  const announce = (name, detail = {}) => {
    launcher.setAttribute("aria-expanded", String(panel.open));
    launcher.hidden = panel.open || page || options.launcher === "none";
    document.dispatchEvent(new CustomEvent(`kneewise:${name}`, { detail }));
  };
  const panel = new Panel(texts, new Server(base), page, announce);
  const launcher = h("button", { type: "button", class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false",
    onclick: () => panel.show(), hidden: page || options.launcher === "none" },
    icon(...ICONS.chat), h("span", {}, options.label || texts.launcher));
  panel.launcher = launcher;
  const across = options.position === "right" || options.position === "left"
    ? options.position
    : (getComputedStyle(document.documentElement).direction === "rtl") === (options.position === "end") ? "left" : "right";
  const frame = h("div", { class: `frame ${across}${page ? " page" : ""}`, lang: texts.code, dir: texts.dir },
    launcher, panel.element);
  root.append(frame);
  if (Number(options.offset)) frame.style.setProperty("--offset", `${Number(options.offset)}px`);
  const paint = () => (frame.dataset.theme = theme());
  paint();
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", paint);

  // On a phone the keyboard covers the lower half of what CSS knows; pinching is not the keyboard.
  const fit = () => {
    const seen = visualViewport.scale > 1 ? "" : `${visualViewport.height}px`;
    frame.style.setProperty("--seen", seen);
  };
  window.visualViewport?.addEventListener("resize", fit);

  // In the top layer nothing of the page can lie over it or move it along.
  const attach = () => {
    if (!host.isConnected) document.body.append(host);
    if (!page && host.showPopover) {
      host.popover = "manual";
      if (!host.matches(":popover-open")) host.showPopover();
    }
  };
  attach();
  for (const name of ["keyup", "keypress"]) host.addEventListener(name, (event) => event.stopPropagation());

  const open = () => {
    attach();
    paint();
    panel.show();
  };
  const click = (event) => {
    const link = event.target.closest?.('a[href="#kneewise"], [data-kneewise-ask]');
    if (!link) return;
    event.preventDefault();
    open();
    if (link.dataset.kneewiseAsk) panel.ask(link.dataset.kneewiseAsk);
  };
  document.addEventListener("click", click);
  window.Kneewise = Object.freeze({
    open,
    close: () => panel.close(),
    ask: (question) => {
      open();
      return panel.ask(String(question));
    },
    reset: () => panel.reset(),
    on: (name, heard) => document.addEventListener(`kneewise:${name}`, heard),
    off: (name, heard) => document.removeEventListener(`kneewise:${name}`, heard),
    remove: () => {
      panel.close();
      host.remove();
      document.removeEventListener("click", click);
      dark.removeEventListener("change", paint);
      window.visualViewport?.removeEventListener("resize", fit);
      delete window.Kneewise;
    },
  });
  if (page || options.open === "true") open();
  document.dispatchEvent(new CustomEvent("kneewise:ready"));
};

// A framework may run the script twice; one widget is enough.
if (!window.Kneewise && !document.querySelector("kneewise-chat")) {
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start, { once: true });
}

// Elements without markup: text is always text, so pages with Trusted Types or a strict CSP work too.
const SVG = "http://www.w3.org/2000/svg";

const h = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== ""));
  return element;
};

const icon = (...paths) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
};

const ICONS = {
  chat: ["M20 4H4a1.500 1.500 0 0 0-1.500 1.500v10A1.500 1.500 0 0 0 4 17h3v4l5-4h8a1.500 1.500 0 0 0 1.500-1.500v-10A1.500 1.500 0 0 0 20 4z", "M7.500 9h9M7.500 12.500h5.500"],
  close: ["M6 6l12 12M18 6L6 18"],
  fresh: ["M12 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-6", "M18.500 3.500l2 2L12 14l-3 1 1-3z"],
  back: ["M15 5l-7 7 7 7"],
  up: ["M7 11v9H4v-9zM7 11l4-8c2 0 3 1.500 2.500 3.500L13 9h5.500a2 2 0 0 1 2 2.300l-1.100 7A2 2 0 0 1 17.400 20H7"],
  down: ["M17 13V4h3v9zM17 13l-4 8c-2 0-3-1.500-2.500-3.500L11 15H5.500a2 2 0 0 1-2-2.300l1.100-7A2 2 0 0 1 6.600 4H17"],
};

// Words of the server and of the articles, inside a page that may be in another language.
const ENGLISH = { lang: "en", dir: "auto" };
const native = (texts) => ({ lang: texts.code, dir: texts.dir });
const hidden = (text, attributes = {}) => h("span", { class: "hidden", ...attributes }, text);
const dial = (number) =>
  (number.replace("(0)", "").match(/^[\s(]*[+0-9][0-9 ()./-]*/)?.[0] ?? "").replace(/[^+0-9]/g, "");
const telephone = (texts, number, label) =>
  h("a", { class: "phone", href: `tel:${dial(number)}`, ...native(texts) },
    h("b", {}, tell(texts, "call", { number })), label ? h("span", {}, label) : "");

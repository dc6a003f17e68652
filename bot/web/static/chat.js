// What Gradio's markup lacks for screen readers, keyboards and reading from the top.
(() => {
  const named = (selector, name) =>
    document.querySelectorAll(`${selector}:not([aria-label="${name}"])`).forEach((element) =>
      element.setAttribute("aria-label", name));
  const once = (selector, attribute, value) =>
    document.querySelectorAll(`${selector}:not([${attribute}="${value}"])`).forEach((element) =>
      element.setAttribute(attribute, value));
  let follow = null; // the question that is kept in view while its answer comes in
  let asked = 0;
  let answering = false;

  const describe = () => {
    once(".examples", "role", "group");
    named(".examples", "Example questions");
    once(".placeholder-content", "role", "presentation");
    once("#kw-log [role=log]", "tabindex", "0");
    named("#kw-log [role=log]", "Conversation");
    once("[data-testid=user]", "role", "group");
    named("[data-testid=user]", "You");
    once("[data-testid=bot]", "role", "group");
    named("[data-testid=bot]", "Kneewise");
    once(".kw-alarm, .kw-problem", "role", "alert");
    once(".kw-note", "role", "note");
    document.querySelectorAll('a[href^="tel:"][target]').forEach((a) => a.removeAttribute("target"));
  };

  const settle = () => {
    const log = document.querySelector("#kw-log [role=log]");
    if (!log) return;
    const questions = log.querySelectorAll(".user-row");
    const busy = Boolean(log.querySelector(".kw-busy"));
    // Sentence after sentence redraws the message; a reader should hear it once, when it is whole.
    log.setAttribute("aria-busy", String(busy));
    if (questions.length > asked) follow = questions[questions.length - 1];
    asked = questions.length;
    if (follow) follow = follow.nextElementSibling?.querySelector(".kw-alarm") ?? follow;
    if (follow?.isConnected) {
      const whole = getComputedStyle(log).overflowY === "visible"; // far zoomed in, the page scrolls
      if (whole) follow.scrollIntoView({ block: "start" });
      else log.scrollTop += follow.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
    }
    if (answering && !busy && document.activeElement === document.body) {
      document.querySelector("#kw-box textarea")?.focus({ preventScroll: true });
    }
    answering = busy;
  };

  for (const moved of ["wheel", "touchmove", "keydown"]) {
    document.addEventListener(moved, (event) => {
      if (event.target.closest?.("#kw-log")) follow = null;
    }, { passive: true });
  }
  let planned = false;
  new MutationObserver(() => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => { planned = false; describe(); settle(); });
  }).observe(document.documentElement, { subtree: true, childList: true, characterData: true });
})();

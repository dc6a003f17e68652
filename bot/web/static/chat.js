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
  const box = () => document.querySelector("#kw-box textarea");
  let sent = box()?.value || null; // what was in the box when it was sent, maybe before this ran
  const fill = (value) => {
    const area = box();
    area.value = value;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const letters = (text) => text.replace(/\s+/g, "");

  // A message leaves the box when it is seen in the conversation, and only it: never what was
  // typed after it, and never a message that did not arrive.
  const empty = (questions) => {
    const said = questions[questions.length - 1]?.querySelector(".kw-said");
    if (sent === null || !said || letters(said.textContent) !== letters(sent)) return;
    if (box().value.startsWith(sent)) fill(box().value.slice(sent.length).trimStart());
    sent = null;
  };
  document.addEventListener("keydown", (event) => {
    const enter = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (enter && event.target.matches?.("#kw-box textarea")) sent = event.target.value;
  }, { capture: true });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#kw-box .submit-button")) sent = box().value;
    else if (event.target.closest?.(".example, .option, #kw-new")) sent = null;
  }, { capture: true });

  // "Edit" puts what was searched for into the box, above what was being written there.
  document.addEventListener("click", (event) => {
    const edit = event.target.closest?.(".kw-edit");
    if (!edit) return;
    const draft = box().value.trim();
    fill(edit.parentElement.querySelector(".kw-asked-for").textContent + (draft ? `\n${draft}` : ""));
    box().focus();
  });

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
    if (questions.length > asked) {
      follow = questions[questions.length - 1];
      empty(questions);
    }
    asked = questions.length;
    if (follow) follow = follow.nextElementSibling?.querySelector(".kw-alarm") ?? follow;
    if (follow?.isConnected) {
      const whole = getComputedStyle(log).overflowY === "visible"; // far zoomed in, the page scrolls
      if (whole) follow.scrollIntoView({ block: "start" });
      else log.scrollTop += follow.getBoundingClientRect().top - log.getBoundingClientRect().top - 12;
    }
    if (answering && !busy && document.activeElement === document.body) {
      box()?.focus({ preventScroll: true });
    }
    answering = busy;
  };

  for (const moved of ["wheel", "touchmove", "pointerdown", "keydown", "focusin"]) {
    document.addEventListener(moved, (event) => {
      if (event.target.closest?.("#kw-log")) follow = null;
    }, { passive: true });
  }
  let planned = false;
  const plan = () => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => { planned = false; describe(); settle(); });
  };
  plan(); // the page may be there already
  new MutationObserver(plan).observe(document.documentElement, { subtree: true, childList: true, characterData: true });
})();

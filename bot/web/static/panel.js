// A citation opens its passage beside the chat. Without this script, or on a middle or modified
// click, the link is what it is: the article's own page.
(() => {
  const panel = document.createElement("dialog");
  panel.className = "kw-panel";
  panel.setAttribute("aria-labelledby", "kw-panel-title");
  panel.innerHTML = `
    <div class="kw-panel-bar"><span class="kw-panel-number"></span>
      <button type="button" class="kw-panel-close">Close</button></div>
    <div class="kw-panel-body" tabindex="0"></div>
    <div class="kw-panel-foot"><a target="_blank" rel="noopener">Open the whole article</a></div>`;
  const body = panel.querySelector(".kw-panel-body");
  const whole = panel.querySelector(".kw-panel-foot a");
  let opener = null;

  const passage = (url) => {
    const at = new URL(url);
    at.pathname += "/passage";
    at.hash = "";
    return at;
  };

  const show = (html) => {
    body.innerHTML = html; // our own server's fragment, in which every word is escaped
    const mark = body.querySelector("mark");
    body.scrollTop = 0;
    if (mark && mark.offsetTop + mark.offsetHeight > body.clientHeight) {
      mark.scrollIntoView({ block: "center" });
    }
    body.querySelector("h2")?.focus({ preventScroll: true });
  };

  const open = async (link) => {
    opener = link;
    const n = new URL(link.href).searchParams.get("n");
    panel.querySelector(".kw-panel-number").textContent = n ? `Source ${n}` : "Source";
    whole.href = link.href;
    body.innerHTML = '<h2 id="kw-panel-title" tabindex="-1">Opening the article …</h2>';
    if (!panel.isConnected) document.body.append(panel);
    if (!panel.open) panel.showModal();
    try {
      const reply = await fetch(passage(link.href));
      if (!reply.ok) throw new Error(reply.status);
      show(await reply.text());
    } catch {
      show('<h2 id="kw-panel-title" tabindex="-1">The passage could not be loaded</h2>' +
        "<p>Please check the connection, or open the whole article below.</p>");
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.cite");
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (link && plain && event.button === 0) {
      event.preventDefault();
      open(link);
    }
  });
  panel.addEventListener("click", (event) => {
    const close = event.target.closest(".kw-panel-close");
    if (close || event.target === panel) panel.close(); // a click beside the panel hits the dialog
  });
  panel.addEventListener("close", () => {
    // The chat may have redrawn the message meanwhile: look for the same citation again.
    const again = opener?.isConnected
      ? opener
      : [...document.querySelectorAll("a.cite")].find((link) => link.href === opener?.href);
    again?.focus();
  });
})();

// Added to simcord's preview: the demo's page asks it to look as somebody, to press a button or to begin a command;
// and no link leaves the machine.
{
  const byId = (id) => document.getElementById(id);
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  // A room on a page of its own is its own parent, and would answer itself without end.
  const framed = window.parent !== window;
  const guide = (message) => framed && window.parent.postMessage(message, "*");

  async function until(found, tries = 100) {
    for (let n = 0; n < tries; n++) {
      const value = found();
      if (value) return value;
      await wait(100);
    }
    return null;
  }
  const rests = () => until(() => !byId("toolbar").textContent.includes("…") && byId("viewer-picker").options.length);

  // The newest message stays in sight, whatever grows above it, until the visitor looks elsewhere.
  const line = byId("channel-timeline");
  let stays = true;
  const latest = () => { stays = true; line.scrollTop = line.scrollHeight; };
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    line.addEventListener(kind, () => { stays = false; }, { passive: true });
  }
  const keep = () => { if (stays && line.scrollHeight - line.scrollTop - line.clientHeight > 1) latest(); };
  new ResizeObserver(keep).observe(byId("channel-message-list"));
  line.addEventListener("scroll", keep, { passive: true });

  async function viewAs(name) {
    await rests();
    const picker = byId("viewer-picker");
    const option = [...picker.options].find((one) => one.textContent.trim() === name);
    if (!option || picker.value === option.value) return;
    picker.value = option.value;
    picker.dispatchEvent(new Event("change", { bubbles: true }));
    await wait(300);
    await rests();
  }

  async function press(label) {
    const button = await until(() => [...byId("channel-message-list").querySelectorAll("button")]
      .filter((one) => one.textContent.trim() === label && !one.disabled).pop());
    stays = false;
    button?.scrollIntoView({ block: "center" });
    button?.click();
  }

  async function begin(command) {
    const box = byId("channel-composer-input");
    box.focus();
    box.value = `/${command}`;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    await wait(500);
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    const named = (name) => [...document.querySelectorAll("button")].find((one) => one.offsetParent && !one.disabled
      && (one.getAttribute("aria-label") ?? one.textContent).trim() === name);
    // A page that is just being refreshed takes no command: it asks for a second press.
    for (let n = 0; n < 15 && (n === 0 || named("Exit command mode")); n++) {
      (await until(() => named("Send")))?.click();
      await wait(2000);
    }
    latest();
  }

  // What the bot says to the visitor alone comes last: a page that is scrolled up would keep it out of sight.
  let newest = 0n;
  const follow = () => {
    const note = [...byId("channel-message-list").querySelectorAll(".message-ephemeral-note")].pop();
    const article = note?.closest("[data-message-id]");
    if (!article || BigInt(article.dataset.messageId) <= newest) return;
    newest = BigInt(article.dataset.messageId);
    latest();
  };
  new MutationObserver(follow).observe(byId("channel-message-list"), { childList: true, subtree: true });

  window.addEventListener("message", async ({ source, data }) => {
    if (!framed || source !== window.parent || !data?.mockingbird) return;
    await rests();
    if (data.viewer) await viewAs(data.viewer);
    latest();
    if (data.press) await press(data.press);
    if (data.command) await begin(data.command);
    guide({ mockingbird: "done" });
  });

  document.addEventListener("click", (event) => {
    const thread = event.target.closest?.(".thread-summary");
    if (thread) return guide({ mockingbird: "go", thread: thread.textContent });
    const link = event.target.closest?.("a[href]");
    if (!link || link.origin === window.location.origin) return;
    event.preventDefault();
    const places = link.pathname.match(/^\/channels\/\d+\/(\d+)/);
    guide(places ? { mockingbird: "go", room: places[1] } : { mockingbird: "link", url: link.href });
  }, true);

  rests().then(() => { latest(); guide({ mockingbird: "ready" }); });
}

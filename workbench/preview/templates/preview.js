"use strict";
/* Renews the page in place when the preview says that there is another one: the reader stays where they are. */
(() => {
  const nonce = document.currentScript.nonce;
  let ofPage = new AbortController(), renewing = Promise.resolve();

  /* What the script of the page listens to is forgotten with the page. */
  const listen = document.addEventListener.bind(document);
  document.addEventListener = (type, listener, options) => {
    const given = typeof options === "object" ? options : { capture: Boolean(options) };
    listen(type, listener, { ...given, signal: ofPage.signal });
  };

  listen("DOMContentLoaded", () => {
    const news = new EventSource("/events");
    news.onmessage = ({ data }) => {
      const said = JSON.parse(data);
      renewing = renewing.then(() => renew(said.version)).then(() => say(said), () => say({ state: "lost" }));
    };
    news.onerror = () => say({ state: "lost" });
  });

  function say(said) {
    const line = document.getElementById("preview"), text = line.firstElementChild;
    const words = line.dataset[said.state].replace(/\{(\w+)\}/g, (_, name) => said[name]);
    line.dataset.state = said.state;
    if (text.textContent !== words) text.textContent = words;
  }

  async function renew(version) {
    if (version === document.getElementById("preview").dataset.version) return;
    const answer = await fetch("/", { cache: "no-store" });
    /* What is parsed here is under the policy of this document, which knows its own nonce only. */
    const text = (await answer.text()).replace(/<style nonce="[^"]*"/g, `<style nonce="${nonce}"`);
    const page = new DOMParser().parseFromString(text, "text/html");
    const place = placeOfReader(), opened = openDetails();
    ofPage.abort();
    ofPage = new AbortController();
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    replaceStyles(page);
    replaceBody(page);
    for (const details of document.querySelectorAll("details")) details.open = opened.has(nameOf(details));
    goTo(place);
  }

  function replaceStyles(page) {
    const before = [...document.head.querySelectorAll("style")];
    const now = [...page.head.querySelectorAll("style")].map((style) => allowed("style", style.textContent));
    document.head.append(...now);
    before.forEach((style) => style.remove());
  }

  /* The line that says what goes on stays, so that it is read out when it changes. */
  function replaceBody(page) {
    const line = document.getElementById("preview"), ofPage = page.getElementById("preview");
    for (const [name, words] of Object.entries(ofPage.dataset)) line.dataset[name] = words;
    ofPage.remove();
    const scripts = [...page.body.querySelectorAll("script:not([type])")];
    scripts.forEach((script) => script.remove());
    [...document.body.childNodes].filter((node) => node !== line).forEach((node) => node.remove());
    line.before(...page.body.childNodes);
    line.before(...scripts.map((script) => allowed("script", script.textContent)));
  }

  function allowed(tag, text) {
    const element = document.createElement(tag);
    element.nonce = nonce;
    element.textContent = text;
    return element;
  }

  /* Where the reader is: how far the first thing with a name that they see is from the top of the window. */
  function placeOfReader() {
    const named = [...document.querySelectorAll(".body [id]:not(.contents *)")].find((element) => {
      const box = element.getBoundingClientRect();
      return box.height > 0 && box.bottom > 0;
    });
    const focused = document.activeElement?.id;
    return { x: scrollX, y: scrollY, id: scrollY > 0 ? named?.id : null, top: named?.getBoundingClientRect().top, focused };
  }

  function goTo({ x, y, id, top, focused }) {
    const named = id && document.getElementById(id);
    const moved = named ? named.getBoundingClientRect().top - top : y - scrollY;
    scrollTo({ left: x, top: scrollY + moved, behavior: "instant" });
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  function openDetails() {
    return new Set([...document.querySelectorAll("details[open]")].map(nameOf));
  }

  /* Details have no name of their own: they are known by what they are in. */
  function nameOf(details) {
    return `${details.parentElement.closest("[id]")?.id}/${details.querySelector("summary")?.textContent}`;
  }
})();

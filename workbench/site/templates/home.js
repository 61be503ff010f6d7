"use strict";
/* Search and filters over the studies that the page lists. Without script the form stays hidden and all is listed. */
(() => {
  const form = document.getElementById("search");
  if (!form) return;
  const count = document.getElementById("count"), clear = document.getElementById("clear");
  const fields = ["q", "country", "year", "topic", "language"].map((name) => form.elements[name]);
  const years = [...document.querySelectorAll(".studies .year")];
  const browse = document.querySelectorAll(".browse, .jump");
  const entries = entriesOfThePage();
  const number = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" });
  form.hidden = false;

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { show(); remember(); });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    fields.forEach((field) => { field.value = ""; });
    show();
    remember();
    form.elements.q.focus();
  });
  addEventListener("hashchange", recall);
  recall();

  /* A letter is what it is without its marks: "prieglobscio" finds "prieglobsčio". */
  function folded(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  }

  function entriesOfThePage() {
    const labels = new Map(
      [...document.querySelectorAll("[data-indicator]")].map((link) => [link.dataset.indicator, link.textContent]));
    return [...document.querySelectorAll(".studies .study")].map((item) => {
      const said = [...item.querySelectorAll(".kicker, h4, .said")].map((part) => part.textContent);
      const measured = item.dataset.indicators.split(" ").map((indicator) => labels.get(indicator) ?? "");
      const { country, year, topic, languages } = item.dataset;
      const words = folded([...said, ...measured, country].join(" "));
      return { item, country, year, topic, languages: languages.split(" "), words: ` ${words.join(" ")}` };
    });
  }

  /* Every word of the query must begin a word of the entry; each filter that is set must hold. */
  function matches(entry, words, country, year, topic, language) {
    return (!country || entry.country === country) && (!year || entry.year === year)
      && (!topic || entry.topic === topic) && (!language || entry.languages.includes(language))
      && words.every((word) => entry.words.includes(` ${word}`));
  }

  function show() {
    const [query, ...filters] = fields.map((field) => field.value);
    const words = folded(query), isAll = !words.length && !filters.some(Boolean);
    let shown = 0;
    for (const entry of entries) {
      const is = matches(entry, words, ...filters);
      if (entry.item.hidden === is) entry.item.hidden = !is;
      shown += is;
    }
    for (const year of years) year.hidden = !year.querySelector(".study:not([hidden])");
    /* While something is looked for, what was found stands right below the search. */
    for (const section of browse) section.hidden = !isAll;
    document.querySelector(".studies").classList.toggle("looking", !isAll);
    clear.hidden = isAll && !query;
    count.textContent = isAll ? count.dataset.all : shown === 0 ? count.dataset.none
      : count.dataset.some.replace("{shown}", number.format(shown)).replace("{all}", number.format(entries.length));
  }

  /* The view is in the address, so that it can be linked: #q=applicants&country=LT */
  function remember() {
    const state = new URLSearchParams();
    for (const field of fields) if (field.value.trim()) state.set(field.name, field.value.trim());
    history.replaceState(null, "", `#${state}`);
    carry();
  }

  /* The other languages show the same view. */
  function carry() {
    for (const link of document.querySelectorAll(".bar .languages a")) link.hash = location.hash;
  }

  function recall() {
    const hash = location.hash.slice(1);
    /* A link to a place in the page is no view: what is looked for stays. */
    if (hash && !hash.includes("=")) return show();
    const state = new URLSearchParams(hash);
    for (const field of fields) {
      field.value = state.get(field.name) ?? "";
      if (field.selectedIndex === -1) field.value = "";
    }
    show();
    carry();
  }
})();

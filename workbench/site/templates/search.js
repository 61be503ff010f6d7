/* Search in what the site has, over the data in the page. Without script the form stays hidden and all is listed. */
(() => {
  const form = document.getElementById("search"), block = document.getElementById("search-data");
  if (!form || !block) return;
  const results = document.getElementById("results"), count = document.getElementById("count");
  const clear = document.getElementById("clear"), query = form.elements.q;
  const filters = [...form.querySelectorAll("select")], fields = [query, ...filters];
  const narrowing = form.querySelector(".filters"), browse = document.querySelectorAll(".browse");
  const number = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" });
  /* How well a word matches: in the title, in what stands below it, in words that are not shown. */
  const WORTH = [6, 2, 1], MOST = 60;
  const ORDER = ["country", "indicator", "study", "figure", "finding", "dataset"];
  const names = Object.fromEntries([...form.elements.kind.options].map((option) => [option.value, option.text]));
  const { endings, ...found } = JSON.parse(block.textContent);
  let entries = null;
  form.hidden = false;

  form.addEventListener("submit", (event) => { event.preventDefault(); results.querySelector("a")?.focus(); });
  form.addEventListener("input", () => { show(); remember(); });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    fields.forEach((field) => { field.value = ""; });
    show();
    remember();
    query.focus();
  });
  form.addEventListener("keydown", (event) => { if (event.target === query) walk(event, -1); });
  results.addEventListener("keydown", (event) => walk(event, links().indexOf(event.target)));
  addEventListener("hashchange", recall);
  recall();

  /* A letter is what it is without its marks: "prieglobscio" finds "prieglobsčio". */
  function folded(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  }

  /* A word without its ending, of which at least three letters stay; what the ending bent is straight again. */
  function stem(word) {
    const ending = endings.find((one) => word.length - one.length >= 3 && word.endsWith(one)) ?? "";
    return word.slice(0, word.length - ending.length).replace(/c$/, "t").replace(/dz$/, "d");
  }

  function everything() {
    const of = (kind, title, context, href, words, more = {}) => ({
      kind, title, context, href, ...more, parts: [title, context, words].map((text) => folded(text).map((word) => [word, stem(word)])),
    });
    const made = [
      ...found.countries.map(([name, href, words]) => of("country", name, "", href, words)),
      ...found.indicators.map(([label, href, topic, words]) => of("indicator", label, "", href, words, { topic })),
      ...found.datasets.map(([title, href, context, words]) => of("dataset", title, context, href, words)),
    ];
    for (const { title, scope, href, words, findings, figures, ...more } of found.studies) {
      const context = `${title}, ${scope}`;
      made.push(of("study", title, scope, href, words, more));
      for (const finding of findings) made.push(of("finding", finding, context, href, "", more));
      for (const [place, caption] of figures) made.push(of("figure", caption, context, `${href}#${place}`, "", more));
    }
    return made;
  }

  /* A word is found by its beginning, or by its stem; a short stem only whole. */
  function worth(entry, [word, root]) {
    const is = ([other, its]) => other.startsWith(word) || its === root || (root.length >= 4 && its.startsWith(root));
    const part = entry.parts.findIndex((words) => words.some(is));
    return part < 0 ? 0 : WORTH[part];
  }

  function passes(entry, chosen) {
    return Object.entries(chosen).every(([name, value]) => !value
      || (name === "language" ? entry.languages?.includes(value) : entry[name] === value));
  }

  function matching() {
    const words = folded(query.value).map((word) => [word, stem(word)]);
    const chosen = Object.fromEntries(filters.map((filter) => [filter.name, filter.value]));
    /* With nothing to look for, a filter shows the studies. */
    if (!words.length && !chosen.kind) chosen.kind = "study";
    entries ??= everything();
    const ranked = [];
    for (const entry of entries) {
      if (!passes(entry, chosen)) continue;
      const worths = words.map((word) => worth(entry, word));
      if (worths.every(Boolean)) ranked.push([worths.reduce((sum, one) => sum + one, 0), entry]);
    }
    return ranked.sort(([one, first], [other, second]) => other - one || ORDER.indexOf(first.kind) - ORDER.indexOf(second.kind))
      .map(([, entry]) => entry);
  }

  function show() {
    const isIdle = !query.value.trim() && !filters.some((filter) => filter.value);
    const matched = isIdle ? [] : matching();
    results.replaceChildren(...matched.slice(0, MOST).map(listed));
    results.hidden = !matched.length;
    /* While something is looked for, what was found stands right below the search. */
    for (const section of browse) section.hidden = !isIdle;
    clear.hidden = narrowing.hidden = isIdle;
    const said = isIdle ? "all" : matched.length === 0 ? "none" : matched.length > MOST ? "more" : "some";
    count.textContent = count.dataset[said].replace("{shown}", number.format(Math.min(matched.length, MOST)))
      .replace("{all}", number.format(matched.length));
  }

  function listed({ kind, title, context, href }) {
    const item = document.createElement("li"), link = document.createElement("a");
    link.href = href;
    link.append(part("kind", names[kind]), part("what", title));
    if (context) link.append(part("where", context));
    item.append(link);
    return item;
  }

  function part(name, text) {
    return Object.assign(document.createElement("span"), { className: name, textContent: text });
  }

  /* Arrow keys go from the field into the results and back. */
  function links() { return [...results.querySelectorAll("a")]; }

  function walk(event, position) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && position >= 0) return query.focus();
    if (!step) return;
    event.preventDefault();
    const next = links()[position + step];
    if (next) next.focus();
    else if (position + step < 0) query.focus();
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

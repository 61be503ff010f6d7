/* The review sheet: comments are kept in the page, and saved as one file. Text goes in as text, never as markup. */
(() => {
  const sheet = JSON.parse(document.getElementById("sheet").textContent);
  const numbers = JSON.parse(document.getElementById("numbers").textContent);
  const { words, reviewed } = sheet;
  const kept = `review ${reviewed.edition} ${reviewed.study} ${reviewed.country} ${reviewed.digest}`;
  const items = [...document.querySelectorAll(".item")];
  const end = document.getElementById("export");
  const tally = document.querySelector(".tally");
  let comments = [], isSaved = true;

  document.getElementById("verdict").hidden = false;
  recall();
  for (const item of items) {
    const button = item.querySelector(".add");
    button.hidden = false;
    button.addEventListener("click", () => write(item));
  }
  commentOnNumbers();
  end.addEventListener("submit", save);
  end.addEventListener("change", (event) => { if (event.target.id !== "opened") keep(); });
  document.getElementById("opened").addEventListener("change", open);
  addEventListener("beforeunload", (event) => { if (!isSaved) event.preventDefault(); });

  /* ---- What is kept in the page ---- */

  function recall() {
    try {
      const state = JSON.parse(localStorage.getItem(kept));
      if (state) take(state.comments, state.verdict, state.reviewer, state.isSaved);
    } catch {
      say(end, words.not_kept);
    }
    show();
  }

  function keep() {
    isSaved = comments.length === 0;
    remember();
    show();
  }

  function remember() {
    try {
      localStorage.setItem(kept, JSON.stringify({ comments, isSaved, verdict: end.verdict.value, reviewer: end.reviewer.value }));
    } catch {
      say(end, words.not_kept);
    }
  }

  function take(all, verdict, reviewer, saved) {
    comments = all;
    isSaved = saved;
    end.verdict.value = verdict;
    if (!end.reviewer.readOnly) end.reviewer.value = reviewer;
  }

  /* ---- What is shown ---- */

  function show() {
    const byAnchor = Map.groupBy(comments, (comment) => itemOf(comment));
    for (const item of items) {
      const list = item.querySelector(".comments");
      list.replaceChildren(...(byAnchor.get(item) ?? []).map((comment) => shown(item, comment)));
      list.hidden = !list.children.length;
    }
    const blocking = comments.filter((comment) => comment.kind === sheet.blocking).length;
    const parts = [
      comments.length ? words.count.replace("{count}", comments.length) : words.none,
      blocking && words.blocking.replace("{count}", blocking),
      comments.length && (isSaved ? words.saved : words.unsaved),
    ];
    tally.textContent = parts.filter(Boolean).join(", ");
  }

  /* A comment on a number stands with the part of the study in which it was made; one from a file, where the number is first. */
  function itemOf(comment) {
    const anchor = comment.beside ?? comment.anchor;
    const has = (item) => [...item.querySelectorAll("a.number")].some((number) => anchorOf(number) === anchor);
    return items.find((item) => item.dataset.anchor === anchor) ?? items.find(has) ?? items[0];
  }

  function isOnNumber(comment) {
    return comment.anchor in sheet.quotes;
  }

  function shown(item, comment) {
    const change = make("button", { type: "button", textContent: words.edit });
    const remove = make("button", { type: "button", textContent: words.remove });
    change.addEventListener("click", () => write(item, comment));
    remove.addEventListener("click", () => {
      comments = comments.filter((other) => other !== comment);
      keep();
      item.querySelector(".add").focus();
    });
    const entry = make("li", { className: comment.kind });
    entry.append(
      make("strong", { textContent: sheet.kinds[comment.kind] }),
      isOnNumber(comment) ? make("q", { textContent: comment.quote }) : "",
      make("p", { textContent: comment.words }),
      change, " ", remove,
    );
    return entry;
  }

  /* ---- Writing a comment ---- */

  function write(item, comment, number) {
    document.querySelector("form.comment-form")?.remove();
    const form = document.getElementById("comment-form").content.firstElementChild.cloneNode(true);
    const about = comment && isOnNumber(comment) ? comment.quote : number?.quote;
    if (about) {
      form.querySelector(".about").hidden = false;
      form.querySelector(".about").textContent = `${words.about}: ${about}`;
    }
    if (comment) {
      form.kind.value = comment.kind;
      form.words.value = comment.words;
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const said = { kind: form.kind.value, words: form.words.value.trim(), created: new Date().toISOString() };
      if (!said.words && said.kind !== sheet.approval) {
        say(form, words.no_words);
        form.words.focus();
        return;
      }
      const place = number ?? { anchor: item.dataset.anchor, quote: item.dataset.quote };
      if (comment) Object.assign(comment, said);
      else comments.push({ id: newId(), ...place, ...said });
      close();
      keep();
    });
    form.querySelector(".cancel").addEventListener("click", close);
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
    item.querySelector(".said").append(form);
    form.words.focus();

    function close() {
      form.remove();
      item.querySelector(".add").focus();
    }
  }

  /* A number is chosen as a button is: in its part of the study the form opens, for that number. */
  function commentOnNumbers() {
    for (const number of document.querySelectorAll(".item a.number")) number.setAttribute("role", "button");
    document.addEventListener("click", (event) => {
      const number = event.target.closest?.(".item a.number");
      /* Under a finger the first tap shows what the number is. */
      if (!number || event.defaultPrevented) return;
      event.preventDefault();
      const item = number.closest(".item"), anchor = anchorOf(number);
      if (sheet.quotes[anchor]) write(item, null, { anchor, quote: sheet.quotes[anchor], beside: item.dataset.anchor });
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === " " && event.target.matches?.(".item a.number")) {
        event.preventDefault();
        event.target.click();
      }
    });
  }

  function anchorOf(number) {
    if (number.dataset.result) return ["result", ...number.dataset.result.split("|").slice(0, -1)].join("|");
    const [i, p, b, t, s] = numbers.numbers[number.dataset.n];
    return ["result", numbers.indicators[i][0], numbers.places[p][0], numbers.breakdowns[b][0], numbers.times[t], numbers.sources[s][0]].join("|");
  }

  /* ---- The file ---- */

  function save(event) {
    event.preventDefault();
    const reviewer = end.reviewer.value.trim(), verdict = end.verdict.value;
    if (!fileName(reviewer) || reviewer.includes("@")) return refuse(words.no_reviewer, end.reviewer);
    if (!verdict) return refuse(words.no_verdict, end.querySelector("[name=verdict]"));
    if (verdict === sheet.refused && !comments.some((comment) => comment.kind === sheet.blocking)) return refuse(words.no_reason);
    const name = `review-${reviewed.edition}-${reviewed.study}-${reviewed.country}-${fileName(reviewer)}.json`;
    const blob = new Blob([JSON.stringify(file(reviewer, verdict), null, 1)], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    isSaved = true;
    remember();
    show();
    say(end, words.done.replace("{file}", name));
  }

  function refuse(reason, field) {
    say(end, reason);
    field?.focus();
  }

  /* As the Web Annotation Data Model of the W3C has it. */
  function file(reviewer, verdict) {
    return {
      "@context": sheet.context,
      type: "AnnotationCollection",
      creator: { type: "Organization", name: reviewer },
      modified: new Date().toISOString(),
      reviewed,
      verdict,
      first: { type: "AnnotationPage", items: comments.map(annotation) },
    };
  }

  function annotation(comment) {
    const refinedBy = { type: "TextQuoteSelector", exact: comment.quote };
    return {
      id: comment.id,
      type: "Annotation",
      motivation: sheet.motivations[comment.kind],
      kind: comment.kind,
      created: comment.created,
      body: { type: "TextualBody", format: "text/plain", language: reviewed.language, value: comment.words },
      target: { source: sheet.source, selector: { type: "FragmentSelector", value: comment.anchor, refinedBy } },
    };
  }

  async function open(event) {
    try {
      const said = JSON.parse(await event.target.files[0].text());
      if (said.reviewed.digest !== reviewed.digest) throw new Error("of another sheet");
      const opened = said.first.items.map((one) => ({
        id: one.id,
        kind: one.kind,
        created: one.created,
        words: one.body.value,
        anchor: one.target.selector.value,
        quote: one.target.selector.refinedBy.exact,
      }));
      const known = new Set(opened.map((comment) => comment.id));
      take([...opened, ...comments.filter((comment) => !known.has(comment.id))], said.verdict, said.creator.name, true);
      remember();
      show();
      say(end, words.opened.replace("{count}", opened.length));
    } catch {
      say(end, words.other_file);
    }
  }

  /* The name of the reviewer as the names of files have it. */
  function fileName(reviewer) {
    const plain = reviewer.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toLowerCase();
    return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-+$/, "");
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")}`;
  }

  function say(form, text) {
    form.querySelector(".outcome").textContent = text;
  }

  function make(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }
})();

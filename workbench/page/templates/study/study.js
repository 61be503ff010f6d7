"use strict";
/* What a reader gains with script; without it the page is whole. Text goes in as text, never as markup. */
(() => {
  const data = JSON.parse(document.getElementById("numbers")?.textContent ?? "{}");
  followNumbers();
  walkTables();
  walkSentences();
  copyToClipboard();
  /* What must be measured is measured once, after all scripts of the page have changed it: each time costs a layout. */
  queueMicrotask(() => {
    reachWhatScrolls();
    followTheScroll();
  });

  /* Contents: mark the section that is being read. */
  function followTheScroll() {
    const links = [...document.querySelectorAll("nav.contents a")];
    const sections = links.map((link) => document.getElementById(link.hash.slice(1)));
    const mark = () => {
      const tops = sections.map((section) => section.getBoundingClientRect().top);
      const last = tops.findLast((top) => top < innerHeight / 3);
      /* Of two side by side it is the first. */
      const begun = tops.findIndex((top) => Math.abs(top - last) < 1);
      links.forEach((link, position) => {
        if (position === begun) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    };
    document.addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
    mark();
  }

  /* Numbers: what each is, where the pointer or the keyboard is. */
  function followNumbers() {
    const card = document.createElement("div");
    card.className = "about-number";
    card.id = "about-number";
    card.setAttribute("role", "tooltip");
    card.hidden = true;
    document.querySelector("main").append(card);
    let shown = null, leaving = 0, touched = false;

    const numberOf = (event) => event.target.closest?.("a.number");

    const show = (number) => {
      clearTimeout(leaving);
      if (shown === number) return;
      hide();
      shown = number;
      if (number.dataset.n) tell(number);
      /* The browser's own tip would stand in the way of the card. */
      if (number.title) {
        number.dataset.about = number.title;
        number.removeAttribute("title");
      }
      fill(card, number);
      number.setAttribute("aria-describedby", card.id);
      card.hidden = false;
      place(card, number);
    };
    const hide = () => {
      clearTimeout(leaving);
      shown?.removeAttribute("aria-describedby");
      shown = null;
      card.hidden = true;
    };
    const hideSoon = () => {
      clearTimeout(leaving);
      leaving = setTimeout(hide, 200);
    };

    document.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
    document.addEventListener("mouseover", (event) => {
      if (numberOf(event)) show(numberOf(event));
      else if (card.contains(event.target)) clearTimeout(leaving);
    });
    document.addEventListener("mouseout", (event) => { if (numberOf(event) || card.contains(event.target)) hideSoon(); });
    document.addEventListener("focusin", (event) => { if (numberOf(event)) show(numberOf(event)); });
    document.addEventListener("focusout", (event) => { if (numberOf(event)) hideSoon(); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    document.addEventListener("scroll", () => { if (shown) place(card, shown); }, { passive: true, capture: true });
    /* Under a finger the first tap shows what the number is, the second follows it. */
    let tapped = null;
    document.addEventListener("click", (event) => {
      const number = numberOf(event);
      if (number && touched && tapped !== number) event.preventDefault();
      tapped = number;
      if (number) show(number);
      else if (!card.contains(event.target)) hide();
    });
  }

  /* A number in a table is only a place in the data of the page: what it is, is put together when it is asked for. */
  function tell(number) {
    if (number.dataset.about) return;
    const [i, p, b, t, s, digits = "", interval = 0, bounds = "", flags = ""] = data.numbers[number.dataset.n];
    const [indicator, name] = data.indicators[i];
    const where = [data.places[p][1], data.times[t], data.breakdowns[b][1]].filter(Boolean).join(", ");
    const said = [...flags].map((flag) => `[${flag}] ${data.flags.find(([letter]) => letter === flag)[1]}`);
    const lines = [digits, name, where, bounds && `${data.intervals[interval]}: ${bounds}`, data.sources[s][2], ...said];
    number.dataset.about = lines.filter(Boolean).join("\n");
    number.href = `${data.method}#definition-${indicator}`;
  }

  /* The definition of a number: in the data of a study, elsewhere below the name that the number leads to. */
  function definitionOf(number) {
    const id = number.hash.slice(1);
    const known = data.indicators?.find(([indicator]) => id === `definition-${indicator}`);
    return known?.[2] ?? document.getElementById(id)?.nextElementSibling?.textContent ?? "";
  }

  function fill(card, number) {
    const [name, ...details] = number.dataset.about.split("\n");
    const heading = document.createElement("strong");
    heading.textContent = name;
    const value = document.createElement("p");
    value.className = "value";
    value.textContent = number.textContent;
    const definition = document.createElement("p");
    definition.textContent = definitionOf(number);
    const list = document.createElement("ul");
    list.append(...details.map((detail) => {
      const item = document.createElement("li");
      item.textContent = detail;
      return item;
    }));
    card.replaceChildren(heading, value, definition, list);
  }

  /* Below the number, or above it where there is no room; always within the window. */
  function place(card, number) {
    const anchor = number.getBoundingClientRect();
    const left = Math.min(anchor.left, document.documentElement.clientWidth - card.offsetWidth - 8);
    const below = anchor.bottom + 6, above = anchor.top - card.offsetHeight - 6;
    card.style.left = `${Math.max(8, left)}px`;
    card.style.top = `${below + card.offsetHeight > innerHeight && above > 0 ? above : below}px`;
  }

  /* Tables: one stop of the Tab key each; arrow keys go from cell to cell. */
  function walkTables() {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    for (const table of document.querySelectorAll("table:has(td a.number)")) {
      const numbers = [...table.querySelectorAll("td a.number")];
      numbers.forEach((number, position) => { number.tabIndex = position ? -1 : 0; });
      table.addEventListener("keydown", (event) => {
        const cell = event.target.closest("td");
        if (!cell || !step[event.key]) return;
        event.preventDefault();
        const next = numberFrom(table, cell, ...step[event.key]);
        if (!next) return;
        numbers.forEach((number) => { number.tabIndex = number === next ? 0 : -1; });
        next.focus();
      });
    }
  }

  /* Numbers in sentences: one stop for those of a section; arrow keys go from one to the next. A title has none: what it
     links to stands below it too. */
  function walkSentences() {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
    for (const link of document.querySelectorAll(".study :is(figcaption, caption) a")) link.tabIndex = -1;
    for (const section of document.querySelectorAll(".study section")) {
      const numbers = [...section.querySelectorAll(":scope > :is(p, ul, ol) a.number, .findings a.number")];
      numbers.forEach((number, position) => { number.tabIndex = position ? -1 : 0; });
      section.addEventListener("keydown", (event) => {
        const next = numbers[numbers.indexOf(event.target) + step[event.key]];
        if (!next || !numbers.includes(event.target)) return;
        event.preventDefault();
        numbers.forEach((number) => { number.tabIndex = number === next ? 0 : -1; });
        next.focus();
      });
    }
  }

  /* What scrolls can be scrolled from the keyboard: by its numbers, or, without any, by itself. */
  function reachWhatScrolls() {
    const scrolls = (box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
    for (const box of [...document.querySelectorAll(".scroll")].filter(scrolls)) {
      if (!box.querySelector("[tabindex='0']")) box.tabIndex = 0;
    }
  }

  /* The next number in a direction; cells without one are passed over. */
  function numberFrom(table, cell, down, across) {
    let row = cell.parentElement.rowIndex + down, column = cell.cellIndex + across;
    for (; table.rows[row]?.cells[column]; row += down, column += across) {
      const number = table.rows[row].cells[column].querySelector("a.number");
      if (number) return number;
    }
    return null;
  }

  function copyToClipboard() {
    for (const button of document.querySelectorAll("button.copy")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const source = document.getElementById(button.dataset.copies);
        try {
          await navigator.clipboard.writeText(source.textContent);
        } catch {
          /* Where the browser keeps the clipboard from pages, the text is selected, to be copied by hand. */
          getSelection().selectAllChildren(source);
          return;
        }
        button.nextElementSibling.textContent = button.dataset.done;
      });
    }
  }
})();

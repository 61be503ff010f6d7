"use strict";
/* Figures: tabs, the value at the pointer, a country to look for, what is saved and shared. Without it all is in the page. */
(() => {
  const said = document.getElementById("figure-words");
  if (!said) return;
  const words = JSON.parse(said.textContent);
  const page = location.href.split(/[?#]/)[0];

  const figures = [...document.querySelectorAll("figure.chart[id], div.table[id]")].filter((figure) => figure.querySelector("svg, table"));
  for (const figure of figures) {
    const tools = make("div", { className: "tools" });
    const select = tabs(figure, tools);
    for (const drawing of figure.querySelectorAll(".drawing")) read(figure, drawing, tools);
    share(figure, tools);
    (figure.querySelector("figcaption") ?? figure.firstElementChild).after(tools);
    figure.select = select;
    /* The menu has the link too: the label need not be a stop of its own. */
    figure.querySelector("a.label")?.setAttribute("tabindex", "-1");
  }
  addEventListener("hashchange", goTo);
  goTo();
  embed();

  function make(tag, properties = {}, ...children) {
    const { role, aria = {}, ...rest } = properties;
    const element = Object.assign(document.createElement(tag), rest);
    if (role) element.setAttribute("role", role);
    for (const [name, value] of Object.entries(aria)) element.setAttribute(`aria-${name}`, value);
    element.append(...children);
    return element;
  }

  /* ---- Tabs ---- */

  function tabs(figure, tools) {
    const panels = [...figure.querySelectorAll(":scope > .panel")];
    if (panels.length < 2) return null;
    const list = make("div", { role: "tablist", aria: { label: words.views } });
    const buttons = panels.map((panel) => {
      const name = panel.dataset.panel;
      const button = make("button", { type: "button", id: `${figure.id}-tab-${name}`, textContent: words[name], role: "tab",
        aria: { controls: panel.id } });
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
      button.addEventListener("click", () => select(name, true));
      return button;
    });
    list.append(...buttons);
    list.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(event.target);
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      const button = buttons.at(next % buttons.length);
      button.click();
      button.focus();
    });
    figure.classList.add("tabbed");
    tools.append(list);
    const select = (name, byReader = false) => {
      panels.forEach((panel, place) => {
        const isShown = panel.dataset.panel === name;
        panel.hidden = !isShown;
        buttons[place].setAttribute("aria-selected", String(isShown));
        buttons[place].tabIndex = isShown ? 0 : -1;
        const details = panel.querySelector(":scope > details");
        if (details && isShown) details.open = true;
      });
      if (byReader) history.replaceState(null, "", name === panels[0].dataset.panel ? `#${figure.id}` : `#${figure.id}:${name}`);
    };
    select(panels[0].dataset.panel);
    return select;
  }

  /* An address may name a tab: the figure is shown with it. */
  function goTo() {
    const [id, name] = decodeURIComponent(location.hash.slice(1)).split(":");
    const figure = figures.find((one) => one.id === id);
    if (!figure || !name || !figure.querySelector(`:scope > .panel[data-panel="${CSS.escape(name)}"]`)) return;
    figure.select?.(name);
    figure.scrollIntoView();
  }

  /* ---- The value at the pointer ---- */

  function read(figure, drawing, tools) {
    const table = figure.querySelector(".panel[data-panel='table'] table");
    if (!table || !drawing.querySelector("svg[data-marks]")) return;
    const marksOf = new Map();
    const reader = make("div", { className: "reader", tabIndex: 0, role: "slider", aria: { label: words.read, valuemin: 0, valuenow: 0 } });
    const readout = make("output", { className: "readout", aria: { live: "polite" } });
    let now = null, rings = [];
    drawing.append(reader, readout);

    const shown = () => [...drawing.querySelectorAll("svg[data-marks]")].find((svg) => svg.getClientRects().length);
    const marks = () => {
      const svg = shown();
      if (!svg) return [];
      if (!marksOf.has(svg)) marksOf.set(svg, marksIn(svg, table));
      return marksOf.get(svg);
    };
    const hide = () => {
      now = null;
      readout.replaceChildren();
      rings.forEach((ring) => ring.remove());
      rings = [];
    };
    const show = (mark, isByKey = false) => {
      if (!mark || mark === now) return;
      hide();
      now = mark;
      const all = marks(), together = all.filter((other) => Math.hypot(other.x - mark.x, other.y - mark.y) < 1);
      rings = [ring(mark)];
      /* Keys speak by the slider, the pointer by the live region: nothing is said twice. */
      readout.setAttribute("aria-live", isByKey ? "off" : "polite");
      readout.replaceChildren(...told(together));
      reader.setAttribute("aria-valuenow", String(all.indexOf(mark)));
      reader.setAttribute("aria-valuetext", [...readout.children].map((line) => line.textContent).join(" "));
      place(readout, at(mark));
    };
    const at = (mark) => {
      const svg = shown(), box = svg.getBoundingClientRect(), frame = drawing.getBoundingClientRect(), size = svg.viewBox.baseVal;
      return { x: box.left - frame.left + (mark.x / size.width) * box.width, y: box.top - frame.top + (mark.y / size.height) * box.height };
    };
    const ring = (mark, className = "ring") => {
      const circle = make("i", { className }), { x, y } = at(mark);
      circle.style.left = `${x}px`;
      circle.style.top = `${y}px`;
      drawing.append(circle);
      return circle;
    };
    const place = (card, { x, y }) => {
      const room = drawing.clientWidth - card.offsetWidth;
      card.style.left = `${Math.max(0, Math.min(x + 14 > room ? x - card.offsetWidth - 14 : x + 14, room))}px`;
      card.style.top = `${y > card.offsetHeight + 14 ? y - card.offsetHeight - 10 : y + 12}px`;
    };
    const near = (event) => {
      const svg = shown(), box = svg.getBoundingClientRect(), size = svg.viewBox.baseVal;
      const x = ((event.clientX - box.left) / box.width) * size.width, y = ((event.clientY - box.top) / box.height) * size.height;
      const country = document.elementsFromPoint(event.clientX, event.clientY).find((one) => one.closest?.("[data-mark]"));
      if (country) return marks()[country.closest("[data-mark]").dataset.mark];
      return nearest(marks(), x, y, drawing.dataset.along);
    };

    reader.addEventListener("pointermove", (event) => show(near(event)));
    reader.addEventListener("pointerdown", (event) => show(near(event)));
    reader.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse" && document.activeElement !== reader) hide(); });
    reader.addEventListener("focus", () => { if (!now) show(marks().at(-1), true); });
    reader.addEventListener("blur", hide);
    reader.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return hide();
      const next = step(marks(), now ?? marks().at(-1), event.key, drawing.dataset.along);
      if (!next) return;
      event.preventDefault();
      show(next, true);
    });
    new ResizeObserver(hide).observe(drawing);
    const end = (marks) => reader.setAttribute("aria-valuemax", String(Math.max(0, marks.length - 1)));
    /* Which of the drawings is seen would have to be measured. */
    end(marksIn(drawing.querySelector("svg[data-marks]"), table));
    reader.addEventListener("focus", () => end(marks()));
    reader.setAttribute("aria-valuetext", words.read);
    if (drawing.dataset.picks !== undefined) pick(drawing, table, tools, { marks, ring, show });
  }

  /* What each mark is: the place in the drawing, and the cell of the table with its headers. */
  function marksIn(svg, table) {
    const heads = [...table.tHead.rows[0].cells].slice(1), rows = [...table.tBodies[0].rows];
    return svg.dataset.marks.split(";").filter(Boolean).map((mark) => {
      const [x, y, place] = mark.split(",").map(Number);
      const row = rows[Math.floor(place / heads.length)], column = place % heads.length;
      return { x, y, row, column, head: heads[column], cell: row.cells[column + 1] };
    });
  }

  /* One name above, and a line for each number that is seen at the mark. */
  function told(marks) {
    const isOneRow = marks.every((mark) => mark.row === marks[0].row);
    const name = make("strong", { textContent: text(isOneRow ? marks[0].row.cells[0] : marks[0].head) });
    return [name, ...marks.map((mark) => {
      const line = make("span", { textContent: `${text(isOneRow ? mark.head : mark.row.cells[0])}: ` });
      const unit = unitOf(mark), value = mark.cell.textContent.trim();
      line.append(make("b", { textContent: value }), unit && !value.includes(unit) ? ` ${unit}` : "");
      return line;
    })];
  }

  function text(header) {
    const unit = header.querySelector(".unit");
    return header.textContent.slice(0, unit ? -unit.textContent.length : undefined).trim();
  }

  function unitOf(mark) {
    return [mark.head, mark.row.cells[0]].map((header) => header.querySelector(".unit")?.textContent ?? "").find(Boolean) ?? "";
  }

  /* Along an axis the place on it counts most: a column is meant wherever it is pointed at. */
  function nearest(marks, x, y, along) {
    const far = ({ x: across, y: up }) => Math.hypot((across - x) * (along === "x" ? 5 : 1), (up - y) * (along === "y" ? 5 : 1));
    return marks.reduce((best, mark) => (!best || far(mark) < far(best) ? mark : best), null);
  }

  /* Forward and back along the axis within a series; across it from series to series. */
  function step(marks, now, key, along) {
    const byRow = along === "y" ? "y" : "x", other = byRow === "x" ? "y" : "x";
    const forward = byRow === "x" ? "ArrowRight" : "ArrowDown", back = byRow === "x" ? "ArrowLeft" : "ArrowUp";
    const runsByRow = marks.some((mark) => mark.column === now.column && Math.abs(mark[byRow] - now[byRow]) > 1 && mark.row !== now.row);
    const isSame = (mark) => (runsByRow ? mark.column === now.column : mark.row === now.row);
    const series = marks.filter(isSame).sort((one, two) => one[byRow] - two[byRow] || one[other] - two[other]);
    const at = series.indexOf(now);
    if (key === forward) return series[at + 1];
    if (key === back) return series[at - 1];
    if (key === "Home") return series[0];
    if (key === "End") return series.at(-1);
    if (!/^Arrow/.test(key)) return null;
    const up = key === "ArrowUp" || key === "ArrowLeft" ? -1 : 1;
    const beside = marks.filter((mark) => !isSame(mark) && Math.abs(mark[byRow] - now[byRow]) < 3 && (mark[other] - now[other]) * up > 0.5);
    return beside.sort((one, two) => (one[other] - two[other]) * up)[0] ?? null;
  }

  /* ---- A country to look for ---- */

  /* One choice for all drawings of a figure: where a country is, and what it has there. */
  function pick(drawing, table, tools, { marks, ring, show }) {
    const select = tools.querySelector("select") ?? choice(drawing, table, tools);
    let picked = [];
    const find = () => {
      picked.forEach((circle) => circle.remove());
      const own = marks().filter((mark) => String(mark.row.rowIndex) === select.value);
      picked = own.map((mark) => ring(mark, "ring picked"));
      if (own.length) show(own.at(-1));
    };
    select.addEventListener("change", find);
    new ResizeObserver(find).observe(drawing);
  }

  function choice(drawing, table, tools) {
    const rows = [...new Set(marksIn(drawing.querySelector("svg[data-marks]"), table).map((mark) => mark.row))];
    const options = rows.map((row) => make("option", { value: row.rowIndex, textContent: text(row.cells[0]) }));
    options.sort((one, two) => one.textContent.localeCompare(two.textContent, document.documentElement.lang));
    const select = make("select", {}, make("option", { value: "", textContent: words.none }), ...options);
    tools.append(make("label", {}, `${words.highlight} `, select));
    return select;
  }

  /* ---- What is saved and shared ---- */

  function share(figure, tools) {
    const status = make("span", { role: "status" });
    const link = () => `${page}${location.hash.startsWith(`#${figure.id}`) ? location.hash : `#${figure.id}`}`;
    const copied = (text) => navigator.clipboard.writeText(text).then(() => { status.textContent = words.copied; }, () => prompt("", text));
    const does = { link: () => copied(link()) };
    if (figure.querySelector(".drawing svg")) {
      does.png = () => png(figure).then((blob) => save(blob, `${nameOf(figure)}.png`));
      does.svg = () => save(new Blob([picture(figure).svg], { type: "image/svg+xml" }), `${nameOf(figure)}.svg`);
    }
    const tables = [...figure.querySelectorAll("table")];
    if (tables.length) does.csv = () => save(new Blob(["\ufeff", tables.map(csv).join("\r\n")], { type: "text/csv" }), `${nameOf(figure)}.csv`);
    does.embed = () => copied(`<iframe src="${page}?embed=${figure.id}" title="${attribute(captionOf(figure)[0])}" width="100%" height="600" loading="lazy"></iframe>`);
    const items = Object.entries(does).map(([name, act]) => {
      const button = make("button", { type: "button", textContent: words[name] });
      button.dataset.share = name;
      button.addEventListener("click", () => {
        act();
        menu.open = false;
        menu.firstElementChild.focus();
      });
      return make("li", {}, button);
    });
    const menu = make("details", { className: "share" }, make("summary", { textContent: words.share }), make("ul", {}, ...items));
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.firstElementChild.focus();
    });
    menu.addEventListener("focusout", (event) => { if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false; });
    tools.append(status, menu);
  }

  function attribute(text) {
    return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
  }

  function save(blob, name) {
    const link = make("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  /* 2022-LT-asylum_applications-figure-citizenships */
  function nameOf(figure) {
    const folders = location.pathname.split("/").slice(-3).map(decodeURIComponent);
    const study = folders.pop().split(".")[0];
    /* What is made up says so wherever it is saved. */
    const mark = document.querySelector(".made-up") ? "made-up" : "";
    return [mark, ...folders.filter((folder) => /^(\d{4}|[A-Z]{2})$/.test(folder)), study, figure.id].filter(Boolean).join("-");
  }

  function captionOf(figure) {
    const caption = figure.querySelector("figcaption, caption"), [headline, subtitle] = [".headline", ".subtitle"].map((one) => caption.querySelector(one)?.textContent.trim() ?? "");
    return [headline, subtitle];
  }

  /* The table as it is read, with numbers that a program can read: no separators of thousands, a point before decimals, and the
     flags of each column beside it. */
  function csv(table) {
    const rows = [...table.rows].map((row) => [...row.cells]);
    const flagged = rows[0].map((_, column) => rows.slice(1).some((row) => row[column]?.querySelector(".flag")));
    const line = (cells) => cells.flatMap((cell, column) => (flagged[column] ? [valueOf(cell), flagsOf(cell)] : [valueOf(cell)])).map(quoted).join(",");
    const head = rows[0].flatMap((cell, column) => {
      const name = cell.textContent.replace(/\s+/g, " ").trim(), unit = cell.querySelector(".unit")?.textContent;
      const whole = unit ? `${text(cell)} (${unit})` : name;
      return flagged[column] ? [whole, `${whole} [flags]`] : [whole];
    });
    return [head.map(quoted).join(","), ...rows.slice(1).map(line), ""].join("\r\n");
  }

  function valueOf(cell) {
    const number = cell.querySelector("a.number"), parts = number ? [number] : [...cell.childNodes];
    const shown = parts.map((part) => part.textContent.trim()).filter(Boolean).join(", ");
    if (!number) return shown;
    const isEnglish = document.documentElement.lang.startsWith("en");
    const plain = shown.replace("\u2212", "-").replace(/[\s\u00a0\u202f]/g, "");
    const read = isEnglish ? plain.replace(/,/g, "") : plain.replace(",", ".");
    return /^-?\d+(\.\d+)?%?$/.test(read) ? read.replace("%", "") : shown;
  }

  function flagsOf(cell) {
    return [...cell.querySelectorAll(".flag")].map((flag) => flag.textContent.trim()).join(" ");
  }

  /* A cell that a spreadsheet would take for a formula is told as text. */
  function quoted(value) {
    const safe = /^[=+@\t]|^-(?![\d.]+$)/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  }

  /* ---- The drawing as a picture of its own: caption above, source below, the colours of a light page ---- */

  function picture(figure) {
    const width = 840, margin = 24, inner = width - 2 * margin, ns = "http://www.w3.org/2000/svg";
    const panel = [...figure.querySelectorAll(".panel")].find((one) => !one.hidden && one.querySelector("svg"));
    const drawing = (panel ?? figure).querySelector("svg.wide, .drawing svg").cloneNode(true);
    drawing.removeAttribute("data-marks");
    const [, , w, h] = drawing.getAttribute("viewBox").split(" ").map(Number), height = (inner * h) / w;
    const [headline, subtitle] = captionOf(figure);
    const root = document.createElementNS(ns, "svg");
    let y = margin;
    const write = (words, size, weight, colour) => {
      for (const line of wrapped(words, inner, size, weight)) {
        const text = document.createElementNS(ns, "text");
        y += size * 1.3;
        for (const [name, value] of Object.entries({ x: margin, y, "font-size": size, "font-weight": weight, fill: colour })) text.setAttribute(name, value);
        text.textContent = line;
        root.append(text);
      }
    };
    write(headline, 22, 700, "#1f2933");
    write(subtitle, 16, 400, "#525c66");
    y += 16;
    for (const [name, value] of Object.entries({ x: margin, y, width: inner, height })) drawing.setAttribute(name, value);
    root.append(drawing);
    y += height + 8;
    write([...figure.querySelectorAll(".legend, .source")].filter((one) => !one.closest(".data")).map((one) => one.textContent.trim()).join(" "), 13, 400, "#525c66");
    if (location.protocol !== "file:") write(`${page}#${figure.id}`, 13, 400, "#525c66");
    const whole = Math.ceil(y + margin), ground = document.createElementNS(ns, "rect");
    for (const [name, value] of Object.entries({ width, height: whole, fill: "#ffffff" })) ground.setAttribute(name, value);
    root.prepend(ground);
    for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${whole}`, width, height: whole, "font-family": "sans-serif" })) root.setAttribute(name, value);
    const svg = new XMLSerializer().serializeToString(root).replace(/var\(--[\w-]+, ?([^)]+)\)/g, "$1");
    return { svg, width, height: whole };
  }

  function wrapped(words, width, size, weight) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${weight} ${size}px sans-serif`;
    const lines = [];
    for (const word of words.split(/\s+/).filter(Boolean)) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  async function png(figure) {
    const { svg, width, height } = picture(figure), image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    await image.decode();
    const canvas = make("canvas", { width: width * 2, height: height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, width * 2, height * 2);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  /* ---- One figure alone: study.en.html?embed=figure-x, in a frame of another page ---- */

  function embed() {
    const figure = document.getElementById(new URLSearchParams(location.search).get("embed") ?? "");
    if (!figures.includes(figure)) return;
    const title = document.querySelector("h1")?.textContent.replace(/\s+/g, " ").trim() ?? document.title;
    for (const link of figure.querySelectorAll('a[href^="#"]')) link.href = page + link.hash;
    for (const link of figure.querySelectorAll("a")) link.target = "_blank";
    const origin = make("a", { href: `${page}#${figure.id}`, target: "_blank", textContent: words.study.replace("{title}", title) });
    const main = document.querySelector("main");
    document.documentElement.classList.add("embedded");
    main.replaceChildren(make("h1", { className: "skip", textContent: title }), figure, make("p", { className: "source" }, origin));
    document.body.replaceChildren(main);
  }
})();

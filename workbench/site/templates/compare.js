/* Countries over the years, drawn from the data in the page.
   No library: the lightest that draws lines (uPlot, 50 kB) draws on a canvas, which neither screen readers nor style sheets reach;
   Plot and Vega-Lite weigh 200 kB and more in every page, and set inline styles that the page's policy forbids. This file is 14 kB. */
(() => {
  const block = document.getElementById("compare-data"), root = document.getElementById("compare");
  if (!block || !root) return;
  const data = JSON.parse(block.textContent), texts = data.texts;
  const form = root.querySelector("form"), plot = root.querySelector(".plot"), key = root.querySelector(".key");
  const slider = root.querySelector("input[type=range]"), readout = root.querySelector("output");
  const said = root.querySelector(".chosen"), boxes = [...form.querySelectorAll("input[name=geo]")];
  const { indicator: chooser, from, to } = form.elements;
  const SVG = "http://www.w3.org/2000/svg", LOOKS = 6, NARROW = 560, LINE = 17;
  let shown = {}, geometry = null;

  form.hidden = false;
  root.querySelector(".fallback")?.remove();
  root.querySelector(".drawn").hidden = false;
  recall();
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { read(); draw(); remember(); });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    apply(new URLSearchParams());
    remember();
  });
  slider.addEventListener("input", () => tell(Number(slider.value)));
  for (const kind of ["pointermove", "pointerdown"]) plot.addEventListener(kind, follow);
  addEventListener("popstate", recall);
  new ResizeObserver(() => { if (plot.clientWidth !== geometry?.width) draw(); }).observe(plot);

  /* What is shown: read from the form, kept in the address, so that it can be linked. */

  function recall() { apply(new URLSearchParams(location.search)); }

  function apply(state) {
    if (chooser) {
      const asked = state.get("indicator");
      chooser.value = asked !== null && Object.hasOwn(data.indicators, asked) ? asked : data.first;
    }
    const places = state.get("geo")?.split(",") ?? data.start;
    for (const box of boxes) box.checked = places.includes(box.value);
    const years = own().years;
    fill(from, state.get("from"), years[0]);
    fill(to, state.get("to"), years.at(-1));
    read();
    draw();
    carry();
  }

  function own() { return data.indicators[chooser ? chooser.value : data.first]; }

  function fill(select, asked, otherwise) {
    const years = own().years, value = years.includes(Number(asked)) ? asked : otherwise;
    select.replaceChildren(...years.map((year) => new Option(year, year, false, year === Number(value))));
  }

  function read() {
    const one = own();
    if (shown.one && shown.one !== one) { fill(from, from.value, one.years[0]); fill(to, to.value, one.years.at(-1)); }
    const [first, last] = [Number(from.value), Number(to.value)].sort((a, b) => a - b);
    for (const box of boxes) {
      const there = Object.hasOwn(one.series, box.value);
      box.disabled = !there;
      box.closest("label").classList.toggle("without", !there);
    }
    const places = boxes.filter((box) => box.checked && !box.disabled).map((box) => box.value);
    places.sort((a, b) => (b === data.home) - (a === data.home));
    const years = [];
    for (let year = first; year <= last; year += 1) years.push(year);
    shown = { one, places, years };
    said.textContent = texts.chosen.replace("{count}", places.length);
  }

  function remember() {
    const state = new URLSearchParams(), one = own();
    if (chooser && chooser.value !== data.first) state.set("indicator", chooser.value);
    const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
    if (chosen.slice().sort().join() !== data.start.slice().sort().join()) state.set("geo", chosen.join());
    if (Number(from.value) !== one.years[0]) state.set("from", from.value);
    if (Number(to.value) !== one.years.at(-1)) state.set("to", to.value);
    const query = state.toString().replaceAll("%2C", ",");
    history.replaceState(null, "", `${location.pathname}${query && `?${query}`}${location.hash}`);
    carry();
  }

  /* The other languages show the same view. */
  function carry() {
    for (const link of document.querySelectorAll(".bar .languages a")) link.search = location.search;
  }

  /* Numbers */

  function at(place, year) {
    const position = shown.one.years.indexOf(year), series = shown.one.series[place];
    return { year, value: series.values[position] ?? null, flags: series.flags?.[year] ?? "", text: series.texts?.[year] };
  }

  function worded({ value, text, flags }) {
    if (value === null) return text ?? texts.missing;
    return (text ?? plain(value, shown.one.decimals) + shown.one.sign) + [...flags].map((flag) => `\u00a0[${flag}]`).join("");
  }

  function plain(value, decimals) {
    const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: "always" };
    return new Intl.NumberFormat(data.language, digits).format(value).replace("-", "\u2212");
  }

  /* Steps of one, two or five that make three to six lines of the grid. */
  function steps(low, high) {
    const rough = (high - low) / 5 || 1, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((times) => times * power >= rough) * power, ticks = [];
    for (let tick = Math.floor(low / step) * step; tick < high + step; tick += step) ticks.push(Number(tick.toPrecision(12)));
    return { ticks, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
  }

  /* The drawing: in the pixels of the screen, so that its text is as large as that beside it. */

  function element(name, attributes = {}, text) {
    const made = document.createElementNS(SVG, name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function widest(kind, texts) {
    const svg = plot.appendChild(element("svg", { width: 0, height: 0 }));
    const wide = Math.max(...texts.map((text) => svg.appendChild(element("text", { class: kind }, text)).getComputedTextLength()));
    svg.remove();
    return wide;
  }

  function draw() {
    const { one, places, years } = shown, width = plot.clientWidth;
    const lines = places.map((place, order) => ({ place, look: look(place, order), points: years.map((year) => at(place, year)) }));
    const values = lines.flatMap((line) => line.points).map((point) => point.value).filter((value) => value !== null);
    slider.hidden = readout.hidden = !values.length;
    if (!values.length || !width) {
      plot.replaceChildren(Object.assign(document.createElement("p"), { className: "gap", textContent: texts.nothing }));
      key.replaceChildren();
      geometry = { width };
      return;
    }
    const { ticks, decimals } = steps(Math.min(0, ...values), Math.max(0, ...values));
    const isNarrow = width < NARROW, height = isNarrow ? 260 : 380;
    const names = ticks.map((tick) => plain(tick, decimals) + one.sign);
    const left = 10 + widest("tick", names), top = 14, bottom = height - 26;
    const right = width - 11 - widest("end", lines.map((line) => (isNarrow ? line.place.slice(0, 2) : data.places[line.place])));
    const [low, high] = [ticks[0], ticks.at(-1)], across = Math.max(1, years.length - 1);
    const x = (year) => left + (right - left) * (years.length > 1 ? (year - years[0]) / across : 0.5);
    const y = (value) => bottom - (bottom - top) * (value - low) / (high - low || 1);
    geometry = { width, x, top, bottom };
    const svg = element("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": summary(lines) });
    ticks.forEach((tick, position) => {
      svg.append(element("line", { class: tick ? "grid" : "zero", x1: left, x2: right, y1: y(tick), y2: y(tick) }));
      svg.append(element("text", { class: "tick", x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, names[position]));
    });
    const every = Math.ceil(years.length / Math.max(2, Math.floor((right - left) / 48)));
    years.forEach((year, position) => {
      if ((years.length - 1 - position) % every) return;
      svg.append(element("text", { class: "tick", x: x(year), y: height - 6, "text-anchor": "middle" }, year));
    });
    for (const seam of one.seams.filter((year) => years.includes(year) && year > years[0])) {
      const middle = x(seam) - (right - left) / across / 2;
      svg.append(element("line", { class: "seam", x1: middle, x2: middle, y1: top, y2: bottom }));
    }
    const rule = svg.appendChild(element("line", { class: "rule-of-year", y1: top, y2: bottom }));
    for (const line of lines.slice().reverse()) svg.append(drawn(line, x, y, one.seams));
    label(svg, lines, right, y, isNarrow);
    plot.replaceChildren(svg);
    geometry.rule = rule;
    key.replaceChildren(...(isNarrow ? lines.map(entry) : []));
    slider.max = years.length - 1;
    slider.style.marginLeft = `${left - 8}px`;
    slider.style.width = `${right - left + 16}px`;
    const told = years.findLastIndex((year) => lines.some((line) => at(line.place, year).value !== null));
    slider.value = told;
    tell(told);
  }

  /* The home country and aggregates always look the same; the others take the next look. */
  function look(place, order) {
    if (place === data.home) return "home";
    if (data.aggregates.includes(place)) return "union";
    const rank = order - Number(shown.places.includes(data.home));
    return `look-${rank % LOOKS}${rank >= LOOKS ? " again" : ""}`;
  }

  /* A line breaks where a year has no value, where the series breaks, and at a seam between vintages. */
  function drawn({ look, points }, x, y, seams) {
    const group = element("g", { class: `line ${look}` });
    let stretch = [];
    const close = () => {
      if (stretch.length > 1) group.append(element("polyline", { points: stretch.map((point) => `${x(point.year)},${y(point.value)}`).join(" ") }));
      stretch = [];
    };
    points.forEach((point) => {
      if (point.value === null || point.flags.includes("b") || seams.includes(point.year)) close();
      if (point.value !== null) stretch.push(point);
    });
    close();
    points.forEach((point, position) => {
      if (point.value === null) return;
      const isHollow = point.flags.replace("b", "") !== "", isAlone = [points[position - 1], points[position + 1]].every((beside) => (beside?.value ?? null) === null);
      const isLast = !points.slice(position + 1).some((later) => later.value !== null);
      if (isHollow || isAlone || isLast || point.flags.includes("b")) {
        group.append(element("circle", { class: isHollow ? "hollow" : "", cx: x(point.year), cy: y(point.value), r: isLast ? 4.5 : 3.5 }));
      }
    });
    return group;
  }

  /* Names at the ends of the lines, moved apart where they would lie on top of each other. */
  function label(svg, lines, right, y, isNarrow) {
    const labels = lines.flatMap(({ place, look, points }) => {
      const last = points.findLast((point) => point.value !== null);
      return last ? [{ text: isNarrow ? place.slice(0, 2) : data.places[place], look, y: y(last.value) }] : [];
    }).sort((one, other) => one.y - other.y);
    labels.forEach((one, position) => { if (position) one.y = Math.max(one.y, labels[position - 1].y + LINE); });
    const over = labels.length ? labels.at(-1).y - geometry.bottom : 0;
    if (over > 0) labels.reduceRight((below, one) => { one.y = Math.min(one.y, below); return one.y - LINE; }, geometry.bottom);
    for (const one of labels) svg.append(element("text", { class: `end ${one.look}`, x: right + 9, y: one.y + 4 }, one.text));
  }

  function summary(lines) {
    const each = lines.flatMap(({ place, points }) => {
      const there = points.filter((point) => point.value !== null);
      if (!there.length) return [];
      const [first, last] = [there[0], there.at(-1)];
      return [texts.line.replace("{place}", data.places[place]).replace("{first}", worded(first)).replace("{from}", first.year)
        .replace("{last}", worded(last)).replace("{to}", last.year)];
    });
    return [texts.chart, ...each].join(" ");
  }

  /* What the year is told of: by the pointer, a finger, or the arrow keys on the slider. */

  function follow(event) {
    if (!geometry?.x) return;
    const inside = event.clientX - plot.getBoundingClientRect().left;
    const distance = (year) => Math.abs(geometry.x(year) - inside);
    const nearest = shown.years.reduce((best, year) => (distance(year) < distance(best) ? year : best));
    const position = shown.years.indexOf(nearest);
    if (Number(slider.value) === position) return;
    slider.value = position;
    tell(position);
  }

  function tell(position) {
    const year = shown.years[position];
    slider.setAttribute("aria-valuetext", year);
    geometry.rule.setAttribute("x1", geometry.x(year));
    geometry.rule.setAttribute("x2", geometry.x(year));
    const heading = Object.assign(document.createElement("strong"), { textContent: year });
    const rows = shown.places.map((place, order) => ({ place, look: look(place, order), point: at(place, year) }))
      .sort((one, other) => (other.point.value ?? -Infinity) - (one.point.value ?? -Infinity));
    readout.replaceChildren(heading, ...rows.map(row));
  }

  function row({ place, look, point }) {
    const line = entry({ place, look });
    line.append(Object.assign(document.createElement("b"), { textContent: worded(point) }));
    return line;
  }

  function entry({ place, look }) {
    const line = Object.assign(document.createElement("span"), { className: "entry" });
    line.append(Object.assign(document.createElement("i"), { className: `swatch ${look}` }), ` ${data.places[place]} `);
    return line;
  }
})();

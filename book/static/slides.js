// Mathematics first, then the slides: each line of a derivation becomes a step of its own.
window.MathJax = {
  ...window.MathJax,
  tex: { inlineMath: [["$", "$"], ["\\(", "\\)"]], processEscapes: true, tags: "none" },
  options: { ...window.MathJax.options, enableMenu: false, ignoreHtmlClass: "notes|highlight" },
  startup: {
    ...window.MathJax.startup,
    pageReady: async () => {
      await MathJax.startup.defaultPageReady();
      for (const steps of document.querySelectorAll("ol.steps")) comesAfter(steps);
      const lined = "mjx-container > mjx-math > mjx-mtable > mjx-table > mjx-itable";
      for (const derivation of document.querySelectorAll(lined)) {
        const lines = [...derivation.children];
        const steps = lines.slice(1, -1).filter((line) => !isGiven(line));
        for (const line of [...steps, lines.at(-1)]) line.classList.add("fragment");
        comesAfter(derivation);
      }
      stage();
      shorten();
      await Promise.allSettled([...document.fonts].map((font) => font.load())); // to be measured
      await Reveal.initialize({
        ...shape(),
        margin: 0.03,
        center: false,
        hash: true,
        slideNumber: "c", // in the margin, where no line stands
        transition: "none",
        scrollLayout: "compact", // on a phone one scrolls from slide to slide
        scrollSnap: false,
        pdfSeparateFragments: false,
        pdfMaxPagesPerSlide: 1,
        defaultTiming: 0, // else the speaker's view has no pacing
        keyboard: { 68: () => tell({ kind: "dark", on: document.documentElement.classList.toggle("dark") }) }, // D
        plugins: [RevealNotes],
      });
      window.startVotes();
      upright.addEventListener("change", () => Reveal.configure(shape()));
    },
  },
};

// On a stage an explorer is read from the last row: as wide as the slide, letters of 24 and more, a
// thick slider, the numbers beside it; its tasks are said.
const STAGE = `
  .card.alone { border: 0; max-width: none; padding: 0; }
  ol { display: none; }
  .note { font-size: 1em; min-height: 0; }
  legend { margin-right: 20px; width: auto; }
  legend + * { clear: none; }
  fieldset label { margin: 0 20px 0 0; }
  svg { overflow: visible; }
  svg.figure text[style*="fill"]:not([style*="#ffffff"]) { paint-order: stroke; stroke: #fff; stroke-width: 4px; }
  svg.figure { height: auto; max-height: var(--tall, 540px); max-width: 100% !important; width: 100%; }
  select { font-size: 24px; }
  svg text, svg .on { font-size: 21.3px; }
  .row { min-height: 44px; }
  .stage .row span { visibility: hidden; }
  .row i { letter-spacing: -.06em; }
  input[type="range"] { appearance: none; background: none; height: 40px; }
  .row input[type="range"] { margin: 0 -18px; }
  input[type="range"]::-webkit-slider-runnable-track { background: #BBB; border-radius: 7px; height: 14px; }
  input[type="range"]::-moz-range-track { background: #BBB; border-radius: 7px; height: 14px; }
  input[type="range"]::-webkit-slider-thumb {
    appearance: none; background: #0072B2; border-radius: 50%; height: 36px; margin-top: -11px; width: 36px; }
  input[type="range"]::-moz-range-thumb {
    background: #0072B2; border: 0; border-radius: 50%; height: 36px; width: 36px; }
  input[type="range"]:disabled::-webkit-slider-thumb { background: #999; }
  input[type="radio"] { height: 24px; width: 24px; }
  @container (min-width: 1000px) {
    .card { column-gap: 40px; display: grid; grid-auto-flow: row dense;
      grid-template-columns: 760px minmax(0, 1fr); align-items: start; }
    .card:not(:has(.stage)) { display: block; } /* a panel: its sliders above its picture */
    .card:not(:has(.stage)) > div:first-of-type {
      column-gap: 40px; display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); }
    .card:not(:has(.stage)) .row input[type="range"] { margin: 0; }
    .stage { display: contents; }
    fieldset { grid-column: 1 / -1; }
    .stage > div:has(svg) { grid-column: 1; grid-row-end: span 4; }
    .side, .note, .wide { grid-column: 2; }
    .wide { overflow: visible; }
    .wide math { font-size: 1em; }
  }`;

// `?minutes=45` leaves out what a lecture of 45 minutes has no time for.
function shorten() {
  const minutes = Number(new URLSearchParams(location.search).get("minutes")) || 90;
  for (const slide of document.querySelectorAll("section[data-extra]"))
    if (slide.dataset.extra > minutes) slide.remove();
}

function dress(host) {
  if (!host.shadowRoot) return;
  const style = document.createElement("style");
  style.textContent = STAGE;
  host.shadowRoot.append(style);
  const picture = host.shadowRoot.querySelector("svg.figure")?.parentNode;
  if (picture) // of a panel, another one with each move
    new MutationObserver(() => growAll(picture.querySelector("svg.figure"), host.grown))
      .observe(picture, { childList: true });
}

// Explorers stand there when the deck is ready; a panel comes once its pictures are unpacked.
function stage() {
  document.querySelectorAll(":is(.activation-explorer, .activation-panel) > div").forEach(dress);
  const later = new MutationObserver((changes) => {
    for (const { addedNodes, target } of changes) {
      addedNodes.forEach(dress);
      fit(target.closest("section"));
    }
  });
  for (const panel of document.querySelectorAll(".activation-panel:not(:has(> div))"))
    later.observe(panel, { childList: true });
}

// What follows a derivation on its slide appears when that is done.
function comesAfter(derivation) {
  let after = derivation.closest(".slides > section > *");
  while ((after = after.nextElementSibling) && !after.matches(".notes"))
    if (!after.querySelector(".fragment")) after.classList.add("fragment"); // else its parts appear
}

// "with g = …" and "for z > 0" are no steps: they stand there from the first line on.
function isGiven(line) {
  const filled = [...line.children].find((cell) => cell.querySelector("mjx-c"));
  return filled?.querySelector("mjx-mtext, mjx-mi, mjx-mo, mjx-mn").matches("mjx-mtext");
}

document.documentElement.classList.toggle("dark", matchMedia("(prefers-color-scheme: dark)").matches);

const PRINTED = /print-pdf/.test(location.search);

// A slide lies; on a phone that is held upright it stands.
const upright = matchMedia("(max-width: 600px) and (orientation: portrait)");
function shape() {
  document.documentElement.classList.toggle("upright", upright.matches);
  document.querySelectorAll(".slides > section").forEach(fit);
  return upright.matches ? { width: 720, height: 1080 } : { width: 1280, height: 720 };
}

// Derivations are as large as the slide has room for; an explorer, a figure or a table may be
// smaller, and on a slide that stands also a formula and what was printed.
function fit(slide) {
  const large = slide.querySelectorAll(".derivation");
  const alone = [...slide.querySelectorAll(".highlight, mjx-container[display]")]
    .filter((part) => !part.closest(".derivation, .exercise, table, li, .notes"));
  const wide = `table, svg.figure${upright.matches ? ", pre, mjx-container[display]" : ""}`;
  const small = [...slide.querySelectorAll(`.activation-explorer, .activation-panel, ${wide}`)]
    .filter((part) => !part.closest(".derivation"));
  const full = () =>
    slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth;
  const over = () => full() || [...slide.querySelectorAll("ol.steps:has(> .late)")].some((list) => {
    list.classList.add("turned");
    const found = full();
    list.classList.remove("turned");
    return found;
  });
  const { display } = slide.style;
  slide.style.display = "block";
  for (const part of slide.querySelectorAll("[style*=zoom]"))
    Object.assign(part.style, { zoom: "", whiteSpace: "" });
  const least = upright.matches ? 0.4 : slide.querySelector("svg.figure") ? 0.5 : 0.65;
  fitPanels(slide, over);
  const bare = (yes) => slide.classList.toggle("without-curves", yes);
  const turning = [...slide.querySelectorAll(":scope[data-turns] > .r-stack > :first-child")];
  const zoomed = () => {
    for (let zoom = 1.3; zoom > least; zoom -= 0.05) {
      for (const part of turning[0]?.matches(".visible") ? [] : large) part.style.zoom = zoom;
      for (const part of alone) part.style.zoom = Math.max(zoom, 1);
      for (const part of small) part.style.zoom = Math.min(zoom, 1);
      if (!over()) return zoom;
    }
    return 0;
  };
  bare(false);
  for (const line of slide.querySelectorAll(".early, .late")) line.classList.remove("early", "late");
  slide.classList.toggle("roomy", !slide.querySelector(".activation-explorer, .activation-panel")
    && (slide.matches(".predict, .discuss")
      || Boolean(slide.querySelector(".line + .r-stack > :not(.fade-out):first-child"))));
  if (zoomed() < 0.75) slide.classList.remove("roomy");
  for (const tight of [() => {}, () => bare(true), () => bare(!inParts(slide)), () => bare(true)]) {
    tight(); // lines come before their curves
    if (zoomed() >= 0.95) break;
  }
  for (const picture of turning) picture.classList.add("visible"); // in the derivation's place
  if (turning.length) zoomed();
  if (slide.matches(".results, .entering")) // bars need what a formula has of room
    for (const part of alone) part.style.zoom = 0.6;
  fitOptions(slide, over);
  if (over())
    for (const printed of slide.querySelectorAll("pre"))
      Object.assign(printed.style, { zoom: 1, whiteSpace: "pre-wrap" });
  for (const figure of slide.querySelectorAll("svg.figure")) enlarge(figure, slide);
  lower(slide);
  for (const host of slide.querySelectorAll(".activation-panel > div")) {
    const figure = host.shadowRoot?.querySelector("svg.figure");
    if (figure) host.grown = enlarge(figure, slide);
  }
  for (const picture of turning) picture.classList.remove("visible");
  slide.style.display = display;
}

// A derivation that is too long for its slide comes in two parts: what came first makes room for
// the rest, but for the line on which this builds.
function inParts(slide) {
  const [list] = upright.matches || PRINTED ? [] : slide.querySelectorAll("ol.steps");
  if (!list) return false;
  const lines = [...list.children], tall = lines.map((line) => line.offsetHeight);
  const sum = (from, to) => tall.slice(from, to).reduce((all, one) => all + one, 0);
  const longer = (at) => Math.max(sum(0, at + 1), sum(at));
  const at = [...lines.keys()].slice(1, -1) // a part has two lines at least
    .reduce((best, k) => longer(k) < longer(best) ? k : best, 1);
  lines.forEach((line, k) => {
    line.classList.toggle("early", k < at);
    line.classList.toggle("late", k > at);
  });
  return true;
}

// Of a panel the picture alone is smaller.
function fitPanels(slide, over) {
  const panels = [...slide.querySelectorAll(".activation-panel")];
  for (let tall = 540; tall >= 300; tall -= 20) {
    for (const panel of panels) panel.style.setProperty("--tall", `${tall}px`);
    if (!panels.length || !over()) break;
  }
}

// The options stand above bars and button, and not below the code for phones.
function fitOptions(slide, over) {
  const edge = slide.getBoundingClientRect();
  const [bars, code] = [slide.matches(".results, .entering"), slide.querySelector(".phones > svg")];
  const low = (asked) => {
    const reach = Math.max(...[...asked.querySelectorAll("li")].map(rightOf));
    const most = slide.matches(".results") ? 0.53 : bars ? 0.72 : code && reach > code.getBoundingClientRect().left ? 0.68 : 0.9;
    return (asked.getBoundingClientRect().bottom - edge.top) / edge.height > most;
  };
  for (const asked of slide.querySelectorAll(".exercise")) {
    let zoom = 1.4;
    do asked.style.zoom = zoom; while ((over() || low(asked)) && (zoom -= 0.05) > (bars || code ? 0.6 : 0.97));
  }
}

// A low picture stands in the middle of its room.
function lower(slide) {
  const edge = slide.getBoundingClientRect();
  const last = slide.querySelector(":scope > :is(svg.figure, .r-stack):nth-last-child(1 of :not(.notes, .poll, .phones, .chart))");
  if (!last) return;
  last.style.marginTop = "";
  const free = edge.bottom - last.getBoundingClientRect().bottom;
  if (free > 0) last.style.marginTop = `${0.4 * free / edge.height * slide.offsetHeight}px`;
}

// Where the text in a line ends.
function rightOf(line) {
  const range = document.createRange();
  range.selectNodeContents(line);
  return range.getBoundingClientRect().right;
}

// The letters of a figure that had to be small for its slide are read from the last row all the
// same: those of a kind grow where they stand, as far as none comes upon another or leaves the
// slide. A box behind letters grows with them; light ones on an area stay as they are.
const LEGIBLE = 24; // pixels of a slide's 720
function enlarge(figure, slide) {
  const texts = lettersOf(figure), grown = new Map();
  const light = (text) => getComputedStyle(text).fill === "rgb(255, 255, 255)" && !boxOf(text);
  const stays = new Set(texts.filter(light).map(kindOf));
  const kinds = [...new Set(texts.map(kindOf))].filter((kind) => !stays.has(kind))
    .toSorted((a, b) => /outside/.test(b) - /outside/.test(a)); // they make room first
  growAll(figure, new Map(kinds.map((kind) => [kind, 1])));
  const scale = (figure.getScreenCTM()?.a ?? 0) * slide.offsetWidth / slide.getBoundingClientRect().width;
  const before = clashes(figure, texts, slide);
  for (const kind of kinds) {
    const fits = (room) => {
      growAll(figure, grown.set("room", room));
      return clashes(figure, texts, slide) <= before;
    };
    const made = grown.get("room") ?? 0; // to the left, for numbers that grow
    for (let times = LEGIBLE / (parseFloat(kind) * scale); times > 1.02; times -= 0.04) {
      grown.set(kind, times);
      if ([made, made + 8, made + 16].some(fits)) break;
      grown.set(kind, 1).set("room", made);
    }
    growAll(figure, grown);
  }
  return grown;
}

function lettersOf(figure) {
  return [...figure.querySelectorAll("text")].filter((text) => text.textContent.trim());
}

// The box that is drawn behind a text, if there is one.
function boxOf(text) {
  return text.previousElementSibling?.querySelector(":scope > path");
}

// Size, anchor and side: above or below, or as a title or a name outside of the axes.
function kindOf(text) {
  const { dataset, ownerSVGElement: svg } = text;
  if (dataset.kind) return dataset.kind;
  const { fontSize } = getComputedStyle(text.querySelector("tspan") ?? text);
  const height = text.hasAttribute("y") ? text.getAttribute("y") / svg.viewBox.baseVal.height : 0.5;
  const turned = isTurned(text) || height < 0.07;
  const side = boxOf(text) ? "boxed" : turned ? "outside" : height > 0.5 ? "below" : "above";
  dataset.kind = [parseFloat(fontSize), getComputedStyle(text).textAnchor, side].join();
  return dataset.kind;
}

// All that is read of the page comes before all that is written, so that it is laid out once.
function growAll(figure, grown) {
  const write = (text) => growth(text, grown.get(kindOf(text)) ?? 1, grown.get("room") ?? 0);
  const letters = lettersOf(figure)
    .filter((text) => grown?.has(kindOf(text)) || grown?.get("room") && isTurned(text));
  for (const each of letters.map(write)) each();
}

const isTurned = (text) => text.hasAttribute("transform"); // the name of the upright axis

function clashes(figure, texts, slide) {
  const edge = slide.getBoundingClientRect(), next = figure.nextElementSibling;
  const below = figure.getRootNode() === document && next?.matches(":not(.notes, .poll, .phones, .chart)");
  const end = Math.min(edge.bottom, below ? next.getBoundingClientRect().top : Infinity);
  const boxes = texts.map((text) => text.getBoundingClientRect()).map(({ left, right, top, bottom }) => {
    const air = 0.15 * (bottom - top); // above and below the letters
    return { left, right, top: top + air, bottom: bottom - air, air };
  });
  const row = (a, b) => Math.abs(a.top - b.top) < 1 ? 2 * a.air : 0; // numbers of an axis
  return boxes.filter((a, k) => a.left < edge.left || a.right > edge.right || a.bottom > end
    || boxes.some((b, l) => l > k && a.left < b.right + row(a, b) && b.left < a.right + row(a, b)
      && a.top < b.bottom && b.top < a.bottom)).length;
}

// A number with a power is placed sign by sign: to the left of a figure it grows to the left.
function growth(text, times, room) {
  const { dataset, parentNode: group, style } = text, box = boxOf(text)?.getBBox();
  if (box) {
    const grown = `translate(${box.x} ${box.y}) scale(${times}) translate(${-box.x} ${-box.y})`;
    return () => group.setAttribute("transform", grown);
  }
  if (!text.querySelector("tspan[x]")) {
    const [size, anchor, side] = kindOf(text).split(",");
    const share = isTurned(text) ? -2 : anchor === "end" ? 0.35 : side === "outside" ? -1
      : anchor === "middle" && side === "below" ? 0.7 : 0; // away from the axis, or from its numbers
    return () => {
      style.fontSize = `${size * times}px`;
      text.setAttribute("dy", share * size * (times - 1) - room * isTurned(text));
    };
  }
  dataset.at ??= group.getAttribute("transform") ?? "";
  const { x, width } = text.getBBox(), svg = text.ownerSVGElement, { a, e } = svg.getScreenCTM();
  const left = (text.getBoundingClientRect().x - e) / a < svg.viewBox.baseVal.width / 5;
  const kept = x + (left ? width : width / 2);
  const moved = `${dataset.at} translate(${kept} 0) scale(${times}) translate(${-kept} 0)`;
  return () => group.setAttribute("transform", moved);
}

// How many pixels of a slide have no room on it, and whether a picture is among them.
window.crowding = (slide) => {
  const { display } = slide.style;
  slide.style.display = "block";
  const over = Math.max(slide.scrollHeight - slide.clientHeight, slide.scrollWidth - slide.clientWidth);
  const edge = slide.getBoundingClientRect().bottom;
  const pictures = [...slide.querySelectorAll("svg.figure, img, .activation-explorer, .activation-panel")];
  const pushed = pictures.some((picture) => picture.getBoundingClientRect().bottom > edge + 1);
  slide.style.display = display;
  return [over, pushed];
};

// What has the keyboard loses it with its slide, and until then Space and arrows are its own.
addEventListener("DOMContentLoaded", () => {
  if (PRINTED) { // on paper nothing comes later, nor in another's place
    for (const step of document.querySelectorAll(".steps > li")) step.removeAttribute("aria-hidden");
    for (const slide of document.querySelectorAll("[data-turns]")) slide.removeAttribute("data-turns");
  }
  Reveal.on("pdf-ready", () => { // and every slide is read aloud, not the first alone
    for (const slide of document.querySelectorAll(".slides section"))
      for (const word of ["aria-hidden", "hidden"]) slide.removeAttribute(word);
  });
  const spoken = document.body.appendChild(document.createElement("p"));
  spoken.className = "spoken";
  spoken.setAttribute("aria-live", "polite");
  Reveal.on("fragmentshown", ({ fragment }) => {
    if (!fragment.matches(".steps > li")) return;
    fragment.removeAttribute("aria-hidden"); // read as it comes, and not with the slide before
    spoken.textContent = fragment.dataset.speech;
    grow(fragment);
  });
  Reveal.on("fragmenthidden", ({ fragment }) => {
    if (!fragment.matches(".steps > li")) return;
    fragment.setAttribute("aria-hidden", "true");
    point(fragment.parentElement, fragment.previousElementSibling);
  });
  Reveal.on("slidechanged", ({ previousSlide }) => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    if (previousSlide?.contains(document.activeElement)) active.blur();
  });
  document.querySelector(".slides").addEventListener("keydown", (event) => {
    const own = event.composedPath()[0].matches("input[type=radio], button");
    if (own && /^( |Enter|Arrow.*)$/.test(event.key)) event.stopPropagation();
  });
});

// A presenter's keys belong to the slides again once the mouse lets go of a slider or a button.
for (const kind of ["pointerup", "click"])
  document.addEventListener(kind, (event) => {
    if (kind === "click" && !event.detail) return; // made by a key
    const path = event.composedPath(); // inside an explorer, too
    const node = path.find((part) => part.matches?.("input, button, label, select, .grip"));
    const own = node?.matches(".grip") ? node.getRootNode().activeElement : node?.control ?? node;
    setTimeout(() => own?.blur());
  });

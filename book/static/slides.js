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
        slideNumber: "c/t",
        transition: "none",
        scrollLayout: "compact", // on a phone one scrolls from slide to slide
        scrollSnap: false,
        pdfSeparateFragments: false,
        pdfMaxPagesPerSlide: 1,
        keyboard: { 68: () => document.documentElement.classList.toggle("dark") }, // D
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
  svg.figure { height: auto; max-height: 460px; max-width: 100% !important; width: 100%; }
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
    .card:not(:has(.stage)) { grid-template-columns: 400px minmax(0, 1fr); }
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
    after.classList.add("fragment");
}

// "with g = …" and "for z > 0" are no steps: they stand there from the first line on.
function isGiven(line) {
  const filled = [...line.children].find((cell) => cell.querySelector("mjx-c"));
  return filled?.querySelector("mjx-mtext, mjx-mi, mjx-mo, mjx-mn").matches("mjx-mtext");
}

document.documentElement.classList.toggle("dark", matchMedia("(prefers-color-scheme: dark)").matches);

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
  const wide = `table, svg.figure${upright.matches ? ", pre, mjx-container[display]" : ""}`;
  const small = [...slide.querySelectorAll(`.activation-explorer, .activation-panel, ${wide}`)]
    .filter((part) => !part.closest(".derivation"));
  const over = () =>
    slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth;
  const { display } = slide.style;
  slide.style.display = "block";
  for (const part of slide.querySelectorAll("[style*=zoom]"))
    Object.assign(part.style, { zoom: "", whiteSpace: "" });
  const least = upright.matches ? 0.4 : slide.querySelector("svg.figure") ? 0.5 : 0.65;
  for (let zoom = 1.3; zoom > least; zoom -= 0.05) {
    for (const part of large) part.style.zoom = zoom;
    for (const part of small) part.style.zoom = Math.min(zoom, 1);
    if (!over()) break;
  }
  if (over())
    for (const printed of slide.querySelectorAll("pre"))
      Object.assign(printed.style, { zoom: 1, whiteSpace: "pre-wrap" });
  for (const figure of slide.querySelectorAll("svg.figure")) enlarge(figure, slide);
  slide.style.display = display;
}

// The letters of a figure that had to be small for its slide are read from the last row all the
// same: those of a kind grow where they stand, as far as none comes upon another or leaves the
// slide. Where letters are light on a ground of their own, that would have to grow as well.
const LEGIBLE = 20; // pixels of a slide's 720
function enlarge(figure, slide) {
  const texts = [...figure.querySelectorAll("text")].filter((text) => text.textContent.trim());
  for (const text of texts) growLetters(text, 1);
  const scale = (figure.getScreenCTM()?.a ?? 0) * slide.offsetWidth / slide.getBoundingClientRect().width;
  const edge = slide.getBoundingClientRect(), kinds = new Map();
  for (const text of texts) {
    const { fill, fontSize, textAnchor } = getComputedStyle(text);
    if (fill === "rgb(255, 255, 255)") return;
    const kind = [fontSize, textAnchor, Boolean(text.getAttribute("transform"))].join();
    kinds.set(kind, [...kinds.get(kind) ?? [], text]);
  }
  const clashes = () => {
    const boxes = texts.map((text) => text.getBoundingClientRect());
    return boxes.filter((a, k) => a.left < edge.left || a.right > edge.right || a.bottom > edge.bottom
      || boxes.some((b, l) => l > k
        && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length;
  };
  const before = clashes();
  for (const kind of kinds.values()) {
    const size = parseFloat(getComputedStyle(kind[0]).fontSize) * scale;
    let times = LEGIBLE / size;
    for (; times > 1.02; times -= 0.04) {
      for (const text of kind) growLetters(text, times);
      if (clashes() <= before) break;
    }
    if (times <= 1.02) for (const text of kind) growLetters(text, 1);
  }
}

// A number with a power is placed sign by sign: to the left of a figure it grows to the left.
function growLetters(text, times) {
  const { dataset, parentNode: group } = text;
  if (!text.querySelector("tspan[x]")) {
    dataset.size ??= parseFloat(getComputedStyle(text).fontSize);
    text.style.fontSize = `${dataset.size * times}px`;
    return;
  }
  dataset.at ??= group.getAttribute("transform") ?? "";
  const { x, width } = text.getBBox();
  const left = text.getBoundingClientRect().x < text.ownerSVGElement.getBoundingClientRect().x + 60;
  const kept = x + (left ? width : width / 2);
  group.setAttribute("transform", `${dataset.at} translate(${kept} 0) scale(${times}) translate(${-kept} 0)`);
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
  if (/print-pdf/.test(location.search)) // on paper nothing comes later
    for (const step of document.querySelectorAll(".steps > li")) step.removeAttribute("aria-hidden");
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

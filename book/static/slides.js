// Mathematics first, then the slides: each line of a derivation becomes a step of its own.
window.MathJax = {
  tex: { inlineMath: [["$", "$"], ["\\(", "\\)"]], processEscapes: true, tags: "none" },
  options: { enableMenu: false, ignoreHtmlClass: "notes|highlight" },
  startup: {
    pageReady: async () => {
      await MathJax.startup.defaultPageReady();
      const lined = "mjx-container > mjx-math > mjx-mtable > mjx-table > mjx-itable";
      for (const derivation of document.querySelectorAll(lined)) {
        const lines = [...derivation.children];
        for (const line of lines.slice(1)) line.classList.add("fragment");
        let after = derivation.closest(".slides > section > *");
        while ((after = after.nextElementSibling) && !after.matches(".notes"))
          after.classList.add("fragment");
      }
      document.querySelectorAll(".slides > section").forEach(fit);
      await Reveal.initialize({
        width: 1280,
        height: 720,
        margin: 0.03,
        center: false,
        hash: true,
        slideNumber: "c/t",
        transition: "none",
        pdfSeparateFragments: false,
        pdfMaxPagesPerSlide: 1,
        plugins: [RevealNotes],
      });
    },
  },
};

// Explorers and derivations are as large as the slide has room for; a table may be smaller.
function fit(slide) {
  const large = slide.querySelectorAll(".activation-explorer, .derivation");
  const tables = slide.querySelectorAll("table");
  const over = () =>
    slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth;
  slide.style.display = "block";
  for (let zoom = 1.3; zoom > 0.65; zoom -= 0.05) {
    for (const part of large) part.style.zoom = zoom;
    for (const table of tables) table.style.zoom = Math.min(zoom, 1);
    if (!over()) break;
  }
  slide.style.display = "";
}

// A presenter's keys belong to the slides again once the mouse lets go of a slider or a button.
for (const kind of ["pointerup", "click"])
  document.addEventListener(kind, (event) => {
    if (kind === "click" && !event.detail) return; // made by a key
    const path = event.composedPath(); // inside an explorer, too
    const node = path.find((part) => part.matches?.("input, button, label"));
    setTimeout(() => (node?.control ?? node)?.blur());
  });

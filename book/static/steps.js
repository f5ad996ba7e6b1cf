// The new line of a derivation grows out of the old one: each part begins where it stood before.
// Where somebody wants less motion, it stands there at once.
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

// In the picture beside a derivation the parts of one line are dotted; null: of none.
function point(list, line) {
  const number = String([...list.children].indexOf(line));
  for (const part of list.closest(".derivation").querySelectorAll("[data-line]"))
    part.classList.toggle("now", part.dataset.line === number);
}

function grow(line) {
  point(line.parentElement, line);
  const above = line.previousElementSibling;
  if (CALM.matches || !above?.offsetHeight) return; // nor out of a line that is gone
  for (const part of line.querySelectorAll("[data-was]")) {
    const marks = part.dataset.was.split(" ");
    const old = above.querySelector(`[data-will~="${marks.at(-1)}"]`);
    if (!old) continue;
    const from = old.getBoundingClientRect(), to = part.getBoundingClientRect();
    const scale = line.getBoundingClientRect().width / line.offsetWidth || 1;
    const [x, y] = [from.x - to.x, from.y - to.y].map((way) => way / scale);
    const fresh = marks.at(-1)[0] === "c";
    part.animate(
      [{ opacity: fresh ? 0 : 1, transform: `translate(${x}px, ${y}px)` }, { opacity: 1, transform: "none" }],
      { duration: 650, easing: "ease-in-out" },
    );
  }
}

// On a page of the book all lines stand there; a button takes them away and brings them back one
// by one.
function stepwise(list) {
  const lines = [...list.children], button = document.createElement("button");
  const spoken = document.createElement("span");
  let shown = lines.length;
  spoken.className = "spoken";
  spoken.setAttribute("aria-live", "polite");
  button.type = "button";
  button.textContent = gettext("Step by step");
  list.after(button, spoken);
  button.addEventListener("click", () => {
    shown = shown === lines.length ? 1 : shown + 1;
    lines.forEach((line, k) => {
      line.hidden = k >= shown;
      line.classList.toggle("current-fragment", k === shown - 1 && k > 0);
    });
    button.textContent = shown === lines.length ? gettext("Once more") : gettext("Next step");
    spoken.textContent = lines[shown - 1].dataset.speech;
    grow(lines[shown - 1]);
  });
}

addEventListener("DOMContentLoaded", () => {
  for (const list of document.querySelectorAll("article ol.steps")) {
    if (list.children.length > 1) stepwise(list);
    for (const line of list.children) line.addEventListener("pointerenter", () => point(list, line));
  }
});

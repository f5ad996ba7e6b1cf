// Keys that move a slider don't also turn a slide or select another cell. PageUp and PageDown are
// ten steps in every browser: `step(node, n)` moves the slider `node`, if it is one.

const MOVES = /^(Arrow|Page|Home$|End$)/;

export function ownKeys(element, step) {
  const early = (event) => { // at the window, before JupyterLab looks
    const [node] = event.composedPath();
    if (!element.contains(event.target)) return;
    event.target.toggleAttribute("data-lm-suppress-shortcuts", MOVES.test(event.key));
    const n = { PageUp: 10, PageDown: -10 }[event.key];
    if (n && step(node, n)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  window.addEventListener("keydown", early, true);
  element.addEventListener("keydown", (event) => MOVES.test(event.key) && event.stopPropagation());
  return () => window.removeEventListener("keydown", early, true);
}

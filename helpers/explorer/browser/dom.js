// Elements of the page: how they are made, and how a screen reader hears of changes.

export function set(node, attributes) {
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  return node;
}

export function add(parent, tag, attributes = {}, text = "") {
  const drawn = tag === "svg" || parent.namespaceURI.endsWith("svg");
  const space = `http://www.w3.org/${drawn ? "2000/svg" : "1999/xhtml"}`;
  const node = document.createElementNS(space, tag);
  node.textContent = text;
  return parent.appendChild(set(node, attributes));
}

// A region that is read aloud. What it said is taken back at once; what it says next is heard where
// the slider came to rest. Nothing is said of the start, which is not `aloud`.
export function addLive(parent) {
  const live = add(parent, "p", { class: "live", "aria-live": "polite" });
  let timer;
  return (text, aloud) => {
    live.textContent = "";
    clearTimeout(timer);
    if (aloud) timer = setTimeout(() => { live.textContent = text; }, 400);
  };
}

// Elements of the page, and the clipboard.

export function set(node, attributes) {
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  return node;
}

export function add(parent, tag, attributes = {}, text = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  return parent.appendChild(set(node, attributes));
}

// A button that does not take the focus from the line where something is to be inserted.
export function button(parent, attributes, text, press) {
  const node = add(parent, "button", { type: "button", ...attributes }, text);
  node.addEventListener("mousedown", (event) => event.preventDefault());
  node.addEventListener("click", press);
  return node;
}

// The clipboard of pages that are no secure context, as on a server of one's own, is the old one.
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = add(document.body, "textarea", { style: "position:fixed;opacity:0" });
  const before = document.activeElement;
  area.value = text;
  area.select();
  document.execCommand("copy");
  area.remove();
  before?.focus();
}

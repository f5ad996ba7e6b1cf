// The speaker's view holds the deck twice more, in frames. What is moved, chosen or put to the vote
// in one of these windows happens in the others as well, and so does a room that turns dark.
const COPY = /[?&]receiver/.test(location.search);
const CARDS = ".activation-explorer, .activation-panel";
const PARTS = ["input[type=range]", "input[type=radio]", "select", "button"];
const { nonce } = document.currentScript; // without which no script runs in JupyterLab's deck
const others = new Set(COPY ? [parent.opener] : []);
const past = new Map(); // the last news of each thing, for a frame that opens later
let listening = false; // what others did is not told back to them

// What is done with news, by kind; others add theirs.
const hear = {
  control({ at, value }) {
    const control = controlAt(at);
    if (!control || control.disabled) return;
    if (control.matches("button")) return control.click();
    if (control.type === "radio") control.checked = true;
    else control.value = value;
    for (const kind of ["input", "change"])
      control.dispatchEvent(new Event(kind, { bubbles: true, composed: true }));
  },
  dark({ on }) { document.documentElement.classList.toggle("dark", on); },
};

function tell(news, from) {
  const about = JSON.stringify([news.kind, news.at]), text = JSON.stringify({ course: news });
  if (!["key", "hello"].includes(news.kind)) { // those happen, and do not stand
    if (past.get(about) === text) return;
    past.delete(about); // the last that was heard stands last
    past.set(about, text);
  }
  for (const other of others) if (other !== from) other.postMessage(text, "*");
}

addEventListener("message", ({ data, origin, source }) => {
  if (origin !== location.origin && location.protocol !== "file:") return;
  if (typeof data !== "string" || !data.startsWith('{"course":')) return;
  const { course: news } = JSON.parse(data);
  if (news.kind === "hello") {
    others.add(source);
    for (const text of past.values()) source.postMessage(text, "*");
    return;
  }
  listening = true;
  try { hear[news.kind](news); } finally { listening = false; }
  if (!COPY && news.kind !== "key") tell(news, source);
});

// The speaker's view is written by the deck, and its scripts need the deck's number.
if (nonce) {
  const { open } = window;
  window.open = (...words) => {
    const view = open.apply(window, words), write = view.document.write.bind(view.document);
    view.document.write = (page) => write(page.replaceAll("<script", `<script nonce="${nonce}"`));
    return view;
  };
}

// Where a control stands: its card, its kind, and its number among those.
function placeOf(control) {
  const root = control.getRootNode?.(), card = root?.host?.closest(CARDS);
  const part = PARTS.findIndex((kind) => control.matches?.(kind));
  if (!card || part < 0) return null;
  return [cards().indexOf(card), part, [...root.querySelectorAll(PARTS[part])].indexOf(control)];
}

function controlAt([card, part, number]) {
  const { shadowRoot } = cards()[card]?.querySelector(":scope > div") ?? {};
  return shadowRoot?.querySelectorAll(PARTS[part])[number];
}

function cards() {
  return [...document.querySelectorAll(CARDS)];
}

for (const kind of ["input", "change", "keydown", "click"])
  addEventListener(kind, (event) => {
    const [control] = event.composedPath(), at = !listening && placeOf(control);
    if (!at || (kind === "click") !== control.matches("button")) return;
    setTimeout(() => tell({ kind: "control", at, value: control.value })); // once a key has moved it
  }, true);

// A panel on a page without a kernel: its pictures were drawn beforehand, at all places of its
// sliders and menus. `root` holds the picture of the start, the knobs as JSON and the drawings.
import { add, addLive, set } from "./dom.js";
import { nearest, number, place } from "./numbers.js";
import { addSlider } from "./page.js";
import { CSS } from "./style.js";
import { gettext } from "./gettext.js";

const WIDE = `.row { grid-template-columns: minmax(5em, max-content) 1fr 3.5em; column-gap: 14px; }
  .row i, .row select { font-style: normal; } .row input { margin: 0; } .row span { padding: 0; }
  select { background: none; border: 1px solid; border-radius: 5px; color: inherit; font: inherit;
    justify-self: start; padding: 2px 8px; }
  option { background: Canvas; color: CanvasText; } svg { margin: 6px auto 0; }`;

async function inflated(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

function addMenu(controls, { name, options }, onchange) {
  const row = add(controls, "label", { class: "row" });
  add(row, "i", {}, name);
  const menu = add(row, "select", { "aria-label": name });
  for (const option of options) add(menu, "option", {}, option);
  menu.addEventListener("change", onchange);
  return () => menu.selectedIndex;
}

function addKnob(controls, knob, show) {
  if (knob.options) return addMenu(controls, knob, show);
  const input = addSlider(controls, knob.name, knob, { oninput: show });
  return () => {
    const k = nearest(+input.value, knob), text = number(place(k, knob), knob.digits);
    set(input, { "aria-valuetext": text }).nextSibling.textContent = text;
    return k;
  };
}

export async function mountPanel(root) {
  const script = root.querySelector("script[data-frames]"), { frames } = script.dataset;
  if (!frames) return;
  const knobs = JSON.parse(script.textContent), { parts, drawn, alts } = await inflated(frames);
  for (const still of root.querySelectorAll("img, p")) still.hidden = true;
  const card = document.createElement("div");
  set(card, { class: "card alone", role: "group", "aria-label": gettext("Panel") });
  add(root, "div").attachShadow({ mode: "open" }).append(card);
  add(card, "style", {}, CSS + WIDE);
  const controls = add(card, "div"), picture = add(card, "div"), speak = addLive(card);
  let aloud = false;
  const show = () => {
    const at = reads.reduce((sum, read, k) =>
      sum * (knobs[k].options?.length ?? knobs[k].count) + read(), 0);
    picture.innerHTML = drawn[at].map((part) => parts[part]).join("");
    set(picture.firstChild, { role: "img", "aria-label": alts[at] });
    speak(alts[at], aloud);
    aloud = true;
  };
  const reads = knobs.map((knob) => addKnob(controls, knob, show));
  card.addEventListener("keydown", (event) => {
    if (/^(Arrow|Home|End)/.test(event.key)) event.stopPropagation(); // they don't turn a slide
  });
  show();
}

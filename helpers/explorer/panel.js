// The picture of a panel in a running notebook. This stands behind explorer.js, whose functions it uses.

function panel({ model, el }) {
  const shown = add(el, "div"), live = add(el, "p", { class: "live", "aria-live": "polite" });
  let latest = 0, timer;
  const show = async () => {
    const turn = (latest += 1), next = document.createElement("div");
    next.innerHTML = model.get("html");
    await next.querySelector("img")?.decode().catch(() => {}); // else the page would jump
    if (turn !== latest) return;
    shown.replaceChildren(...next.childNodes);
    live.textContent = "";
    clearTimeout(timer); // a screen reader hears where the sliders came to rest, and nothing at first
    const text = shown.querySelector("img")?.alt ?? shown.textContent;
    if (turn > 1) timer = setTimeout(() => { live.textContent = text; }, 400);
  };
  const names = model.get("names");
  const name = (handles) => handles.forEach((handle, k) => {
    if (handle.ariaLabel !== names[k]) set(handle, { "aria-label": names[k] });
  });
  const box = attend(el, ".activation-panel", name, () => false); // the keys are noUiSlider's own
  show();
  model.on("change:html", show);
  return () => {
    model.off("change:html", show);
    box.end();
  };
}

export default { render: panel };

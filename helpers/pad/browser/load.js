// MathLive, once for each page: the files come with a widget that all pads of a kernel share.

const LIBRARY = Symbol.for("activation-derivatives: mathlive");

const STYLE = { Italic: { style: "italic" } };

function addFont(name, bytes) {
  const [family, face] = name.replace(".woff2", "").split("-");
  document.fonts.add(new FontFace(family, bytes, STYLE[face] ?? {}));
}

async function startMathLive(files) {
  for (const name in files) if (name.endsWith(".woff2")) addFont(name, files[name]);
  document.documentElement.style.setProperty("--ML__static-fonts", "true"); // it need not look for them
  const address = URL.createObjectURL(new Blob([files["mathlive.min.mjs"]], { type: "text/javascript" }));
  const { MathfieldElement } = await import(address);
  URL.revokeObjectURL(address);
  Object.assign(MathfieldElement, { fontsDirectory: null, soundsDirectory: null, computeEngine: null, locale: "en" });
  return MathfieldElement;
}

// The widget with the files; it lives as long as the kernel.
export const libraryOf = (model) => model.widget_manager.get_model(model.get("library").replace("IPY_MODEL_", ""));

export function mathlive(library) {
  globalThis[LIBRARY] ??= startMathLive(library.get("files")).catch((error) => {
    globalThis[LIBRARY] = undefined; // the next pad tries again
    throw error;
  });
  return globalThis[LIBRARY];
}

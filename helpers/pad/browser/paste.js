// Text that is pasted: plain text is typed in, LaTeX stands as it is.
import { configure, latexOf, typeText } from "./typing.js";

const AROUND = /\\(?:begin|end)\{(?!d?cases)[a-z]+\*?\}|\\[[\]()]|\$+|\\(?:nonumber|notag)\b/g;
const REASON = /(?:\\q?quad|[&\s])*(?:\\text\{([^{}]*)\}|#(.*))[\s.]*$/;
const isLatex = (text) => text.includes("\\");

// Rows, also of an environment of several lines, as pairs of text and reason.
export function cutText(text) {
  if (text.includes("cases}")) return [[text.replace(AROUND, " ").trim(), ""]];
  const end = isLatex(text) ? /\\\\(?:\[[^\]]*\])?|\n/ : "\n";
  return text.replace(AROUND, " ").split(end).map((row) => {
    const found = REASON.exec(row), step = found ? row.slice(0, found.index) : row;
    return [step.replaceAll("&", " ").trim(), (found?.[1] ?? found?.[2] ?? "").trim()];
  }).filter(([step]) => step);
}

// A field that nobody sees takes the keys.
export function toLatex(text, { view, Mathfield, sheet: { shortcuts, letters } }) {
  if (isLatex(text)) return text;
  const field = view.root.appendChild(new Mathfield());
  field.className = "live";
  configure(field, shortcuts);
  typeText(field, text, shortcuts, letters);
  const latex = latexOf(field);
  field.remove();
  return latex;
}

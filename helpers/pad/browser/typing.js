// What keys do in a line. Typed key by key, a line means what it means as plain text, where a power
// goes before a product and a product before a sum; who writes in two dimensions types the same.

const SIGNS = "+-*/=";
const PLACEHOLDER = { format: "latex", selectionMode: "placeholder", focus: true };
const AFTER = { format: "latex", selectionMode: "after" };

// MathLive has no other door to the atoms of a formula.
const modelOf = (field) => field["_mathfield"].model;

// The atom behind which the caret stands, and those before it in its group.
function caret(field) {
  const model = modelOf(field);
  return model.at(model.position);
}

function before(atom) {
  const found = [];
  for (let one = atom; one && one.type !== "first"; one = one.leftSibling) found.unshift(one);
  return found;
}

const isFence = ({ type }) => type === "leftright";
const isBracket = (atom) => isFence(atom) && atom.leftDelim === "(" && atom.rightDelim === ")";
const isSign = ({ type, value, command, above }) =>
  /^(mrel|mbin|mpunct)$/.test(type) || "+-−=".includes(value || "?") || command === "\\cdot"
  || (type === "genfrac" && above.at(-1).value === "d" && above.length === 2); // d/dz of what follows
const isDigit = ({ value }) => /^\d$/.test(value ?? "");
const isInFence = (atom) => {
  for (let up = atom.parent; up; up = up.parent) if (isFence(up)) return true;
  return false;
};

// (1+z), also to a power: with its closing bracket the group is complete.
function isBracketed(atom) {
  const [first, ...rest] = before(atom);
  return first && isFence(first) && first.rightDelim !== "?" && rest.every(({ type }) => type === "subsup");
}

// d/dz, dg/dz: with the letter the denominator is complete; a letter may go on, as in d/dbeta.
function isDerivative(atom, key, letters) {
  const below = before(atom).map(({ value }) => value ?? "");
  const above = before(atom.parent.above.at(-1)).map(({ value }) => value ?? "");
  if (below.length < 2 || below[0] !== "d" || above[0] !== "d" || above.length > 2) return false;
  const name = below.slice(1).join("") + key;
  return !"^_')".includes(key) && !letters.some((letter) => letter.length > 1 && letter.startsWith(name));
}

// Does this key end the exponent, denominator or root at whose end the caret stands?
function ends(field, key, letters) {
  const atom = caret(field), branch = atom.parentBranch, { type } = atom.parent;
  if (!atom.isLastSibling || atom.type === "first" || type === "root") return false;
  if (Array.isArray(branch)) return false; // a cell of a case
  if (key === "=" || key === "Enter") return true;
  const script = branch === "superscript" || branch === "subscript";
  if (key === " ") return script || type === "genfrac";
  if (key === ")" || key === "|") return (script || type === "genfrac" || type === "surd") && isInFence(atom);
  if (key === ",") return script || type === "genfrac";
  if (script) return SIGNS.includes(key) || (/[a-z(]/i.test(key) && before(atom).every(isDigit));
  if (type === "genfrac" && branch === "below" && isDerivative(atom, key, letters)) return true;
  if (key === "/" && branch === "below" && !before(atom).some(isSign)) return true; // a/b/c is (a/b)/c
  return (type === "surd" || branch === "below") && SIGNS.includes(key) && isBracketed(atom);
}

// Brackets around a whole exponent, denominator or root say nothing.
function unwrap(field) {
  const model = modelOf(field), atom = caret(field), alone = before(atom);
  if (alone.length !== 1 || !isBracket(alone[0]) || isFence(atom.parent) || atom.parent.type === "root") return;
  replace(field, alone, inside(model, alone[0]), AFTER);
}

const latexFrom = (model, first, last) =>
  model.getValue({ ranges: [[model.offsetOf(first), model.offsetOf(last)]] }, "latex");
const inside = (model, fence) => latexFrom(model, fence.firstChild, fence.lastChild);

function replace(field, atoms, latex, how) {
  const model = modelOf(field);
  field.selection = { ranges: [[model.offsetOf(atoms[0].leftSibling), model.offsetOf(atoms.at(-1))]] };
  field.insert(latex, { ...how, insertionMode: "replaceSelection" });
}

// The term to the left, up to a sign, becomes the numerator.
function divide(field) {
  const model = modelOf(field), all = before(caret(field));
  const term = all.slice(all.findLastIndex(isSign) + 1);
  if (!term.length) return false;
  const whole = term.length === 1 && isBracket(term[0]);
  const latex = whole ? inside(model, term[0]) : latexFrom(model, term[0].leftSibling, term.at(-1));
  replace(field, term, `\\frac{${latex}}{#?}`, PLACEHOLDER);
  return true;
}

// The second bar closes what the first one opened.
function absoluteValue(field) {
  const { parent, isLastSibling, type } = caret(field);
  if (parent.leftDelim === "|" && isLastSibling && type !== "first") field.executeCommand("moveAfterParent");
  else field.insert("\\left|#0\\right|", PLACEHOLDER);
  return true;
}

// Leave what this key ends; returns whether the key itself is done with.
export function beforeKey(field, key, letters) {
  if (field.mode !== "math" || !(key.length === 1 || key === "Enter")) return false;
  if (!field.selectionIsCollapsed) return key === "|" ? absoluteValue(field) : key === " ";
  while (ends(field, key, letters)) {
    const { position } = field;
    unwrap(field);
    field.executeCommand("moveAfterParent");
    if (field.position === position) break;
    if (key === " ") return true;
  }
  if (key === "/") return divide(field);
  if (key === "|") return absoluteValue(field);
  return key === " " || (key === "=" && caret(field).value === "="); // it stood there already
}

// MathLive writes \operatorname{\mathrm{erf}}.
export const latexOf = (field) => field.value.replace(/\\operatorname\{\\mathrm\{(\w+)\}\}/g, "\\operatorname{$1}");

export function configure(field, shortcuts) {
  field.inlineShortcuts = shortcuts;
  field.mathVirtualKeyboardPolicy = "manual";
  field.popoverPolicy = "off";
  field.environmentPopoverPolicy = "off";
  field.smartSuperscript = false; // z^10 is one exponent; `ends` leaves it where it ends
  field.menuItems = [];
  field.keybindings = field.keybindings.filter(({ key, command }) =>
    !/escape|alt\+\[space|shift\+\[space|ctrl\+z|ctrl\+y|cmd\+z|cmd\+y/i.test(key) && !/addRow|addColumn|removeRow|removeColumn/.test(command));
}

// MathLive's own focus() takes 60 ms, in which keys would go to the line that is left.
export const focusNow = (field) => field.shadowRoot.querySelector("[part=keyboard-sink]").focus();

// Text that is pasted is typed, known words at once.
export function typeText(field, text, shortcuts, letters) {
  for (const word of text.replaceAll("**", "^").match(/[A-Za-z]+|<=|>=|=>|./g) ?? []) {
    if (word.length > 1 && shortcuts[word]) {
      beforeKey(field, word[0], letters);
      field.insert(shortcuts[word], PLACEHOLDER);
      continue;
    }
    for (const key of word) {
      if (!beforeKey(field, key, letters)) field.executeCommand(["typedText", key, { simulateKeystroke: true }]);
    }
  }
}

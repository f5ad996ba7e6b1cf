// One line on the page: its number, the formula, the reason, the mark, and what is said of it.
import { add, set } from "./dom.js";
import { beforeKey, configure, focusNow, latexOf } from "./typing.js";

// mark -> icon and kind
const MARKS = {
  proved: ["✓", "right"], "agrees to 50 digits": ["✓", "right"],
  "true, on the way": ["✓", "aside"], defined: ["≔", "aside"],
  "does not hold": ["✗", "wrong"], "cannot be read": ["?", "unread"], "cannot be compared": ["?", "unread"],
  "to be filled in": ["…", "waiting"], "what is to be shown": ["·", "waiting"], "not reached": ["·", "waiting"],
};
export const isFirstToMend = (told) => ["wrong", "unread"].includes(MARKS[told?.mark]?.[1]);

// Text with `code` in it.
function write(parent, text) {
  text.split("`").forEach((part, k) => add(parent, k % 2 ? "code" : "span", {}, part));
}

function say(box, { evidence, question, others = [], picture }, otherwise) {
  box.replaceChildren();
  for (const part of evidence.split("\n").filter(Boolean)) {
    write(add(box, part.startsWith("    ") ? "pre" : "p"), part);
  }
  if (picture) add(box, "div", { class: "picture" }).innerHTML = picture; // drawn by Python
  if (question) write(add(box, "p", { class: "question" }), question);
  for (const other of others) {
    const fold = add(box, "details");
    add(fold, "summary", {}, otherwise);
    write(add(fold, "p"), other);
  }
}

// `tell` is told what happens: change, reason, enter, repeat, erase, leave, undo, redo, focus.
export function makeRow(id, { Mathfield, sheet, tell }) {
  const { shortcuts, letters, otherwise } = sheet;
  const item = document.createElement("li");
  item.className = "line";
  const number = add(item, "span", { class: "number", "aria-hidden": "true" });
  const field = item.appendChild(new Mathfield());
  const reason = add(item, "input", { class: "reason", placeholder: "reason", maxlength: 200, autocomplete: "off", spellcheck: "false" });
  const mark = add(item, "span", { class: "mark" });
  const box = add(item, "div", { class: "evidence", id: `pad-evidence-${Math.random().toString(36).slice(2)}`, hidden: "" });
  let shown = "", open = false, known = "";

  field.addEventListener("mount", () => configure(field, shortcuts));
  field.addEventListener("input", () => { // MathLive tells it later than it happens
    known = latexOf(field);
    tell.change(id, known);
  });
  field.addEventListener("focusin", () => tell.focus(id));
  field.addEventListener("move-out", (event) => {
    const step = { upward: -1, downward: 1 }[event.detail.direction];
    if (!step) return;
    event.preventDefault();
    tell.leave(id, step, "field");
  });
  field.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey;
    if (event.key === "Enter" && field.mode === "math" && plain && !event.shiftKey) {
      beforeKey(field, "Enter", letters);
      (event.altKey ? tell.repeat : tell.enter)(id);
    } else if (event.key === "Backspace" && /^$/.test(latexOf(field))) {
      tell.erase(id);
    } else if (event.key === "#" && field.mode === "math") {
      reason.focus();
    } else if (!plain || event.altKey || !beforeKey(field, event.key, letters)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }, true);
  reason.addEventListener("input", () => tell.reason(id, reason.value.trimStart()));
  reason.addEventListener("focus", () => tell.focus(id));
  reason.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey) tell.enter(id);
    else if (step) tell.leave(id, step, "reason");
    else return;
    event.preventDefault();
  });

  function show(wanted) {
    open = wanted && Boolean(box.textContent);
    box.hidden = !open;
    const handle = mark.querySelector("button");
    if (handle) set(handle, { "aria-expanded": open });
  }

  return {
    item, field, reason,
    draw({ latex, reason: words }, place) {
      number.textContent = place ?? "";
      set(field, { "aria-label": place ? `Line ${place}` : "Empty line" });
      set(reason, { "aria-label": place ? `Reason for line ${place}` : "Reason for an empty line" });
      if (known !== latex) field.setValue(known = latex, { silenceNotifications: true });
      if (reason.value !== words) reason.value = words;
      reason.classList.toggle("written", Boolean(words));
    },
    // `told` is undefined while Python has not answered for what is written now, null if it says nothing
    mark(told, isFirst) {
      item.classList.toggle("stale", told === undefined);
      if (told === undefined) return;
      const [icon, kind] = MARKS[told?.mark] ?? ["", "none"], said = told ? told.evidence + told.question : "";
      item.dataset.mark = kind;
      mark.replaceChildren();
      if (told) {
        const face = said ? add(mark, "button", { type: "button", "aria-controls": box.id }) : add(mark, "span");
        add(face, "span", { class: "icon", "aria-hidden": "true" }, icon);
        add(face, "span", {}, told.mark);
        if (said) face.addEventListener("click", () => show(!open));
      }
      if (said !== shown) say(box, told ?? { evidence: "" }, otherwise);
      show(said === shown ? open : isFirst);
      shown = said;
    },
    close() {
      field.readOnly = true;
      reason.readOnly = true;
    },
    focus(where = "field") {
      if (where === "reason") return reason.focus();
      focusNow(field);
      field.executeCommand("moveToMathfieldEnd");
      const last = field.lastOffset;
      if (field.value.endsWith("\\placeholder{}")) field.selection = { ranges: [[last - 1, last]] };
    },
  };
}

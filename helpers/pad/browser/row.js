// One line on the page: its number, the formula, the reason, the mark, and what is said of it.
import { add, set } from "./dom.js";
import { beforeKey, configure, focusNow, latexOf } from "./typing.js";
import { gettext } from "../../explorer/browser/gettext.js";

export const isFirstToMend = (told) => ["wrong", "unread"].includes(told?.kind);

// Text with `code` in it.
function write(parent, text) {
  text.split("`").forEach((part, k) => add(parent, k % 2 ? "code" : "span", {}, part));
}

function say(box, { evidence, question, others = [], shown, picture, ways = [] }, otherwise, choose) {
  box.replaceChildren();
  for (const part of evidence.split("\n").filter(Boolean)) {
    write(add(box, part.startsWith("    ") ? "pre" : "p"), part);
  }
  if (shown) add(box, "p", { class: "shown" }).innerHTML = shown; // set by Python
  if (picture) add(box, "div", { class: "picture" }).innerHTML = picture; // drawn by Python
  for (const [meant, latex] of ways) {
    const way = add(box, "button", { type: "button", class: "way" });
    way.innerHTML = meant; // set by Python
    way.addEventListener("click", () => choose(latex));
  }
  if (question) write(add(box, "p", { class: "question" }), question);
  for (const other of others) {
    const fold = add(box, "details");
    add(fold, "summary", {}, otherwise);
    write(add(fold, "p"), other);
  }
}

// `page` is told what happens: change, reason, enter, repeat, erase, leave, and where the caret is.
export class Row {
  constructor(id, page) {
    const item = document.createElement("li"), field = new page.Mathfield();
    Object.assign(this, { id, page, item, field, shown: "", open: false, known: "" });
    item.className = "line";
    this.number = add(item, "span", { class: "number", "aria-hidden": "true" });
    item.appendChild(field);
    this.words = add(item, "input", { class: "reason", placeholder: gettext("reason"), maxlength: 200, autocomplete: "off", spellcheck: "false" });
    this.face = add(item, "span", { class: "mark" });
    this.box = add(item, "div", { class: "evidence", id: `pad-evidence-${Math.random().toString(36).slice(2)}`, hidden: "" });
    this.listenToField();
    this.listenToReason();
  }

  listenToField() {
    const { id, page, field } = this;
    field.addEventListener("mount", () => configure(field, page.sheet.shortcuts));
    field.addEventListener("input", () => this.changed()); // MathLive tells it later than it happens
    field.addEventListener("focusin", () => { page.at = id; });
    // MathLive's own focus comes after 60 ms and more: keys in between would be the notebook's
    field.addEventListener("click", () => focusNow(field));
    field.addEventListener("move-out", (event) => {
      const step = { upward: -1, downward: 1 }[event.detail.direction];
      if (!step) return;
      event.preventDefault();
      page.leave(id, step, "field");
    });
    field.addEventListener("keydown", (event) => {
      if (!this.takes(event)) return;
      event.preventDefault();
      event.stopPropagation();
    }, true);
  }

  changed() {
    this.known = latexOf(this.field);
    this.page.change(this.id, this.known);
  }

  // Returns whether nothing is left for MathLive to do with a key.
  takes(event) {
    const { id, page, field } = this, { letters } = page.sheet, plain = !event.ctrlKey && !event.metaKey;
    if (event.key === "Enter" && field.mode === "math" && plain && !event.shiftKey) {
      beforeKey(field, "Enter", letters);
      if (event.altKey) {
        this.changed(); // the key before this one may not have been told
        page.repeat(id);
      } else {
        page.enter(id);
      }
    } else if (event.key === "Backspace" && latexOf(field) === "") {
      page.erase(id);
    } else if (event.key === "#" && field.mode === "math") {
      this.words.focus();
    } else {
      return plain && !event.altKey && beforeKey(field, event.key, letters);
    }
    return true;
  }

  listenToReason() {
    const { id, page, words } = this;
    words.addEventListener("input", () => page.reason(id, words.value.trimStart()));
    words.addEventListener("focus", () => { page.at = id; });
    words.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey) page.enter(id);
      else if (step) page.leave(id, step, "reason");
      else return;
      event.preventDefault();
    });
  }

  draw({ latex, reason }, place) {
    const { field, words } = this;
    this.number.textContent = place ?? "";
    set(field, { "aria-label": place ? gettext`Line ${place}` : gettext("Empty line") });
    set(words, { "aria-label": place ? gettext`Reason for line ${place}` : gettext("Reason for an empty line") });
    if (this.known !== latex) {
      this.known = latex;
      field.setValue(latex, { silenceNotifications: true });
    }
    if (words.value !== reason) words.value = reason;
    words.classList.toggle("written", Boolean(reason));
  }

  // Python has not answered for what is written now.
  fade() { this.item.classList.add("stale"); }

  // `told` is null if there is nothing to say of the line.
  mark(told, isFirst) {
    const { icon = "", kind = "none" } = told ?? {}, said = told ? [told.evidence, told.question, ...(told.ways ?? [])].join("") : "";
    this.item.classList.remove("stale");
    this.item.dataset.mark = kind;
    this.face.replaceChildren();
    if (told) {
      const face = said ? add(this.face, "button", { type: "button", "aria-controls": this.box.id }) : add(this.face, "span");
      add(face, "span", { class: "icon", "aria-hidden": "true" }, icon);
      add(face, "span", {}, told.said);
      if (said) face.addEventListener("click", () => this.show(!this.open));
    }
    if (said !== this.shown) {
      say(this.box, told ?? { evidence: "" }, this.page.sheet.otherwise, (latex) => this.page.choose(this.id, latex));
    }
    this.show(said === this.shown ? this.open : isFirst);
    this.shown = said;
  }

  show(wanted) {
    this.open = wanted && Boolean(this.box.textContent);
    this.box.hidden = !this.open;
    const handle = this.face.querySelector("button");
    if (handle) set(handle, { "aria-expanded": this.open });
  }

  close() {
    this.field.readOnly = true;
    this.words.readOnly = true;
  }

  focus(where = "field") {
    const { field } = this;
    if (where === "reason") {
      this.words.focus();
      return;
    }
    focusNow(field);
    field.executeCommand("moveToMathfieldEnd");
    const last = field.lastOffset;
    if (field.value.endsWith("\\placeholder{}")) field.selection = { ranges: [[last - 1, last]] };
  }
}

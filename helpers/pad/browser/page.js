// The lines on the page: what is written, how it is marked, and what is done with it.
import { added, changed, history, isBlank, isEmpty, line, numbers, removed, rows } from "./lines.js";
import { build, writeStatus } from "./frame.js";
import { cutText, toLatex } from "./paste.js";
import { Exchange } from "./exchange.js";
import { isFirstToMend, Row } from "./row.js";
import { tools } from "./tools.js";
import { gettext } from "../../explorer/browser/gettext.js";

const STOPPED = gettext("The kernel was stopped or restarted: run this cell again to write on. Your lines are kept.");

export class Page {
  constructor(model, root, Mathfield) {
    const sheet = model.get("sheet");
    Object.assign(this, { model, Mathfield, sheet, view: build(root, sheet), rowsById: new Map(), marks: new Map() });
    this.exchange = new Exchange(model, this);
    this.past = history(this.exchange.first);
    this.at = this.lines()[0].id;
    this.steps = tools(this);
    root.addEventListener("paste", (event) => this.paste(event), true);
    this.draw();
    this.exchange.begin();
  }

  lines() { return this.past.lines(); }

  rest() { this.past.rest(); }

  // ---------------------------------------------------------------------------- drawing

  draw() {
    const lines = this.lines(), kept = new Set(lines.map(({ id }) => id)), { list } = this.view;
    for (const [id, row] of this.rowsById) {
      if (kept.has(id)) continue;
      row.item.remove();
      this.rowsById.delete(id);
    }
    const places = numbers(lines);
    lines.forEach((one, k) => {
      if (!this.rowsById.has(one.id)) this.rowsById.set(one.id, new Row(one.id, this));
      const row = this.rowsById.get(one.id);
      if (list.children[k] !== row.item) list.insertBefore(row.item, list.children[k] ?? null);
      row.draw(one, places[k]);
    });
    this.steps.allow(this.past.can());
  }

  firstToMend() { return this.lines().find(({ id }) => isFirstToMend(this.marks.get(id))); }

  place(id) { return numbers(this.lines())[this.lines().findIndex((one) => one.id === id)]; }

  focus(id, where) {
    this.at = id;
    this.rowsById.get(id)?.focus(where);
  }

  say(words) {
    this.view.status.dataset.status = "";
    this.view.status.textContent = words;
  }

  marked(told, sent) {
    this.marks = new Map(told.marks.map((mark) => [sent[mark.place]?.id, mark]));
    const first = this.firstToMend();
    for (const { id } of this.lines()) this.rowsById.get(id).mark(this.marks.get(id) ?? null, id === first?.id);
    writeStatus(this.view.status, told, first && gettext`Line ${this.place(first.id)} ${this.marks.get(first.id).said}.`);
    this.announce();
  }

  announce() {
    const told = this.marks.get(this.at);
    const said = told ? gettext`Line ${this.place(this.at)}: ${told.said}. ${told.evidence} ${told.question}` : "";
    if (said === this.announced) return;
    this.announced = said;
    this.view.live.textContent = said;
  }

  // Without its kernel a pad can only be read.
  stop() {
    this.exchange.stop();
    this.view.root.classList.add("stopped");
    for (const row of this.rowsById.values()) row.close();
    for (const one of this.view.tools.querySelectorAll("button")) one.disabled = true;
    this.say(STOPPED);
  }

  end() { this.exchange.end(); }

  // ---------------------------------------------------------------------- what is done

  put(lines, what) {
    this.past.put(lines, what);
    this.draw();
    this.later();
  }

  // Lines that were written elsewhere are not sent again.
  adopt(lines) {
    this.past.put(lines);
    this.draw();
  }

  later() {
    const before = new Map(this.exchange.sent.map((one) => [one.id, one.latex]));
    for (const { id, latex } of this.lines()) if (before.get(id) !== latex) this.rowsById.get(id).fade();
    this.exchange.later();
  }

  step(go) {
    if (!go()) return;
    const { sent } = this.exchange, before = new Map(rows(sent).map((row, k) => [sent[k].id, row.join()]));
    this.draw();
    this.later();
    const lines = this.lines(), other = lines.find((one) => before.get(one.id) !== [one.latex, one.reason].join());
    this.focus((other ?? lines.find(({ id }) => id === this.at) ?? lines.at(-1)).id);
  }

  change(id, latex) {
    if (this.lines().find((one) => one.id === id)?.latex !== latex) this.put(changed(this.lines(), id, { latex }), `${id} latex`);
  }

  reason(id, reason) { this.put(changed(this.lines(), id, { reason }), `${id} reason`); }

  // One of the ways to read a line takes its place.
  choose(id, latex) {
    this.put(changed(this.lines(), id, { latex }));
    this.focus(id);
  }

  enter(id) {
    const next = this.beside(id, 1);
    if (next && isBlank(next)) this.focus(next.id);
    else this.follow(id, line());
  }

  repeat(id) {
    const { latex } = this.lines().find((one) => one.id === id);
    this.follow(id, line(latex.startsWith("=") ? latex : `=${latex}`));
  }

  follow(id, fresh) {
    this.put(added(this.lines(), id, [fresh]));
    this.focus(fresh.id);
  }

  erase(id) {
    const k = this.lines().findIndex((one) => one.id === id);
    this.put(removed(this.lines(), id));
    this.focus(this.lines()[Math.max(0, k - 1)].id);
  }

  leave(id, by, where) {
    const next = this.beside(id, by);
    if (next) this.focus(next.id, where);
  }

  beside(id, by) { return this.lines()[this.lines().findIndex((one) => one.id === id) + by]; }

  insert(latex) {
    const { field } = this.rowsById.get(this.at) ?? this.rowsById.values().next().value;
    field.focus();
    field.insert(latex, { format: "latex", focus: true });
  }

  paste(event) {
    if (event.target.matches?.("input")) return;
    const pasted = cutText(event.clipboardData.getData("text/plain"));
    if (!pasted.length) return;
    event.preventDefault();
    event.stopPropagation();
    const written = pasted.map(([text, reason]) => line(toLatex(text, this), reason));
    const target = this.lines().find(({ id }) => id === this.at);
    if (written.length === 1 && !isEmpty(target)) {
      this.focus(this.at);
      this.rowsById.get(this.at).field.insert(written[0].latex, { format: "latex" });
      return;
    }
    const all = added(this.lines(), this.at, written);
    this.put(isEmpty(target) ? removed(all, this.at) : all);
    this.focus(written.at(-1).id);
  }
}

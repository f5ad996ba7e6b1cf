// To Python and back: lines go 100 ms after the last key, with a number; marks come with the same
// number, so that an answer that is late is dropped. Until Python has written them down, the browser
// keeps what was sent.
import { line, rows, same } from "./lines.js";
import { gettext } from "../../explorer/browser/gettext.js";

const PAUSE = 100, PATIENCE = 3000; // ms
const BUSY = gettext("Python has not answered yet: it may be busy with another cell. What you write is not lost.");

const asLines = (pairs) => pairs.map(([latex, reason]) => line(latex, reason));

export class Exchange {
  // `page` has lines(), rest() when they go, marked(told, sent), adopt(lines) and say(words).
  constructor(model, page) {
    Object.assign(this, { model, page, stopped: false, turn: model.get("turn") });
    this.unkept = `activation-pad: ${model.get("sheet").name}`;
    this.lost = JSON.parse(sessionStorage.getItem(this.unkept));
    this.first = asLines(this.lost ?? model.get("lines"));
    this.sent = this.first;
  }

  begin() {
    const changes = { told: () => this.receive(), kept: () => this.forget(), turn: () => this.adopt() };
    this.listeners = Object.entries(changes).map(([name, act]) => [`change:${name}`, act]);
    this.leave = () => this.flush();
    for (const [what, act] of this.listeners) this.model.on(what, act);
    window.addEventListener("pagehide", this.leave);
    if (this.lost) this.send(); // written while Python was busy, and then its kernel was restarted
    else this.receive();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  keep(lines) {
    sessionStorage.setItem(this.unkept, JSON.stringify(rows(lines)));
  }

  send() {
    clearTimeout(this.timer);
    this.page.rest();
    this.sent = this.page.lines();
    this.turn += 1;
    this.model.set({ lines: rows(this.sent), turn: this.turn });
    this.model.save_changes();
    this.keep(this.sent);
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.page.say(BUSY), PATIENCE);
  }

  flush() {
    if (!this.stopped && !same(this.sent, this.page.lines())) this.send();
  }

  receive() {
    const told = this.model.get("told");
    if (told.turn !== this.turn) return;
    clearTimeout(this.patience);
    this.page.marked(told, this.sent);
  }

  // Python has written the lines down: they outlive its kernel now.
  forget() {
    if (this.model.get("kept") === this.turn) sessionStorage.removeItem(this.unkept);
  }

  // Another view of this pad was written on.
  adopt() {
    const lines = asLines(this.model.get("lines"));
    if (this.model.get("turn") === this.turn || same(lines, this.page.lines())) return;
    this.turn = this.model.get("turn");
    this.sent = lines;
    this.page.adopt(lines);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.patience);
    if (!same(this.sent, this.page.lines())) this.keep(this.page.lines());
  }

  end() {
    this.flush();
    clearTimeout(this.patience);
    window.removeEventListener("pagehide", this.leave);
    for (const [what, act] of this.listeners) this.model.off(what, act);
  }
}

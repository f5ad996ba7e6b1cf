/* global Search */
// What a page of the book does by itself: it judges answers to its questions, remembers which were
// right, puts all answers on paper, and keeps the state of its explorers in the address, so that a
// link restores a picture. On the search page it leads to sections.
(() => {
  const STORE = "activation-course";

  // The names of the questions that were answered rightly.
  function remembered() {
    try {
      const kept = JSON.parse(localStorage.getItem(STORE));
      return Array.isArray(kept) ? kept : [];
    } catch { // unreadable, or nothing may be kept here
      return [];
    }
  }

  function remember(name) {
    try {
      localStorage.setItem(STORE, JSON.stringify([...new Set([...remembered(), name])]));
    } catch { /* private browsing: forgotten with the page */ }
  }

  // ------------------------------------------------------------------------------------- numbers

  const FUNCTIONS = { sqrt: Math.sqrt, exp: Math.exp, ln: Math.log, log: Math.log };
  const CONSTANTS = { e: Math.E, pi: Math.PI, "π": Math.PI };
  const TOKEN = /\s*(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|[a-zπ]+|\*\*|[-+*/^()])/gy;

  // The value of an expression, or NaN: sums of products of powers.
  function evaluate(text) {
    const tokens = [...text.matchAll(TOKEN)], read = tokens.map(([whole]) => whole).join("");
    if (read.length < text.trimEnd().length || !tokens.length) return NaN;
    const words = tokens.map(([, word]) => word === "**" ? "^" : word);
    const take = (...signs) => signs.includes(words[0]) ? words.shift() : undefined;
    const atom = () => {
      const word = words.shift();
      if (word === "(") {
        const value = sum();
        return take(")") ? value : NaN;
      }
      if (Object.hasOwn(FUNCTIONS, word)) return words[0] === "(" ? FUNCTIONS[word](atom()) : NaN;
      return Object.hasOwn(CONSTANTS, word) ? CONSTANTS[word] : /^[\d.]/.test(word) ? +word : NaN;
    };
    const signed = (next) => () => {
      const sign = take("-", "+");
      return (sign === "-" ? -1 : 1) * next();
    };
    const power = () => {
      const base = atom(), value = take("^") ? base ** signed(atom)() : base;
      return words[0] === "^" ? NaN : value; // a tower of powers can be read in two ways
    };
    const chain = (next, signs, apply) => () => {
      let value = next();
      for (let sign; (sign = take(...signs));) value = apply(sign, value, next());
      return value;
    };
    const product = chain(signed(power), "*/", (sign, a, b) => sign === "*" ? a * b : a / b);
    const sum = chain(product, "+-", (sign, a, b) => sign === "+" ? a + b : a - b);
    const value = sum();
    return words.length || !Number.isFinite(value) ? NaN : value;
  }

  // As the course's checker reads a number.
  function readNumber(answer) {
    let text = answer.trim().toLowerCase().replaceAll("−", "-").replace(/\.$/, "");
    const infinite = /^([+-]?)(∞|inf|infinity|infinite)$/.exec(text);
    if (infinite) return infinite[1] === "-" ? -Infinity : Infinity;
    const percent = text.endsWith("%");
    text = text.replace(/[% ]+$/, "").replace(/^[a-z]\s*=\s*|^line\s*/, "");
    text = text.replace(/^none( of them)?$/, "0").replace(/^([+-]?\d+),(\d+)$/, "$1.$2");
    return evaluate(text) / (percent ? 100 : 1);
  }
  window.readNumber = readNumber;

  // ----------------------------------------------------------------------------------- questions

  const ASKED_NUMBER = 'A number is asked for, such as 12, -0.8, 2/7 or "infinity".';

  function close(x, y, rtol) {
    return x === y || Math.abs(x - y) <= rtol * Math.abs(y) + (y === 0 ? 1e-9 : 0);
  }

  // [right or not, what is said]; nothing where no answer was given.
  function judge(form, answers) {
    if (form.dataset.kind === "choice") {
      const chosen = form.querySelector(":checked");
      return chosen ? answers[chosen.value] : undefined;
    }
    const text = form.querySelector("input").value;
    if (!text.trim()) return undefined;
    const x = readNumber(text);
    if (Number.isNaN(x)) return [false, ASKED_NUMBER];
    const known = answers.known.findIndex(([value]) => close(x, +value, answers.rtol));
    return [known === 0, known < 0 ? answers.otherwise : answers.known[known][1]];
  }

  function show(form, right, words) {
    const status = form.querySelector("[role=status]");
    status.className = right ? "right" : "";
    status.textContent = (right ? "✓ Correct. " : "") + words;
  }

  function count(forms) {
    const all = remembered(), right = forms.filter((form) => all.includes(form.dataset.name)).length;
    return `Questions of this page answered in this browser: ${right} of ${forms.length}.`;
  }

  function answersOf(form) {
    const bytes = Uint8Array.from(atob(form.dataset.answers), (sign) => sign.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  // Who reads on paper can't ask the page: there the answers stand behind the text.
  function putOnPaper(forms) {
    const section = document.createElement("section"), list = document.createElement("ol");
    section.className = "on-paper";
    section.append(Object.assign(document.createElement("h2"), { textContent: "Answers" }), list);
    forms.forEach((form, k) => {
      const number = `Question ${k + 1}`, answers = answersOf(form);
      const legend = form.querySelector("legend"), right = document.createElement("li");
      const note = Object.assign(document.createElement("span"), { textContent: ` (${number})` });
      note.className = "on-paper";
      legend.append(note);
      if (form.dataset.kind === "choice") {
        const label = [...form.querySelectorAll("label")].find((_, at) => answers[at][0]);
        right.append(...label.cloneNode(true).childNodes);
        right.querySelector("input").remove();
        right.append(". ", answers.find(([yes]) => yes)[1]);
      } else right.append(`${answers.known[0][0]}. `, answers.known[0][1]);
      list.append(right);
    });
    document.querySelector("article").append(section);
  }

  function questions() {
    const forms = [...document.querySelectorAll("form.question")];
    if (!forms.length) return;
    const counted = document.createElement("p");
    counted.className = "answered";
    if (!document.querySelector(".home")) document.querySelector("article h1")?.after(counted);
    const tell = () => counted.textContent = count(forms);
    tell();
    putOnPaper(forms);
    for (const form of forms) {
      const answers = answersOf(form);
      if (remembered().includes(form.dataset.name)) show(form, true, "You have answered it before.");
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const judged = judge(form, answers);
        if (!judged) return show(form, false, "Nothing to check yet.");
        show(form, ...judged);
        if (judged[0]) remember(form.dataset.name);
        tell();
      });
    }
  }

  // ----------------------------------------------------------------------------------- addresses

  const HASH = /^#explorers=(.*)$/;

  const sliders = (explorer) => [...explorer.querySelectorAll("*")]
    .flatMap((node) => Array.from(node.shadowRoot?.querySelectorAll("input[type=range]") ?? []));

  // The states of all explorers that were moved: number:slider,slider and so on.
  function addresses() {
    const explorers = [...document.querySelectorAll(".activation-explorer")], moved = new Map();
    const found = HASH.exec(location.hash);
    for (const state of found ? decodeURIComponent(found[1]).split(";") : []) {
      const [number, values] = state.split(":"), explorer = explorers[number - 1];
      if (!explorer || !values) continue;
      moved.set(number, values);
      const inputs = sliders(explorer);
      values.split(",").forEach((value, k) => {
        if (!inputs[k] || Number.isNaN(+value)) return;
        inputs[k].value = value;
        inputs[k].dispatchEvent(new Event("input", { bubbles: true, composed: true }));
      });
      if (moved.size === 1) explorer.scrollIntoView({ block: "center" });
    }
    document.addEventListener("input", (event) => {
      const explorer = event.composedPath().find((node) => node.matches?.(".activation-explorer"));
      if (!explorer) return;
      const values = sliders(explorer).map((input) => input.value).join(",");
      moved.set(String(explorers.indexOf(explorer) + 1), values);
      const states = [...moved].map(([number, its]) => `${number}:${its}`).join(";");
      history.replaceState(null, "", `#explorers=${states}`);
    });
  }

  // ------------------------------------------------------------------------------------- finding

  // Cards that hold all the words typed stay, with the tiles that lead to them; the rest is hidden.
  function finding() {
    const field = document.querySelector("input[data-find]");
    if (!field) return;
    const cards = [...document.querySelectorAll(field.dataset.find)];
    const texts = cards.map((card) => [...card.querySelectorAll("h3, code, p, dd")]
      .map((node) => node.textContent).join(" ").toLowerCase());
    const update = () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      cards.forEach((card, k) => {
        card.hidden = !words.every((word) => texts[k].includes(word));
        document.querySelector(`.tile[href="#${card.id}"]`).hidden = card.hidden;
      });
      document.querySelectorAll(".gallery").forEach((group) => {
        group.closest("section").hidden = !group.querySelector(".activation:not([hidden])");
      });
      const left = cards.filter((card) => !card.hidden).length;
      field.nextElementSibling.textContent = words.length ? `${left} of ${cards.length}` : "";
    };
    field.addEventListener("input", update);
    addEventListener("hashchange", () => { // a link to a card shows it, whatever is typed
      const card = cards.find((one) => one.id === location.hash.slice(1));
      if (!card?.hidden) return;
      field.value = "";
      update();
      card.scrollIntoView();
    });
  }

  // ------------------------------------------------------------------------------------- search

  // The index knows sections by the name page#section; a link to one leads into its page.
  function leadToSections() {
    if (typeof Search === "undefined") return;
    const find = Search["_performSearch"];
    Search["_performSearch"] = (...words) => {
      const results = find(...words);
      for (const result of results) {
        const [page, section] = result[0].split("#");
        if (section) result.splice(0, 3, page, result[1], `#${section}`);
      }
      return results;
    };
  }

  document.addEventListener("DOMContentLoaded", leadToSections); // at the document: before the search
  addEventListener("DOMContentLoaded", () => {
    questions();
    addresses();
    finding();
  });
})();

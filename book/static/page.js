/* global Search */
// What a page of the book does by itself: it judges answers to its questions, remembers which were
// right and what was predicted, puts all answers on paper, and keeps the state of its explorers in
// the address, so that a link restores a picture. On the search page it leads to sections.
(() => {
  const STORE = "activation-course";

  // The questions that were answered rightly, by name, and predictions, by what was asked.
  function remembered() {
    try {
      return { ...JSON.parse(localStorage.getItem(STORE)) };
    } catch { // unreadable, or nothing may be kept here
      return {};
    }
  }

  function remember(name, answer) {
    try {
      localStorage.setItem(STORE, JSON.stringify({ ...remembered(), [name]: answer }));
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

  const ASKED_NUMBER = gettext("A number is asked for, such as 12, -0.8, 2/7 or \"infinity\".");

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
    status.textContent = (right ? `✓ ${gettext("Correct")}. ` : "") + words;
  }

  function answersOf(form) {
    const bytes = Uint8Array.from(atob(form.dataset.answers), (sign) => sign.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  // Who reads on paper can't ask the page: there the answers stand behind the chapter.
  function putOnPaper(article) {
    const forms = article.querySelectorAll("form.question");
    if (!forms.length) return;
    const section = document.createElement("section"), list = document.createElement("ol");
    section.className = "on-paper";
    section.append(Object.assign(document.createElement("h2"), { textContent: gettext("Answers") }), list);
    forms.forEach((form, k) => {
      const number = gettext`Question ${k + 1}`, answers = answersOf(form);
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
    article.append(section);
  }

  function questions(tell) {
    document.querySelectorAll("article").forEach(putOnPaper);
    for (const form of document.querySelectorAll("form.question")) {
      const answers = answersOf(form), { name } = form.dataset;
      if (remembered()[name]) show(form, true, gettext("You have answered it before."));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const judged = judge(form, answers);
        if (!judged) return show(form, false, gettext("Nothing to check yet."));
        show(form, ...judged);
        if (judged[0]) remember(name, true);
        tell();
      });
    }
  }

  const HOSTS = ".activation-explorer, .activation-panel";

  const within = (host, what) => [...host.querySelectorAll("*")]
    .flatMap((node) => Array.from(node.shadowRoot?.querySelectorAll(what) ?? []));

  // What a prediction is about, by its legend.
  const predicted = (legend) => legend.textContent.replace(gettext`Predict first: ${""}`, "");

  // Who predicted once need not do so again: the explorer opens with that answer.
  function predictions(tell) {
    for (const fieldset of within(document, "fieldset:not([hidden])")) {
      const question = predicted(fieldset.querySelector("legend"));
      const choices = [...fieldset.querySelectorAll("input")], button = fieldset.querySelector("button");
      const before = choices.find((choice) => choice.value === remembered()[question]);
      if (before) {
        const { scrollX, scrollY } = window;
        before.checked = true;
        button.disabled = false;
        button.click();
        document.activeElement?.blur();
        scrollTo(scrollX, scrollY);
      } else fieldset.addEventListener("click", ({ target }) => {
        if (target !== button) return;
        remember(question, choices.find((choice) => choice.checked).value);
        tell();
      }, true); // before the question makes room for its answer
    }
  }

  // Below the title stands how many questions of the page were answered; on the home page that of
  // all lessons, once there is something to tell. Returns what tells it anew.
  function progress() {
    const all = document.querySelector(".so-far"), names = asked();
    if (all) {
      all.querySelector("button").addEventListener("click", () => {
        localStorage.removeItem(STORE);
        location.reload();
      });
      return () => {
        const kept = remembered();
        all.hidden = !Object.keys(kept).length;
        for (const row of all.querySelectorAll("[data-asked]")) {
          const lesson = JSON.parse(row.dataset.asked), bar = row.querySelector("progress");
          bar.value = lesson.filter((name) => name in kept).length;
          bar.nextElementSibling.textContent = gettext`${bar.value} of ${lesson.length}`;
        }
      };
    }
    if (!names.length || document.querySelectorAll("article").length > 1) return () => {};
    const counted = document.createElement("p");
    counted.className = "answered";
    document.querySelector("article h1")?.after(counted);
    return () => {
      const kept = remembered(), done = names.filter((name) => name in kept).length;
      counted.textContent = gettext`Questions of this page answered in this browser: ${done} of ${names.length}.`;
    };
  }

  function asked() {
    const forms = [...document.querySelectorAll("form.question")].map((form) => form.dataset.name);
    const legends = within(document, "fieldset:not([hidden]) legend");
    return [...forms, ...legends.map(predicted)];
  }

  // ----------------------------------------------------------------------------------- addresses

  const HASH = /^#explorers=(.*)$/, KNOBS = "input[type=range], select";

  // The states of all explorers and panels that were moved: number:slider,slider and so on; of a
  // menu, the number of its option.
  function addresses() {
    const explorers = [...document.querySelectorAll(HOSTS)], moved = new Map();
    const found = HASH.exec(location.hash);
    for (const state of found ? decodeURIComponent(found[1]).split(";") : []) {
      const [number, values] = state.split(":"), explorer = explorers[number - 1];
      if (!explorer || !/^-?[\d.]+(,-?[\d.]+)*$/.test(values)) continue;
      moved.set(number, values);
      whenAlive(explorer, () => restore(explorer, values.split(",")));
      if (moved.size === 1) explorer.scrollIntoView({ block: "center" });
    }
    document.addEventListener("input", (event) => {
      const explorer = event.composedPath().find((node) => node.matches?.(HOSTS));
      if (!explorer) return;
      const values = within(explorer, KNOBS)
        .map((knob) => knob.options ? knob.selectedIndex : knob.value).join(",");
      if (!values) return;
      moved.set(String(explorers.indexOf(explorer) + 1), values);
      const states = [...moved].map(([number, its]) => `${number}:${its}`).join(";");
      history.replaceState(null, "", `#explorers=${states}`);
    });
  }

  function restore(explorer, values) {
    within(explorer, KNOBS).forEach((knob, k) => {
      if (values[k] === undefined) return;
      if (knob.options) knob.selectedIndex = +values[k];
      else knob.value = values[k];
      for (const kind of ["input", "change"])
        knob.dispatchEvent(new Event(kind, { bubbles: true, composed: true }));
    });
  }

  // A panel has its sliders once its pictures are unpacked.
  function whenAlive(explorer, then) {
    if (within(explorer, KNOBS).length) return then();
    const waiting = new MutationObserver(() => {
      if (!within(explorer, KNOBS).length) return;
      waiting.disconnect();
      then();
    });
    waiting.observe(explorer, { childList: true });
  }

  // ------------------------------------------------------------------------------------- printed

  // Where there is room for nearly all of a printed line, smaller letters show it whole; a sentence
  // that is longer goes on in the next line. On a phone both scroll, columns stay below each other.
  const WIDE = matchMedia("(min-width: 768px)"), SMALLEST = 0.85;

  function printed() {
    for (const text of document.querySelectorAll(".cell_output pre")) {
      text.style.fontSize = text.style.whiteSpace = "";
      if (!WIDE.matches || !text.clientWidth || text.scrollWidth <= text.clientWidth) continue;
      const { fontSize, paddingLeft } = getComputedStyle(text), edge = 2 * parseFloat(paddingLeft) + 1;
      const share = (text.clientWidth - edge) / (text.scrollWidth - edge);
      if (share >= SMALLEST) text.style.fontSize = `${share * parseFloat(fontSize)}px`;
      else text.style.whiteSpace = "pre-wrap";
    }
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
      const found = words.length ? gettext`${left} of ${cards.length}` : "";
      document.getElementById("found").textContent = found;
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

  // One z for all pictures: each reads its numbers off the points that it is drawn with.
  function atOneInput() {
    const slider = document.querySelector("input[data-at]");
    if (!slider) return;
    slider.parentElement.hidden = false;
    const pictures = [...document.querySelectorAll(slider.dataset.at)].map(readable);
    const update = () => {
      document.getElementById("at").textContent = said(+slider.value, 1);
      for (const mark of pictures) mark(+slider.value);
    };
    slider.addEventListener("input", update);
    document.querySelector(".bd-article").addEventListener("pointermove", ({ target, clientX }) => {
      const picture = target.closest?.(slider.dataset.at);
      if (!picture) return;
      const { left, width } = picture.getBoundingClientRect();
      slider.value = ((clientX - left) / width * 2 - 1) * picture.dataset.paper.split(" ")[1];
      update();
    });
  }

  const said = (number, digits) => number.toFixed(digits).replace("-", "−");

  function readable(picture) {
    const [unit, end, high] = picture.dataset.paper.split(" ").map(Number);
    const add = (name, css, parent) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", name);
      node.setAttribute("class", css);
      return parent.appendChild(node);
    };
    const drawn = picture.querySelector("g"), line = add("path", "drawn at", drawn);
    const curves = [["g", "value", "g"], ["g′", "slope", "prime"]].map(([name, css, path], row) => {
      const stretches = picture.querySelector(`path.${path}`).getAttribute("d").split("M").slice(1)
        .map((part) => part.split("L").map((point) => point.split(",").map(Number)));
      const dot = add("circle", `at ${css}`, drawn), text = add("text", `at ${css}`, picture);
      dot.setAttribute("cy", -99);
      text.setAttribute("x", 10);
      text.setAttribute("y", 20 + 17 * row);
      return (x) => {
        const points = stretches.find((part) => part[0][0] <= x && x <= part.at(-1)[0]);
        const k = points?.findIndex(([right]) => right >= x) || 1;
        const [[a, b], [c, d]] = points?.slice(k - 1) ?? [[0, 0], [1, 0]];
        const y = b + (d - b) * (x - a) / (c - a || 1);
        const seen = points && y > 0 && y < picture.viewBox.baseVal.height;
        dot.setAttribute("cx", x);
        dot.setAttribute("cy", seen ? y : -99);
        text.textContent = seen ? `${name} = ${said(high - y / unit, 2)}` : "";
      };
    });
    return (z) => {
      line.setAttribute("d", `M${(z + end) * unit},0V999`);
      for (const mark of curves) mark((z + end) * unit);
    };
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
    const tell = progress();
    predictions(tell);
    questions(tell);
    tell();
    addresses();
    printed();
    addEventListener("resize", printed);
    finding();
    atOneInput();
  });
})();

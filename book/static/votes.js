// A vote on a slide, twice: alone, and after a talk with a neighbour. V goes on to the next stage, R
// shows and hides the results, E lets them be entered by hand; with `python course.py vote` phones
// are counted as well.
const STAGES = [
  { name: "Vote", seconds: 60, round: 1 },
  { name: "Talk to a neighbour", seconds: 120 },
  { name: "Vote again", seconds: 60, round: 2 },
  { name: "Results" },
];
const polls = new Map(); // of the slides that have been voted on
let served = false;

function make(tag, about, ...inside) {
  const node = Object.assign(document.createElement(tag), about);
  node.append(...inside);
  return node;
}

// The poll of a slide, made when it is first asked for; nothing on a slide without options.
function pollOf(slide) {
  const options = [...slide?.querySelectorAll("ol.vote > li") ?? []];
  if (!options.length || polls.has(slide)) return polls.get(slide);
  const poll = { options, stage: -1, left: 0, slide };
  poll.question = slide.dataset.vote;
  poll.button = make("button", { type: "button", onclick: () => next(poll) });
  poll.clock = make("span", { className: "clock" });
  poll.count = make("span", { className: "count" });
  poll.phones = make("div", { className: "phones" });
  poll.bar = make("div", { className: "poll" }, poll.button, poll.clock, poll.count);
  slide.append(poll.bar, poll.phones);
  poll.inputs = [1, 2].map((round) => options.map((_, at) => make("input", {
    type: "number", min: 0, max: 9999, ariaLabel: `${"ABCDE"[at]}, round ${round}`,
    oninput: () => draw(poll),
  })));
  poll.columns = options.map((_, at) => make("div", {},
    ...poll.inputs.flatMap((round, k) => [make("i", { className: `bar round${k + 1}` }), round[at]]),
    make("b", { textContent: "ABCDE"[at] })));
  slide.append(make("div", { className: "chart" }, ...poll.columns));
  polls.set(slide, poll);
  label(poll);
  return poll;
}

function label(poll) {
  const ahead = STAGES[poll.stage + 1];
  poll.button.textContent = ahead ? `${ahead.name} (V)` : "Once more (V)";
}

function draw(poll) {
  for (const [k, round] of poll.inputs.entries()) {
    const counts = round.map((input) => Math.max(0, Number(input.value)) || 0);
    const total = counts.reduce((sum, n) => sum + n, 0);
    poll.columns.forEach((column, at) => {
      const bar = column.querySelector(`.round${k + 1}`), share = total ? counts[at] / total : 0;
      bar.style.setProperty("--share", share);
      bar.textContent = total ? `${Math.round(100 * share)} %` : "";
      bar.hidden = !total;
    });
  }
}

function show(poll, which, on) {
  poll?.slide.classList.toggle(which, on);
  if (poll) draw(poll);
}

// A clicker may press twice: the second press waits for what the first one does.
async function next(poll) {
  if (!poll || poll.busy) return;
  poll.busy = true;
  try { await advance(poll); } finally { poll.busy = false; }
}

async function advance(poll) {
  const old = STAGES[poll.stage];
  if (old?.round && served) await send(poll, 0);
  poll.stage = poll.stage + 1 === STAGES.length ? 0 : poll.stage + 1;
  const stage = STAGES[poll.stage];
  if (stage.round === 1) for (const input of poll.inputs.flat()) input.value = "";
  poll.ends = stage.seconds && Date.now() + 1000 * stage.seconds;
  if (stage.round && served) await send(poll, stage.round);
  show(poll, "results", !stage.seconds);
  label(poll);
  tick();
}

function send(poll, round) {
  const body = JSON.stringify({ question: poll.question, options: poll.options.length, round });
  return fetch("/poll", { method: "POST", body }).then(ask);
}

// What the phones have said so far, if the deck is served to them.
async function ask() {
  const told = await fetch("/poll").then((answer) => answer.ok ? answer.json() : null, () => null);
  served = Boolean(told?.address);
  if (!served) return;
  for (const poll of polls.values()) {
    if (!poll.phones.children.length) {
      poll.phones.innerHTML = told.code;
      poll.phones.append(make("span", {}, told.address.replace("http://", "")));
    }
    if (poll.question !== told.question) continue;
    told.counts.forEach((counts, k) => counts.forEach((n, at) => {
      if (counts.some(Boolean)) poll.inputs[k][at].value = n;
    }));
    const votes = told.round ? told.counts[told.round - 1].reduce((sum, n) => sum + n, 0) : 0;
    poll.count.textContent = told.round ? `${votes} votes` : "";
    draw(poll);
  }
}

function tick() {
  const poll = polls.get(Reveal.getCurrentSlide());
  if (!poll) return;
  const left = poll.ends ? Math.max(0, Math.ceil((poll.ends - Date.now()) / 1000)) : 0;
  poll.clock.textContent = poll.ends
    ? `${STAGES[poll.stage].name} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "";
  poll.clock.classList.toggle("over", Boolean(poll.ends) && !left);
}

window.startVotes = () => {
  const here = () => pollOf(Reveal.getCurrentSlide());
  here();
  Reveal.on("slidechanged", here);
  Reveal.addKeyBinding({ keyCode: 86, key: "V", description: "Vote: next stage" }, () => next(here()));
  const toggle = (which) => () => {
    const poll = here();
    show(poll, which, !poll?.slide.classList.contains(which));
  };
  Reveal.addKeyBinding({ keyCode: 82, key: "R", description: "Vote: results" }, toggle("results"));
  Reveal.addKeyBinding({ keyCode: 69, key: "E", description: "Vote: enter counts" }, toggle("entering"));
  setInterval(tick, 250);
  if (!location.protocol.startsWith("http") || "live" in document.documentElement.dataset) return;
  ask();
  setInterval(() => { if (served && polls.has(Reveal.getCurrentSlide())) ask(); }, 1500);
};

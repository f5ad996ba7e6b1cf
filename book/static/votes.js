// A vote on a slide, twice: alone, and after a talk with a neighbour. V goes on to the next stage, R
// shows and hides the results, E lets them be entered by hand; with `python course.py vote` phones
// are counted as well, and in JupyterLab once T has opened the room to them.
const STAGES = [
  { name: gettext("Vote"), seconds: 60, round: 1 },
  { name: gettext("Talk to a neighbour"), seconds: 120 },
  { name: gettext("Vote again"), seconds: 60, round: 2 },
  { name: gettext("Results") },
];
const polls = new Map(); // of the slides that have been voted on
const LIVE = "live" in document.documentElement.dataset;
const POLL = document.documentElement.dataset.poll ?? "/poll";
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
  poll.button = make("button", { type: "button", onclick: () => press("next") });
  poll.clock = make("span", { className: "clock" });
  poll.count = make("span", { className: "count" });
  poll.phones = make("div", { className: "phones" });
  poll.bar = make("div", { className: "poll" }, poll.button, poll.clock, poll.count);
  if (LIVE) poll.bar.prepend(make("button", { type: "button", onclick: () => press("phones") }, gettext("Phones (T)")));
  slide.append(poll.bar, poll.phones);
  poll.inputs = [1, 2].map((round) => options.map((_, at) => make("input", {
    type: "number", min: 0, max: 9999, ariaLabel: gettext`${"ABCDE"[at]}, round ${round}`,
    oninput: () => { draw(poll); share(poll); },
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
  poll.button.textContent = ahead ? `${ahead.name} (V)` : gettext("Once more (V)");
}

function draw(poll) {
  for (const [k, round] of poll.inputs.entries()) {
    const counts = round.map((input) => Math.max(0, Number(input.value)) || 0);
    const total = counts.reduce((sum, n) => sum + n, 0);
    poll.columns.forEach((column, at) => {
      const bar = column.querySelector(`.round${k + 1}`), part = total ? counts[at] / total : 0;
      bar.style.setProperty("--share", part);
      bar.textContent = total ? `${Math.round(100 * part)} %` : "";
      bar.hidden = !total;
    });
  }
}

function show(poll, which, on) {
  poll.slide.classList.toggle(which, on);
  fit(poll.slide); // the options make room
  draw(poll);
  share(poll);
}

// The speaker's view shows the poll as it stands here.
const SHOWN = ["results", "entering"];
function share({ slide, stage, ends, inputs, phones, count }) {
  const shown = SHOWN.filter((which) => slide.classList.contains(which));
  const values = inputs.map((round) => round.map((input) => input.value));
  const at = Reveal.getSlides().indexOf(slide), code = phones.innerHTML, votes = count.textContent;
  tell({ kind: "poll", at, stage, ends, shown, values, code, votes });
}

hear.poll = ({ at, stage, ends, shown, values, code, votes }) => {
  const poll = Object.assign(pollOf(Reveal.getSlides()[at]), { stage, ends });
  for (const which of SHOWN) poll.slide.classList.toggle(which, shown.includes(which));
  values.forEach((round, k) => round.forEach((value, n) => { poll.inputs[k][n].value = value; }));
  poll.phones.innerHTML = code;
  fit(poll.slide);
  poll.count.textContent = votes;
  label(poll);
  draw(poll);
  tick();
};

// What a key does; a copy of the deck in the speaker's view leaves it to the deck.
const KEYS = {
  next,
  results: (poll) => show(poll, "results", !poll.slide.classList.contains("results")),
  entering: (poll) => show(poll, "entering", !poll.slide.classList.contains("entering")),
  phones: () => send({ phones: !served }),
};
function press(key) {
  if (COPY) tell({ kind: "key", key });
  else if (pollOf(Reveal.getCurrentSlide())) KEYS[key](pollOf(Reveal.getCurrentSlide()));
}
hear.key = ({ key }) => press(key);

// A clicker may press twice: the second press waits for what the first one does.
async function next(poll) {
  if (poll.busy) return;
  poll.busy = true;
  try { await advance(poll); } finally { poll.busy = false; }
}

async function advance(poll) {
  const old = STAGES[poll.stage], about = { question: poll.question, options: poll.options.length };
  if (old?.round && served) await send({ ...about, round: 0 });
  poll.stage = poll.stage + 1 === STAGES.length ? 0 : poll.stage + 1;
  const stage = STAGES[poll.stage];
  if (stage.round === 1) for (const input of poll.inputs.flat()) input.value = "";
  poll.ends = stage.seconds ? Date.now() + 1000 * stage.seconds : 0;
  if (stage.round && served) await send({ ...about, round: stage.round });
  show(poll, "results", !stage.seconds);
  label(poll);
  tick();
}

function send(what) {
  const [, token = ""] = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie) ?? []; // JupyterLab's
  const headers = { "X-XSRFToken": token };
  return fetch(POLL, { method: "POST", body: JSON.stringify(what), headers }).then(ask);
}

// What the phones have said so far, if the deck is served to them.
async function ask() {
  const told = await fetch(POLL).then((answer) => answer.ok ? answer.json() : null, () => null);
  served = Boolean(told?.address);
  for (const poll of polls.values()) {
    if (Boolean(poll.phones.children.length) !== served) {
      poll.phones.innerHTML = served ? told.code : "";
      if (served) poll.phones.append(make("span", {}, told.address.replace("http://", "")));
      fit(poll.slide);
    }
    if (poll.question !== told?.question) continue;
    told.counts.forEach((counts, k) => counts.forEach((n, at) => {
      if (counts.some(Boolean)) poll.inputs[k][at].value = n;
    }));
    const votes = told.round ? told.counts[told.round - 1].reduce((sum, n) => sum + n, 0) : 0;
    const counted = votes === 1 ? gettext("1 vote") : gettext`${votes} votes`;
    poll.count.textContent = told.round ? counted : "";
    draw(poll);
    share(poll);
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
  const bind = (keyCode, key, description, what) =>
    Reveal.addKeyBinding({ keyCode, key, description }, () => press(what));
  bind(86, "V", gettext("Vote: next stage"), "next");
  bind(82, "R", gettext("Vote: results"), "results");
  bind(69, "E", gettext("Vote: enter counts"), "entering");
  if (LIVE) bind(84, "T", gettext("Vote: phones"), "phones");
  setInterval(tick, 250);
  if (COPY) tell({ kind: "hello" });
  if (COPY || !location.protocol.startsWith("http")) return;
  ask();
  setInterval(() => { if (served && polls.has(Reveal.getCurrentSlide())) ask(); }, 1500);
};

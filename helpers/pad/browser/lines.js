// The lines of a pad and their history, apart from all drawing. A line is { id, latex, reason }.

let made = 0;

export const line = (latex = "=", reason = "") => ({ id: (made += 1), latex, reason });
export const rows = (lines) => lines.map(({ latex, reason }) => [latex, reason]);
export const same = (left, right) => JSON.stringify(rows(left)) === JSON.stringify(rows(right));
export const isEmpty = ({ latex, reason }) => !reason && /^=?$/.test(latex);

export const isBegun = ({ latex }) => !/^\s*=?\s*$/.test(latex);
export const isBlank = ({ latex }) => /^=?(\\placeholder\{\})?$/.test(latex); // to be filled in

// Lines that are begun are counted, as the checker does; an empty one at the end is the next.
export function numbers(lines) {
  const last = lines.findLastIndex(isBegun);
  let count = 0;
  return lines.map((row, k) => (isBegun(row) || k > last ? (count += 1) : null));
}

export function changed(lines, id, news) {
  return lines.map((row) => (row.id === id ? { ...row, ...news } : row));
}

export function added(lines, id, fresh) {
  return lines.flatMap((row) => (row.id === id ? [row, ...fresh] : [row]));
}

export function removed(lines, id) {
  return lines.length > 1 ? lines.filter((row) => row.id !== id) : [line("")];
}

// What is typed in one line without a rest is one step back.
export function history(lines) {
  const past = [], future = [];
  let now = lines, running = null;
  const turn = (from, to) => {
    if (!from.length) return false;
    to.push(now);
    now = from.pop();
    running = null;
    return true;
  };
  return {
    lines: () => now,
    put(next, what = null) {
      if (!what || what !== running) past.push(now);
      future.length = 0;
      running = what;
      now = next;
    },
    rest: () => { running = null; },
    undo: () => turn(past, future),
    redo: () => turn(future, past),
    can: () => ({ undo: past.length > 0, redo: future.length > 0 }),
  };
}

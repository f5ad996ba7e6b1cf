// Numbers: where a slider can stand, how a row is stored, how a value is written.

export const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
export const place = (i, { low, step }) => +(low + i * step).toFixed(9);
export const places = (grid) => Array.from({ length: grid.count }, (_, i) => place(i, grid));

export function nearest(v, { low, step, count }) {
  return clamp(Math.round((v - low) / step), 0, count - 1);
}

// ".5 ~2 .2" is 0.5 0.4 0.3 0.2: ~n stands for n numbers on a straight line
export function unpack(row) {
  const words = row.split(" ");
  return words.flatMap((word, k) => {
    if (word[0] !== "~") return [+word];
    const n = +word.slice(1), from = +words[k - 1], step = (words[k + 1] - from) / (n + 1);
    return Array.from({ length: n }, (_, j) => from + (j + 1) * step);
  });
}

// 0.25 as 0.2500, -0.5 with a proper minus sign, small numbers as 3.35 × 10⁻⁴
export function number(v, digits = 4) {
  if (v === 0 || Math.abs(v) >= 1e-3 || digits < 4) return v.toFixed(digits).replace("-", "−");
  const [mantissa, exponent] = v.toExponential(2).split("e-");
  return `${mantissa.replace("-", "−")} × 10⁻${exponent.replace(/./g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d])}`;
}

export const short = (v) => String(+v.toFixed(4)).replace("-", "−");

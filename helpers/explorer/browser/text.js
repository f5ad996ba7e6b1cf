// What a reader reads: text("…") or text`… ${x} …`. Here it is what it says; where Python joins the
// modules, it puts the words of another language in its place.
export const text = (said, ...values) => (said.raw ? String.raw(said, ...values) : said);

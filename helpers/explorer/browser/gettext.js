// What a reader reads: gettext("…") or getgettext`… ${x} …`. Here it is what it says; where Python joins the
// modules, it puts the words of another language in its place.
export const gettext = (said, ...values) => (said.raw ? String.raw(said, ...values) : said);

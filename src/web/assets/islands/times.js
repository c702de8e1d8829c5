/* Keeps relative times true, and shows moments in the reader's own time zone. */

const LANGUAGE = document.documentElement.lang === 'fr' ? 'fr-FR' : 'en-GB';
const STEPS = [
  ['minute', 60_000, 60],
  ['hour', 3_600_000, 24],
  ['day', 86_400_000, 7],
];
const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto', style: 'short' });
const moment = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'long', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'long' });

function relativeText(at) {
  const difference = at - Date.now();
  if (Math.abs(difference) < 60_000) return relative.format(0, 'second');
  for (const [unit, ms, below] of STEPS) {
    const amount = Math.trunc(difference / ms);
    if (Math.abs(amount) < below) return relative.format(amount, unit);
  }
  return null;
}

function refresh() {
  for (const element of document.querySelectorAll('time[data-time]')) {
    const at = Date.parse(element.dateTime);
    if (Number.isNaN(at)) continue;
    element.title = moment.format(at);
    const kind = element.dataset.time;
    // Beyond a week the server has written the date, which stays as it is.
    const text = kind === 'relative' ? relativeText(at) : (kind === 'day' ? day : moment).format(at);
    if (text !== null && element.textContent !== text) element.textContent = text;
  }
}

refresh();
setInterval(refresh, 30_000);

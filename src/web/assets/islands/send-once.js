/* A form that is on its way is not sent again: a second press on a slow line would be a second post, or report. */

/** After this an answer may have been lost, and pressing again is right. */
const ON_ITS_WAY_MS = 8000;

const sent = new Set();

// On the window: the other islands may keep a form back first.
addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  setTimeout(() => sent.delete(form), ON_ITS_WAY_MS);
});

// A page that is come back to is as it was left.
addEventListener('pageshow', () => sent.clear());
